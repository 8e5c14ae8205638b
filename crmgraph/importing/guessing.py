"""The mapping that the headings and cells of a file suggest."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from crmgraph.errors import Place, SourceError
from crmgraph.importing.cells import WORDS, closed, depth_of, is_date, says
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import COLUMNS, SPANISH, headings, meaning
from crmgraph.importing.joining import find_header, further, headings_over, joined, rows_over
from crmgraph.importing.mapping import Mapping, PlanColumns
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import is_beginning, is_end
from crmgraph.wording import Bilingual

__all__ = ["Numbered", "check_levels", "dated", "guess", "numbered"]

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(\s|$)")
_LONGEST_SHOWN = 30


def guess(grids: Sequence[Grid], file: Path) -> Mapping:
    """Return the mapping that a file suggests. Raises SourceError where no row looks like headings."""
    found = [(each, number) for number, grid in enumerate(grids, 1) if (each := find_header(grid)) is not None]
    if not found:
        said = [tidy(cell) for cell in grids[0].rows[0] if cell.strip()]
        seen = ", ".join(f"“{each[:_LONGEST_SHOWN]}{'…' if len(each) > _LONGEST_SHOWN else ''}”" for each in said)
        raise SourceError(
            "no row has headings like those of a plan (theme, objective, action, activity, schedule); "
            f"the first has {seen}. Say in a mapping which is which",
            Place(file),
        )
    (header, columns), table = max(found, key=lambda each: len(each[0].columns))
    parts = [grids[table - 1], *(grids[number - 1] for number, _ in further(grids, table, header, columns))]
    if "objectives" not in columns and headings_over(parts) and all(map(_may_be_objectives, columns.get("themes", ()))):
        # Under headings that are themes, “Meta” is an objective.
        columns = {"objectives" if name == "themes" else name: names for name, names in columns.items()}
    grid = joined(grids, table, header, columns)
    columns = _without_counts(columns, grid, header)
    numbers = {each.part: each.name for each in numbered(columns, grid, header) if each.is_clear}
    columns = {part: (numbers[part], *names) if part in numbers else names for part, names in columns.items()}
    columns["schedule"] = _calendar(columns, grid, header)
    is_numbered = _are_numbered(columns, grid, header)
    return Mapping(
        table=table, header=header, numbers="keep" if is_numbered else "add", columns=Mapping.Columns(**columns)
    )


def _may_be_objectives(heading: str) -> bool:
    said = meaning(heading)
    return said is not None and said.is_open and "objectives" in said.columns


def _are_numbered(columns: PlanColumns, grid: Grid, header: int) -> bool:
    """Return whether most items have a printed number as in their column: 2 for an objective, 2.1 below it."""
    names = headings(grid, header).names
    places = [(level, names.index(columns[name][0])) for level, name in enumerate(COLUMNS[1:4]) if columns.get(name)]
    items = [(level, row[place]) for row in grid.rows[header:] for level, place in places if row[place].strip()]
    numbers = [(level, found[1]) for level, item in items if (found := _NUMBER.match(item))]
    return 2 * len([level for level, number in numbers if number.count(".") == level]) > len(items)


class Numbered(NamedTuple):
    """A column of numbers that begin where the parts of a plan do, and which parts. `is_clear` where it numbers them,
    and does not as well count the rows of the table.
    """

    name: str
    part: str
    is_clear: bool


def _without_counts(columns: PlanColumns, grid: Grid, header: int) -> PlanColumns:
    """Return the columns without those of numbers that count rows: they go on where the text beside them does not."""
    found = headings(grid, header)
    result, texts = dict(columns), list[int]()
    # An activity may be called like the one above it, and be another.
    for part in COLUMNS[:3]:
        *numbers, text = [found.names.index(name) for name in columns.get(part, ())] or [-1]
        texts += [text] if text >= 0 else []
        for place in numbers:
            rows = _rows_of(grid, header, place)
            if any(first is None and is_new for first, is_new in _beginnings(rows, texts, place)):
                result[part] = tuple(name for name in result[part] if name != found.names[place])
    return result


def numbered(columns: PlanColumns, grid: Grid, header: int) -> Iterator[Numbered]:
    """Yield the columns of numbers, other than those of the plan, that number parts of which it has the texts alone."""
    found = headings(grid, header)
    taken = {name for names in columns.values() for name in names}
    for place, (name, text) in enumerate(zip(found.names, found.texts, strict=True)):
        if name in taken or not says("numbers", text):
            continue
        rows = _rows_of(grid, header, place)
        depths = {depth_of(closed(row[place])) for row in rows if row[place].strip()}
        level = depths.pop() + 1 if len(depths) == 1 else 0
        if not 0 < level < len(COLUMNS) - 1 or len(columns.get(COLUMNS[level], ())) != 1:
            continue
        texts = [found.names.index(columns[part][-1]) for part in COLUMNS[: level + 1] if columns.get(part)]
        begin = list(_beginnings(rows, texts, place))
        # A number stands where a part begins, another one than above but where a part over it begins, too.
        if all(
            not is_new if first is None else is_new or (first < len(texts) - 1 and row[place].strip())
            for row, (first, is_new) in zip(rows, begin, strict=True)
        ):
            # Of rows there is no number such as 1.1.
            yield Numbered(name, COLUMNS[level], level > 1 or any(first is None for first, _ in begin))


def _rows_of(grid: Grid, header: int, place: int) -> list[Sequence[str]]:
    """Return the rows that say more than one thing, and not the headings again."""
    heading = key(grid.rows[header - 1][place])
    return [
        row for row in grid.rows[header:] if sum(bool(cell.strip()) for cell in row) > 1 and key(row[place]) != heading
    ]


def _beginnings(rows: Sequence[Sequence[str]], texts: Sequence[int], number: int) -> Iterator[tuple[int | None, bool]]:
    """Yield the first of the texts of a row that does not go on with those above, and whether its number is a new one.

    The first is None where all go on.
    """
    above, last = [""] * len(texts), ""
    for row in rows:
        said = [key(row[place]) for place in texts]
        first = next((at for at, each in enumerate(said) if each not in ("", above[at])), None)
        if first is not None:
            above = [*above[:first], *said[first:]]
        count = key(row[number])
        yield first, count not in ("", last)
        last = count or last


def _calendar(columns: PlanColumns, grid: Grid, header: int) -> tuple[str, ...]:
    """Return the columns of the calendar: those of its headings, or else a beginning and an end, years, or dates."""
    found = headings(grid, header)
    own = columns.get("schedule", ())
    named = [
        (name, text)
        for name, text, above in zip(found.names, found.texts, found.above, strict=True)
        if (said := meaning(above)) is None or "schedule" in said.columns
    ]
    begins = [name for name, text in named if is_beginning(text)]
    ends = [name for name, text in named if is_end(text)]
    if begins and ends and {*own} <= {*begins, *ends}:
        return (begins[0], ends[0])
    years = [
        place
        for place, (text, above) in enumerate(zip(found.texts, found.above, strict=True))
        if (says("years", text) and not above) or (says("years", above) and says("part_of_year", text))
    ]
    cells = [row[place] for row in grid.rows[header:] for place in years if row[place].strip()]
    # Below two years or more there are marks, for amounts are a budget.
    if not own and len(years) > 1 and 2 * sum(says("tick", cell) for cell in cells) > len(cells):
        return tuple(found.names[place] for place in years)
    taken = {name for names in columns.values() for name in names}
    return own or tuple(name for name, text in dated(grid, header, taken) if _may_be_calendar(text))[:1]


def _may_be_calendar(heading: str) -> bool:
    is_dated = all(map(WORDS["dated"].fullmatch, re.split(r" ?[/|\n] ?", key(heading))))
    return is_beginning(heading) or is_end(heading) or is_dated


def dated(grid: Grid, header: int, taken: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the names and headings of the columns, other than those `taken`, below which most of what stands are dates.

    A heading may say that they are of something else, such as a budget.
    """
    found = headings(grid, header)
    for place, (name, text, above) in enumerate(zip(found.names, found.texts, found.above, strict=True)):
        said = meaning(above if _may_be_calendar(text) else name)
        is_beside = says("numbers", text) or (said is not None and not said.columns)
        cells = [row[place] for row in grid.rows[header:] if row[place].strip()]
        if name not in taken and not is_beside and 2 * sum(map(is_date, cells)) > len(cells):
            yield name, text


