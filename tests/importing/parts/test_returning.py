"""Objectives and actions that come back after others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.importing import Grid, as_text_table, assumed, guess
from crmgraph.importing.parts.returning import together
from crmgraph.importing.rows import PlanRow
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.xlsx")
HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")


def imported(*rows: tuple[str, ...], numbers: str = "add") -> tuple[list[tuple[str, str]], list[str]]:
    """The parts of the plan, each with the text of what it belongs to; and what is told."""
    grids = [Grid("x", (), (HEADER, *rows))]
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    plan = read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")
    said = [(parent.text if parent else "", part.text) for part, parent in plan.walk()]
    return said, assumed(grids, mapping, FILE)


@pytest.mark.parametrize("numbers", ["add", "keep"])
def test_what_comes_back_is_one_part(numbers: str) -> None:
    said, told = imported(
        ("Fronteras", "1. Cooperar", "1.1 Firmar", "1.1.1 Reunión", ""),
        ("Protección", "1. Albergar", "1.1 Abrir", "1.1.1 Edificio", ""),
        ("Fronteras", "1. Cooperar", "1.1 Firmar", "1.1.2 Informe", ""),
        ("", "", "1.2 Publicar", "1.2.1 Guía", ""),
        ("Protección", "1. Albergar", "1.2 Atender", "1.2.1 Visita", ""),
        numbers=numbers,
    )
    assert said == [
        ("", "Fronteras"), ("Fronteras", "Cooperar"), ("Cooperar", "Firmar"), ("Firmar", "Reunión"),
        ("Firmar", "Informe"), ("Cooperar", "Publicar"), ("Publicar", "Guía"),
        ("", "Protección"), ("Protección", "Albergar"), ("Albergar", "Abrir"), ("Abrir", "Edificio"),
        ("Albergar", "Atender"), ("Atender", "Visita"),
    ]  # fmt: skip
    assert told[0] == "put together, for they come back after others: “1. Cooperar”, “1. Albergar”, “1.1 Firmar”"


def test_a_theme_that_comes_back_with_what_is_new_stays_where_it_is() -> None:
    rows = [
        PlanRow(place, cells)
        for place, cells in enumerate(
            [("A", "uno", "", "", ""), ("B", "dos", "", "", ""), ("A", "tres", "", "", ""), ("", "tres", "x", "", "")]
        )
    ]
    assert together(rows) == rows


CELLS = st.sampled_from(["", "a", "b", "c"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=12))
def test_no_activity_is_lost_or_moved_to_another_part(rows: list[tuple[str, ...]]) -> None:
    before = [PlanRow(place, row) for place, row in enumerate(rows)]
    after = together(before)
    assert sorted(row.place for row in after) == list(range(len(rows)))
    assert dict(_belonging(after)) == dict(_belonging(before))


def _belonging(rows: list[PlanRow]) -> list[tuple[int, tuple[str, ...]]]:
    """For each row of the file the theme, objective, action and activity that it is of, and its calendar."""
    found: list[tuple[int, tuple[str, ...]]] = []
    above = [""] * 4
    for row in rows:
        for level in range(4):
            if row.cells[level] and row.cells[level] != above[level]:
                above[level:] = [row.cells[level], *[""] * (3 - level)]
        found.append((row.place, (*above, row.cells[4])))
    return found
