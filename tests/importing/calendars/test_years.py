"""Years as headings are a calendar where marks stand below them."""

from pathlib import Path

import pytest

from crmgraph.importing import Grid, Mapping, as_text_table, guess, left_out
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.xlsx")
HEADER = ("Tema", "Objetivo", "Acción", "Actividad", "2026", "2027", "2028")


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> list[Grid]:
    return [Grid("x", (), (header, *(("T", "O", "A", f"B{place}", *row) for place, row in enumerate(rows))))]


def calendar(grids: list[Grid], mapping: Mapping | None = None) -> list[str]:
    text = as_text_table(grids, mapping or guess(grids, FILE), FILE)
    return [part.text for part, _ in read_plan_text(Source(text), "plan").walk() if part.kind == "ScheduleEntry"]


def test_years_with_marks_are_the_calendar() -> None:
    grids = table(("X", "", "x"), ("", "✓", "-"), ("", "", "2.º trimestre"))
    assert guess(grids, FILE).columns.schedule == ("2026", "2027", "2028")
    assert calendar(grids) == ["2026, 2028", "2027", "2028: 2.º trimestre"]
    assert left_out(grids, guess(grids, FILE)) == []


def test_years_of_two_numbers() -> None:
    assert calendar(table(("X", ""), header=(*HEADER[:4], "2026-2027", "2027/28"))) == ["2026-2027"]


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([("100", "200.50", "300")], HEADER),
        ([("x", "200.50", "300")], HEADER),
        ([("", "", "")], HEADER),
        ([("x", "")], (*HEADER[:5], "Honduras")),
    ],
)
def test_amounts_one_year_and_empty_years_are_none(rows: list[tuple[str, ...]], header: tuple[str, ...]) -> None:
    grids = table(*rows, header=header)
    assert calendar(grids) == []
    assert "“2026”" in left_out(grids, guess(grids, FILE))


@pytest.mark.parametrize(
    ("above", "below", "when"),
    [
        (("2027", "", "2028", ""), ("T1", "T2", "T1", "T2"), ["T1 2027, T2 2027", "T1 2028"]),
        (("2027", "", "", "2028"), ("T2", "T3", "T4", "T1"), ["T2 2027, T3 2027", "T4 2027"]),
        (("Cronograma 2027", "", "", ""), ("Ene", "Feb", "Mar", "Abr"), ["Ene 2027, Feb 2027", "Mar 2027"]),
        (("Timeline", "", "", ""), ("Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027"), ["Q1 2027, Q2 2027", "Q3 2027"]),
    ],
)
def test_parts_of_a_year_are_said_with_it(above: tuple[str, ...], below: tuple[str, ...], when: list[str]) -> None:
    rows = [("", "", "", "", *below), ("T", "O", "A", "B", "x", "x", "", ""), ("", "", "", "C", "", "", "x", "")]
    assert calendar([Grid("x", (), ((*HEADER[:4], *above), *rows))]) == when


def test_amounts_below_quarters_are_no_calendar() -> None:
    rows = [("", "", "", "", "T1", "T2"), ("T", "O", "A", "B", "100", "200")]
    assert calendar([Grid("x", (), ((*HEADER[:4], "2027", ""), *rows))]) == []


def test_a_calendar_that_is_called_so_is_it_alone() -> None:
    grids = table(("mayo", "X", "x"), header=(*HEADER[:4], "Plazo", "2026", "2027"))
    assert calendar(grids) == ["mayo"]


@pytest.mark.parametrize("numbers", ["add", "keep"])
def test_years_in_a_line_each_are_several(numbers: str) -> None:
    header = ("Tema", "Objetivo", "Acción", "Actividad", "Plazo")
    grids = [Grid("x", (), (header, ("T", "O", "A", "B", "2027\n2028\n2029")))]
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    assert calendar(grids, mapping) == ["2027, 2028, 2029"]
