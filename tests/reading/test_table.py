"""Cells begin with a tab at the start of a line, and five make a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import SourceError
from crmgraph.reading.source import Source
from crmgraph.reading.table import read_table

HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")


def text(*cells: str) -> str:
    return "".join(f"\t{cell}\n" for cell in (*HEADINGS, *cells))


def test_titles_headings_and_rows() -> None:
    table = read_table(Source("Título\n\nSubtítulo\n" + text("a", "b\n\nc", "", "d", "e")))
    assert [leaf.exact for leaf in table.titles] == ["Título", "Subtítulo"]
    assert [(leaf.exact, leaf.row, leaf.column) for leaf in table.headings] == [
        (heading, 1, column) for column, heading in enumerate(HEADINGS, 1)
    ]
    [row] = table.rows
    assert [[line.text for line in cell.lines] for cell in row] == [["a"], ["b", "c"], [], ["d"], ["e"]]
    assert [(cell.row, cell.column) for cell in row] == [(2, column) for column in range(1, 6)]


def test_a_line_knows_whether_a_blank_one_is_before_it() -> None:
    [row] = read_table(Source(text("a\nb\n\nc", "", "", "", ""))).rows
    assert [line.after_blank for line in row[0].lines] == [False, False, True]


def test_a_tab_within_a_line_begins_no_cell() -> None:
    [row] = read_table(Source(text("a\tb", " \tc", "", "", ""))).rows
    assert [[line.text for line in cell.lines] for cell in row[:2]] == [["a\tb"], ["c"]]


@pytest.mark.parametrize(
    "headings",
    [
        ("Themes", "Objectives", "Actions", "Activities", "Schedule"),
        ("TEMA", "OBJETIVO", "Acción para la implementación", "actividad", "Cronograma"),
    ],
)
def test_headings_in_either_language(headings: tuple[str, ...]) -> None:
    source = "".join(f"\t{heading}\n" for heading in headings) + "\ta\n\t\n\t\n\t\n\t\n"
    assert len(read_table(Source(source)).rows) == 1


@pytest.mark.parametrize("wrong", range(5))
def test_a_wrong_heading_is_named_with_its_place(wrong: int) -> None:
    headings = [*HEADINGS]
    headings[wrong] = "Otra cosa"
    with pytest.raises(SourceError) as caught:
        read_table(Source("\n" + "".join(f"\t{heading}\n" for heading in headings) + "\ta\n" * 5))
    assert f"heading {wrong + 1} should be like “{HEADINGS[wrong]}” but is “Otra cosa”" in str(caught.value)
    assert caught.value.place is not None
    assert caught.value.place.line == wrong + 2


@given(st.lists(st.text(alphabet=st.sampled_from("ab \n1."), max_size=12), min_size=1, max_size=17))
def test_every_cell_has_its_row_and_column(cells: list[str]) -> None:
    table = read_table(Source(text(*cells)))
    found = [cell for row in table.rows for cell in row]
    assert [[line.text for line in cell.lines] for cell in found] == [
        [line.strip() for line in cell.split("\n") if line.strip()] for cell in cells
    ]
    assert [((cell.row - 2) * 5 + cell.column - 1) for cell in found] == list(range(len(cells)))
