from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from tests.support.reference import concept, line_of, refused, states, texts, thing


def month(text: str) -> Literal:
    return Literal(text, datatype=XSD.gYearMonth)


def year(text: str) -> Literal:
    return Literal(text, datatype=XSD.gYear)


def day(text: str) -> Literal:
    return Literal(text, datatype=XSD.date)


def meetings(reference: Graph, body: str) -> set[str]:
    return {str(m).rpartition("/")[2] for m in reference.subjects(CG.ofBody, thing(body))}


def test_all_meetings(reference: Graph) -> None:
    assert len(set(reference.subjects(RDF.type, CG.Meeting))) == 46
    assert len(meetings(reference, "actor/viceministerial")) == 29
    assert len(meetings(reference, "actor/grcm")) == 12
    assert meetings(reference, "network/red-trata") == {"red-trata-2017-06"}
    assert meetings(reference, "network/red-proteccion-consular") == {"red-proteccion-consular-2017-06"}


def test_the_vice_ministerial_meetings_are_numbered_without_a_gap(reference: Graph) -> None:
    numbered = meetings(reference, "actor/viceministerial")
    ordinals = {str(reference.value(thing(f"meeting/{name}"), CG.ordinal)) for name in numbered}
    tens, ones = ("", "X", "XX"), ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    assert ordinals == {ten + one for ten in tens for one in ones} - {""}


def test_a_summit_of_no_process_says_so(reference: Graph) -> None:
    summit = thing("meeting/tuxtla-ii-1996")
    assert set(reference.subjects(RDF.type, CG.Meeting)) - set(reference.subjects(CG.process)) == {summit}
    assert (summit, CG.ofBody, None) not in reference
    assert "no es reunión de la CRM" in texts(reference, summit, SKOS.note, "es")[0]
    assert "it is no meeting of the RCM" in texts(reference, summit, SKOS.note, "en")[0]


def test_a_meeting_says_what_it_is_of_when_and_where(reference: Graph) -> None:
    first = thing("meeting/crm-i")
    assert texts(reference, first, RDFS.label, "es") == ["I Conferencia Regional sobre Migración"]
    assert texts(reference, first, RDFS.label, "en") == ["I Regional Conference on Migration"]
    assert set(reference.objects(first, CG.process)) == {thing("process/rcm")}
    assert reference.value(first, CG.startDate) == day("1996-03-13")
    assert reference.value(first, CG.endDate) == day("1996-03-14")
    assert set(reference.objects(first, CG.place)) == {thing("place/puebla")}
    assert reference.value(first, CG.confidence) == concept("confidence#high")
    assert reference.value(first, DCTERMS.source) == URIRef("http://migracioninternacional.com/docum/confregI_e.html")


@pytest.mark.parametrize(
    ("name", "start", "end", "places", "confidence"),
    [
        ("crm-xiv", month("2009-07"), month("2009-07"), {"place/ciudad-de-guatemala"}, "medium"),
        ("crm-xxi", day("2016-11-17"), day("2016-11-18"), {"place/omoa", "place/san-pedro-sula"}, "high"),
        ("crm-xxviii", day("2023-12-04"), day("2023-12-07"), {"country/PAN"}, "high"),
        ("crm-ix", None, day("2004-05-21"), {"place/ciudad-de-panama"}, "medium"),
        ("crm-xiii", year("2008"), year("2008"), {"place/tela"}, "medium"),
        ("crm-x", None, None, set(), "none"),
        ("grcm-2007-10", day("2007-10-29"), day("2007-10-31"), {"place/managua"}, "high"),
        ("red-proteccion-consular-2017-06", day("2017-06-22"), day("2017-06-22"), {"country/SLV"}, "medium"),
        ("crm-csm-i", day("2018-05-08"), day("2018-05-09"), {"place/montevideo"}, "medium"),
    ],
)  # fmt: skip
def test_dates_and_places_are_as_precise_as_the_sources(
    reference: Graph, name: str, start: Literal | None, end: Literal | None, places: set[str], confidence: str
) -> None:
    meeting = thing(f"meeting/{name}")
    assert reference.value(meeting, CG.startDate) == start
    assert reference.value(meeting, CG.endDate) == end
    assert set(reference.objects(meeting, CG.place)) == {thing(path) for path in places}
    assert reference.value(meeting, CG.confidence) == concept(f"confidence#{confidence}")


def test_a_meeting_that_only_the_plan_names(reference: Graph) -> None:
    vancouver = thing("meeting/grcm-2005-03")
    assert texts(reference, vancouver, RDFS.label, "es") == ["Reunión del GRCM, Vancouver, marzo de 2005"]
    assert texts(reference, vancouver, RDFS.label, "en") == ["RCGM meeting, Vancouver, March 2005"]
    assert reference.value(vancouver, CG.startDate) == month("2005-03")
    assert set(reference.objects(vancouver, DCTERMS.source)) == {thing("source/crm")}


