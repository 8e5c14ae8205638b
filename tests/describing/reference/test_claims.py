from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SDO, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing.reference import describe_reference
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from tests.support.reference import NAMES, change, concept, line_of, refused, texts, thing

PREFERRED, ALTERNATIVE = concept("rank#preferred"), concept("rank#alternative")


def claims(graph: Graph, path: str, predicate: URIRef) -> dict[str, set[str]]:
    """What is claimed of a thing, by rank."""
    found: dict[str, set[str]] = defaultdict(set)
    for statement in graph.subjects(CG.subject, thing(path)):
        if (statement, CG.predicate, predicate) in graph:
            rank = str(graph.value(statement, CG.rank)).rpartition("#")[2]
            found[rank].add(str(graph.value(statement, CG.literal) or graph.value(statement, CG.object)))
    return dict(found)


@pytest.mark.parametrize(
    ("process", "preferred", "alternative"),
    [
        ("sacm", "2000", {"1999"}),
        ("budapest", "1993", {"1991"}),
        ("midwa", "2001", {"2000-12"}),
        ("acp-eu", "2000", {"2010"}),
        ("eappma", "2001", {"2011"}),
        ("gfmd", "2007", {"2006"}),
    ],
)
def test_founding_years_that_sources_disagree_on(
    processes: Graph, process: str, preferred: str, alternative: set[str]
) -> None:
    found = claims(processes, f"process/{process}", CG.since)
    assert found == {"preferred": {preferred}, "alternative": alternative}
    assert [str(year) for year in processes.objects(thing(f"process/{process}"), CG.since)] == [preferred]


@pytest.mark.parametrize(
    ("process", "preferred", "alternative"),
    [
        ("rcm", "11", {"10"}),
        ("arcp", "22", {"21"}),
        ("igc", "19", {"17"}),
        ("colombo", "11", {"12"}),
        ("add", "16", {"18", "20"}),
        ("almaty", "7", {"8"}),
        ("prague", "49", {"50"}),
        ("pidc", "21", {"19", "23"}),
    ],
)
def test_numbers_of_members_that_sources_disagree_on(
    processes: Graph, process: str, preferred: str, alternative: set[str]
) -> None:
    found = claims(processes, f"process/{process}", CG.memberCount)
    assert found == {"preferred": {preferred}, "alternative": alternative}
    counts = list(processes.objects(thing(f"process/{process}"), CG.memberCount))
    assert counts == [Literal(preferred, datatype=XSD.integer)]


def test_the_number_of_observers_and_the_levels(processes: Graph) -> None:
    observers = claims(processes, "process/rcm", CG.observerOrganisationCount)
    assert observers == {"preferred": {"13"}, "alternative": {"12"}}
    for process in ("budapest", "prague"):
        levels = claims(processes, f"process/{process}", CG.processLevel)
        assert levels == {
            "preferred": {str(concept("process-level#interregional"))},
            "alternative": {str(concept("process-level#regional"))},
        }


def test_the_secretariat_has_had_three_names(reference: Graph) -> None:
    before_and_after = {
        "Unidad Técnica de Apoyo",
        "Technical Support Unit",
        "Secretaría Ejecutiva",
        "Executive Secretariat",
    }
    assert claims(reference, "actor/st", RDFS.label) == {
        "preferred": {"Secretaría Técnica", "Technical Secretariat"},
        "alternative": before_and_after,
    }
    assert texts(reference, thing("actor/st"), RDFS.label, "es") == ["Secretaría Técnica"]


def test_the_south_american_conference_is_spelt_two_ways(processes: Graph) -> None:
    assert claims(processes, "process/sacm", RDFS.label) == {
        "preferred": {"Conferencia Suramericana sobre Migraciones"},
        "alternative": {"Conferencia Sudamericana sobre Migraciones"},
    }


