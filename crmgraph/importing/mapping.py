"""Which columns of a file are which of a plan, as a person says it in a small file (TOML), or as it is guessed."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.grid import Grid
from crmgraph.reading.folding import key, tidy
from crmgraph.texts import read_text

__all__ = ["COLUMNS", "Mapping", "as_toml", "called", "guess", "read_mapping"]

COLUMNS = ("themes", "objectives", "actions", "activities", "schedule")
"""The columns of a plan, from left to right."""

_SAID = (
    re.compile(
        r"\b(temas?|themes?|ejes?|pilar|pilares|pillars?|areas?|ambitos?|goals?|metas?|componentes?|domains?)\b"
    ),
    re.compile(r"\b(objetivos?|objectives?|aims?|resultados?|outcomes?)\b"),
    re.compile(r"\b(accion|acciones|actions?|lineas? de accion|measures?|medidas?|outputs?|productos?)\b"),
    re.compile(r"\b(actividad|actividades|activity|activities|tareas?|tasks?|steps?)\b"),
    re.compile(
        r"\b(calendario|cronograma|schedule|calendar|timetable|plazos?|fechas?|dates?|deadlines?|timeline|when)\b"
    ),
)
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(\s|$)")
_NUMBER_HEADING = re.compile(r"(n|no|nº|n°|num|numero|number|#|id|code|cod|codigo)[.ºo°]*(\s.*)?")
_SEARCHED = 30
_LONGEST_HEADING = 60


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Headings = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class Mapping(BaseModel):
    """How a file becomes a plan.

    `table` is which of its tables holds the plan and `header` which row of it has the headings, both counted from 1.
    `title` are the lines above the plan; those that stand before the table in the file, where none are given. `columns`
    names for each column of a plan the headings of the file that it is made from (`No.#2` is the second of those that
    are called `No.`); several are joined by a space, such as a number and a text. `numbers` says whether those in the
    file are kept, or are added where an item has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    class Columns(BaseModel):
        """The headings for each column of a plan."""

        model_config = ConfigDict(frozen=True, extra="forbid")

        themes: _Headings = ()
        objectives: _Headings = ()
        actions: _Headings = ()
        activities: _Headings = ()
        schedule: _Headings = ()

    table: int = Field(1, ge=1)
    header: int = Field(1, ge=1)
    title: _Headings = ()
    numbers: Literal["keep", "add"] = "keep"
    columns: Columns = Columns()

    def headings(self) -> tuple[tuple[str, ...], ...]:
        """The headings for each of COLUMNS."""
        return tuple(getattr(self.columns, name) for name in COLUMNS)


@dataclass(frozen=True)
class _Header:
    table: int
    row: int
    columns: dict[str, tuple[str, ...]]


def read_mapping(file: Path) -> Mapping:
    """The mapping in a TOML file. Raises UsageError where it is none."""
    try:
        return Mapping.model_validate(tomllib.loads(read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"this is not TOML: {error}", Place(file)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", Place(file)) from None


def guess(grids: Sequence[Grid], file: Path) -> Mapping:
    """The mapping that the headings of a file suggest. Raises SourceError where no row looks like headings."""
    found = [header for number, grid in enumerate(grids, 1) if (header := _header(number, grid)) is not None]
    if not found:
        seen = ", ".join(f"“{tidy(cell)[:30]}”" for cell in grids[0].rows[0] if cell.strip())
        raise SourceError(
            "no row has headings like those of a plan (theme, objective, action, activity, schedule); "
            f"the first has {seen}. Say in a mapping which is which",
            Place(file),
        )
    best = max(found, key=lambda header: len(header.columns))
    rows = grids[best.table - 1].rows[best.row :]
    columns = Mapping.Columns(**best.columns)
    plain = Mapping(table=best.table, header=best.row, columns=columns)
    return plain.model_copy(update={"numbers": "keep" if _are_numbered(plain, grids[best.table - 1], rows) else "add"})


def _header(number: int, grid: Grid) -> _Header | None:
    """The row of a table that has the most of the headings, where it has two at least."""
    best = None
    for row, cells in enumerate(grid.rows[:_SEARCHED], 1):
        columns: dict[str, tuple[str, ...]] = {}
        before = ""
        for place, cell in enumerate(cells):
            heading = called(cells, place)
            if _NUMBER_HEADING.fullmatch(key(cell)):
                before = heading
                continue
            said = (name for name, words in zip(COLUMNS, _SAID, strict=True) if words.search(key(cell)))
            kind = next(said, None)
            if kind is not None and kind not in columns and len(cell) < _LONGEST_HEADING:
                columns[kind] = (before, heading) if before else (heading,)
            before = ""
        if len(columns) >= 2 and (best is None or len(columns) > len(best.columns)):
            best = _Header(number, row, columns)
    return best


def called(headings: Sequence[str], place: int) -> str:
    """How a mapping calls the heading at a place: by its words, and where others have the same, by which it is."""
    name = tidy(headings[place])
    before = sum(tidy(each) == name for each in headings[:place])
    return f"{name}#{before + 1}" if before else name


def _are_numbered(mapping: Mapping, grid: Grid, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most items have a printed number, as it should be in their column: 2 for an objective, 2.1 below it."""
    row = grid.rows[mapping.header - 1]
    headings = [called(row, place) for place in range(len(row))]
    places = [(level, headings.index(each[0])) for level, each in enumerate(mapping.headings()[1:4]) if each]
    items = [(level, row[place]) for row in rows for level, place in places if row[place].strip()]
    numbers = [(level, found[1]) for level, item in items if (found := _NUMBER.match(item))]
    return 2 * sum(1 for level, number in numbers if number.count(".") == level) > len(items)


def as_toml(mapping: Mapping) -> str:
    """The mapping as the file that `read_mapping` reads, with what each line is for."""

    def quoted(texts: Sequence[str]) -> str:
        written = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
        return written[0] if len(written) == 1 else f"[{', '.join(written)}]"

    lines = [
        "# Which table of the file holds the plan, and which of its rows the headings (from 1).",
        f"table = {mapping.table}",
        f"header = {mapping.header}",
        "# Lines above the plan; without any, those that stand before the table.",
        f"title = {quoted(mapping.title)}" if mapping.title else '# title = ["Plan de Acción"]',
        '# "keep" the numbers that the file prints, or "add" one to each item that has none.',
        f'numbers = "{mapping.numbers}"',
        "",
        "# For each column of a plan the heading in the file; several are joined, such as a number and a text.",
        "[columns]",
    ]
    for name, headings in zip(COLUMNS, mapping.headings(), strict=True):
        lines.append(f"{name} = {quoted(headings)}" if headings else f'# {name} = ""')
    return "\n".join(lines) + "\n"
