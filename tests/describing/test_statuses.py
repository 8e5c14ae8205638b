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
        ("Aún no realizado", "not-carried-out"),
        ("Sin avances", "no-progress"),
        ("Por concluir", "incomplete"),
        ("Convenio suscrito", "done"),
        *((words, "in-progress") for words in ("En implementación", "Se está ejecutando", "Being carried out")),
        *((words, "to-be-scheduled") for words in ("Fecha a determinar", "Fecha a confirmar", "Se definirá la fecha")),
        *((words, "to-be-scheduled") for words in ("Sin definir", "Por establecer", "A convenir", "Por programar")),
        *((words, "to-be-scheduled") for words in ("TBA", "To be announced", "Not yet scheduled", "Dates pending")),
        ("La fecha está pendiente de definición", "to-be-scheduled"),
        *((words, "done") for words in ("Taller realizado en 2025", "Informes presentados en mayo de 2025")),
        ("Actividades ejecutadas en 2025", "done"),
        *((words, "in-progress") for words in ("Half done", "Almost done", "80 % ejecutado en 2026", "Casi terminado")),
        *((words, "in-progress") for words in ("Realizado parcialmente", "Avance del 60 %", "50 %", "Half completed")),
        *((words, "in-progress") for words in ("Arrancó en mayo", "Began in May", "Work began in May 2025")),
        *((words, "incomplete") for words in ("Completed: no", "Finished: not yet", "Not yet completed")),
        *((words, "done") for words in ("100 % ejecutado", "Completed: yes")),
        ("Dropped", "cancelled"),
        ("Half of the work is done", "in-progress"),
        ("Not yet decided", "to-be-scheduled"),
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
        "Según el informe publicado",
        "Una vez que se ha publicado el informe",
        "Once the report has been published",
        "Informe sobre lo que se ha realizado",
        "Workshop to be held",
        "Se ha previsto un taller",
        "Se acordó un taller",
        "No se remitió el informe",
        "Cuando la OIM presentó su informe",
        "Según el informe que presentó la OIM",
        "Debe estar terminado en junio de 2027",
        "Quedará terminado en junio de 2027",
        "Tiene que estar iniciado en junio de 2027",
        "Meta: taller realizado en diciembre de 2026",
        "Target: 80% completed in December 2026",
        "Once the treaty is signed",
        "When the law is approved",
        "Until completed",
        "Con los fondos aprobados en enero de 2026",
        "Mientras no esté aprobado",
        "Inicio: mayo de 2027",
        "0 %",
        "100 %",
    ],
)
def test_bare_words_within_a_longer_sentence_are_none(text: str, lexicon: Lexicon) -> None:
    assert statuses_of(entry(f"1.1.1.1 {text}"), lexicon) == []


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("Nota: esta actividad no se ha iniciado", ["not-started"]),
        ("Nota: no hay avances", ["no-progress"]),
        ("Nota: este objetivo se ha cumplido", ["done"]),
        ("Nota: este objetivo no se ha cumplido", ["incomplete"]),
        ("Nota: realizado por la OIM", []),
        ("Nota: este objetivo todavía no cuenta con ningún avance", ["no-progress"]),
        ("Nota: no se han puesto en marcha las actividades", ["not-started"]),
        ("Nota: actividad suspendida", ["suspended"]),
        ("Note: not yet begun.", ["not-started"]),
        ("Note: not yet under way", ["not-started"]),
        ("Nota: aún no comienza.", ["not-started"]),
        ("Nota: la obra no se inicia todavía", ["not-started"]),
        ("Nota: no se ha iniciado la obra.", ["not-started"]),
        ("Nota: no se ha iniciado la obra del puente.", []),
        ("Nota: si aún no comienza, se cancelará.", []),
        ("Nota: nunca se ha hecho nada", ["not-carried-out"]),
        ("Note: the activity has never been carried out", ["not-carried-out"]),
        ("Nota: todas las actividades se realizaron en 2021", ["done"]),
        ("Nota: no se han efectuado actividades en el marco de este plan", ["not-carried-out"]),
    ],
)
def test_what_a_note_says(text: str, statuses: list[str], lexicon: Lexicon) -> None:
    note = Note("t/1-a", None, text, Passage(50, 50 + len(text), text), Attachment.POSITION)
    assert [found for found, _ in statuses_of(note, lexicon)] == [str(STATUS[status]) for status in statuses]


DENIALS = (
    ("not-carried-out", "no se han efectuado", "no se han efectuado actividades concretas"),
    ("not-carried-out", "no se ha hecho", "aún no se ha hecho nada"),
    ("not-carried-out", "nada se ha hecho", "nada se ha hecho"),
    ("not-carried-out", "ninguna actividad se ha realizado", "ninguna actividad se ha realizado hasta la fecha"),
    ("not-carried-out", "no se han todavía realizado", "las actividades no se han todavía realizado"),
    ("not-carried-out", "no activity has been carried out", "no activity has been carried out under this objective"),
    ("not-carried-out", "no concrete activities were carried out", "no concrete activities were carried out"),
    ("not-carried-out", "nothing has been done", "nothing has been done so far"),
    ("not-carried-out", "no work has yet been done", "no work has yet been done"),
    ("not-carried-out", "none of these actions has been implemented", "none of these actions has been implemented"),
    ("not-carried-out", "no activities carried out", "to date, no activities carried out"),
    ("not-carried-out", "weren’t carried out", "the activities weren’t carried out"),
    ("not-started", "no ha comenzado", "esta acción no ha comenzado"),
    ("not-started", "has still not started", "the activity has still not started"),
    ("no-progress", "sin avances", "aún sin avances"),
    ("no-progress", "no progress to date", "no progress to date"),
    ("no-progress", "No se reportan avances", "No se reportan avances."),
)