def test_the_memorandum_has_a_title_with_digna_and_one_without(reference: Graph) -> None:
    found = claims(reference, "instrument/mou-2006", DCTERMS.title)
    (official,), (of_the_plan, cited) = found["preferred"], sorted(found["alternative"])
    assert all("Repatriación Digna, Ordenada" in title for title in (official, cited))
    assert "de la República de Nicaragua, para" in official
    assert "Repatriación Ordenada" in of_the_plan
    assert texts(reference, thing("instrument/mou-2006"), DCTERMS.title, "es") == [official]
    (statement,) = reference.subjects(CG.literal, Literal(of_the_plan, "es"))
    assert reference.value(statement, DCTERMS.source) == thing("source/crm")


@pytest.mark.parametrize(("predicate", "other"), [(CG.startDate, "2011-11-16"), (CG.endDate, "2011-11-17")])
def test_the_date_of_the_sixteenth_meeting(reference: Graph, predicate: URIRef, other: str) -> None:
    assert claims(reference, "meeting/crm-xvi", predicate) == {"preferred": {"2011-06"}, "alternative": {other}}


def test_members_that_only_the_press_names_are_no_members(processes: Graph) -> None:
    press = claims(processes, "process/add", CG.member)
    assert press == {"alternative": {NAMES.id("country", "AFG"), NAMES.id("country", "CHN")}}
    assert not list(processes.objects(thing("process/add"), CG.member))


def test_members_that_another_list_leaves_out(processes: Graph) -> None:
    preferred = {"rcm": {"SLV"}, "rabat": {"ISL", "SVK"}, "midwa": {"BFA", "MLI", "NER"}}
    for process, codes in preferred.items():
        members = {NAMES.id("country", code) for code in codes}
        assert claims(processes, f"process/{process}", CG.member) == {"preferred": members}
        for code in codes:
            assert (thing(f"membership/{process}-{code}"), CG.memberIn, thing(f"process/{process}")) in processes


def test_observers_that_another_source_calls_participants(processes: Graph) -> None:
    for code in ("IRN", "PAK"):
        assert claims(processes, f"membership/almaty-{code}-observer", CG.role) == {
            "preferred": {str(concept("membership-role#observer"))},
            "alternative": {str(concept("membership-role#participant"))},
        }


@pytest.mark.parametrize(
    ("path", "wikidata"),
    [
        ("actor/acnur", "Q132551"), ("actor/cepal", "Q32874"), ("actor/oit", "Q54129"), ("actor/unicef", "Q740308"),
        ("actor/pnud", "Q161718"), ("actor/segib", "Q9075403"), ("actor/onu", "Q1065"), ("actor/oea", "Q123759"),
        ("actor/asamblea-general-onu", "Q47423"), ("actor/onu-mujeres", "Q641576"), ("actor/fao", "Q82151"),
        ("actor/grupo-banco-mundial", "Q320863"), ("actor/ue", "Q458"), ("actor/comision-europea", "Q8880"),
        ("actor/comision-union-africana", "Q2362881"), ("actor/cedeao", "Q193272"), ("actor/oeacp", "Q294278"),
        ("actor/liga-estados-arabes", "Q7172"), ("instrument/udhr-1948", "Q7813"),
    ],
)  # fmt: skip
def test_second_hand_identifiers(reference: Graph, path: str, wikidata: str) -> None:
    entity = URIRef(f"http://www.wikidata.org/entity/{wikidata}")
    assert (thing(path), SDO.sameAs, entity) in reference
    (statement,) = reference.subjects(CG.object, entity)
    assert reference.value(statement, CG.subject) == thing(path)
    assert reference.value(statement, CG.confidence) == concept("confidence#low")
    assert reference.value(statement, CG.rank) is None
    assert "yet to be verified" in texts(reference, URIRef(str(statement)), SKOS.note, "en")[0]


