"""Paragraphs in a cell of activities: each is an activity where it is clear that they are several."""

import re
from collections.abc import Iterator, Sequence

from crmgraph.importing.columns import COLUMNS
from crmgraph.importing.parts.lists import points
from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["apart", "paragraphs_told"]

_ACTIVITIES = COLUMNS.index("activities")
_LISTED = re.compile(r"[^\w\s¿¡(\[«“\"'‘]|\(?\w{1,4}\)|\w\.\s|\d+\.|\d+(\.\d+)+")
"""How the points of a list begin, and items with a printed number: what these are is said elsewhere."""
_BLANK_LINE, _LINE_END = re.compile(r"\n\s*\n"), re.compile(r"\n")
_LABEL = re.compile(r"\w+( \w+){0,2}\s?:")
_CLOSED = re.compile(r"[.;!?…][)\]»”\"']*$")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a al ante con contra de del desde e el en entre hacia hasta la las lo los mediante o para por que segun"
        " sin sobre su sus u un una y an and as at by for from in into of on or the their to with au aux avec d"
        " dans des du et l le les ou par pour sur une com da das do dos em na nas no nos os pela pelo um uma",
    )
)
"""Words that no item ends with, in the languages of the plans."""
_SHOWN = 40


def apart(row: Sequence[str]) -> list[Sequence[str]]:
    """A row for each activity that is a paragraph of its own. The calendar is that of all, or says as many."""
    activities, times = _paragraphs(row[_ACTIVITIES]), _times(row[-1])
    if not _are_items(row[_ACTIVITIES], activities, times):
        return [row]
    nothing = ("",) * _ACTIVITIES
    return [
        (*(nothing if place else row[:_ACTIVITIES]), activity, times[place] if len(times) > 1 else row[-1])
        for place, activity in enumerate(activities)
    ]


def paragraphs_told(rows: Sequence[Sequence[str]], numbers: str) -> Iterator[str]:
    """Which paragraphs became activities of their own, and which did not though they might be.

    Where the file's numbers are kept, a blank line parts items in any case.
    """
    several = [row for row in rows if len(_paragraphs(row[_ACTIVITIES])) > 1]
    split = [row for row in several if len(apart(row)) > 1]
    kept = [
        row
        for row in several
        if len(apart(row)) == 1 and (numbers == "add" or not _BLANK_LINE.search(row[_ACTIVITIES].strip()))
    ]
    if split:
        yield (
            f"{_cells(split)} taken as several activities, a paragraph each ({_first(split)}); where they are one, "
            "write them as one paragraph"
        )
    if kept:
        yield (
            f"{_cells(kept)} taken as one activity, for it is not clear that its paragraphs are several "
            f"({_first(kept)}); where they are, put a bullet before each"
        )


def _paragraphs(cell: str) -> list[str]:
    """The paragraphs of a cell: what blank lines part, or else its lines; none of a list, or of items with numbers."""
    text = cell.strip()
    found = (_BLANK_LINE if _BLANK_LINE.search(text) else _LINE_END).split(text)
    is_listed = len(points(cell)) > 1 or any(_LISTED.match(line.strip()) for line in text.split("\n"))
    return [] if is_listed else [tidy(each) for each in found if each.strip()]


def _times(cell: str) -> Sequence[str]:
    listed = points(cell)
    return listed if len(listed) > 1 else [line.strip() for line in cell.split("\n") if line.strip()]


def _are_items(cell: str, found: Sequence[str], times: Sequence[str]) -> bool:
    """Whether each paragraph begins like an item, none breaks off, and it is known when each is."""
    if len(found) < 2 or len(times) not in (0, 1, len(found)):
        return False
    begins = all(_begins(each) for each in found) and all(each[0].isdigit() or _begins(each) for each in times[1:])
    breaks_off = any(
        each.endswith((",", ":", "-", "–", "—", "/", "(")) or key(each).rpartition(" ")[2] in _SMALL
        for each in found[:-1]
    )
    if not begins or breaks_off or any(_LABEL.match(each) for each in found):
        return False
    closed = [_CLOSED.search(each) is not None for each in found]
    # Lines that nothing parts or closes may be one text, broken where it was too wide.
    is_alike = all(closed[:-1]) or (not any(closed) and all(" " in each for each in found))
    return is_alike or len(times) > 1 or _BLANK_LINE.search(cell.strip()) is not None


def _begins(text: str) -> bool:
    return text.lstrip("¿¡([«“\"'‘")[:1].isupper()


def _cells(rows: Sequence[Sequence[str]]) -> str:
    return "1 cell with paragraphs is" if len(rows) == 1 else f"{len(rows)} cells with paragraphs are each"


def _first(rows: Sequence[Sequence[str]]) -> str:
    """The beginning of the first of them, to be found by."""
    return quoted(" / ".join(_paragraphs(rows[0][_ACTIVITIES])), _SHOWN)
