"""Words of a schedule entry that say when or how things stand in no date and no status, and where they are."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.timing.occasions import find_occasion
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan

SAID = (
    "Within 72 hours of the landfall of a hurricane",
    "Within two hours of a warning",
    "Dentro de las 72 horas posteriores al sismo",
    "Se ejecutará conforme se vayan entregando los materiales",
    "Según se vayan recibiendo los materiales",
    *("Cuando los mapas estén listos", "Cuando se haya firmado el convenio", "Durante cada taller", "Bajo pedido"),
    *("Desde la compra del escáner y hasta terminar", "Hasta agotar existencias", "Conforme avance la obra"),
    *("Avance: 3 de 5 canales", "Borrador listo", "Vigente", "Siempre", "Una sola vez", "Navidad", "Ramadán"),
    *("Época seca", "Cuarta sesión ordinaria", "Ídem 1.1.1.1", "Véase la actividad 1.1.1", "No aplica", "N/A"),
    *("A medida que haya voluntarios", "Igual que el anterior", "Entre cosecha y cosecha", "Solo cuando llueva"),
    *("When the maps are ready", "Between the monsoons", "Until stocks run out", "ASAP", "In preparation"),
    *("On track", "In hand", "In force", "Half built", "Closed", "FY26/27", "Dry season", "Christmas", "Ready"),
    *("Same as above", "As the work proceeds", "While supplies last", "See activity 1.1.1", "Behind schedule"),
    *("A demanda", "Según disponibilidad de fondos", "En revisión", "Being drafted", "Todos los lunes", "24 meses"),
    *("Por fases", "Fase 2", "In two phases", "Vencido", "Revisado", "At harvest time", "In due course", "Open-ended"),
    *("A finales de la obra", "Más adelante", "Sin cambios", "Gradualmente", "Con cada cosecha", "Reviewed"),
    *("En la próxima reunión", "Corto plazo", "As agreed with each country", "Al terminar la obra", "En mayo"),
)
SILENT = (
    *("Quizá", "x", "Importante", "Taller de alto nivel", "Guatemala", "Según se vea", "Los canales", "Cuando", "Bajo"),
    *(
        "Responsable: OIM",
        "Prioridad alta",
        "Sí",
        "Ministerio de Agua",
        "Con la ayuda de todos",
        "Borrador",
        "Ver",
        "Mercado",
        "Estado",
    ),
    *("Reunión", "3 canales", "Por la red", "Entre todos", "Bajo la dirección del ministro"),
    *(
        "Maybe",
        "Important",
        "High level workshop",
        "Between us",
        "As",
        "See",
        "In the village",
        "Perhaps",
        "The force",
        "Seed",
    ),
    *("", "1.1.1.1", "—", "30/6/27", "30.06.27", "03/04/2027", "bianual", "Biannually"),
)


@pytest.mark.parametrize("text", SAID)
def test_what_says_when_or_how_things_stand(text: str) -> None:
    for number in ("", "1.1.1.1 "):
        found = find_occasion(number + text)
        assert found is not None
        assert (number + text)[found[0] : found[1]] in text


@pytest.mark.parametrize("text", SAID)
def test_however_accents_are_written(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    found = find_occasion(apart)
    assert found is not None
    assert unicodedata.normalize("NFC", apart[found[0] : found[1]]) in text


@pytest.mark.parametrize("text", SILENT)
def test_what_says_neither(text: str) -> None:
    assert find_occasion(f"1.1.1.1 {text}") is None


@given(st.text() | st.lists(st.sampled_from([*SAID, *SILENT, "\u0301", "1.1"]), max_size=4).map(" ".join))
def test_any_words(text: str) -> None:
    found = find_occasion(text)
    assert found is None or 0 <= found[0] < found[1] <= len(text)


@pytest.mark.parametrize("piece", ["según ", "a ", "en cada ", "por ", "to be ", "1.", "3 de ", "se ", "entre ", "as "])
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        find_occasion((piece * length)[:length])
        return time.process_time() - start

    assert min(seconds(40_000) for _ in range(3)) < 8 * max(seconds(10_000), 0.05)


@pytest.mark.parametrize(
    ("entry", "words"),
    [("A demanda", "A demanda"), ("Continuo, a demanda", None), ("En mayo de 2026, a demanda", None), ("Quizá", None)],
)
def test_where_nothing_else_of_an_entry_says_it(entry: str, words: str | None, tmp_path: Path) -> None:
    plan = made_plan(("Tema", "1. Uno", "1.1 A demanda", "1.1.1 A demanda", f"1.1.1.1 {entry}"))
    graph = describe_plan(plan, made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
    start = plan.source.text.rindex(words) if words else 0
    expected = [URIRef(NAMES.id(f"source/made/{start}-{start + len(words)}"))] if words else []
    assert list(graph.objects(None, CG.otherTiming)) == expected