def test_that_the_plan_misspells_a_forum_is_a_judgement_of_ours(processes: Graph) -> None:
    (statement,) = processes.subjects(CG.literal, Literal("FYBEMID", "es"))
    assert processes.value(statement, CG.subject) == thing("process/fibemyd")
    assert processes.value(statement, DCTERMS.source) == thing("source/crmgraph")
    assert processes.value(statement, CG.confidence) == concept("confidence#medium")
    assert texts(processes, thing("process/fibemyd"), SKOS.hiddenLabel, "es") == ["FYBEMID"]


def test_an_organisation_is_called_so_in_other_languages_too(reference: Graph) -> None:
    oim = thing("actor/oim")
    assert texts(reference, oim, SKOS.altLabel, "fr") == ["Organisation internationale pour les migrations"]
    assert texts(reference, oim, SKOS.altLabel, "pt") == ["Organização Internacional para as Migrações"]
    assert "UN Migration" in texts(reference, oim, SKOS.altLabel, "en")


def test_what_is_one_institution_is_not_taken_for_another(reference: Graph) -> None:
    for path in ("actor/banco-mundial", "actor/cepal-celade"):
        assert not list(reference.objects(thing(path), SDO.sameAs))


def test_every_claim_says_why_by_whom_and_how_sure(everything: Graph) -> None:
    statements = {each for each in everything.subjects(RDF.type, CG.Statement) if (each, SKOS.note, None) in everything}
    assert len(statements) > 90
    for statement in statements:
        subject = URIRef(str(everything.value(statement, CG.subject)))
        assert (subject, RDF.type, None) in everything
        assert everything.value(statement, CG.predicate) is not None
        assert len([*everything.objects(statement, CG.object), *everything.objects(statement, CG.literal)]) == 1
        assert list(everything.objects(statement, DCTERMS.source))
        assert len(list(everything.objects(statement, CG.confidence))) == 1
        for language in ("es", "en"):
            assert len(texts(everything, URIRef(str(statement)), SKOS.note, language)) == 1


def test_a_preferred_value_is_the_one_of_its_thing_and_an_alternative_is_not(everything: Graph) -> None:
    for rank, direct in ((PREFERRED, True), (ALTERNATIVE, False)):
        statements = set(everything.subjects(CG.rank, rank))
        assert len(statements) > 20
        for statement in statements:
            value = everything.value(statement, CG.literal) or everything.value(statement, CG.object)
            triple = (everything.value(statement, CG.subject), everything.value(statement, CG.predicate), value)
            if triple[1] == CG.member:
                process, _, state = triple
                of_it = set(everything.subjects(CG.memberIn, process)) & set(everything.objects(state, CG.membership))
                assert bool(of_it) is direct, triple
            else:
                assert (triple in everything) is direct, triple


def test_a_claim_is_in_the_graph_of_its_thing(reference: Graph, processes: Graph) -> None:
    for graph in (reference, processes):
        of = set(graph.objects(None, CG.subject))
        assert of
        assert of <= set(graph.subjects(RDF.type))


def test_a_claim_with_several_sources_is_one_statement(processes: Graph) -> None:
    (statement,) = (
        s for s in processes.subjects(CG.subject, thing("process/sacm")) if (s, CG.rank, PREFERRED) in processes
        and (s, CG.predicate, CG.since) in processes
    )  # fmt: skip
    assert len(list(processes.objects(statement, DCTERMS.source))) == 2


