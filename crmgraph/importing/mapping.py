"""Which columns of a file are which of a plan, as a person says it in a small file (TOML), or as it is guessed."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.calendars.dated import with_dates
from crmgraph.importing.calendars.periods import with_periods
from crmgraph.importing.calendars.years import with_years
from crmgraph.importing.columns import COLUMNS, column_of, is_number, meaning
from crmgraph.importing.counts import without_counts
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import Headings, headings
from crmgraph.importing.mistakes import mistake, twice
from crmgraph.importing.numbering.level_columns import with_levels
from crmgraph.importing.numbering.number_columns import with_numbered
from crmgraph.importing.outlines import OUTLINE, is_outline
from crmgraph.importing.pages import whole
from crmgraph.reading.folding import key, tidy
from crmgraph.texts import read_text
from crmgraph.wording import Bilingual

__all__ = [
    "Header", "Mapping", "as_toml", "guess", "has_columns", "header_of", "read_mapping", "row_of", "with_header",
]  # fmt: skip

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(\s|$)")
_SEARCHED = 30
_LONGEST_SHOWN = 30


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Headings = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class Mapping(BaseModel):
    """How a file becomes a plan.

    `table` is which of its tables holds the plan and `header` which row of it has the headings, both counted from 1.
    `title` are the lines above the plan; those that stand before the table in the file, where none are given. `columns`
    names for each column of a plan the headings of the file that it is made from (`No.#2` is the second of those that
    are called `No.`); several are joined by a space, such as a number and a text. `numbers` says whether those in the
    file are kept, or are added where an item has none; `language` is that of the plan, where its words do not tell.
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
    language: Literal["es", "en", "fr", "pt"] | None = None
    columns: Columns = Columns()

    def headings(self) -> tuple[tuple[str, ...], ...]:
        """The headings for each of COLUMNS."""
        return tuple(getattr(self.columns, name) for name in COLUMNS)


@dataclass(frozen=True)
class Header:
    """The row of a table that has the headings, both counted from 1, and what each column of a plan is made from."""

    table: int
    row: int
    columns: dict[str, tuple[str, ...]]


