"""Reading: a text table becomes a `Plan`, without losing a character."""

import re
from pathlib import Path
from typing import BinaryIO

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.model import Leaf, Passage, Plan
from crmgraph.reading.source import Source, read_source, read_stream
from crmgraph.reading.table import Item, Row, leaf, read_items, read_table, without_given
from crmgraph.reading.tree import attach, grow_themes

__all__ = ["ID", "Plan", "plan_id", "read_plan", "read_plan_stream", "read_plan_text"]

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""What the id of a plan looks like, which is a part of addresses."""


def plan_id(file: Path) -> str:
    """The id that a plan gets from its file's name: the stem in lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", key(file.stem)).strip("-") or "plan"


def read_plan(file: Path, id: str | None = None) -> Plan:
    """The plan in `file`, named by `id`, else by the file's stem.

    Raises SourceError where it is no plan or seems cut off, UsageError for an id that could not be part of an address.
    """
    _check_id(id, file)
    return _whole(read_plan_text(read_source(file), id or plan_id(file)))


def read_plan_stream(stream: BinaryIO, name: Path, id: str) -> Plan:
    """The plan that comes through `stream`, which messages call `name`. Raises what `read_plan` raises."""
    _check_id(id, name)
    return _whole(read_plan_text(read_stream(stream, name), id))


def _whole(plan: Plan) -> Plan:
    """The plan, unless words stand in a last line without an end: a file that was cut off there looks like that."""
    source = plan.source
    if not source.text.rstrip(" \u00a0").endswith(("\n", "\r")):
        raise SourceError(
            "the last line has no line end, as if the file had been cut off here; if it is whole, end the line",
            source.place(len(source.text)),
        )
    return plan


def _check_id(id: str | None, file: Path) -> None:
    if id is not None and not ID.fullmatch(id):
        raise UsageError(
            f"a plan's id has lower-case letters, digits, and hyphens between them, as in my-plan, not {id}",
            Place(file),
        )


def read_plan_text(source: Source, id: str) -> Plan:
    """The plan in a source that has been read already. Raises SourceError where it is no plan."""
    table = read_table(source)
    leaves: list[Leaf] = [*table.titles, *table.headings]
    themes: dict[str, tuple[list[Passage], bool, list[list[list[Item]]]]] = {}
    rows: list[list[list[Item]]] | None = None
    for row in table.rows:
        title, is_given = _theme_title(source, row)
        if title is not None:
            leaves.append(title)
            titles, _, rows = themes.setdefault(key(title.exact), ([], is_given, []))
            titles.append(Passage(title.start, title.end, title.exact))
        columns = [read_items(source, cell) for cell in row[1:]]
        _check_length(source, row)
        if any(columns) and rows is None:
            raise SourceError("the first row must name a theme, and this one does not", source.place(row[0].start))
        leaves.extend(item.leaf for items in columns for item in items)
        if rows is not None:
            rows.append(columns)
    if not themes:
        raise SourceError(
            "the table is empty: no cell below its headings has any words", source.place(table.rows[0][0].start)
        )
    rooted = [(titles, is_given, attach(rows)) for titles, is_given, rows in themes.values()]
    name = tidy(table.titles[0].exact) if table.titles else id
    return Plan(id, name, source, grow_themes(rooted), tuple(sorted(leaves)))


def _theme_title(source: Source, row: Row) -> tuple[Leaf | None, bool]:
    """The title of a theme, and whether a number in brackets, which is no part of it, stands before it."""
    cell = row[0]
    if not cell.lines:
        return None, False
    first, given = without_given(cell.lines[0], 1)
    return leaf(source, (first, *cell.lines[1:]), cell.row, cell.column), given is not None


def _check_length(source: Source, row: Row) -> None:
    if len(row) < 5:
        raise SourceError(
            f"the row that begins here has {len(row)} cell{'' if len(row) == 1 else 's'} and should have 5; "
            "a cell is a line that begins with a tab, even where it is empty",
            source.place(row[0].start),
        )
