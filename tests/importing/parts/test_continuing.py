"""Headings that stand again, and parts that go on on the next page."""

from pathlib import Path

import pytest

from crmgraph.importing import Grid, as_text_table, assumed, guess
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.docx")
HEADER = ("Tema", "Objetivo", "Acción", "Actividades", "Calendario")


def parts(*rows: tuple[str, ...], numbers: str = "add") -> list[tuple[str | None, str]]:
    grids = [Grid("1", (), (HEADER, *(row + ("",) * (5 - len(row)) for row in rows)))]
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    plan = read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")
    return [(counted(part), part.text) for part, _ in plan.walk()]


def told(*rows: tuple[str, ...]) -> list[str]:
    grids = [Grid("1", (), (HEADER, *rows))]
    return assumed(grids, guess(grids, FILE), FILE)


FIRST = ("Trata", "Prevenir", "Campaña", "Una", "2029")
WHOLE = [
    (None, "Trata"), ("1", "Prevenir"), ("1.1", "Campaña"), ("1.1.1", "Una"), ("1.1.1.1", "2029"),
    ("1.1.2", "Dos"), ("1.1.2.1", "2030"),
]  # fmt: skip


@pytest.mark.parametrize(
    "header", [("TEMA", "OBJETIVO", "ACCION", "ACTIVIDADES", "CALENDARIO"), ("tema ", *HEADER[1:])]
)
def test_headings_in_other_capitals_are_the_same(header: tuple[str, ...]) -> None:
    assert parts(FIRST, header, ("", "", "", "Dos", "2030")) == WHOLE


@pytest.mark.parametrize(
    "mark",
    [
        "{} (cont.)", "{} (Cont)", "{} (cont’d)", "{} (cont'd.)", "{} (continúa)", "{} (CONTINUACIÓN)",
        "{} [continued]", "{} (suite)", "{} (suite de la page 2)", "(suite de) {}", "Suite de : {}", "{} (continuação)",
        "{} – continuación",
    ],
)  # fmt: skip
def test_a_part_that_goes_on_is_that_part(mark: str) -> None:
    marked = tuple(mark.format(text) for text in ("TRATA", "Prevenir", "Campaña"))
    assert parts(FIRST, HEADER, (*marked, "Dos", "2030")) == WHOLE
    assert told(FIRST, (*marked, "Dos", "2030")) == [
        f"taken as the part above that goes on: {', '.join(f'“{each}”' for each in marked)}"
    ]


def test_an_activity_that_goes_on() -> None:
    assert parts(FIRST, ("Trata (cont.)", "", "", "Una (cont.)", "2030"))[4:] == [
        ("1.1.1.1", "2029"), ("1.1.1.2", "2030"),
    ]  # fmt: skip


def test_printed_numbers_may_stand_again_or_not() -> None:
    first = ("Trata", "1. Prevenir", "1.1 Campaña", "1.1.1 Una", "1.1.1.1 2029")
    second = ("Trata (cont.)", "1. Prevenir (cont.)", "Campaña (cont.)", "1.1.2 Dos", "1.1.2.1 2030")
    assert parts(first, second, numbers="keep") == WHOLE


def test_a_theme_that_goes_on_after_another() -> None:
    found = parts(FIRST, ("Retorno", "Acompañar"), ("Trata (cont.)", "Proteger"))
    assert found[5:] == [("2", "Proteger"), (None, "Retorno"), ("1", "Acompañar")]


@pytest.mark.parametrize("theme", ["Tráfico (cont.)", "Trata (continuidad)", "Continuación", "(cont.)"])
def test_another_text_stays_as_it_is(theme: str) -> None:
    assert (None, theme) in parts(FIRST, (theme, "Prevenir (cont.)", "A", "B"))
    assert ("1", "Prevenir (cont.)") in parts(FIRST, (theme, "Prevenir (cont.)", "A", "B"))
    assert told(FIRST, (theme, "Prevenir (cont.)", "A", "B", "")) == []