def read_mapping(file: Path) -> Mapping:
    """The mapping in a TOML file. Raises UsageError where it is none."""
    try:
        read = Mapping.model_validate(tomllib.loads(read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(Bilingual(f"this is not TOML: {error}", f"esto no es TOML: {error}"), Place(file)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(mistake(first, tuple(Mapping.model_fields), COLUMNS), Place(file)) from None
    named: dict[str, str] = {}
    for column, wanted in zip(COLUMNS, read.headings(), strict=True):
        for heading in map(tidy, wanted):
            if named.setdefault(heading, column) != column:
                raise UsageError(twice(heading, named[heading], column), Place(file))
    return read


def with_header(mapping: Mapping, grid: Grid) -> Mapping:
    """The mapping of a table; where it does not say which row has the headings, with the one that has its columns."""
    row = None if "header" in mapping.model_fields_set else row_of(mapping, grid)
    return mapping.model_copy(update={"header": row}) if row else mapping


def row_of(mapping: Mapping, grid: Grid) -> int | None:
    """The row of a table that has all columns that a mapping names; that of the guess comes before others."""
    guessed = header_of(mapping.table, grid)
    rows = [*([guessed.row] if guessed else []), *range(1, min(len(grid.rows), _SEARCHED) + 1)]
    return next((row for row in rows if has_columns(mapping, grid, row)), None)


def has_columns(mapping: Mapping, grid: Grid, row: int) -> bool:
    """Whether a mapping names columns, and a row of a table has all of them."""
    wanted = {key(heading) for of in mapping.headings() for heading in of}
    return bool(wanted) and row <= len(grid.rows) and wanted <= {*map(key, headings(grid, row).names)}


def guess(grids: Sequence[Grid], file: Path) -> Mapping:
    """The mapping that the headings of a file suggest. Raises SourceError where no row looks like headings."""
    found = [header for number, grid in enumerate(grids, 1) if (header := header_of(number, grid)) is not None]
    if not found:
        if is_outline(grids):
            raise SourceError(f"no row has headings like those of a plan: {OUTLINE}", Place(file))
        seen = ", ".join(f"“{_shown(tidy(cell))}”" for cell in grids[0].rows[0] if cell.strip())
        raise SourceError(
            "no row has headings like those of a plan (theme, objective, action, activity, schedule); "
            f"the first has {seen}. Say in a mapping which is which",
            Place(file),
        )
    best = max(found, key=lambda header: len(header.columns))
    grid = whole(grids, best.table, best.row)
    made_from = with_levels(without_counts(best.columns, grid, best.row), grid, best.row)
    made_from = with_numbered(made_from, grid, best.row)
    made_from = with_periods(made_from, grid, best.row)
    made_from = with_dates(with_years(made_from, grid, best.row), grid, best.row)
    columns = Mapping.Columns(**made_from)
    plain = Mapping(table=best.table, header=best.row, columns=columns)
    return plain.model_copy(update={"numbers": "keep" if _are_numbered(plain, grid, grid.rows[best.row :]) else "add"})


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def header_of(number: int, grid: Grid) -> Header | None:
    """The row of a table that has the most of the headings, where it has two at least."""
    best = None
    for row in range(1, min(len(grid.rows), _SEARCHED) + 1):
        found = headings(grid, row)
        columns = _columns(found)
        # With those below them, the headings of a row are as many as without.
        is_lower = best is not None and found.rows == 2 and best.row == row - 1
        if len(columns) >= 2 and (best is None or len(columns) + is_lower > len(best.columns)):
            best = Header(number, row, columns)
    return best


def _columns(found: Headings) -> dict[str, tuple[str, ...]]:
    """For each column of a plan the names of those that it is made from: a number and a text, or the years."""
    own = _own_columns(found)
    columns: dict[str, tuple[str, ...]] = {}
    before: tuple[str, ...] = ()
    for place, name in enumerate(found.names):
        if is_number(found.texts[place]):
            before = (name,)
            continue
        kind = own[place] or column_of(found.above[place])
        is_calendar = kind == "schedule" and not own[place] and kind not in own
        is_joined = found.names[found.first[place]] in columns.get(kind or "", ())
        if kind is not None and (kind not in columns or is_calendar or is_joined):
            columns[kind] = (*columns.get(kind, ()), *before, name)
        before = ()
    return columns


def _own_columns(found: Headings) -> list[str | None]:
    """The column of a plan that each heading says by its own words.

    What may say several is the first of these that is free, to the right of those that stand before it and to the left
    of those behind it.
    """
    said = [meaning(text) for text in found.texts]
    own = [each.columns[0] if each and each.columns and not each.is_open else None for each in said]
    for place, each in enumerate(said):
        if each is None or not each.is_open:
            continue
        if found.first[place] < place:
            own[place] = own[found.first[place]]
            continue
        levels = [COLUMNS.index(name) if name and name != "schedule" else None for name in own]
        least = max((level for level in levels[:place] if level is not None), default=-1)
        most = min((level for level in levels[place:] if level is not None), default=len(COLUMNS))
        own[place] = next((name for name in each.columns if least < COLUMNS.index(name) < most), None)
    return own


def _are_numbered(mapping: Mapping, grid: Grid, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most items have a printed number, as it should be in their column: 2 for an objective, 2.1 below it."""
    names = headings(grid, mapping.header).names
    places = [(level, names.index(each[0])) for level, each in enumerate(mapping.headings()[1:4]) if each]
    items = [(level, row[place]) for row in rows for level, place in places if row[place].strip()]
    numbers = [(level, found[1]) for level, item in items if (found := _NUMBER.match(item))]
    return 2 * sum(1 for level, number in numbers if number.count(".") == level) > len(items)


def as_toml(mapping: Mapping, unplaced: Sequence[str] = ()) -> str:
    """The mapping as the file that `read_mapping` reads, with what each line is for.

    `unplaced` are the headings of the file that it has no place for.
    """

    def written(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def quoted(texts: Sequence[str]) -> str:
        return written(texts[0]) if len(texts) == 1 else f"[{', '.join(map(written, texts))}]"

    lines = [
        "# Which table of the file holds the plan, and which of its rows the headings (from 1).",
        f"table = {mapping.table}",
        f"header = {mapping.header}",
        "# Lines above the plan; without any, those that stand before the table.",
        f"title = {quoted(mapping.title)}" if mapping.title else '# title = ["Plan de Acción"]',
        '# "keep" the numbers that the file prints, or "add" one to each item that has none.',
        f'numbers = "{mapping.numbers}"',
        '# The language, where its words do not tell: "es", "en", "fr" or "pt".',
        f'language = "{mapping.language}"' if mapping.language else '# language = "es"',
        "",
        "# For each column of a plan the heading in the file; several are joined, such as a number and a text.",
        "[columns]",
    ]
    for name, wanted in zip(COLUMNS, mapping.headings(), strict=True):
        lines.append(f"{name} = {quoted(wanted)}" if wanted else f'# {name} = ""')
    lines += [f"# not in the plan: {', '.join(map(written, unplaced))}"] if unplaced else []
    return "\n".join(lines) + "\n"
