"""The headings of a table, the plan columns that they denote, and mappings (TOML) of headings to plan columns."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.files import read_text
from crmgraph.importing.cells import WORDS, Grid, Position, matches_entry
from crmgraph.reading.languages import key, tidy

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

COLUMNS = ("themes", "objectives", "actions", "activities", "schedule")
"""The columns of a plan, from left to right."""

SPANISH_COLUMNS = dict(zip(COLUMNS, ("temas", "objetivos", "acciones", "actividades", "calendario"), strict=True))
"""The Spanish names of the columns of a plan."""


PlanColumns = dict[str, tuple[str, ...]]
"""The names of the file columns that make up each plan column.

A plan column may be made from several file columns, such as a number and a text.
"""


class Meaning(NamedTuple):
    """The plan columns that a heading may denote.

    Attributes:
        columns: The plan columns, most likely first; empty if the heading is of something outside the plan, such as a
            budget.
        is_ambiguous: Whether the heading is ambiguous, such as “Goal”; then the headings beside it decide.
    """

    columns: tuple[str, ...]
    is_ambiguous: bool = False


_MEANINGS = [
    (Meaning(tuple(each["columns"]), "open" in each), re.compile(rf"\b({'|'.join(each['words'])})\b"))
    for each in WORDS.raw("meanings")
]
_LONGEST, _LONGEST_IN_ALL, _MOST_HEADER_ROWS = 60, 120, 30


def heading_meaning(heading: str) -> Meaning | None:
    """Return the meaning of a heading; None if it has no known word or is as long as a sentence.

    A bilingual heading (“Goal / Meta”) means what both parts have in common, and nothing if its parts contradict each
    other.
    """
    parts = re.split(r"[/|\n]", heading)
    if len(heading) >= _LONGEST_IN_ALL or any(len(part) >= _LONGEST for part in parts):
        return None
    found = [said for part in parts if (said := _first_meaning(key(part))) is not None]
    plain = {said for said in found if not said.is_ambiguous}
    if plain or not found:
        return plain.pop() if len(plain) == 1 else None
    shared = tuple(name for name in found[0].columns if all(name in said.columns for said in found))
    return Meaning(shared, is_ambiguous=True) if shared else None


def _first_meaning(words: str) -> Meaning | None:
    """Return the meaning of the first known word or phrase in a folded text; the longest if several begin there."""
    found = [
        (match.start(), -match.end(), place)
        for place, (_, pattern) in enumerate(_MEANINGS)
        if (match := pattern.search(words))
    ]
    return _MEANINGS[min(found)[2]][0] if found else None


def likeliest_column(heading: str) -> str | None:
    """Return the most likely plan column of a heading; None if it denotes no plan column."""
    said = heading_meaning(heading)
    return said.columns[0] if said and said.columns else None


class Heading(NamedTuple):
    """The heading of a column of a table.

    Attributes:
        column: The index of the column, counted from 0.
        text: The text of the heading, as in the file.
        group_text: The heading that the column shares with others, in the row above; empty if `text` alone denotes a
            plan column.
        name: The unique name of the column in a mapping: `group_text` and `text`. The second column called "No." is
            "No.#2", and a column without a heading is "column 2", for example.
        first_column: The first column of the merged cell of the heading. A heading may cover a column of numbers and
            one of texts.
    """

    column: int
    text: str
    group_text: str
    name: str
    first_column: int

    @property
    def is_outside_plan(self) -> bool:
        """Whether the column contains numbers, or something outside the plan such as a budget."""
        said = heading_meaning(self.name)
        return matches_entry("numbers", self.text) or (said is not None and not said.columns)


class Header(NamedTuple):
    """The heading row of a table.

    Attributes:
        row: The number of the row, counted from 1.
        columns: The names of the file columns that make up each plan column.
    """

    row: int
    columns: PlanColumns


def headings(grid: Grid, row: int) -> list[Heading]:
    """Return the headings of all columns of a table.

    Args:
        grid: The table.
        row: The number of the heading row, counted from 1; the headings of groups of columns are in the row above it.
    """
    lower = grid.rows[row - 1]
    groups = _group_headings(grid, row - 1) if row > 1 else {}
    shared = [grid.rows[row - 2][groups[place]] if place in groups else "" for place in range(len(lower))]
    above = ["" if likeliest_column(text) else group for text, group in zip(lower, shared, strict=True)]
    groups = groups if any(above) else {}
    found: list[Heading] = []
    seen: Counter[str] = Counter()
    for place, group in enumerate(above):
        at, first = _heading_cell(grid, row, place, bool(groups) and place not in groups)
        name = tidy(f"{group} {grid.rows[at][first]}") or f"column {place + 1}"
        seen[key(name)] += 1
        number = f"#{seen[key(name)]}" if seen[key(name)] > 1 else ""
        found.append(Heading(place, grid.rows[at][first], group, f"{name}{number}", first))
    return found


def header_height(found: Sequence[Heading]) -> int:
    """Return the number of rows that the headings take up, 1 or 2."""
    return 2 if any(heading.group_text for heading in found) else 1


def _heading_cell(grid: Grid, row: int, place: int, is_two_rows: bool) -> Position:
    """Return the position of the cell with the heading of a column.

    Args:
        grid: The table.
        row: The number of the heading row, counted from 1.
        place: The index of the column.
        is_two_rows: Whether the heading may be in the row above.
    """
    here = (row - 1, place)
    if grid.rows[row - 1][place].strip():
        return here
    if is_two_rows and grid.rows[row - 2][place].strip():
        return (row - 2, place)
    first = grid.spans.get(here)
    # An empty column is only layout.
    is_used = any(each[place].strip() for each in grid.rows[row:])
    return first if first and first[0] >= row - 1 - is_two_rows and is_used else here


def _group_headings(grid: Grid, row: int) -> dict[int, int]:
    """Return, for each column that shares a heading in the row above, the index of the column with that heading.

    A row of a plan below its headings looks like a second heading row. So the result is empty unless each column
    outside the groups has text in only one of the two rows, and one of those texts denotes a plan column.

    Args:
        grid: The table.
        row: The index of the lower heading row, counted from 0.
    """
    upper, lower = grid.rows[row - 1], grid.rows[row]
    said = [place for place, cell in enumerate(upper) if cell.strip()]
    groups: dict[int, int] = {}
    for first in said:
        places = [first, *_grouped_columns(grid, row, first)]
        # In a calendar of years and quarters, the last year may have only one quarter.
        is_quarter = groups and matches_entry("years", upper[first]) and matches_entry("part_of_year", lower[first])
        if is_quarter or sum(bool(lower[place].strip()) for place in places) > 1:
            groups.update(dict.fromkeys(places, first))
    others = [place for place in range(len(lower)) if place not in groups and (upper[place] + lower[place]).strip()]
    is_title = len(said) == 1 and not any(cell.strip() for cell in lower[: said[0]])
    is_clear = all(not upper[place].strip() or not lower[place].strip() for place in others)
    # A merged heading such as “Objetivo” often covers the numbers and the texts of a column, without subheadings.
    is_plain = all(likeliest_column(upper[first]) in (None, "schedule") for first in groups.values())
    is_joined = all(lower[place].strip() or (row, place) in grid.spans for place in others)
    is_said = any(likeliest_column(upper[place] or lower[place]) for place in others)
    return groups if is_clear and is_said and (is_plain or is_joined) and not is_title else {}


def _grouped_columns(grid: Grid, row: int, first: int) -> Iterator[int]:
    """Yield the columns that share the heading of the column `first`: the merged cell covers them.

    If no cell of the row is merged in the file, they are the columns to the right with an empty cell in the row.
    """
    upper, lower = grid.rows[row - 1], grid.rows[row]
    is_said = any(grid.spans.get((row - 1, place), (row, 0))[0] == row - 1 for place in range(len(upper)))
    for place in range(first + 1, len(upper)):
        spans = grid.spans.get((row - 1, place)) == (row - 1, first)
        if upper[place].strip() or not (spans if is_said else lower[place].strip()):
            return
        yield place


def searched_rows(grid: Grid) -> range:
    """Return the numbers of the rows that may be heading rows, counted from 1."""
    return range(1, min(len(grid.rows), _MOST_HEADER_ROWS) + 1)


def find_header(grid: Grid) -> Header | None:
    """Return the heading row with the most headings of a plan, if a row has at least two."""
    best = None
    for row in searched_rows(grid):
        found = headings(grid, row)
        columns = _plan_columns(found)
        # The lower row of a two-row heading has the same headings, so a tie goes to the lower row.
        is_lower = best is not None and header_height(found) == 2 and best.row == row - 1
        if len(columns) >= 2 and (best is None or len(columns) + is_lower > len(best.columns)):
            best = Header(row, columns)
    return best


def find_header_row(grid: Grid, columns: PlanColumns) -> int | None:
    """Return the number of a row that has all the given column names, counted from 1; None if there is none.

    The row that `find_header` finds is tried first.
    """
    wanted, guessed = comparable_names(columns), find_header(grid)
    rows = [*([guessed.row] if guessed else []), *searched_rows(grid)]
    return next((row for row in rows if wanted and wanted <= {key(each.name) for each in headings(grid, row)}), None)


def comparable_names(columns: PlanColumns) -> set[str]:
    """Return the folded names of all file columns in `columns`."""
    return {key(name) for names in columns.values() for name in names}


def _plan_columns(found: Sequence[Heading]) -> PlanColumns:
    """Return the file columns that make up each plan column.

    A column of numbers belongs to the column to its right. The schedule may consist of several columns, such as years.
    """
    own = _own_columns(found)
    columns: PlanColumns = {}
    before: tuple[str, ...] = ()
    for heading, own_kind in zip(found, own, strict=True):
        if matches_entry("numbers", heading.text):
            before = (heading.name,)
            continue
        kind = own_kind or likeliest_column(heading.group_text)
        is_calendar = kind == "schedule" and not own_kind and kind not in own
        is_joined = found[heading.first_column].name in columns.get(kind or "", ())
        if kind is not None and (kind not in columns or is_calendar or is_joined):
            columns[kind] = (*columns.get(kind, ()), *before, heading.name)
        before = ()
    return columns


def _own_columns(found: Sequence[Heading]) -> list[str | None]:
    """Return the plan column of each heading by its own text, ignoring group headings.

    An ambiguous heading denotes the first of its plan columns that fits between those of the headings to its left and
    right.
    """
    said = [heading_meaning(heading.text) for heading in found]
    own = [each.columns[0] if each and each.columns and not each.is_ambiguous else None for each in said]
    for heading, each in (
        (heading, each) for heading, each in zip(found, said, strict=True) if each and each.is_ambiguous
    ):
        place, first = heading.column, heading.first_column
        levels = [COLUMNS.index(name) if name and name != "schedule" else None for name in own]
        least = max((level for level in levels[:place] if level is not None), default=-1)
        most = min((level for level in levels[place:] if level is not None), default=len(COLUMNS))
        free = next((name for name in each.columns if least < COLUMNS.index(name) < most), None)
        own[place] = own[first] if first < place else free
    return own


_Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]
_TEXTS = Bilingual(
    'a text in quotation marks, or several in brackets: ["No.", "Objective"]',
    'un texto entre comillas, o varios entre corchetes: ["N.º", "Objetivo"]',
)
_NUMBER = Bilingual("a whole number, counted from 1", "un número entero, contado desde 1")
_EXPECTED_VALUES = {
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "greater_than_equal": _NUMBER,
    "model_type": Bilingual(
        "a section [columns], with a heading of the file for each column of a plan",
        "una sección [columns], con un encabezado del archivo para cada columna del plan",
    ),
}
"""The expected value, by the type of the pydantic error."""


class Mapping(BaseModel):
    """The mapping of a file to a plan.

    Attributes:
        table: The number of the table with the plan, counted from 1.
        header: The number of the heading row, counted from 1.
        title: The lines above the plan; by default, the lines before the table.
        numbers: Whether the numbers in the file are kept, or a number is added to each item without one.
        language: The language of the plan; None to detect it.
        columns: The headings of the file for each column of the plan. Several are joined, such as those of a number and
            a text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    class Columns(BaseModel):
        """The headings of the file for each column of a plan."""

        model_config = ConfigDict(frozen=True, extra="forbid")

        themes: _Names = ()
        objectives: _Names = ()
        actions: _Names = ()
        activities: _Names = ()
        schedule: _Names = ()

    table: int = Field(1, ge=1)
    header: int = Field(1, ge=1)
    title: _Names = ()
    numbers: Literal["keep", "add"] = "keep"
    language: Literal["es", "en", "fr", "pt"] | None = None
    columns: Columns = Columns()

    def column_names(self) -> PlanColumns:
        """Return the tidied names of the file columns, for each plan column that has any."""
        return {name: tuple(map(tidy, getattr(self.columns, name))) for name in COLUMNS if getattr(self.columns, name)}


