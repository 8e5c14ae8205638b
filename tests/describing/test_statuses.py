"""The recognition of statuses in schedule entries and notes."""

from pathlib import Path

import pytest
from rdflib import PROV, RDF, Graph, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.annotations import statuses_of
from crmgraph.describing.vocabulary import ANALYSIS, CG, read_ontology
from crmgraph.extraction import Gazetteer, find_occasion
from crmgraph.files import resource
from crmgraph.reading.model import Attachment, Note, Passage, ScheduleEntry
from tests.support.backgrounds import NAMES, STATUS, made_background, made_plan
from tests.support.phrases import differences

PRINTED, POSITION = Attachment.PRINTED_NUMBER, Attachment.POSITION


@pytest.fixture(scope="module")
def lexicon() -> Gazetteer:
    statuses = Graph()
    for triple in read_ontology(resource("ontology")):
        if str(triple[0]).startswith(STATUS):
            statuses.add(triple)
    return Gazetteer(statuses, languages=("es", "en"))


def entry(text: str) -> ScheduleEntry:
    return ScheduleEntry("1.1.1.1", "1.1.1.1", text, Passage(50, 50 + len(text), text), PRINTED)


def note(text: str) -> Note:
    return Note("1-a", None, text, Passage(50, 50 + len(text), text), POSITION)


def statuses(part: ScheduleEntry | Note, lexicon: Gazetteer) -> list[tuple[int, int, str]]:
    """Return the statuses in a part, each with the start and end of its words in the text."""
    found = statuses_of(part, lexicon)
    return [(words.start - 50, words.end - 50, status.removeprefix(STATUS)) for status, words in found]


def test_entries_and_notes(lexicon: Gazetteer) -> None:
    assert differences("entries", lambda text: statuses(entry(text), lexicon)) == []
    assert differences("notes", lambda text: statuses(note(text), lexicon)) == []


def test_only_entries_of_the_calendar_have_a_status(tmp_path: Path) -> None:
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción continua", "1.1.1 Continuo", "1.1.1.1 Es continuo"))
    graph = describe_plan(plan, made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
    element, start = URIRef(NAMES.id("plan/made/1.1.1.1")), plan.source.text.rindex("continuo")
    assert list(graph.subject_objects(CG.status)) == [(element, STATUS.continuous)]
    [statement] = graph.subjects(RDF.predicate, CG.status)
    assert graph.value(statement, CG.passage) == URIRef(NAMES.id(f"source/made/{start}-{start + 8}"))
    assert graph.value(statement, PROV.wasAttributedTo) == URIRef(NAMES.id("annotator/recogniser"))


def test_other_words_of_an_entry_about_when_things_are(tmp_path: Path) -> None:
    assert differences("occasions", lambda text: [(*found, "yes")] if (found := find_occasion(text)) else []) == []
    # Only where nothing else of the entry says it.
    for words, words_found in (
        ("A demanda", "A demanda"),
        ("Continuo, a demanda", None),
        ("En mayo de 2026, a demanda", None),
    ):
        plan = made_plan(("Tema", "1. Uno", "1.1 A demanda", "1.1.1 A demanda", f"1.1.1.1 {words}"))
        graph = describe_plan(plan, made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
        start = plan.source.text.rindex(words)
        expected = [URIRef(NAMES.id(f"source/made/{start}-{start + len(words)}"))] if words_found else []
        assert list(graph.objects(None, ANALYSIS.otherTiming)) == expected
