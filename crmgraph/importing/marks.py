"""The marks of footnotes, which are no part of the words and numbers that they stand behind."""

import re
from dataclasses import replace

from crmgraph.importing.grid import Grid

__all__ = ["without_marks"]

_MARK = re.compile("[⁰¹²³⁴-⁹]+(?:,[⁰¹²³⁴-⁹]+)*")
_UNIT = re.compile(r"(?:^|[\W\d_])[mcdhk]?m$", re.IGNORECASE)


def without_marks(grid: Grid) -> Grid:
    """The table without the marks of footnotes; which these were is told."""
    found: list[str] = []

    def cleared(match: re.Match[str]) -> str:
        before = match.string[max(match.start() - 3, 0) : match.start()]
        is_unit = match[0] in ("²", "³") and _UNIT.search(before) is not None
        # At the beginning of a text it opens a footnote.
        if is_unit or not before or before[-1].isspace():
            return match[0]
        found.append(match[0])
        return ""

    before = tuple(_MARK.sub(cleared, line) for line in grid.before)
    rows = tuple(tuple(_MARK.sub(cleared, cell) for cell in row) for row in grid.rows)
    if not found:
        return grid
    told = f"{len(found)} footnote mark{'' if len(found) == 1 else 's'} ({', '.join(dict.fromkeys(found))})"
    return replace(grid, before=before, rows=rows, left=(*grid.left, told))
