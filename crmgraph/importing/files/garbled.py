"""Texts in UTF-8 that some program has taken for Windows-1252, and saved so: “ProtecciÃ³n” for “Protección”."""

import re
from collections.abc import Iterable

from crmgraph.importing.grid import Grid
from crmgraph.wording import first_of, quoted

__all__ = ["garbled_told"]

_MAYBE = re.compile(r"\w*[ÂÃâ][^\s]+")
_MOST = 4


def garbled_told(grid: Grid) -> tuple[str, ...]:
    """Which words of a table are so, and what to do; nothing where none is."""
    words = dict.fromkeys(word for row in grid.rows for cell in row for word in _garbled(cell))
    if not words:
        return ()
    shown = first_of([f"{quoted(word)} for {quoted(meant)}" for word, meant in words], _MOST)
    return (
        f"its accents look damaged ({shown}): some program has taken UTF-8 for Windows-1252; save the file anew from "
        "where it is from, and import that",
    )


def _garbled(text: str) -> Iterable[tuple[str, str]]:
    for word in _MAYBE.findall(text):
        try:
            yield word, word.encode("cp1252").decode()
        except UnicodeError:
            continue
