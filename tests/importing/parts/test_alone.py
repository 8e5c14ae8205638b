"""What stands beside a part alone, in tables that say everything again and in those that do not."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.importing import Grid, as_text_table, guess
from crmgraph.importing.grid import Spot
from crmgraph.importing.parts.alone import own_first
from crmgraph.importing.rows import PlanRow
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.xlsx")
HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")
AGAIN = (
    ("Trabajo", "Vías", "Firmar", "Reunión", "2027"),
    ("Trabajo", "Vías", "Firmar", "Informe", "2028"),
    ("Trabajo", "Vías", "Firmar", "", "2029"),
    ("Trabajo", "Vías", "Publicar", "Guía", "2030"),
    ("Trabajo", "Vías", "", "", "2031"),
)
NUMBERS = {"Vías": "1.", "Firmar": "1.1", "Reunión": "1.1.1", "Informe": "1.1.2", "Publicar": "1.2", "Guía": "1.2.1"}
PRINTED = tuple(tuple(f"{NUMBERS.get(cell, '')} {cell}".strip() for cell in row) for row in AGAIN)


def when(*rows: tuple[str, ...], spans: Mapping[Spot, Spot] | None = None, numbers: str = "add") -> dict[str, str]:
    """What each entry of the calendar belongs to."""
    grids = [Grid("x", (), (HEADER, *rows), spans=spans or {})]
    mapping = guess(grids, FILE).model_copy(update={"numbers": numbers})
    plan = read_plan_text(Source(as_text_table(grids, mapping, FILE), FILE), "plan")
    return {part.text: parent.text for part, parent in plan.walk() if parent and part.text.startswith("20")}


@pytest.mark.parametrize(("rows", "numbers"), [(AGAIN, "add"), (PRINTED, "keep")])
def test_where_every_row_says_all_a_date_without_an_activity_is_that_of_the_part(
    rows: tuple[tuple[str, ...], ...], numbers: str
) -> None:
    found = when(*rows, numbers=numbers)
    assert found == {"2027": "Reunión", "2028": "Informe", "2029": "Firmar", "2030": "Guía", "2031": "Vías"}


def test_a_theme_may_stand_over_its_rows() -> None:
    rows = [("Trabajo", "", "", "", ""), *(("", *row[1:]) for row in AGAIN)]
    assert when(*rows)["2029"] == "Firmar"


def test_where_empty_cells_go_on_it_is_one_more_of_the_activity() -> None:
    rows = [AGAIN[0], ("", "", "", "", "2028"), AGAIN[3]]
    assert when(*rows) == {"2027": "Reunión", "2028": "Reunión", "2030": "Guía"}


def test_a_cell_that_is_merged_downwards_goes_on() -> None:
    rows = (AGAIN[0], AGAIN[1], AGAIN[2])
    assert when(*rows, spans={(3, 3): (2, 3)}) == {"2027": "Reunión", "2028": "Informe", "2029": "Informe"}


CELLS = st.sampled_from(["", "a", "b"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_rows_are_moved_and_none_is_lost_or_changed(rows: list[tuple[str, ...]]) -> None:
    before = [PlanRow(place, row) for place, row in enumerate(rows)]
    assert sorted(own_first(before)) == before
    # Those that say what an activity is keep their order.
    assert [row for row in own_first(before) if row.cells[3]] == [row for row in before if row.cells[3]]
