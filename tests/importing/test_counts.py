"""A column of numbers beside the themes may number these, or the rows of the table."""

from pathlib import Path

import openpyxl
import pytest

from crmgraph.importing import Grid, as_text_table, guess, left_out, read_tables
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.xlsx")
HEADER = ("N°", "Eje", "Objetivo", "Acción", "Actividad", "Plazo")
MAY_BE_OF_OBJECTIVES = (
    '“N°” (where it numbers the objectives and not the rows, a mapping says so with objectives = ["N°", "Objetivo"])'
)


def parts(grids: list[Grid], *kinds: str) -> list[tuple[str | None, str]]:
    """The numbers and texts of the parts of these kinds."""
    text = as_text_table(grids, guess(grids, FILE), FILE)
    plan = read_plan_text(Source(text, FILE), "plan")
    return [(counted(part), part.text) for part, _ in plan.walk() if part.kind in kinds]


def left(grids: list[Grid]) -> list[str]:
    return left_out(grids, guess(grids, FILE))


def table(*rows: tuple[str, ...]) -> list[Grid]:
    return [Grid("x", (), rows)]


def numbered(second: str) -> tuple[tuple[str, ...], ...]:
    return (
        HEADER,
        ("1", "Derechos humanos", "Proteger", "Capacitar", "Taller", "2026"),
        ("2", second, "Informar", "Publicar", "Página web", "2027"),
        ("3", "Empleo", "Facilitar", "Acuerdos", "Firmar", "2028"),
    )


def test_a_number_beside_a_merged_theme_counts_rows(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    for row in numbered(""):
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("B2:B3")
    book.save(file)
    grids = read_tables(file)
    assert parts(grids, "Theme", "Objective") == [
        (None, "Derechos humanos"), ("1", "Proteger"), ("2", "Informar"), (None, "Empleo"), ("1", "Facilitar"),
    ]  # fmt: skip
    assert left(grids) == [MAY_BE_OF_OBJECTIVES]


@pytest.mark.parametrize("second", ["", "Derechos humanos", "DERECHOS  HUMANOS"])
def test_a_number_beside_a_theme_that_is_said_again_counts_rows(second: str) -> None:
    grids = table(*numbered(second))
    assert parts(grids, "Theme") == [(None, "Derechos humanos"), (None, "Empleo")]
    assert left(grids) == [MAY_BE_OF_OBJECTIVES]


@pytest.mark.parametrize("numbers", [("1", "", "2"), ("1", "1", "2"), ("1", "2", "3")])
def test_a_number_that_goes_with_its_theme_stays(numbers: tuple[str, ...]) -> None:
    second = "Salud" if numbers[1] == "2" else ""
    rows = [(number, *row[1:]) for number, row in zip(numbers, numbered(second)[1:], strict=True)]
    grids = table(HEADER, *rows, HEADER, ("9", "Retorno", "Acompañar", "Acordar", "Firmar", "2029"), ("10. Nota",))
    grids = [Grid("x", (), tuple(row + ("",) * (6 - len(row)) for row in grids[0].rows))]
    assert left(grids) == []


def test_numbers_of_actions_beside_an_objective_are_theirs_and_those_of_the_next_theme_are_not() -> None:
    header = ("Eje", "N°", "Objetivo", "Acción")
    merged = table(header, ("Uno", "1.1", "Informar", "Publicar"), ("", "1.2", "", "Anunciar"))
    assert parts(merged, "Objective", "Action") == [(None, "Informar"), ("1.1", "Publicar"), ("1.2", "Anunciar")]
    again = table(header, ("Uno", "1", "Informar", "Publicar"), ("Dos", "2", "Informar", "Anunciar"))
    assert parts(again, "Objective") == [("1", "Informar"), ("2", "Informar")]
