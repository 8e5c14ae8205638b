"""Parts that go on on the next page: “Trata (cont.)” is the theme Trata above it."""

import re
from collections.abc import Iterator, Sequence

from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["continued", "without_continuations"]

_MARK = (
    r"(cont(['’]?d)?\.?|continua(cion|cao|tion)?|continued|continues|suite)"
    r"( (de|del|do|da|du|des|of|from|from page|en|on) ?[^)\]]*)?"
)
_MARKED = (
    re.compile(rf"(?P<text>.*\S)\s*(?:[(\[]\s*{_MARK}\s*[)\]]|[-–—]\s*{_MARK})[.:…]*"),
    re.compile(rf"[(\[]\s*{_MARK}\s*[)\]]\s*:?\s*(?P<text>.*\S)"),
    re.compile(r"suite (?:de|du|des)\s*:?\s*(?P<text>.*\S)"),
)
_MAYBE = re.compile(r"cont|suite", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(\.\d+)*[.)]?\s+")
_LEVELS = 4
"""Themes, objectives, actions and activities may go on."""

_Rows = Sequence[Sequence[str]]


def without_continuations(rows: _Rows) -> list[Sequence[str]]:
    """The rows of a plan, a cell that says that what is above it goes on emptied, as one that is merged with it is.

    A theme that goes on after another has come between is called as it was before.
    """
    return [cells for cells, _ in _read(rows)]


def continued(rows: _Rows) -> Iterator[str]:
    """What was taken as a part that goes on."""
    said = [tidy(cell) for _, marked in _read(rows) for cell in marked]
    if said:
        shown = ", ".join(map(quoted, dict.fromkeys(said)))
        yield f"taken as the part above that goes on: {shown}"


def _read(rows: _Rows) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Each row, and which of its cells said that a part goes on."""
    above = [""] * _LEVELS
    themes: dict[str, str] = {}
    for row in rows:
        cells, marked = list(row), []
        goes_on = True
        for column in range(_LEVELS):
            cell = row[column]
            said = _unmarked(cell)
            if goes_on and said & _names(above[column]):
                cells[column] = ""
                marked.append(cell)
                continue
            if column == 0 and (before := next((themes[each] for each in sorted(said) if each in themes), "")):
                cells[0] = before
                marked.append(cell)
            goes_on = goes_on and key(cell) in ("", key(above[column]))
            if cell.strip() or not goes_on:
                above[column] = cells[column]
        for name in _names(above[0]):
            themes.setdefault(name, above[0])
        yield cells, marked


def _names(text: str) -> set[str]:
    """What a part may be called where it goes on: its text, with its number or without."""
    whole = key(text)
    return {whole, _NUMBER.sub("", whole, count=1)} - {""}


def _unmarked(cell: str) -> set[str]:
    """What a cell says without a mark that it goes on, if it has one."""
    # Most cells have none, and to fold them all would take long.
    if _MAYBE.search(cell) is None:
        return set()
    return {found["text"] for mark in _MARKED if (found := mark.fullmatch(key(cell)))}
