"""The status of a calendar entry by its words, and the words that say it."""

from pathlib import Path

import pytest
from rdflib import PROV, Graph, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.statuses import statuses_of
from crmgraph.describing.vocabulary import CG, STATUS, read_ontology
from crmgraph.reading.plan import Attachment, Note, Passage, ScheduleEntry
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_background, made_plan


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    statuses = Graph()
    for triple in read_ontology(resource("ontology")):
        if str(triple[0]).startswith(STATUS):
            statuses.add(triple)
    return Lexicon(statuses, languages=("es", "en"))


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


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((words, "in-progress") for words in ("En curso", "En proceso", "En marcha", "En proceso de licitación")),
        *((words, "done") for words in ("Realizado", "Finalizado", "Terminado", "Completado", "Cumplido", "Hecho")),
        *((words, "done") for words in ("Ejecutado en mayo de 2025", "Se realizó un taller", "Informe finalizado")),
        *((words, "to-be-scheduled") for words in ("Por definir", "Por definirse", "A definir", "Sin fecha", "TBD")),
        *((words, "cancelled") for words in ("Cancelado", "Cancelado por falta de fondos", "Cancelled")),
        *((words, "postponed") for words in ("Aplazado", "Postergado a 2026", "Postponed to 2026")),
        ("Suspendido", "suspended"),
        ("Permanente", "continuous"),
        ("Ongoing", "continuous"),
        ("Pending", "pending"),
        ("In progress", "in-progress"),
        ("Completed", "done"),
        ("No realizado", "not-carried-out"),
        ("Sin avances", "no-progress"),
    ],
)
def test_bare_words_that_are_an_entry_or_open_or_end_it(text: str, status: str, lexicon: Lexicon) -> None:
    assert [found for found, _ in statuses_of(entry(f"1.1.1.1 {text}"), lexicon)] == [str(STATUS[status])]


@pytest.mark.parametrize(
    "text",
    [
        "A ser realizado en 2010",
        "Taller realizado en Managua en 2007",
        "Lo realizado según el plan de la red",
        "Lo realizado",
        "Será realizado",
        "Informe al Consejo Permanente de la OEA",
        "Durante el año en curso",
        "Para migrantes en proceso de repatriación",
        "Lineamientos por definir en la XIV CRM",
        "Terminado el taller, se hará el informe",
        "Una vez concluido",
        "To be completed",
        "Has not been completed",
    ],
)
def test_bare_words_within_a_longer_sentence_are_none(text: str, lexicon: Lexicon) -> None:
    assert statuses_of(entry(f"1.1.1.1 {text}"), lexicon) == []


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("Nota: esta actividad no se ha iniciado", ["pending"]),
        ("Nota: no hay avances", ["no-progress"]),
        ("Nota: este objetivo se ha cumplido", ["done"]),
        ("Nota: este objetivo no se ha cumplido", ["not-carried-out"]),
        ("Nota: realizado por la OIM", []),
    ],
)
def test_what_a_note_says(text: str, statuses: list[str], lexicon: Lexicon) -> None:
    note = Note("t/1-a", None, text, Passage(50, 50 + len(text), text), Attachment.POSITION)
    assert [found for found, _ in statuses_of(note, lexicon)] == [str(STATUS[status]) for status in statuses]


def test_what_is_pending_beside_another_status_is_not_the_activity(lexicon: Lexicon) -> None:
    assert [each for each, _ in statuses_of(entry("Continuo, pendiente de fondos"), lexicon)] == [
        str(STATUS.continuous)
    ]
    assert [each for each, _ in statuses_of(entry("Pendiente de fondos"), lexicon)] == [str(STATUS.pending)]
    said = statuses_of(entry("Pendiente\nFinalizado"), lexicon)
    assert [each for each, _ in said] == [str(STATUS.pending), str(STATUS.done)]


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
