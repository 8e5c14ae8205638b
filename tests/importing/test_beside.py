"""A number and a text of one part, of which only one stands in each row."""

from pathlib import Path

import pytest

from crmgraph.importing import read_tables
from tests.importing.made import book, table, tree

HEADER = ("Eje", "N°", "Objetivo", "Acción", "Actividad", "Plazo")
WHOLE = [
    ("Theme", None, "Protección"),
    ("Objective", "1", "Albergar"), ("Action", "1.1", "Abrir"),
    ("Activity", "1.1.1", "Actividad 1"), ("Activity", "1.1.2", "Actividad 2"),
    ("Action", "1.2", "Formar"), ("Activity", "1.2.1", "Actividad 3"), ("Activity", "1.2.2", "Actividad 4"),
    ("Objective", "2", "Retornar"), ("Action", "2.1", "Acordar"), ("Activity", "2.1.1", "Actividad 5"),
]  # fmt: skip
AGAIN = [("", ""), ("1", "Albergar"), ("1", ""), ("", "Albergar")]


def rows(number: str, objective: str, *actions: str) -> list[tuple[str, ...]]:
    first, *further = [(number, objective, action) for action in actions]
    first = ("1", "Albergar", first[2])
    cells = [("Protección", *first), *(("", *each) for each in further), ("", "2", "Retornar", "Acordar")]
    return [(*each, f"Actividad {place}") for place, each in enumerate(cells, 1)]


@pytest.mark.parametrize("actions", [("Abrir", "", "Formar", ""), ("Abrir", "Abrir", "Formar", "Formar")])
@pytest.mark.parametrize(("number", "objective"), AGAIN)
def test_an_objective_goes_on_where_either_stands_again(number: str, objective: str, actions: tuple[str, ...]) -> None:
    assert tree(table(*rows(number, objective, *actions), header=HEADER)) == WHOLE


def test_a_merged_objective_with_its_number_in_each_row_of_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(
        file, HEADER, *(tuple(cell or None for cell in row) for row in rows("1", "", "Abrir", "", "Formar", ""))
    )
    for area in ("A2:A6", "C2:C5", "D2:D3", "D4:D5"):
        made.active.merge_cells(area)
    made.save(file)
    assert tree(read_tables(file)) == WHOLE


def test_the_headings_of_a_new_page_do_not_come_between() -> None:
    said = rows("1", "", "Abrir", "", "Formar", "")
    assert tree(table(*said[:1], HEADER, *said[1:], header=HEADER)) == WHOLE


def test_below_another_theme_it_is_another() -> None:
    found = tree(table(("A", "1", "Albergar", "Abrir", "x"), ("B", "", "Albergar", "Abrir", "y"), header=HEADER))
    assert [each[2] for each in found if each[0] == "Objective"] == ["Albergar", "Albergar"]
