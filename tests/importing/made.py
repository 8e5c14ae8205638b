"""Helpers that build tables and files, and convert them to plans and back to short texts.

A table row is written with bars between its cells. A plan is written with bars between its parts, each with the letter
of its kind and its number: `T Protección|O1 Albergar|A1.1 Abrir|V1.1.1 Tres|S1.1.1.1 2027`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.document import Document
from docx.table import Table

from crmgraph.errors import InputError
from crmgraph.importing import Grid, PlanTable, guess_mapping
from crmgraph.importing import Mapping as Columns
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.model import Attachment, Part, Source
from tests.support.phrases import rows_of

FILE = Path("plan.xlsx")
CASES = "importing/cases"
"""The folder with the tables of test cases."""
FILES = Path(__file__).with_name("files")
"""The folder with documents saved by office programs."""
HEADER = "Eje|Objetivo|Acción|Actividad|Plazo"
_LETTERS = {"Theme": "T", "Objective": "O", "Action": "A", "Activity": "V", "ScheduleEntry": "S", "Note": "N"}


def cells(row: str) -> tuple[str, ...]:
    return tuple(row.split("|"))


def table(*rows: str, header: str = HEADER, **more: Any) -> list[Grid]:
    first = cells(header)
    filled = (cells(row) for row in rows)
    return [Grid("x", (), (first, *(row + ("",) * (len(first) - len(row)) for row in filled)), **more)]


def table_cases(name: str) -> Iterator[tuple[str, list[Grid], list[str]]]:
    """Yield the test cases of a file: the rows of each (separated by ¶), its table, and its further columns."""
    for header, rows, *rest in rows_of(name, CASES):
        yield rows, table(*(rows.split("¶") if rows else ()), header=header), rest


def plan(grids: list[Grid], numbers: str | None = None, columns: Columns | None = None) -> Plan:
    mapping = columns or guess_mapping(grids, FILE)
    if numbers:
        mapping = mapping.model_copy(update={"numbers": numbers})
    return read_plan_text(Source(PlanTable(grids, mapping, FILE).text_table("plan"), FILE), "plan")


def counted(part: Part) -> str | None:
    """Return the number that is printed before a part or, for a part numbered by the import, the number in its id."""
    given = part.id.rpartition("/")[2] if part.attached_by is Attachment.FILE_ROW else None
    return part.number or given


def plan_text(plan: Plan, kinds: str = "TOAVSN") -> str:
    parts = ((_LETTERS[part.kind], counted(part) or "", " ".join(part.text.split())) for part, _ in plan.walk())
    return "|".join(f"{kind}{number} {text}" for kind, number, text in parts if kind in kinds)


def outline(grids: list[Grid], kinds: str = "TOAVSN", numbers: str | None = None) -> str:
    """Return the plan of the tables as a text, or "refused: " and the error message."""
    try:
        return plan_text(plan(grids, numbers), kinds)
    except InputError as error:
        return f"refused: {error}"


def texts(grids: list[Grid], kind: str, numbers: str | None = None) -> list[str]:
    found = outline(grids, kind, numbers)
    return [each.partition(" ")[2] for each in found.split("|")] if found else []


def above(grids: list[Grid], numbers: str | None = None) -> dict[str, str]:
    """Return the text of the parent of each part, by the text of the part."""
    return {part.text: parent.text if parent else "" for part, parent in plan(grids, numbers).walk()}


def plan_table(grids: list[Grid]) -> PlanTable:
    return PlanTable(grids, guess_mapping(grids, FILE), FILE)


def omissions(grids: list[Grid]) -> list[str]:
    return plan_table(grids).omissions()


def assumptions(grids: list[Grid]) -> list[str]:
    return plan_table(grids).assumptions()


def check_all(compared: Iterable[tuple[object, object, object]]) -> None:
    """Assert that found and expected values are equal in all cases; the message lists each case that differs."""
    wrong = [
        f"{case}\n  found    {found}\n  expected {expected}" for case, found, expected in compared if found != expected
    ]
    assert not wrong, "\n".join(wrong)


def book(file: Path, *rows: str | tuple[Any, ...], merged: str = "") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append([each or None for each in cells(row)] if isinstance(row, str) else list(row))
    for area in merged.split():
        made.active.merge_cells(area)
    made.save(file)
    return made


def document(*rows: str) -> tuple[Document, Table]:
    made = docx.Document()
    table: Table = made.add_table(len(rows), len(cells(rows[0])))
    for place, row in enumerate(rows):
        for cell, text in zip(table.rows[place].cells, cells(row), strict=False):
            cell.text = text
    return made, table


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file
