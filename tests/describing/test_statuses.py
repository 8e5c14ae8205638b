"""The status of a calendar entry by its words, and the words that say it."""

from pathlib import Path

import pytest
from rdflib import PROV, Graph, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.statuses import statuses_of
from crmgraph.describing.vocabulary import CG, STATUS, read_ontology
from crmgraph.reading.plan import Attachment, Passage, ScheduleEntry
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_background, made_plan


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    statuses = Graph()
    for triple in read_ontology(resource("ontology")):
        if str(triple[0]).startswith(STATUS):
            statuses.add(triple)
    return Lexicon(statuses)


def entry(text: str) -> ScheduleEntry:
    return ScheduleEntry("t/1.1.1.1", "1.1.1.1", text, Passage(50, 50 + len(text), text), Attachment.PRINTED_NUMBER)


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("Continuo", "continuous", "Continuo"),
        ("CONTINUO", "continuous", "CONTINUO"),
        ("Continuo cada tres años", "continuous", "Continuo"),
        ("1.1.1.1 Continuo-- el calendario se crea", "continuous", "Continuo"),
        ("En progreso", "in-progress", "En progreso"),
        ("Pendiente ", "pending", "Pendiente"),
        ("Según acuerdos de país", "by-agreement", "Según acuerdos"),
        ("Segu\u0301n  acuerdos de país", "by-agreement", "Segu\u0301n  acuerdos"),
        ("La siguiente será en fechas por definir.", "to-be-scheduled", "en fechas por definir"),
    ],
)
def test_by_its_words(text: str, status: str, words: str, lexicon: Lexicon) -> None:
    start = 50 + text.index(words)
    assert statuses_of(entry(text), lexicon) == [(str(STATUS[status]), Passage(start, start + len(words), words))]


@pytest.mark.parametrize("text", ["Discontinuo", "Los pendientes de oro", "No continuo", ""])
def test_other_words_say_nothing(text: str, lexicon: Lexicon) -> None:
    assert statuses_of(entry(text), lexicon) == []


def test_two_statuses_are_two_and_one_twice_is_one(lexicon: Lexicon) -> None:
    found = statuses_of(entry("Continuo. Pendiente"), lexicon)
    assert [status for status, _ in found] == [str(STATUS.continuous), str(STATUS.pending)]
    assert statuses_of(entry("Continuo, continuo"), lexicon) == [
        (str(STATUS.continuous), Passage(50, 58, "Continuo")),
    ]


def test_no_is_no(lexicon: Lexicon) -> None:
    assert [status for status, _ in statuses_of(entry("No continuo. Pendiente"), lexicon)] == [str(STATUS.pending)]


def test_a_status_leads_to_the_words_that_say_it_and_to_us(tmp_path: Path) -> None:
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción continua", "1.1.1 Continuo", "1.1.1.1 Es continuo"))
    graph = describe_plan(plan, made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
    element = URIRef(NAMES.id("plan/made/t/1.1.1.1"))
    assert list(graph.subject_objects(CG.status)) == [(element, STATUS.continuous)], "only entries of the calendar"
    [statement] = graph.subjects(CG.predicate, CG.status)
    start = plan.source.text.rindex("continuo")
    assert graph.value(statement, CG.subject) == element
    assert graph.value(statement, CG.object) == STATUS.continuous
    assert graph.value(statement, CG.passage) == URIRef(NAMES.id(f"source/made/{start}-{start + 8}"))
    assert graph.value(statement, PROV.wasAttributedTo) == URIRef(NAMES.id("annotator/crmgraph"))