@pytest.mark.parametrize("name", ["crm-ii", "crm-iii", "crm-x"])
def test_a_meeting_without_a_source_is_known_from_its_number_alone(reference: Graph, name: str) -> None:
    meeting = thing(f"meeting/{name}")
    assert reference.value(meeting, CG.confidence) == concept("confidence#none")
    assert set(reference.objects(meeting, DCTERMS.source)) == {thing("source/crmgraph")}
    assert "only from the sequence of numbers" in texts(reference, meeting, SKOS.note, "en")[0]
    assert reference.value(meeting, CG.chair) is None


def test_two_processes_may_meet(reference: Graph) -> None:
    processes = set(reference.objects(thing("meeting/crm-csm-ii"), CG.process))
    assert processes == {thing("process/rcm"), thing("process/sacm")}
    assert reference.value(thing("meeting/crm-csm-ii"), CG.ofBody) is None


def test_a_chair_that_a_source_names_is_said_of_the_meeting(reference: Graph) -> None:
    assert states(reference, "meeting/crm-xii", CG.chair) == {"USA"}
    assert states(reference, "meeting/grcm-2007-10", CG.chair) == {"USA"}, "not that of the host"
    assert states(reference, "meeting/crm-csm-i", CG.chair) == {"PAN"}


def test_a_chair_taken_to_be_the_host_is_a_statement_of_ours_of_low_confidence(reference: Graph) -> None:
    guatemala = thing("meeting/crm-xiv")
    assert reference.value(guatemala, CG.chair) is None
    said = set(reference.subjects(CG.subject, guatemala))
    (statement,) = said & set(reference.subjects(CG.predicate, CG.chair))
    assert reference.value(statement, CG.object) == thing("country/GTM")
    assert reference.value(statement, DCTERMS.source) == thing("source/crmgraph")
    assert reference.value(statement, CG.confidence) == concept("confidence#low")
    assert len(texts(reference, URIRef(str(statement)), SKOS.note, "es")) == 1
    assert "no source that was read says so" in texts(reference, URIRef(str(statement)), SKOS.note, "en")[0]


def test_sourced_and_supposed_chairs_together(reference: Graph) -> None:
    sourced = set(reference.subjects(CG.chair))
    supposed = {
        meeting
        for statement in reference.subjects(CG.predicate, CG.chair)
        for meeting in reference.objects(statement, CG.subject)
    }
    assert (len(sourced), len(supposed)) == (21, 17)
    assert not sourced & supposed


def test_notes_come_in_both_languages(reference: Graph) -> None:
    for meeting in reference.subjects(RDF.type, CG.Meeting):
        spanish, english = (texts(reference, URIRef(str(meeting)), SKOS.note, language) for language in ("es", "en"))
        assert len(spanish) == len(english)


@pytest.mark.parametrize(
    ("name", "cells", "column", "words"),
    [
        ("crm-i", {"start": "1996-02-30"}, "start", "no calendar has 1996-02-30"),
        ("crm-i", {"start": "March 1996"}, "start", "is not a year, a month"),
        ("crm-i", {"end": "1996-03-12"}, "end", "ends in 1996-03-12, before it begins in 1996-03-13"),
        ("crm-i", {"end": "1996-02"}, "end", "before it begins"),
        ("crm-i", {"places": "place/atlantis"}, "places", "no table has place/atlantis"),
        ("crm-i", {"places": "actor/oim"}, "places", "is not a path"),
        ("crm-i", {"body": "actor/nobody"}, "body", "no table has actor/nobody"),
        ("crm-i", {"body": "process/rcm"}, "body", "is not a path"),
        ("tuxtla-ii-1996", {"note_es": "", "note_en": ""}, "processes", "needs a note that says whose meeting it is"),
        ("crm-i", {"processes": "rcm|rcmx"}, "processes", "no table has process/rcmx"),
        ("crm-i", {"ordinal": "1"}, "ordinal", "is not a Roman numeral"),
        ("crm-i", {"chair": "ZZZ"}, "chair", "no table has country/ZZZ"),
        ("crm-xii", {"chair": "ZZZ"}, "chair", "no table has country/ZZZ"),
        ("crm-i", {"chair": ""}, "chair_basis", "belong together"),
        ("crm-i", {"chair_basis": ""}, "chair_basis", "belong together"),
        ("crm-i", {"chair_basis": "rumour"}, "chair_basis", "is not one of sourced, host"),
        ("crm-i", {"confidence": "certain"}, "confidence", "is not one of high, medium, low, none"),
        ("crm-x", {"source_url": ""}, "source_url", "the cell is empty"),
        ("crm-x", {"id": "CRM-X"}, "id", "is not lower-case letters"),
    ],
)
def test_a_wrong_cell_is_named(folder: Path, name: str, cells: dict[str, str], column: str, words: str) -> None:
    at, message = refused(folder, "meetings", line_of(folder, "meetings", id=name), cells)
    assert at == column
    assert words in message