def read_mapping(file: Path) -> Mapping:
    """Return the mapping in a TOML file.

    Raises UsageError if it is invalid or assigns a heading to two plan columns.
    """
    try:
        read = Mapping.model_validate(tomllib.loads(read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(Bilingual(f"this is not TOML: {error}", f"esto no es TOML: {error}"), Place(file)) from None
    except ValidationError as error:
        raise UsageError(_explain_error(error.errors(include_url=False)[0]), Place(file)) from None
    named: dict[str, str] = {}
    for column, wanted in read.column_names().items():
        for name in wanted:
            first = named.setdefault(name, column)
            if first != column:
                said = Bilingual(
                    f"“{name}” is named for {first} and for {column}, and a column of the file is one of a plan; name "
                    "it for one of them",
                    f"«{name}» figura en {first} y en {column}, y una columna del archivo es una sola del plan; "
                    "indíquela en una de ellas",
                )
                raise UsageError(said, Place(file))
    return read


def _explain_error(problem: "ErrorDetails") -> Bilingual:
    """Return a message for the first validation error: an unknown key or a value of a wrong type."""
    name = ".".join(each for each in map(str, problem["loc"]) if not each.isdecimal())
    if problem["type"] == "literal_error":
        expected = str(problem["ctx"]["expected"]).replace("'", '"')
        kind = Bilingual(expected, expected.replace(" or ", " o "))
    else:
        kind = _EXPECTED_VALUES.get(problem["type"], _TEXTS)
    if problem["type"] != "extra_forbidden":
        return Bilingual(f"“{name}” should be {kind}", f"«{name}» debería ser {kind.spanish}")
    section, _, own = name.rpartition(".")
    there = ", ".join(COLUMNS if section else Mapping.model_fields)
    below, debajo = (f" below [{section}]", f" debajo de [{section}]") if section else ("", "")
    return Bilingual(
        f"there is no key “{own}”{below}; there are {there}", f"no existe la clave «{own}»{debajo}; existen {there}"
    )


def as_toml(mapping: Mapping, unplaced: Sequence[str] = ()) -> str:
    """Return a mapping as a commented TOML file, which `read_mapping` reads.

    Args:
        mapping: The mapping.
        unplaced: The headings that belong to no plan column; a comment lists them.
    """

    def quote_all(texts: Sequence[str]) -> str:
        quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
        return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"

    wanted = mapping.column_names()
    lines = [
        "# Which table of the file holds the plan, and which of its rows the headings (from 1).",
        f"table = {mapping.table}",
        f"header = {mapping.header}",
        "# Lines above the plan; without any, those that stand before the table.",
        f"title = {quote_all(mapping.title)}" if mapping.title else '# title = ["Plan de Acción"]',
        '# "keep" the numbers that the file prints, or "add" one to each item that has none.',
        f'numbers = "{mapping.numbers}"',
        '# The language, where its words do not tell: "es", "en", "fr" or "pt".',
        f'language = "{mapping.language}"' if mapping.language else '# language = "es"',
        "",
        "# For each column of a plan the heading in the file; several are joined, such as a number and a text.",
        "[columns]",
        *(f"{name} = {quote_all(wanted[name])}" if name in wanted else f'# {name} = ""' for name in COLUMNS),
        *([f"# not in the plan: {', '.join(quote_all([name]) for name in unplaced)}"] if unplaced else []),
    ]
    return "\n".join(lines) + "\n"
