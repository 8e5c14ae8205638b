"""The headings of a table, which columns of a plan they say, and the mapping in which a person says it (TOML)."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from crmgraph.errors import Bilingual, Place, UsageError
from crmgraph.importing.cells import WORDS, Grid, Position, matches_entry
from crmgraph.reading.languages import key, tidy
from crmgraph.texts import read_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

COLUMNS = ("themes", "objectives", "actions", "activities", "schedule")
"""The columns of a plan, from left to right."""

SPANISH = dict(zip(COLUMNS, ("temas", "objetivos", "acciones", "actividades", "calendario"), strict=True))
"""How they are called in Spanish."""


PlanColumns = dict[str, tuple[str, ...]]
"""For each of COLUMNS that a table has, the names of its columns that it is made from, such as a number and a text."""


class Meaning(NamedTuple):
    """The columns of a plan that a heading may be, the likeliest first; none where it says something beside the plan.

    `is_open` where a plan may as well call another level so: then the headings beside it decide.
    """

    columns: tuple[str, ...]
    is_open: bool = False


_MEANINGS = [
    (Meaning(tuple(each["columns"]), "open" in each), re.compile(rf"\b({'|'.join(each['words'])})\b"))
    for each in WORDS.raw("meanings")
]
_LONGEST, _LONGEST_IN_ALL, _SEARCHED = 60, 120, 30


def heading_meaning(heading: str) -> Meaning | None:
    """Return what a heading says, if it says anything; a text as long as a sentence is no heading.

    In two languages (“Goal / Meta”) it says what both do, and nothing where they say different things.
    """
    parts = re.split(r"[/|\n]", heading)
    if len(heading) >= _LONGEST_IN_ALL or any(len(part) >= _LONGEST for part in parts):
        return None
    found = [said for part in parts if (said := _first_meaning(key(part))) is not None]
    plain = {said for said in found if not said.is_open}
    if plain or not found:
        return plain.pop() if len(plain) == 1 else None
    shared = tuple(name for name in found[0].columns if all(name in said.columns for said in found))
    return Meaning(shared, is_open=True) if shared else None


def _first_meaning(words: str) -> Meaning | None:
    """Return what the first word says that says anything, the longest phrase that begins there."""
    found = [
        (match.start(), -match.end(), place)
        for place, (_, pattern) in enumerate(_MEANINGS)
        if (match := pattern.search(words))
    ]
    return _MEANINGS[min(found)[2]][0] if found else None


def column_of(heading: str) -> str | None:
    """Return the column of a plan that a heading says, if it says one; the likeliest, where it may say several."""
    said = heading_meaning(heading)
    return said.columns[0] if said and said.columns else None


class Heading(NamedTuple):
    """The heading of a column of a table.

    `place` is the column, counted from 0; `text` are the words of its own, as they stand in the file, and `above` those
    of a heading that it shares with others, where its own words do not say which column of a plan it is. `name` is how
    a mapping calls the column: by both, and of several that are called the same, by which it is (“No.#2”); one without
    a heading is “column 2”. `first` is the column where the cell with the heading begins: that of a number and a text
    may be one.
    """

    place: int
    text: str
    above: str
    name: str
    first: int

    @property
    def is_outside_plan(self) -> bool:
        """Whether the column has numbers, or something beside the plan."""
        said = heading_meaning(self.name)
        return matches_entry("numbers", self.text) or (said is not None and not said.columns)


class Header(NamedTuple):
    """The row of a table that has the headings, counted from 1, and what each column of a plan is made from."""

    row: int
    columns: PlanColumns


def headings(grid: Grid, row: int) -> list[Heading]:
    """Return the headings in a row, counted from 1; those above groups of them are in the row before it."""
    lower = grid.rows[row - 1]
    groups = _group_headings(grid, row - 1) if row > 1 else {}
    shared = [grid.rows[row - 2][groups[place]] if place in groups else "" for place in range(len(lower))]
    above = ["" if column_of(text) else group for text, group in zip(lower, shared, strict=True)]
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
    """Return how many rows these headings take."""
    return 2 if any(heading.above for heading in found) else 1


def _heading_cell(grid: Grid, row: int, place: int, is_two_rows: bool) -> Position:
    """Return where a column's heading stands: in the row, in the one above it, or in a cell that spans into it."""
    here = (row - 1, place)
    if grid.rows[row - 1][place].strip():
        return here
    if is_two_rows and grid.rows[row - 2][place].strip():
        return (row - 2, place)
    first = grid.spans.get(here)
    # A column in which nothing stands is only the way that a table is drawn.
    is_used = any(each[place].strip() for each in grid.rows[row:])
    return first if first and first[0] >= row - 1 - is_two_rows and is_used else here


def _group_headings(grid: Grid, row: int) -> dict[int, int]:
    """Return for each column of a row, counted from 0, that shares a heading in the row above, the place of that.

    A row of a plan below its headings looks much like a second row of them. So there are none unless each column
    beside the groups has words in one of the two rows only, and one of them says which column of a plan it is.
    """
    upper, lower = grid.rows[row - 1], grid.rows[row]
    said = [place for place, cell in enumerate(upper) if cell.strip()]
    groups: dict[int, int] = {}
    for first in said:
        places = [first, *_grouped_columns(grid, row, first)]
        # Of years over their quarters, the last may have one alone.
        is_quarter = groups and matches_entry("years", upper[first]) and matches_entry("part_of_year", lower[first])
        if is_quarter or sum(bool(lower[place].strip()) for place in places) > 1:
            groups.update(dict.fromkeys(places, first))
    others = [place for place in range(len(lower)) if place not in groups and (upper[place] + lower[place]).strip()]
    is_title = len(said) == 1 and not any(cell.strip() for cell in lower[: said[0]])
    is_clear = all(not upper[place].strip() or not lower[place].strip() for place in others)
    # A heading such as “Objetivo” often spans the numbers of its column and their texts, and no heading is below it.
    is_plain = all(column_of(upper[first]) in (None, "schedule") for first in groups.values())
    is_joined = all(lower[place].strip() or (row, place) in grid.spans for place in others)
    is_said = any(column_of(upper[place] or lower[place]) for place in others)
    return groups if is_clear and is_said and (is_plain or is_joined) and not is_title else {}


def _grouped_columns(grid: Grid, row: int, first: int) -> Iterator[int]:
    """Yield the columns into which a heading spans; where the file does not say of any, those that have none."""
    upper, lower = grid.rows[row - 1], grid.rows[row]
    is_said = any(grid.spans.get((row - 1, place), (row, 0))[0] == row - 1 for place in range(len(upper)))
    for place in range(first + 1, len(upper)):
        spans = grid.spans.get((row - 1, place)) == (row - 1, first)
        if upper[place].strip() or not (spans if is_said else lower[place].strip()):
            return
        yield place


def searched_rows(grid: Grid) -> range:
    """Return the rows of a table, counted from 1, that are searched for headings."""
    return range(1, min(len(grid.rows), _SEARCHED) + 1)


def find_header(grid: Grid) -> Header | None:
    """Return the row of a table that has the most headings of a plan, where it has two at least."""
    best = None
    for row in searched_rows(grid):
        found = headings(grid, row)
        columns = _plan_columns(found)
        # With those below them, the headings of a row are as many as without.
        is_lower = best is not None and header_height(found) == 2 and best.row == row - 1
        if len(columns) >= 2 and (best is None or len(columns) + is_lower > len(best.columns)):
            best = Header(row, columns)
    return best


def find_header_row(grid: Grid, columns: PlanColumns) -> int | None:
    """Return the row of a table, counted from 1, that has all these columns; that of the guess comes before others."""
    wanted, guessed = comparable_names(columns), find_header(grid)
    rows = [*([guessed.row] if guessed else []), *searched_rows(grid)]
    return next((row for row in rows if wanted and wanted <= {key(each.name) for each in headings(grid, row)}), None)


def comparable_names(columns: PlanColumns) -> set[str]:
    """Return the names of the columns that a plan is made from, as they can be compared."""
    return {key(name) for names in columns.values() for name in names}


def _plan_columns(found: Sequence[Heading]) -> PlanColumns:
    """Return for each column of a plan the names of those that it is made from: a number and a text, or the years."""
    own = _own_columns(found)
    columns: PlanColumns = {}
    before: tuple[str, ...] = ()
    for heading, own_kind in zip(found, own, strict=True):
        if matches_entry("numbers", heading.text):
            before = (heading.name,)
            continue
        kind = own_kind or column_of(heading.above)
        is_calendar = kind == "schedule" and not own_kind and kind not in own
        is_joined = found[heading.first].name in columns.get(kind or "", ())
        if kind is not None and (kind not in columns or is_calendar or is_joined):
            columns[kind] = (*columns.get(kind, ()), *before, heading.name)
        before = ()
    return columns


def _own_columns(found: Sequence[Heading]) -> list[str | None]:
    """Return the column of a plan that each heading says by its own words.

    One that may say several says the first of these that is free, to the right of those that stand before it and to the
    left of those behind it.
    """
    said = [heading_meaning(heading.text) for heading in found]
    own = [each.columns[0] if each and each.columns and not each.is_open else None for each in said]
    for heading, each in ((heading, each) for heading, each in zip(found, said, strict=True) if each and each.is_open):
        place, first = heading.place, heading.first
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
_KINDS = {
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "greater_than_equal": _NUMBER,
    "model_type": Bilingual(
        "a section [columns], with a heading of the file for each column of a plan",
        "una sección [columns], con un encabezado del archivo para cada columna del plan",
    ),
}
"""What a value should be, by the type of the mistake that pydantic finds."""


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

    def wanted(self) -> PlanColumns:
        """Return the names of the columns of the file for each column of a plan that has any."""
        return {name: tuple(map(tidy, getattr(self.columns, name))) for name in COLUMNS if getattr(self.columns, name)}


def read_mapping(file: Path) -> Mapping:
    """Return the mapping in a TOML file. Raises UsageError where it is none."""
    try:
        read = Mapping.model_validate(tomllib.loads(read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(Bilingual(f"this is not TOML: {error}", f"esto no es TOML: {error}"), Place(file)) from None
    except ValidationError as error:
        raise UsageError(_explain_error(error.errors(include_url=False)[0]), Place(file)) from None
    named: dict[str, str] = {}
    for column, wanted in read.wanted().items():
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
    """Return what pydantic found in plain words: a key that there is not, or a value of another kind."""
    name = ".".join(each for each in map(str, problem["loc"]) if not each.isdecimal())
    if problem["type"] == "literal_error":
        expected = str(problem["ctx"]["expected"]).replace("'", '"')
        kind = Bilingual(expected, expected.replace(" or ", " o "))
    else:
        kind = _KINDS.get(problem["type"], _TEXTS)
    if problem["type"] != "extra_forbidden":
        return Bilingual(f"“{name}” should be {kind}", f"«{name}» debería ser {kind.spanish}")
    section, _, own = name.rpartition(".")
    there = ", ".join(COLUMNS if section else Mapping.model_fields)
    below, debajo = (f" below [{section}]", f" debajo de [{section}]") if section else ("", "")
    return Bilingual(
        f"there is no key “{own}”{below}; there are {there}", f"no existe la clave «{own}»{debajo}; existen {there}"
    )


def as_toml(mapping: Mapping, unplaced: Sequence[str] = ()) -> str:
    """Return a mapping as the file that `read_mapping` reads, with what each line is for.

    `unplaced` are the headings of the file that it has no place for.
    """

    def written(texts: Sequence[str]) -> str:
        quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
        return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"

    wanted = mapping.wanted()
    lines = [
        "# Which table of the file holds the plan, and which of its rows the headings (from 1).",
        f"table = {mapping.table}",
        f"header = {mapping.header}",
        "# Lines above the plan; without any, those that stand before the table.",
        f"title = {written(mapping.title)}" if mapping.title else '# title = ["Plan de Acción"]',
        '# "keep" the numbers that the file prints, or "add" one to each item that has none.',
        f'numbers = "{mapping.numbers}"',
        '# The language, where its words do not tell: "es", "en", "fr" or "pt".',
        f'language = "{mapping.language}"' if mapping.language else '# language = "es"',
        "",
        "# For each column of a plan the heading in the file; several are joined, such as a number and a text.",
        "[columns]",
        *(f"{name} = {written(wanted[name])}" if name in wanted else f'# {name} = ""' for name in COLUMNS),
        *([f"# not in the plan: {', '.join(written([name]) for name in unplaced)}"] if unplaced else []),
    ]
    return "\n".join(lines) + "\n"
