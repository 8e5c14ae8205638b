"""The table of a plan in a file, read by a mapping, and its conversion to the text table that plans are read from."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from crmgraph.errors import Place, SourceError, UsageError, quoted
from crmgraph.importing.mapping import (
    COLUMNS,
    SHOWN,
    Heading,
    Mapping,
    full_width_rows,
    header_height,
    headings,
    join_tables,
    other_tables,
)
from crmgraph.importing.rows import (
    ResolvedRows,
    TableRow,
    add_item_numbers,
    list_items,
    number_depth,
    part_text,
    resolve_rows,
    rows_outside_plan,
    split_activities,
    with_schedule_numbers,
)
from crmgraph.importing.tables import WORDS, Grid, matches_entry, summary_of
from crmgraph.reading import HEADINGS
from crmgraph.reading.languages import is_end_of_period, key, language_of, tidy
from crmgraph.reading.model import CONTROL

_USUAL_HEADINGS = {
    "es": ("TEMAS", "OBJETIVOS", "ACCIÓN PARA LA IMPLEMENTACIÓN", "ACTIVIDADES", "CALENDARIO"),
    "en": ("THEMES", "OBJECTIVES", "ACTIONS", "ACTIVITIES", "SCHEDULE"),
    "fr": ("THÈMES", "OBJECTIFS", "ACTIONS", "ACTIVITÉS", "CALENDRIER"),
    "pt": ("TEMAS", "OBJETIVOS", "AÇÕES", "ATIVIDADES", "CALENDÁRIO"),
}
_ACTIVITIES = COLUMNS.index("activities")


class PlanTable:
    """The plan table of a file, possibly joined from several tables, and the mapping by which it is read.

    Attributes:
        grid: The table, joined with its continuations.
        mapping: The mapping.
    """

    def __init__(self, grids: Sequence[Grid], mapping: Mapping, file: Path) -> None:
        """Join the tables.

        Raises UsageError if the mapping names a table, row or column that the file does not have.
        """
        self._grids, self._file = grids, file
        if mapping.table > len(grids):
            raise UsageError(f"the mapping names table {mapping.table}, and there are {len(grids)}", Place(file))
        grid = grids[mapping.table - 1]
        self._column_names = mapping.column_names()
        self.mapping, self._header = mapping, mapping.header
        if self._header > len(grid.rows):
            raise UsageError(
                f"the mapping has the headings in row {self._header}, and the table ends with row {len(grid.rows)}",
                Place(file),
            )
        self.grid = join_tables(grids, mapping.table, self._header, self._column_names)
        self._headings = headings(self.grid, self._header)
        self._full_width_rows = full_width_rows(self.grid, self._header)
        self._column_indices = [
            [self._column_index(name) for name in self._column_names.get(column, ())] for column in COLUMNS
        ]
        if not self._column_names:
            raise UsageError(f"the mapping names no column; it may name {', '.join(COLUMNS)}", Place(file))

    def _column_index(self, name: str) -> int:
        """Return the index of the column `name`. Raises UsageError, with the existing names, if there is none."""
        places = {each.name: each.column for each in self._headings}
        if name in places:
            return places[name]
        there = ", ".join(f"“{each.name}”" for each in self._headings)
        raise UsageError(f"row {self._header} of the table has no heading “{name}”; it has {there}", Place(self._file))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the tables, or sheets, that the plan is made from; unnamed tables are left out."""
        return tuple(dict.fromkeys(filter(None, (self.grid.name, *self.grid.table_starts.values()))))

    @cached_property
    def title(self) -> Sequence[str]:
        """The lines above the plan.

        They are those of the mapping, or else the lines before the table and the rows above its headings, or else the
        lines before the nearest earlier table that has some.
        """
        lines = (
            *self.grid.before,
            *(
                cell
                for row in self.grid.rows[: self._header - header_height(self._headings)]
                for cell in dict.fromkeys(row)
                if cell.strip()
            ),
        )
        earlier = (grid.before for grid in reversed(self._grids[: self.mapping.table - 1]))
        return next((each for each in (self.mapping.title or lines, *earlier) if any(map(str.strip, each))), ())

    @cached_property
    def _rows_outside_plan(self) -> dict[int, tuple[str, str]]:
        """The rows below the headings that are not part of the plan: index → (“total” or “note”, text)."""
        left = max(self._column_indices[0], default=-1)
        found: dict[int, tuple[str, str]] = {}
        for start, end in pairwise((self._header, *self.grid.table_starts, len(self.grid.rows))):
            over = {place - start for place in self._full_width_rows if start <= place < end}
            found |= {start + at: said for at, said in rows_outside_plan(self.grid.rows[start:end], left, over).items()}
        return found

    @cached_property
    def _theme_rows(self) -> dict[int, str]:
        """The rows with one cell across the whole table, which are themes: index → text."""
        return {
            at: tidy(" ".join(self.grid.rows[at])) for at in self._full_width_rows if at not in self._rows_outside_plan
        }

    @cached_property
    def _table_rows(self) -> list[TableRow]:
        """The rows that contain parts of the plan.

        Raises SourceError if a needed cell cannot be read, or if it is unclear which of two successive full-width rows
        is a theme.
        """
        columns = {place for places in self._column_indices for place in places}
        for (row, column), said in sorted(self.grid.unreadable.items()):
            if row < self._header or column in columns:
                raise self._error(said)
        # A document may repeat the headings on each page.
        header = {
            self._comparable_cells(at) for at in range(self._header - header_height(self._headings), self._header)
        }
        banners = {} if "themes" in self._column_names or self.grid.theme_starts else self._theme_rows
        rows = []
        table = -1
        for at in range(self._header, len(self.grid.rows)):
            if at in banners:
                rows.append(TableRow(at, ((banners[at],), ("",), ("",), ("",)), ""))
            elif at not in self._rows_outside_plan and self._comparable_cells(at) not in header:
                first, *others = (
                    tuple(self.grid.rows[at][place] for place in places) for places in self._column_indices[:-1]
                )
                begin = max((begin for begin in self.grid.theme_starts if begin <= at), default=-1)
                first = first if begin == table else (self.grid.theme_starts[begin],)
                is_merged = any((at, place) in self.grid.spans for place in self._column_indices[_ACTIVITIES])
                struck = [
                    level
                    for level, of in enumerate(self._column_indices)
                    if of and (at, of[-1]) in self.grid.struck_cells
                ]
                rows.append(
                    TableRow(at, (first, *others), self._schedule_text(at), is_merged, struck[0] if struck else None)
                )
                table = begin
        worded = [row for row in rows if row.schedule.strip() or any(map(part_text, row.parts))]
        for above, below in pairwise("".join(row.parts[0]) for row in worded):
            if banners and above and below:
                raise self._error(
                    f"{quoted(above, SHOWN)} and, right below it, {quoted(below, SHOWN)} go over the whole table, "
                    "and which of them is the theme is not clear; give the table a column of themes"
                )
        return rows

    def _comparable_cells(self, at: int) -> tuple[str, ...]:
        """Return the folded texts of a row, one for each plan column, to compare rows."""
        return tuple(key(part_text([self.grid.rows[at][place] for place in places])) for places in self._column_indices)

    def _schedule_text(self, row: int) -> str:
        """Return the schedule of a row.

        If the schedule has several columns, such as years, the result contains the headings of the marked columns. The
        headings of a start and an end date are always included.
        """
        places = self._column_indices[-1]
        found = {place: self._headings[place] for place in places}
        names = {place: _with_year(tidy(each.text), each.group_text) for place, each in found.items()}
        if len(places) == 1 and not found[places[0]].group_text and not is_end_of_period(found[places[0]].text):
            return self._calendar_cell(row, places[0])
        parts: list[str] = []
        between = {" "}
        for place, own in names.items():
            cell = self._calendar_cell(row, place)
            if not cell.strip() or matches_entry("not_then", cell):
                continue
            is_tick, is_status = own and matches_entry("tick", cell), matches_entry("status", own)
            over = [each for each in places if each == place or self.grid.spans.get((row, each)) == (row, place)]
            heading = ", ".join(filter(None, map(names.__getitem__, over)))
            is_headed = (
                found[place].group_text or matches_entry("years", own) or (len(over) == 1 and is_end_of_period(own))
            )
            is_headed = heading and is_headed and not is_status
            parts.append(own if is_tick else f"{heading}: {cell}" if is_headed else cell)
            between.add(", " if is_tick else "; " if is_headed or is_status else " ")
        return max(between, key=(" ", ", ", "; ").index).join(parts)

    def _calendar_cell(self, row: int, place: int) -> str:
        """Return the text of a schedule cell.

        A cell covered by a merged cell has the text of that, in each row with an activity. A text across several years,
        or an entry with a number, is not repeated.
        """
        cell = self.grid.rows[row][place]
        first = self.grid.spans.get((row, place))
        if cell.strip() or first is None or first[0] < self._header or first[1] not in self._column_indices[-1]:
            return cell
        spanning = self.grid.rows[first[0]][first[1]]
        beside = next((places for places in reversed(self._column_indices[:-1]) if places), [])
        is_outside_plan = first[0] == row or any(self.grid.rows[row][each].strip() for each in beside)
        # A text across several years is not repeated, nor is an entry with a number.
        is_once = first[1] != place and not matches_entry("tick", spanning)
        return spanning if is_outside_plan and not is_once and number_depth(spanning) < 1 else cell

    @cached_property
    def _resolved(self) -> ResolvedRows:
        return resolve_rows(self._table_rows, self.mapping.numbers == "keep")

    def text_table(self, default_title: str) -> str:
        """Return the text table of the plan.

        Raises SourceError if there is nothing below the headings, the first row has no theme, the parent of an item is
        unknown, or a cell contains a control character.

        Args:
            default_title: The title, if there is none above the table.
        """
        rows = [
            row._replace(cells=(*(row.cells[:_ACTIVITIES] if at == 0 else [""] * _ACTIVITIES), activity, when))
            for row in self._resolved.rows
            for at, (activity, when) in enumerate(split_activities(*row.cells[_ACTIVITIES:]))
        ]
        if not rows:
            raise self._error(f"there is nothing below the headings, which are in row {self._header}")
        if not rows[0].cells[0].strip():
            there = ", ".join(f"“{each.name}”" for each in self._headings)
            raise self._error(
                f"{self.grid.row_name(rows[0].row_index)}, the first of the plan, has no theme, which everything else "
                f"belongs to; the headings are {there}. Write it there, or say in a mapping which column has them "
                "(--guess writes a first one, --mapping takes it)"
            )
        if self.mapping.numbers == "add":
            written = add_item_numbers(rows, self.grid.row_name, self._file)
        else:
            items = [
                [*row.cells[:_ACTIVITIES], _blank_lines_between_items(row.cells[_ACTIVITIES]), row.cells[-1]]
                for row in rows
            ]
            written = list(with_schedule_numbers(items))
        title = self.title or (default_title, "")
        cells = (cell for row in (self._text_headings(written), *written) for cell in row)
        text = "".join(f"{line}\n" for line in title) + "".join(f"\t{cell}\n" for cell in cells)
        if stray := CONTROL.search(text):
            raise self._error(f"it has the control character U+{ord(stray[0]):04X}, which is no text; take it out")
        return text

    def _error(self, said: str) -> SourceError:
        return SourceError(said, Place(self._file))

    def _text_headings(self, rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """Yield the headings of the text table.

        A heading of the file is kept if a plan may have it; else the usual heading in the language of the plan is used.
        If the mapping specifies the language, all headings are in that language, so that it is detected again.
        """
        texts, language = [each.text for each in self._headings], self.mapping.language
        usual = _USUAL_HEADINGS[language or language_of((*texts, *(cell for row in rows for cell in row)), texts)]
        for column, places, fitting, own in zip(COLUMNS, self._column_indices, HEADINGS, usual, strict=True):
            is_fit = not language and len(places) == 1 and fitting.match(key(self._column_names[column][0]))
            heading = self._headings[places[0]] if is_fit else None
            yield " ".join(filter(None, (heading.group_text, heading.text))) if heading else own

    def check_levels(self) -> None:
        """Raise SourceError if a guessed mapping lacks a level and the file has unused columns of text.

        The plan would lack a whole level without notice. Mappings written by a person are not checked.
        """
        is_themed = self.grid.theme_starts or self._theme_rows
        lacking = [
            name for name in COLUMNS[:-1] if name not in self._column_names and not (is_themed and name == "themes")
        ]
        over = ", ".join(
            f"“{each.name}”"
            for each in self.unmapped_headings()
            if not each.is_outside_plan
            and any(WORDS["text"].search(row[each.column]) for row in self.grid.rows[self._header :])
        )
        taken = {" + ".join(f"“{each}”" for each in names): name for name, names in self._column_names.items()}
        if lacking and over:
            raise self._error(
                f"no heading plainly says {' or '.join(lacking)}, and the text below {over} would be in no plan. Taken "
                f"were {', '.join(f'{said} ({name})' for said, name in taken.items())}. Say in a mapping which column "
                "is which, and leave out what is no part of the plan: --guess writes a first one, --mapping takes it"
            )

    def unmapped_headings(self) -> Iterator[Heading]:
        """Yield the headings of the columns that belong to no plan column."""
        taken = {place for places in self._column_indices for place in places}
        rows = self.grid.rows[self._header :]
        yield from (
            each
            for each in self._headings
            if each.column not in taken and (each.text.strip() or any(row[each.column].strip() for row in rows))
        )

    def omissions(self) -> list[str]:
        """Return phrases about content of the file that is not in the plan: columns, totals, notes and other tables."""
        omissions = [
            f"“{each.name}”" if each.text.strip() else f"{each.name}, which has no heading"
            for each in self.unmapped_headings()
        ]
        along = ", ".join(dict.fromkeys(f"“{tidy(text)}”" for text in self._resolved.lost))
        beside = list(other_tables(self._grids, self.mapping.table, self._header))
        title = {tidy(line) for line in self.title}
        lines = [tidy(line) for grid, _ in beside for line in grid.before if line.strip() and tidy(line) not in title]
        return [
            *omissions,
            *(
                said
                for kind in ("total", "note")
                for said in summary_of(
                    kind + "{}",
                    [text for _, (each, text) in sorted(self._rows_outside_plan.items()) if each == kind],
                    60,
                )
            ),
            *self.grid.omissions,
            *([f"what belongs to what is struck through or hidden ({along})"] if along else []),
            *(said for _, said in beside),
            *summary_of("line{} above other tables", lines),
            *summary_of("line{} below the tables", [line for line in self._grids[-1].after if line.strip()]),
        ]

    def assumptions(self) -> list[str]:
        """Return phrases about what was assumed to make a plan from the file."""
        themes = () if self.grid.theme_starts else self._theme_rows.values()
        return [
            *self.grid.assumptions,
            *_phrase("taken as themes, for they go over the whole table", themes),
            *_phrase("put together, for they come back after others", self._resolved.returning),
        ]


def _phrase(what: str, texts: Iterable[str]) -> list[str]:
    """Return what was assumed and the texts that it concerns, as one phrase; an empty list if there are no texts."""
    said = ", ".join(map(quoted, dict.fromkeys(texts)))
    return [f"{what}: {said}"] if said else []


def _blank_lines_between_items(cell: str) -> str:
    """Return a list cell as items separated by blank lines, without bullets; any other cell unchanged."""
    found = list_items(cell)
    return cell if list(found) == [cell.strip()] else "\n\n".join(found)


def _with_year(heading: str, above: str) -> str:
    """Return `heading` with the year of the heading `above` it, if that contains one year and `heading` none."""
    years = [found[0] for found in WORDS["year"].finditer(above)]
    return f"{heading} {years[0]}" if len(years) == 1 and not WORDS["year"].search(heading) else heading
