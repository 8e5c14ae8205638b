"""A column of numbers that stands elsewhere numbers the parts that begin where its numbers do."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.importing import Grid, as_text_table, guess, left_out, read_tables
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.xlsx")
HEADER = ("N°", "Tema", "Resultado esperado", "Acción", "Actividad", "Calendario")


def numbers(grids: list[Grid], kind: str) -> list[tuple[str | None, str]]:
    """The printed numbers and the words of the parts of a kind."""
    text = as_text_table(grids, guess(grids, FILE), FILE)
    return [
        (part.number, part.text) for part, _ in read_plan_text(Source(text, FILE), "plan").walk() if part.kind == kind
    ]


def left(grids: list[Grid]) -> list[str]:
    return left_out(grids, guess(grids, FILE))


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> list[Grid]:
    return [Grid("x", (), (header, *(row + ("",) * (len(header) - len(row)) for row in rows)))]


@settings(max_examples=30)
@given(
    # For each theme, how many actions each of its objectives has.
    st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=12), min_size=1, max_size=4).filter(
        lambda themes: any(len(theme) > 1 for theme in themes) and any(size > 1 for theme in themes for size in theme)
    ),
    st.booleans(),
    st.booleans(),
)
def test_numbers_that_go_with_the_objectives_are_theirs(
    themes: list[list[int]], runs_on: bool, is_said_again: bool
) -> None:
    rows: list[tuple[str, ...]] = []
    expected = []
    count = 0
    for at, theme in enumerate(themes):
        count = count if runs_on else 0
        for place, actions in enumerate(theme):
            count += 1
            expected.append((str(count), f"Meta {'ABCD'[at]} {place}"))
            for action in range(actions):
                said = (str(count), f"Tema {'ABCD'[at]}", f"Meta {'ABCD'[at]} {place}")
                begins = (action == 0, action == place == 0, action == 0)
                shown = [text if is_said_again or begin else "" for text, begin in zip(said, begins, strict=True)]
                rows.append((*shown, f"Hacer {place} {action}", "Taller", "2027"))
    grids = table(*rows)
    assert numbers(grids, "Objective") == expected
    assert left(grids) == []


def test_numbers_merged_with_each_objective(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = openpyxl.Workbook()
    for row in (HEADER, (1, "Salud", "Atender", "a", "b"), (None, None, None, "c", "d"), (2, None, "Formar", "e", "f")):
        made.active.append(list(row))
    for cells in ("A2:A3", "B2:B4", "C2:C3"):
        made.active.merge_cells(cells)
    made.save(file)
    assert numbers(read_tables(file), "Objective") == [("1", "Atender"), ("2", "Formar")]


@pytest.mark.parametrize(
    ("first", "kind"), [(("1.1", "1.2", "2.1"), "Action"), (("1.1.1", "1.2.1", "2.1.1"), "Activity")]
)
def test_numbers_of_another_form_are_those_of_actions_or_activities(first: tuple[str, ...], kind: str) -> None:
    rows = (("Salud", "Atender", "a", "u"), ("", "", "b", "v"), ("", "Formar", "c", "w"))
    grids = table(*((number, *row) for number, row in zip(first, rows, strict=True)))
    assert [number for number, _ in numbers(grids, kind)] == list(first)


@pytest.mark.parametrize(
    "rows",
    [
        (("1", "Salud", "Atender", "a"), ("2", "", "", "b"), ("3", "", "Formar", "c")),
        (("1", "Salud", "Atender", "a"), ("", "", "", "b"), ("", "", "Formar", "c"), ("2", "", "Ver", "d")),
    ],
)
def test_numbers_that_do_not_begin_where_objectives_do_are_left_out(rows: tuple[tuple[str, ...], ...]) -> None:
    assert left(table(*rows)) == ["“N°”"]


def test_numbers_that_may_count_rows_or_objectives_are_left_out_and_told() -> None:
    grids = table(("1", "Salud", "Atender", "a"), ("2", "", "Formar", "b"), ("3", "Trabajo", "Ver", "c"))
    assert [number for number, _ in numbers(grids, "Objective")] == [None, None, None]
    assert left(grids) == [
        "“N°” (where it numbers the objectives and not the rows, a mapping says so with objectives = "
        '["N°", "Resultado esperado"])'
    ]
