"""Lists within a cell: points behind bullets, and those that are counted, such as “a) … b) …”."""

import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

__all__ = ["as_items", "points"]

# The last are those of the font Wingdings, which Word leaves in the text.
_BULLETS = "•●▪■◦‣∙○►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc"
_DASHES = "-–—*·"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_COUNTED = re.compile(
    r"(?P<begin>(?:^|\n)[^\S\n]*|(?<=\s))(?P<open>\(?)(?P<count>\d{1,2}|[a-z]{1,4})(?P<close>[.)])(?=\s)", re.I
)


def points(cell: str) -> Sequence[str]:
    """The points of a cell that is a list, without what marks them; of any other cell, its text.

    A text before the first point makes the list a part of a sentence. One point alone is a list where a bullet marks
    it: a dash or a count may belong to a sentence.
    """
    text = cell.strip()
    if not text:
        return (text,)
    if text[0] in _BULLETS:
        found = [*filter(None, map(str.strip, text.split(text[0])))]
    elif text[0] in _DASHES:
        found = [each.strip() for each in re.split(rf"(?:^|\n)[^\S\n]*{re.escape(text[0])}\s+", text) if each.strip()]
    else:
        found = list(_counted(text))
    return found if len(found) > 1 or (found and text[0] in _BULLETS) else (text,)


def as_items(cell: str) -> str:
    """The points of a cell as items without numbers, which have blank lines between them; any other cell as it is."""
    found = points(cell)
    return cell if list(found) == [cell.strip()] else "\n\n".join(found)


def _counted(text: str) -> Iterator[str]:
    """The points of a list that is counted from its beginning, where each count follows the one before it.

    A count with a full stop may as well end a sentence, and opens a point only at the beginning of a line.
    """
    first = _COUNTED.match(text)
    order = _order(first["count"].lower()) if first else None
    if first is None or order is None:
        return
    style = (first["open"], first["close"])
    marks = [first]
    for mark in _COUNTED.finditer(text, first.end()):
        is_next = len(marks) < len(order) and mark["count"].lower() == order[len(marks)]
        is_apart = mark["close"] == ")" or "\n" in mark["begin"]
        if is_next and is_apart and (mark["open"], mark["close"]) == style:
            marks.append(mark)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield text[mark.end() : end].strip(" \n;")


def _order(first: str) -> Sequence[str] | None:
    """How a list is counted that begins with this."""
    if first == "1":
        return [str(number) for number in range(1, 100)]
    return {"a": ascii_lowercase, "i": _ROMAN}.get(first)