@pytest.mark.parametrize(
    ("cells", "change", "column", "words"),
    [
        ({"subject": "country/NAM"}, {"subject": "country/ZZZ"}, "subject", "no table has country/ZZZ"),
        ({"subject": "country/NAM"}, {"subject": "NAM"}, "subject", "is not a path"),
        ({"subject": "country/NAM"}, {"value": "Q1030"}, "value", "is not a web address"),
        ({"subject": "country/NAM"}, {"property": "capital"}, "property", "is not one of label-es"),
        ({"subject": "country/NAM"}, {"confidence": "none"}, "confidence", "is not one of high, medium, low"),
        ({"subject": "country/NAM"}, {"source_url": "source/rumour"}, "source_url", "no table has source/rumour"),
        ({"subject": "country/NAM"}, {"note_en": ""}, "note_en", "the cell is empty"),
        ({"subject": "process/sacm", "value": "1999"}, {"value": "1999-13"}, "value", "no calendar has 1999-13"),
        ({"subject": "process/sacm", "value": "1999"}, {"value": "99"}, "value", "is not a year"),
        ({"subject": "process/sacm", "value": "1999"}, {"value": "2000"}, "subject", "is already in line"),
        ({"subject": "process/sacm", "value": "2000"}, {"value": "2001"}, "value", "the table of its thing has 2000"),
        ({"subject": "country/LCA", "property": "label-en"}, {"value": "St. Lucia"}, "value",
         "is claimed, but the table of its thing has Saint Lucia"),
        ({"subject": "process/sacm", "value": "1999"}, {"rank": "best"}, "rank", "is not one of preferred"),
        ({"subject": "process/rcm", "value": "10"}, {"value": "ten"}, "value", "is not a number such as 11"),
        ({"subject": "process/rcm", "value": "10"}, {"value": "010"}, "value", "is not a number such as 11"),
        ({"subject": "process/rcm", "value": "10"}, {"value": "١٠"}, "value", "is not a number such as 11"),
        ({"subject": "process/budapest", "value": "regional"}, {"value": "local"}, "value", "is not one of regional"),
        ({"subject": "process/add", "value": "country/CHN"}, {"value": "country/Z"}, "value", "no table has country/Z"),
        ({"subject": "membership/almaty-IRN-observer", "value": "participant"}, {"value": "guest"}, "value",
         "is not one of member, participant"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(
    folder: Path, cells: dict[str, str], change: dict[str, str], column: str, words: str
) -> None:
    at, message = refused(folder, "statements", line_of(folder, "statements", **cells), change)
    assert at == column
    assert words in message


@pytest.mark.parametrize(
    ("cells", "ranks"),
    [
        ({"subject": "process/idm"}, "preferred"),
        ({"rank": "preferred"}, "preferred, preferred"),
        ({"rank": ""}, "preferred, none"),
    ],
)
def test_sources_disagree_with_one_preferred_and_others(folder: Path, cells: dict[str, str], ranks: str) -> None:
    change(folder, "statements", line_of(folder, "statements", subject="process/gfmd", value="2006"), cells)
    with pytest.raises(TableError, match=rf"rank: since of process/gfmd has ranks {ranks}; where sources disagree"):
        describe_reference(folder, NAMES)


def test_an_alternative_that_a_table_says_is_refused(folder: Path) -> None:
    change(folder, "processes", line_of(folder, "processes", id="sacm"), {"since_year": "1999"})
    preferred = line_of(folder, "statements", subject="process/sacm", value="2000")
    at, message = refused(folder, "statements", preferred, {"confidence": "medium"})
    assert (at, message) == ("value", 'value: "2000" is preferred, but the table of its thing has 1999')


def test_a_title_that_a_table_has_may_not_be_an_alternative(folder: Path) -> None:
    one, other = (line_of(folder, "statements", subject="process/sacm", value=year) for year in ("2000", "1999"))
    change(folder, "statements", other, {"rank": "preferred"})
    at, message = refused(folder, "statements", one, {"rank": "alternative"})
    assert (at, message) == ("rank", 'rank: "2000" is an alternative, but the value in the table of its thing')


def test_what_nobody_says_otherwise_needs_no_claim(folder: Path) -> None:
    (folder / "statements.csv").write_text(
        (folder / "statements.csv").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    dataset = describe_reference(folder, NAMES)
    assert not list(dataset.quads((None, CG.rank, None, None)))
    assert list(dataset.quads((thing("process/sacm"), CG.since, None, None)))
