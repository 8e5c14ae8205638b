"""How things stand by the words of a calendar entry or a note, and the words that say it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import PROV, Graph, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.vocabulary import CG, STATUS, read_ontology
from crmgraph.describing.words import statuses_of
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.extraction.statuses import find_occasion
from crmgraph.reading.model import Attachment, Note, Passage, ScheduleEntry
from crmgraph.resources import resource
from tests.support.backgrounds import NAMES, made_background, made_plan
from tests.support.phrases import marked, pairs, phrases

PRINTED, POSITION = Attachment.PRINTED_NUMBER, Attachment.POSITION


@pytest.fixture(scope="module")
def lexicon() -> Gazetteer:
    statuses = Graph()
    for triple in read_ontology(resource("ontology")):
        if str(triple[0]).startswith(STATUS):
            statuses.add(triple)
    return Gazetteer(statuses, languages=("es", "en"))


def entry(text: str) -> ScheduleEntry:
    return ScheduleEntry("t/1.1.1.1", "1.1.1.1", text, Passage(50, 50 + len(text), text), PRINTED)


def note(text: str) -> Note:
    return Note("t/1-a", None, text, Passage(50, 50 + len(text), text), POSITION)


def told(part: ScheduleEntry | Note, lexicon: Gazetteer) -> str:
    """Return the statuses of a part, by their names."""
    return " ".join(status.removeprefix(STATUS) for status, _ in statuses_of(part, lexicon))


# The words that say it stand in brackets, the status behind the arrow.
WORDS = """
[CONTINUO] => continuous
[Continuo] cada tres años => continuous
1.1.1.1 [Continuo]-- el calendario se crea => continuous
[En progreso] => in-progress
[Segu\u0301n  acuerdos] de país => by-agreement
La siguiente será [en fechas por definir]. => to-be-scheduled
"""
# Bare words that are an entry or open or end it.
ENTRIES = """
En curso | En proceso | En marcha | En proceso de licitación | In progress | En implementación => in-progress
Se está ejecutando | Being carried out => in-progress
Arrancó en mayo | Began in May => in-progress
Work began in May 2025 => in-progress
Realizado | Finalizado | Terminado | Completado | Cumplido | Hecho | Ejecutado en mayo de 2025 | Completed => done
Se realizó un taller | Informe finalizado | Convenio suscrito | Taller realizado en 2025 | Completed: yes => done
Informes presentados en mayo de 2025 | Actividades ejecutadas en 2025 | 100 % ejecutado | Ya se hizo | Held => done
Se ha publicado el informe | El informe se ha publicado | El taller tuvo lugar en mayo | Publicado => done
The report has been published | Two courses were held | Report published => done
As foreseen, the survey was completed | Objetivo 3: completado | Realizado: noviembre de 2026 => done
Se hará otro. El primero fue realizado | Se prevé otro. Se envió el primero => done
Cuando llegue. El informe se ha publicado | Con la OIM, taller realizado en 2025 => done
Por definir | Por definirse | A definir | Sin fecha | TBD | Fecha a determinar | Fecha a confirmar => to-be-scheduled
Se definirá la fecha | Sin definir | Por establecer | A convenir | Por programar | TBA => to-be-scheduled
To be announced | Not yet scheduled | Dates pending | La fecha está pendiente de definición => to-be-scheduled
Not yet decided => to-be-scheduled
Cancelado | Cancelado por falta de fondos | Cancelled | Dropped => cancelled
Aplazado | Postergado a 2026 | Postponed to 2026 => postponed
Suspendido => suspended
Permanente | Ongoing => continuous
Pending | Pendiente de fondos => pending
No realizado | Aún no realizado | El taller no se ha realizado => not-carried-out
Sin avances => no-progress
Por concluir => incomplete
Continuo. Se ha publicado el informe | Continuous; two courses were held | Continuo, continuo => continuous
Continuo, pendiente de fondos | Continuo. Informe publicado => continuous
Continuo. Pendiente | Ongoing, pending => continuous pending
No continuo. Pendiente | Evaluación pendiente, licitación en curso => pending
No iniciada – en proceso de contratación => not-started
Completed in March 2022; evaluation pending => done
Finalizado en marzo de 2022, en ejecución => done in-progress
Pendiente (en ejecución) => pending in-progress
Not started, completed in March 2022 => not-started done
"""
# Done in part, or not: none of the names that say it whole.
PARTLY = """
Half done | Casi terminado | Realizado parcialmente | Half of the work is done | Realizado: 40 % | Completed: no
Finished: not yet | Not yet completed | It hasn’t yet been done
"""
NO_STATUS = """
Discontinuo | Los pendientes de oro | No continuo | A ser realizado en 2010 | Taller realizado en Managua en 2007
Lo realizado según el plan de la red | Lo realizado | Será realizado | Informe al Consejo Permanente de la OEA
Durante el año en curso | Para migrantes en proceso de repatriación | Lineamientos por definir en la XIV CRM
Terminado el taller, se hará el informe | Una vez concluido | To be completed | Según el informe publicado
Una vez que se ha publicado el informe | Once the report has been published | Informe sobre lo que se ha realizado
Workshop to be held | Se ha previsto un taller | Se acordó un taller | No se remitió el informe
Cuando la OIM presentó su informe | Según el informe que presentó la OIM | Debe estar terminado en junio de 2027
Quedará terminado en junio de 2027 | Tiene que estar iniciado en junio de 2027 | Inicio: mayo de 2027 | 0 % | 100 %
Meta: taller realizado en diciembre de 2026 | Target: 80% completed in December 2026 | Once the treaty is signed
The course will be held | Each time a warning has been issued | As each survey is completed | Si se remitió el informe
Expected output: report published | Meta para 2026: 80 % ejecutado | Se ha solicitado financiamiento | 50 % en 2026
Se remitirá el informe | Hasta que esté terminado | 50 % de los canales
When the law is approved | Until completed | Con los fondos aprobados en enero de 2026 | Mientras no esté aprobado
"""
NOTES = """
Nota: esta actividad no se ha iniciado | Nota: no se han puesto en marcha las actividades => not-started
Nota: no se ha iniciado la obra. => not-started
Nota: no hay avances | Nota: este objetivo todavía no cuenta con ningún avance => no-progress
Nota: este objetivo se ha cumplido | Nota: todas las actividades se realizaron en 2021 => done
Nota: este objetivo no se ha cumplido => incomplete
Nota: actividad suspendida => suspended
Nota: no se han efectuado actividades en el marco de este plan => not-carried-out
"""
# Of a part, or on a condition.
NO_NOTES = """
realizado por la OIM | no se ha iniciado la obra del puente. | si aún no comienza, se cancelará.
no se han realizado otras actividades | no se han realizado actividades adicionales | pendiente de aprobación
no se han realizado actividades de capacitación | no further activities have been carried out
no activities with the media have been carried out | los talleres no se han realizado | ya se han realizado dos talleres
the workshops have not been held | las actividades que no se han realizado se reprogramarán
activities that have not been carried out will be rescheduled | en Honduras no se han efectuado actividades
no se han efectuado actividades en Honduras | no se ha realizado ninguna actividad en Costa Rica
no se han efectuado actividades, salvo en Honduras | no se han efectuado actividades en 2021
no activities have been carried out in Honduras | si no se ha iniciado, se eliminará
once it has been completed, it will be deleted | no progress report has been received
la evaluación en ejecución lo dirá | nada se ha hecho | ninguna actividad se ha realizado hasta la fecha
no activity has been carried out under this objective | none of these actions has been implemented
the activities weren’t carried out
"""
DENIALS = """
[no se han efectuado] actividades concretas => not-carried-out
aún [no se ha hecho] nada => not-carried-out
esta acción [no ha comenzado] => not-started
aún [sin avances] => no-progress
[no progress to date] => no-progress
[No se reportan avances]. => no-progress
"""
FRAMES = """
Nota: {} | Nota: {}. | ({}) | Nota: pero {} | Nota: se informa que {} | Nota: debido a que {}
Nota: por falta de fondos, {} | Note: due to lack of funds, {} | Note: to be deleted because {}
"""


def test_entries(lexicon: Gazetteer) -> None:
    for row, status in pairs(WORDS):
        text, words = marked(row)
        start = 50 + text.index(words)
        assert statuses_of(entry(text), lexicon) == [(str(STATUS[status]), Passage(start, start + len(words), words))]
    wrong = [
        (text, expected, told(entry(f"1.1.1.1 {text}"), lexicon))
        for row, expected in [*pairs(ENTRIES), (PARTLY, ""), (NO_STATUS, "")]
        for text in phrases(row)
    ]
    assert [each for each in wrong if each[1] != each[2]] == []


def test_notes(lexicon: Gazetteer) -> None:
    wrong = [
        (text, expected)
        for row, expected in pairs(NOTES)
        for text in phrases(row)
        if told(note(text), lexicon) != expected
    ]
    assert wrong == []
    assert [text for text in phrases(NO_NOTES) if told(note(f"Nota: {text}"), lexicon)] == []
    for row, status in pairs(DENIALS):
        text, words = marked(row)
        for frame in phrases(FRAMES):
            whole = frame.format(text)
            start = 50 + whole.index(words)
            passage = Passage(start, start + len(words), words)
            assert statuses_of(note(whole), lexicon) == [(str(STATUS[status]), passage)], whole


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


OCCASIONS = """
Within 72 hours of the landfall of a hurricane | Within two hours of a warning
Dentro de las 72 horas posteriores al sismo
Se ejecutará conforme se vayan entregando los materiales | Según se vayan recibiendo los materiales | Bajo pedido
Cuando los mapas estén listos | Cuando se haya firmado el convenio | Durante cada taller | Hasta agotar existencias
Desde la compra del escáner y hasta terminar | Conforme avance la obra | Avance: 3 de 5 canales | Borrador listo
Vigente
Siempre | Una sola vez | Navidad | Ramadán | Época seca | Cuarta sesión ordinaria | Ídem 1.1.1.1 | No aplica | N/A
Véase la actividad 1.1.1 | A medida que haya voluntarios | Igual que el anterior | Entre cosecha y cosecha
Solo cuando llueva | When the maps are ready | Between the monsoons | Until stocks run out | ASAP | In preparation
On track | In hand | In force | Half built | Closed | FY26/27 | Dry season | Christmas | Ready | Same as above
As the work proceeds | While supplies last | See activity 1.1.1 | Behind schedule | A demanda | En revisión
Según disponibilidad de fondos | Being drafted | Todos los lunes | 24 meses | Por fases | Fase 2 | In two phases
Vencido
Revisado | At harvest time | In due course | Open-ended | A finales de la obra | Más adelante | Sin cambios
Gradualmente | Con cada cosecha | Reviewed | En la próxima reunión | Corto plazo | As agreed with each country
Al terminar la obra | En mayo
"""
NO_OCCASIONS = """
Quizá | x | Importante | Taller de alto nivel | Guatemala | Según se vea | Los canales | Cuando | Bajo
Responsable: OIM
Prioridad alta | Sí | Ministerio de Agua | Con la ayuda de todos | Borrador | Ver | Mercado | Estado | Reunión
3 canales | Por la red | Entre todos | Bajo la dirección del ministro | Maybe | Important | High level workshop
Between us | As | See | In the village | Perhaps | The force | Seed | 1.1.1.1 | — | 30/6/27 | 03/04/2027 | bianual
"""


def test_other_words_of_an_entry_about_when_things_are(tmp_path: Path) -> None:
    for text in phrases(OCCASIONS):
        for number in ("", "1.1.1.1 "):
            found = find_occasion(number + text)
            assert found is not None, text
            assert (number + text)[found[0] : found[1]] in text
    assert [text for text in ("", *phrases(NO_OCCASIONS)) if find_occasion(f"1.1.1.1 {text}")] == []
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
        assert list(graph.objects(None, CG.otherTiming)) == expected


PIECES = st.sampled_from(
    ["Nota:", "no", "nothing", "none of these", "ninguna", "nada", "activity", "actividad", "se ha", "has", "have not",
     "yet", "been", "done", "realizado", "hasn't", "aún", "u\u0301", "ﬁn", "\n", "  ", ".", "según", "50 %", "curso",
     "Dictar", "un"]
)  # fmt: skip
ANY = st.text() | st.lists(PIECES, max_size=12).map(" ".join)


@given(ANY)
def test_any_words(lexicon: Gazetteer, one: str) -> None:
    for part in (entry(one), note(one)):
        for _, passage in statuses_of(part, lexicon):
            assert 50 <= passage.start < passage.end <= 50 + len(one)
            assert one[passage.start - 50 : passage.end - 50] == passage.exact
    found = find_occasion(one)
    assert found is None or 0 <= found[0] < found[1] <= len(one)
