"""Tables as people make them, and the plans that they become."""

from pathlib import Path
from typing import Any

import openpyxl

from crmgraph.importing import Grid, as_text_table, guess, left_out
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

__all__ = ["ABOVE", "BELOW", "FILE", "HEADER", "ROWS", "Tree", "book", "left", "of", "table", "tree"]

FILE = Path("plan.xlsx")
HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo", "Costo")

Tree = list[tuple[str, str | None, str]]


def tree(grids: list[Grid]) -> Tree:
    text = as_text_table(grids, guess(grids, FILE), FILE)
    return [(part.kind, counted(part), part.text) for part, _ in read_plan_text(Source(text, FILE), "plan").walk()]


def of(kind: str, found: Tree) -> list[str]:
    return [text for each, _, text in found if each == kind]


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> list[Grid]:
    return [Grid("x", (), (header, *(row + ("",) * (len(header) - len(row)) for row in rows)))]


def left(grids: list[Grid]) -> list[str]:
    return left_out(grids, guess(grids, FILE))


def book(file: Path, *rows: tuple[Any, ...]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    made.save(file)
    return made


ROWS = (
    ("Protección", "Albergar", "Abrir", "Tres albergues", "2027", "10"),
    ("", "", "", "Formar al personal", "2028", "20"),
    ("Trabajo", "Regularizar", "Otorgar", "Permisos", "2027", "5"),
)
ABOVE = ("Eje", "Objetivo", "Acción", "Actividad", "Calendario", "")
BELOW = ("", "", "", "", "2027", "2028")
