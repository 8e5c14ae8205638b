"""The marks of footnotes, which are no part of the words and numbers that they stand behind."""

import re
from dataclasses import replace

from crmgraph.importing.grid import Grid

__all__ = ["without_marks"]

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# What stands at the beginning of a text opens a footnote; a raised digit behind a unit is a part of it.
_MARK = re.compile(rf"(?<=[^\s{_RAISED}])(?<!\b[mM])(?<!\b[kcdhKm][mM])[{_RAISED}]+(?:,[{_RAISED}]+)*")


def without_marks(grid: Grid) -> Grid:
    """The table without the marks of footnotes; which these were is told."""
    found: list[str] = []

    def cleared(text: str) -> str:
        found.extend(_MARK.findall(text))
        return _MARK.sub("", text)

    before = tuple(map(cleared, grid.before))
    rows = tuple(tuple(map(cleared, row)) for row in grid.rows)
    if not found:
        return grid
    marks = f"{len(found)} footnote mark{'' if len(found) == 1 else 's'} ({', '.join(dict.fromkeys(found))})"
    return replace(grid, before=before, rows=rows, left=(*grid.left, marks))
