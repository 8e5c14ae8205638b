"""Verbs with which a calendar entry tells that something was done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.outcomes import find_outcome
from tests.support.growth import growth


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.1.1.1 Se adquirieron los equipos", "Se adquirieron"),
        ("1.1.1.1 La OIM presentó su informe", "presentó"),
        ("1.1.1.1 Se les ha entregado una guía", "Se les ha entregado"),
        ("1.1.1.1 Las guías fueron impresas", "fueron impresas"),
        ("1.1.1.1 Se prevé otro. Se envió el primero", "Se envió"),
    ],
)
def test_what_was_done(text: str, words: str) -> None:
    found = find_outcome(text)
    assert found is not None
    assert text[found[0] : found[1]] == words


@pytest.mark.parametrize(
    "text",
    [
        "Se inició en mayo",
        "Se acordaron dos talleres",
        "Se ha solicitado financiamiento",
        "Si se remitió el informe",
        "El informe que se remitió",
        "No se remitió el informe",
        "Se remite el informe",
        "Se remitirá el informe",
        "Coordinación",
        "",
    ],
)
def test_what_was_not(text: str) -> None:
    assert find_outcome(text) is None


@given(st.text())
def test_any_words(text: str) -> None:
    found = find_outcome(text)
    assert found is None or 0 <= found[0] < found[1] <= len(text)


@pytest.mark.drill
def test_a_long_text_takes_time_in_proportion() -> None:
    assert growth(lambda size: find_outcome("que se remitió " * size), 2000) < 6