@pytest.mark.parametrize(("status", "words", "text"), DENIALS)
@pytest.mark.parametrize(
    "frame",
    ["Nota: {}", "Nota: {}.", "({})", "Nota: pero {}", "Nota: se informa que {}", "Nota: debido a que {}",
     "Nota: por falta de fondos, {}", "Note: due to lack of funds, {}", "Note: to be deleted because {}"],
)  # fmt: skip
def test_in_how_many_ways_a_note_says_that_nothing_was_done(
    status: str, words: str, text: str, frame: str, lexicon: Lexicon
) -> None:
    whole = frame.format(text)
    start = 50 + whole.index(words)
    note = Note("t/1-a", None, whole, Passage(50, 50 + len(whole), whole), Attachment.POSITION)
    assert statuses_of(note, lexicon) == [(str(STATUS[status]), Passage(start, start + len(words), words))]


@pytest.mark.parametrize(
    "text",
    [
        "no se han realizado otras actividades",
        "no se han realizado actividades adicionales",
        "no se han realizado actividades de capacitación",
        "no further activities have been carried out",
        "no activities with the media have been carried out",
        "los talleres no se han realizado",
        "the workshops have not been held",
        "ya se han realizado dos talleres",
        "las actividades que no se han realizado se reprogramarán",
        "activities that have not been carried out will be rescheduled",
        "en Honduras no se han efectuado actividades",
        "no se han efectuado actividades en Honduras",
        "no se ha realizado ninguna actividad en Costa Rica",
        "no se han efectuado actividades, salvo en Honduras",
        "no se han efectuado actividades en 2021",
        "no activities have been carried out in Honduras",
        "si no se ha iniciado, se eliminará",
        "once it has been completed, it will be deleted",
        "no progress report has been received",
        "la evaluación en ejecución lo dirá",
        "pendiente de aprobación",
    ],
)
def test_what_a_note_says_of_a_part_or_on_a_condition_is_no_status(text: str, lexicon: Lexicon) -> None:
    note = Note("t/1-a", None, f"Nota: {text}", Passage(50, 56 + len(text), f"Nota: {text}"), Attachment.POSITION)
    assert statuses_of(note, lexicon) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ya se hizo",
        "Se ha publicado el informe",
        "El informe se ha publicado",
        "El taller tuvo lugar en mayo",
        "The report has been published",
        "Two courses were held",
        "Report published",
        "Publicado",
        "Held",
        "Se han abierto dos ventanillas",
        "Se adquirieron los equipos",
        "Se constituyó la mesa",
        "Se constituyo\u0301 la mesa",
        "Se remitió el informe",
        "La OIM presentó su informe",
        "Los países entregaron sus informes",
        "Fueron capacitados 30 agentes",
    ],
)
def test_what_tells_that_something_was_done(text: str, lexicon: Lexicon) -> None:
    assert [found for found, _ in statuses_of(entry(f"1.1.1.1 {text}"), lexicon)] == [str(STATUS.done)]


@pytest.mark.parametrize(
    "text", ["Continuo. Se ha publicado el informe", "Continuous; two courses were held", "Continuo. Informe publicado"]
)
def test_what_was_done_beside_another_status_is_not_the_activity(text: str, lexicon: Lexicon) -> None:
    assert [found for found, _ in statuses_of(entry(f"1.1.1.1 {text}"), lexicon)] == [str(STATUS.continuous)]


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("No iniciada – en proceso de contratación", ["not-started"]),
        ("Completed in March 2022; evaluation pending", ["done"]),
        ("Approved on 2 March 2022; in progress", ["in-progress"]),
        ("Finalizado en marzo de 2022, en ejecución", ["done", "in-progress"]),
        ("Ongoing, pending", ["continuous", "pending"]),
        ("Pendiente (en ejecución)", ["pending", "in-progress"]),
        ("Cancelado y en ejecución", ["cancelled", "in-progress"]),
        ("Postergada y en ejecución", ["postponed", "in-progress"]),
        ("Not started, completed in March 2022", ["not-started", "done"]),
        ("Evaluación pendiente, licitación en curso", ["pending"]),
    ],
)
def test_of_several_statuses_those_of_the_activity_count(text: str, statuses: list[str], lexicon: Lexicon) -> None:
    assert [found for found, _ in statuses_of(entry(f"1.1.1.1 {text}"), lexicon)] == [
        str(STATUS[status]) for status in statuses
    ]


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
