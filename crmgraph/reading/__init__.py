"""The reader of plans, which converts a text table to a `Plan`.

Every non-blank character of the file is in exactly one leaf passage of the plan.
"""

import re
from pathlib import Path
from typing import BinaryIO

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Leaf, Passage, Plan
from crmgraph.reading.source import Source, read_source
from crmgraph.reading.table import COLUMNS, Item, leaf_from_lines, read_items, read_table, split_import_number
from crmgraph.reading.tree import build_item_trees, build_themes

__all__ = ["ID", "Plan", "plan_id", "read_plan", "read_plan_text"]

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""The pattern of the id of a plan, which is a segment of IRIs."""


def plan_id(file: Path) -> str:
    """Return the default id of a plan: the stem of its file name in lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", key(file.stem)).strip("-") or "plan"


def read_plan(file: Path, id: str | None = None, stream: BinaryIO | None = None) -> Plan:
    """Return the plan in a text file.

    Raises SourceError if the file is not a plan or seems truncated, and UsageError for an invalid id.

    Args:
        file: The file.
        id: The id of the plan; by default that of `plan_id`.
        stream: A stream to read instead of the file, which then only gives its name to messages.
    """
    if id is not None and not ID.fullmatch(id):
        raise UsageError(
            f"a plan's id has lower-case letters, digits, and hyphens between them, as in my-plan, not {id}",
            Place(file),
        )
    source = read_source(file, stream)
    plan = read_plan_text(source, id or plan_id(file))
    if not source.text.rstrip(" \u00a0").endswith(("\n", "\r")):
        raise SourceError(
            "the last line has no line end, as if the file had been cut off here; if it is whole, end the line",
            source.place(len(source.text)),
        )
    return plan


def read_plan_text(source: Source, id: str) -> Plan:
    """Return the plan in a source that has been read already. Raises SourceError if it is not a plan."""
    table = read_table(source)
    leaves: list[Leaf] = [*table.titles, *table.headings]
    themes: dict[str, tuple[list[Passage], bool, list[list[list[Item]]]]] = {}
    rows: list[list[list[Item]]] | None = None
    for row in table.rows:
        if row[0].lines:
            # A number in brackets, added by an import, is not part of the title.
            first, given = split_import_number(row[0].lines[0], 1)
            title = leaf_from_lines(source, (first, *row[0].lines[1:]), row[0].row, row[0].column)
            leaves.append(title)
            titles, _, rows = themes.setdefault(key(title.exact), ([], given is not None, []))
            titles.append(Passage(title.start, title.end, title.exact))
        columns = [read_items(source, cell) for cell in row[1:]]
        if len(row) < len(COLUMNS):
            raise SourceError(
                f"the row that begins here has {len(row)} cell{'' if len(row) == 1 else 's'} and should have 5; "
                "a cell is a line that begins with a tab, even where it is empty",
                source.place(row[0].start),
            )
        if any(columns) and rows is None:
            raise SourceError("the first row must name a theme, and this one does not", source.place(row[0].start))
        leaves += (item.leaf for items in columns for item in items)
        if rows is not None:
            rows.append(columns)
    if not themes:
        raise SourceError(
            "the table is empty: no cell below its headings has any words", source.place(table.rows[0][0].start)
        )
    name = tidy(table.titles[0].exact) if table.titles else id
    built = build_themes(
        (titles, has_import_number, build_item_trees(rows)) for titles, has_import_number, rows in themes.values()
    )
    return Plan(id, name, source, built, tuple(sorted(leaves)))