def check_levels(grids: Sequence[Grid], guessed: Mapping, file: Path) -> None:
    """Raise SourceError where a level has no column in a guess, while columns of text are left over.

    A whole level would be missing in silence. A person who writes a mapping has looked.
    """
    wanted = guessed.wanted()
    grid = joined(grids, guessed.table, guessed.header, wanted)
    found = headings(grid, guessed.header)
    lacking = [name for name in COLUMNS[:-1] if name not in wanted]
    if grid.themes or rows_over(grid, guessed.header):
        lacking = [name for name in lacking if name != "themes"]
    taken = {name for names in wanted.values() for name in names}
    over = []
    for place, (name, text) in enumerate(zip(found.names, found.texts, strict=True)):
        said = meaning(name)
        is_beside = says("numbers", text) or (said is not None and not said.columns)
        if (
            name not in taken
            and not is_beside
            and any(WORDS["text"].search(row[place]) for row in grid.rows[guessed.header :])
        ):
            over.append(f"“{name}”")
    if not lacking or not over:
        return
    said_of = {" + ".join(f"“{each}”" for each in names): name for name, names in wanted.items()}
    raise SourceError(
        Bilingual(
            f"no heading plainly says {' or '.join(lacking)}, and the text below {', '.join(over)} would be in no "
            f"plan. Taken were {', '.join(f'{said} ({name})' for said, name in said_of.items())}. Say in a mapping "
            "which column is which, and leave out what is no part of the plan: --guess writes a first one, --mapping "
            "takes it",
            f"ningún encabezado dice claramente {' o '.join(SPANISH[name] for name in lacking)}, y el texto bajo "
            f"{', '.join(over)} no estaría en ningún plan. Se tomaron "
            f"{', '.join(f'{said} ({SPANISH[name]})' for said, name in said_of.items())}. Indique en una "
            "correspondencia qué columna es cuál, y omita lo que no es parte del plan: --guess escribe una primera, "
            "--mapping la usa",
        ),
        Place(file),
    )
