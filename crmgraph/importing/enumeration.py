"""The numbers and bullets that items begin with, and the items in a cell of activities."""

import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from crmgraph.reading.folding import key, tidy

__all__ = [
    "NUMBER", "closed", "depth_of", "is_closed", "items_in", "line_numbers", "number_of", "paragraphs", "points",
    "split_activities",
]  # fmt: skip

NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)(?:(?P<apart>[.)]?\s*[:–—-]\s+(?=[^\W\d_]))|[.)]?(?=\s|$)|[.)]-?(?=[^\W\d_]))")
"""A number, with what stands between it and the words where a plan has nothing: “1: Albergar”, “1 – Albergar”."""
_ALONE = re.compile(r"\s*[(\[]?(\d+(?:\.\d+)*)\s*[)\]]?[.:ºª°]*-?\s*")
# The last are those of the font Wingdings, which Word leaves in the text.
_BULLETS = "•●▪■◦‣∙○►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc"
_DASHES = "-–—*·"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ORDERS = {"1": [str(number) for number in range(1, 100)], "a": ascii_lowercase, "i": _ROMAN}
_COUNTED = re.compile(
    r"(?P<begin>(?:^|\n)[^\S\n]*|(?<=\s))(?P<open>\(?)(?P<count>\d{1,2}|[a-z]{1,4})(?P<close>[.)])(?=\s)", re.I
)
_LISTED = re.compile(r"[^\w\s¿¡(\[«“\"'‘]|\(?\w{1,4}\)|\w\.\s|\d+\.|\d+(\.\d+)+")
"""How the points of a list begin, and items with a printed number, which are told of elsewhere."""
_LABEL = re.compile(r"\w+( \w+){0,2}\s?:")
"""How a remark on the text above it begins: “Nota: con la OIM”."""
_CLOSED = re.compile(r"[.;!?…][)\]»”\"']*$")
_BLANK_LINE = re.compile(r"\n\s*\n")
_BROKEN_OFF = re.compile(
    r"[,:\-–—/(]$|(?:^| )(a|al|ante|con|contra|de|del|desde|e|el|en|entre|hacia|hasta|la|las|lo|los|mediante|o|para|por"
    r"|que|segun|sin|sobre|su|sus|u|un|una|y|an|and|as|at|by|for|from|in|into|of|on|or|the|their|to|with|au|aux|avec|d"
    r"|dans|des|du|et|l|le|les|ou|par|pour|sur|une|com|da|das|do|dos|em|na|nas|no|nos|os|pela|pelo|um|uma)$"
)
"""What no item ends with, in the languages of the plans, without accents."""


def number_of(text: str) -> str:
    """Return the number that a text begins with; nothing where it has none."""
    found = NUMBER.match(text)
    return found[1] if found else ""


def depth_of(text: str) -> int:
    """Return how many full stops are in the number that a text begins with; -1 where it has no number."""
    return number_of(text).count(".") if NUMBER.match(text) else -1


def is_closed(text: str) -> bool:
    """Return whether something stands behind the number that a text begins with: it is none of people or days."""
    found = NUMBER.match(text)
    return found is not None and found[0].strip() != found[1]


def closed(text: str) -> str:
    """Return a number that is all of a text without what stands about it, and a full stop behind one that has none.

    “(1.1)” becomes 1.1 and “1.º” becomes “1.”; another text stays as it is.
    """
    found = _ALONE.fullmatch(text)
    return text if found is None else found[1] if "." in found[1] else f"{found[1]}."


def line_numbers(cell: str) -> list[str]:
    """Return the numbers that lines of a cell begin with, where each has a full stop within, or behind it."""
    found = (NUMBER.match(line) for line in cell.split("\n"))
    return [each[1] for each in found if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))]


def items_in(cell: str) -> int:
    """Return how many items a cell has that uses blank lines, or numbers, to part them."""
    blocks = [block for block in _BLANK_LINE.split(cell.strip()) if block.strip() and not line_numbers(block)]
    return len(blocks) + len(line_numbers(cell))


def points(cell: str) -> Sequence[str]:
    """Return the points of a cell that is a list, without what marks them; of any other cell, its text.

    A text before the first point makes the list a part of a sentence. One point alone is a list where a bullet marks
    it: a dash or a count may belong to a sentence.
    """
    text = cell.strip()
    mark = text[:1]
    if mark and mark in _BULLETS:
        return [*filter(None, map(str.strip, text.split(mark)))] or (text,)
    if mark and mark in _DASHES:
        found = [each.strip() for each in re.split(rf"(?:^|\n)[^\S\n]*{re.escape(mark)}\s+", text) if each.strip()]
    else:
        found = list(_counted(text))
    return found if len(found) > 1 else (text,)


def _counted(text: str) -> Iterator[str]:
    """Yield the points of a list that is counted from its beginning, where each count follows the one before it.

    A count with a full stop may as well end a sentence, and opens a point only at the beginning of a line.
    """
    first = _COUNTED.match(text)
    order = _ORDERS.get(first["count"].lower()) if first else None
    if first is None or order is None:
        return
    marks = [first]
    for mark in _COUNTED.finditer(text, first.end()):
        is_next = len(marks) < len(order) and mark["count"].lower() == order[len(marks)]
        is_apart = mark["close"] == ")" or "\n" in mark["begin"]
        if is_next and is_apart and mark.group("open", "close") == first.group("open", "close"):
            marks.append(mark)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield text[mark.end() : end].strip(" \n;")


def split_activities(cell: str, when: str) -> list[tuple[str, str]]:
    """Return the activities in a cell and when each is: the points of a list, or paragraphs that are clearly several.

    The calendar is that of all, or says as many times. A cell that is one activity is returned as it is.
    """
    times = points(when) if len(points(when)) > 1 else [line.strip() for line in when.split("\n") if line.strip()]
    found = paragraphs(cell)
    if not _are_items(cell, found, times):
        return [(cell, when)]
    return [(each, times[place] if len(times) > 1 else when) for place, each in enumerate(found)]


def paragraphs(cell: str) -> list[str]:
    """Return the paragraphs of a cell: what blank lines part, or else its lines; none of a list, or with numbers."""
    text = cell.strip()
    found = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    is_listed = len(points(cell)) > 1 or any(_LISTED.match(line.strip()) for line in text.split("\n"))
    return [] if is_listed else [tidy(each) for each in found if each.strip()]


def _are_items(cell: str, found: Sequence[str], times: Sequence[str]) -> bool:
    """Return whether each paragraph begins like an item, none breaks off, and it is known when each is."""
    if len(found) < 2 or len(times) not in (0, 1, len(found)):
        return False
    begins = all(map(_begins, found)) and all(each[0].isdigit() or _begins(each) for each in times[1:])
    if not begins or any(_BROKEN_OFF.search(key(each)) for each in found[:-1]) or any(map(_LABEL.match, found)):
        return False
    closed = [_CLOSED.search(each) is not None for each in found]
    # Lines that nothing parts or closes may be one text, broken where it was too wide.
    is_alike = all(closed[:-1]) or (not any(closed) and all(" " in each for each in found))
    return is_alike or len(times) > 1 or _BLANK_LINE.search(cell.strip()) is not None


def _begins(text: str) -> bool:
    return text.lstrip("¿¡([«“\"'‘")[:1].isupper()
