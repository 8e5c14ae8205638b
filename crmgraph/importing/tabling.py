"""A table becomes the text table that plans are read from."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.banners import banners
from crmgraph.importing.calendars.calendar_numbers import with_calendar_numbers
from crmgraph.importing.calendars.dated import dated
from crmgraph.importing.columns import COLUMNS, is_of_status, meaning
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.importing.levels import no_themes
from crmgraph.importing.mapping import Mapping
from crmgraph.importing.numbering.level_columns import told as levels_told
from crmgraph.importing.numbering.number_columns import Numbered, numbered
from crmgraph.importing.numbering.numbers import with_numbers
from crmgraph.importing.pages import lines_beside, lines_told, others, whole
from crmgraph.importing.parts.alone import own_first
from crmgraph.importing.parts.asides import told
from crmgraph.importing.parts.continuing import continued, without_continuations
from crmgraph.importing.parts.lists import as_items
from crmgraph.importing.parts.paragraphs import apart, paragraphs_told
from crmgraph.importing.parts.repeating import said_once
from crmgraph.importing.parts.returning import returning, together
from crmgraph.importing.rows import PlanRow, along_with_struck, plan_asides, plan_banners, plan_rows
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import language_of
from crmgraph.reading.source import CONTROL
from crmgraph.reading.table import HEADINGS
from crmgraph.wording import quoted

__all__ = ["as_text_table", "assumed", "by_numbers", "left_out", "tables_read", "title_lines", "unplaced"]

_USUAL = {
    "es": ("TEMAS", "OBJETIVOS", "ACCIÓN PARA LA IMPLEMENTACIÓN", "ACTIVIDADES", "CALENDARIO"),
    "en": ("THEMES", "OBJECTIVES", "ACTIONS", "ACTIVITIES", "SCHEDULE"),
    "fr": ("THÈMES", "OBJECTIFS", "ACTIONS", "ACTIVITÉS", "CALENDRIER"),
    "pt": ("TEMAS", "OBJETIVOS", "AÇÕES", "ATIVIDADES", "CALENDÁRIO"),
}
_ACTIVITIES = COLUMNS.index("activities")


def as_text_table(grids: Sequence[Grid], mapping: Mapping, file: Path, called: str = "") -> str:
    """The text table of a file with these tables, which is `called` so, or else as the file, where it has no title.

    Raises SourceError and UsageError where the mapping does not fit.
    """
    _check_place(grids, mapping, file)
    grid = whole(grids, mapping.table, mapping.header)
    found = _items(grid, mapping, file)
    if not found:
        raise SourceError(f"there is nothing below the headings, which are in row {mapping.header}", Place(file))
    if not found[0].cells[0].strip():
        raise no_themes(grid, mapping, found[0].place, file)
    if mapping.numbers == "add":
        rows = with_numbers(found, grid, file)
    else:
        items = [[*cells[:_ACTIVITIES], as_items(cells[_ACTIVITIES]), cells[-1]] for cells in said_once(found)]
        rows = list(with_calendar_numbers(items))
    cells = (cell for row in (_headings(grid, mapping, rows), *rows) for cell in row)
    title = title_lines(grids, mapping) or (called or file.stem, "")
    text = "".join(f"{line}\n" for line in title) + "".join(f"\t{cell}\n" for cell in cells)
    if stray := CONTROL.search(text):
        raise SourceError(
            f"it has the control character U+{ord(stray[0]):04X}, which is no text; take it out", Place(file)
        )
    return text


def _check_place(grids: Sequence[Grid], mapping: Mapping, file: Path) -> None:
    """Raises UsageError where a file has not the table, or this not the row, that a mapping names."""
    if mapping.table > len(grids):
        raise UsageError(f"the mapping names table {mapping.table}, and there are {len(grids)}", Place(file))
    if mapping.header > (rows_there := len(grids[mapping.table - 1].rows)):
        raise UsageError(
            f"the mapping has the headings in row {mapping.header}, and the table ends with row {rows_there}",
            Place(file),
        )


def tables_read(grids: Sequence[Grid], mapping: Mapping) -> tuple[str, ...]:
    """The names of the tables, or sheets, that the plan is made of, where they have any."""
    grid = whole(grids, mapping.table, mapping.header)
    return tuple(dict.fromkeys(filter(None, (grid.name, *grid.further.values()))))


def title_lines(grids: Sequence[Grid], mapping: Mapping) -> Sequence[str]:
    """The lines above the plan: those of the mapping, or what stands above the table in the file and in itself.

    Where nothing does, those above the tables before it, the nearest first.
    """
    grid = whole(grids, mapping.table, mapping.header)
    lines = mapping.title or (*grid.before, *_above(grid, mapping))
    earlier = (grid.before for grid in reversed(grids[: mapping.table - 1]))
    return next((each for each in (lines, *earlier) if any(line.strip() for line in each)), ())


def left_out(grids: Sequence[Grid], mapping: Mapping) -> list[str]:
    """What of the file is in no plan: columns by their headings, totals, notes, and other tables."""
    grid = whole(grids, mapping.table, mapping.header)
    made_from = {part: wanted for part, wanted in zip(COLUMNS, mapping.headings(), strict=True) if wanted}
    numbers = {each.name: _how_numbers_are_taken(each, made_from) for each in numbered(made_from, grid, mapping.header)}
    of_dates = set() if mapping.columns.schedule else {name for name, _ in dated(grid, mapping.header, _taken(mapping))}
    columns = [
        (f"“{name}”{_why(name, text, mapping)}" if text.strip() else f"{name}, which has no heading")
        + (_how_dates_are_taken(name) if name in of_dates else "")
        + numbers.get(name, "")
        for name, text in _unplaced(grid, mapping)
    ]
    along = dict.fromkeys(f"“{tidy(text)}”" for text in along_with_struck(grid, mapping))
    return [
        *columns,
        *told(plan_asides(grid, mapping)),
        *grid.left,
        *([f"what belongs to what is struck through or hidden ({', '.join(along)})"] if along else []),
        *others(grids, mapping.table, mapping.header),
        *_lines_left_out(grids, mapping),
    ]


def unplaced(grids: Sequence[Grid], mapping: Mapping, file: Path) -> list[str]:
    """The columns of the table of the plan that are in no column of it, as a mapping calls them.

    Raises UsageError where the mapping does not fit.
    """
    _check_place(grids, mapping, file)
    return [name for name, _ in _unplaced(whole(grids, mapping.table, mapping.header), mapping)]


def _unplaced(grid: Grid, mapping: Mapping) -> Iterator[tuple[str, str]]:
    """Of each column that is in none of the plan, what a mapping calls it, and the words of its heading."""
    found, taken = headings(grid, mapping.header), _taken(mapping)
    for place, (name, text) in enumerate(zip(found.names, found.texts, strict=True)):
        if name not in taken and (text.strip() or any(row[place].strip() for row in grid.rows[mapping.header :])):
            yield name, text


def _taken(mapping: Mapping) -> set[str]:
    return {tidy(heading) for wanted in mapping.headings() for heading in wanted}


def _why(name: str, text: str, mapping: Mapping) -> str:
    """What is to be known of a column that was left out though it might be of a plan; nothing of most."""
    taken = dict(zip(COLUMNS, mapping.headings(), strict=True))
    said = meaning(text)
    own = taken.get(said.columns[0], ()) if said and said.columns and not said.is_open else ()
    if own:
        return f" ({' and '.join(f'“{tidy(each)}”' for each in own)} says the same, and was taken)"
    if is_of_status(text):
        both = ", ".join(f'"{tidy(each)}"' for each in (*taken["schedule"], name))
        return f" (a mapping has it in the calendar with schedule = [{both}])"
    return ""


def _how_dates_are_taken(name: str) -> str:
    return (
        f' (it has dates, and the plan no calendar; a mapping has it in the calendar with schedule = "{name}", and '
        "--guess writes a first one)"
    )


def _how_numbers_are_taken(column: Numbered, made_from: dict[str, tuple[str, ...]]) -> str:
    both = ", ".join(f'"{tidy(each)}"' for each in (column.name, *made_from[column.part]))
    return f" (where it numbers the {column.part} and not the rows, a mapping says so with {column.part} = [{both}])"


def _lines_left_out(grids: Sequence[Grid], mapping: Mapping) -> Iterator[str]:
    """The lines above the tables that the plan is not in, where they are not its title, and those below all tables."""
    title = {tidy(line) for line in title_lines(grids, mapping)}
    above = (line for line in lines_beside(grids, mapping.table, mapping.header) if line not in title)
    yield from lines_told(list(above), "above other tables")
    yield from lines_told([tidy(line) for line in grids[-1].after if line.strip()], "below the tables")


def by_numbers(grids: Sequence[Grid], guessed: Mapping) -> list[str]:
    """Which columns of a guess are taken for what they are by the numbers in them."""
    columns = dict(zip(COLUMNS, guessed.headings(), strict=True))
    return list(levels_told(columns, whole(grids, guessed.table, guessed.header), guessed.header))


def assumed(grids: Sequence[Grid], mapping: Mapping, file: Path) -> list[str]:
    """What was assumed to make the plan of the file."""
    grid = whole(grids, mapping.table, mapping.header)
    rows = [row.cells for row in plan_rows(grid, mapping, file)]
    back = returning(_said(grid, mapping, file))
    themes = ", ".join(f"“{words}”" for words in plan_banners(grid, mapping).values())
    over = [f"taken as themes, for they go over the whole table: {themes}"] if themes else []
    if mapping.columns.themes:
        over = list(_banners_told(grid, mapping))
    return [*grid.told, *over, *continued(rows), *back, *paragraphs_told(rows, mapping.numbers)]


def _banners_told(grid: Grid, mapping: Mapping) -> Iterator[str]:
    """The rows over the whole table that are themes beside those in their column."""
    aside = plan_asides(grid, mapping)
    places = [place for place in banners(grid, mapping.header) if place - mapping.header not in aside]
    if places:
        themes = ", ".join(quoted(tidy(" ".join(grid.rows[place]))) for place in places)
        yield f"taken as themes of their own, for they go over the whole table and its column of themes: {themes}"


def _items(grid: Grid, mapping: Mapping, file: Path) -> list[PlanRow]:
    """The rows of the plan, no part of it said twice, and the activities of a cell apart."""
    said = _said(grid, mapping, file)
    # Where cells are merged downwards, an empty one goes on with what is above it.
    goes_on = any(mapping.header <= first[0] < spot[0] for spot, first in grid.spans.items())
    rows = together(said if goes_on else own_first(said))
    return [PlanRow(row.place, cells) for row in rows for cells in apart(row.cells)]


def _said(grid: Grid, mapping: Mapping, file: Path) -> list[PlanRow]:
    """The rows of the plan that say anything but that a part goes on."""
    rows = plan_rows(grid, mapping, file)
    said = without_continuations([row.cells for row in rows])
    return [PlanRow(row.place, cells) for row, cells in zip(rows, said, strict=True) if any(map(str.strip, cells))]


def _above(grid: Grid, mapping: Mapping) -> Iterator[str]:
    """What stands in the table above its headings, each text of a row once."""
    for row in grid.rows[: mapping.header - headings(grid, mapping.header).rows]:
        yield from (cell for cell in dict.fromkeys(row) if cell.strip())


def _headings(grid: Grid, mapping: Mapping, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The headings of the file where a plan may have them; else those that a plan has in its language.

    Of a plan whose language the mapping says, all are in that, so that it is read as one.
    """
    found = headings(grid, mapping.header)
    if mapping.language:
        yield from _USUAL[mapping.language]
        return
    language = language_of((*found.texts, *(cell for row in rows for cell in row)), found.texts)
    whole = (f"{above} {text}" if above else text for above, text in zip(found.above, found.texts, strict=True))
    own = dict(zip(found.names, whole, strict=True))
    for wanted, fitting, usual in zip(mapping.headings(), HEADINGS, _USUAL[language], strict=True):
        is_fit = len(wanted) == 1 and fitting.match(key(wanted[0])) is not None
        yield own[tidy(wanted[0])] if is_fit else usual
