"""How often; after how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.timing import find_times
from tests.support.times import said


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("actualizada cada seis meses.", "cada seis meses", "P6M"),
        ("y, cada 3 años para", "cada 3 años", "P3Y"),
        ("cada tres (3) años", "cada tres (3) años", "P3Y"),
        ("cada año y medio", "cada año y medio", "P1Y6M"),
        ("cada 18 meses", "cada 18 meses", "P1Y6M"),
        ("cada dos semanas", "cada dos semanas", "P14D"),
        ("cada trimestre", "cada trimestre", "P3M"),
        ("todos los años", "todos los años", "P1Y"),
        ("una vez al año", "una vez al año", "P1Y"),
        ("reunión anual", "anual", "P1Y"),
        ("se revisa anualmente", "anualmente", "P1Y"),
        ("informes semestrales", "semestrales", "P6M"),
        ("Trimestral", "Trimestral", "P3M"),
        ("boletín mensual", "mensual", "P1M"),
        ("foro bienal", "bienal", "P2Y"),
        ("every six months", "every six months", "P6M"),
        ("every other year", "every other year", "P2Y"),
        ("an annual meeting", "annual", "P1Y"),
        ("Dos veces al año", "Dos veces al año", "P6M"),
        ("three times a year", "three times a year", "P4M"),
    ],
)
def test_how_often(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "recurrence", value)]


@pytest.mark.parametrize(
    ("text", "how_often", "years"),
    [
        ("Trimestral, 2027-2029", "Trimestral", [("since", "2027"), ("until", "2029")]),
        ("1.1.1.1 Annual (2027-2029).", "Annual", [("since", "2027"), ("until", "2029")]),
        ("Anual, 2027 y 2028", "Anual", [("date", "2027"), ("date", "2028")]),
        ("Semestral 2027", "Semestral", [("date", "2027")]),
    ],
)
def test_how_often_and_in_which_years(text: str, how_often: str, years: list[tuple[str, str]]) -> None:
    first, *rest = said(text)
    assert first[:2] == (how_often, "recurrence")
    assert [each[1:] for each in rest] == years


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("dentro de tres años y, cada", "dentro de tres años", "P3Y"),
        ("en un plazo de seis meses", "en un plazo de seis meses", "P6M"),
        ("en un plazo no mayor a 60 días", "en un plazo no mayor a 60 días", "P60D"),
        ("dentro de los próximos doce meses", "dentro de los próximos doce meses", "P1Y"),
        ("within the next two years", "within the next two years", "P2Y"),
        ("Al cabo de dos años", "Al cabo de dos años", "P2Y"),
        ("A más tardar en seis meses", "A más tardar en seis meses", "P6M"),
        ("Plazo de seis meses", "Plazo de seis meses", "P6M"),
        ("En los próximos 5 años", "En los próximos 5 años", "P5Y"),
        ("Over the next two years", "Over the next two years", "P2Y"),
        ("1.1.1.1 En tres meses", "En tres meses", "P3M"),
        ("1.1.1.1 In six months.", "In six months", "P6M"),
    ],
)
def test_after_how_long(text: str, words: str, value: str) -> None:
    assert said(text) == [(words, "delay", value)]


@given(st.integers(1, 999), st.sampled_from((("mes", "meses", 1), ("semestre", "semestres", 6), ("año", "años", 12))))
def test_a_number_of_months_is_read_back(count: int, unit: tuple[str, str, int]) -> None:
    singular, plural, months = unit
    [found] = find_times(f"cada {count} {singular if count == 1 else plural}")
    years, rest = divmod(count * months, 12)
    assert found.value == "P" + (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
