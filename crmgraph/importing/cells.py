"""The text of a cell: the numbers and bullets that items in it begin with, and its dates."""

import re
from collections.abc import Sequence
from string import ascii_lowercase

from crmgraph.lexicon import patterns
from crmgraph.reading.folding import key, tidy

__all__ = [
    "WORDS", "closed", "dated_lines", "depth_of", "is_closed", "is_date", "items_in", "line_numbers", "number_of",
    "paragraphs", "points", "says", "split_activities", "with_year", "years_apart",
]  # fmt: skip

WORDS = patterns("tables")
"""The words and patterns of tables in which others write their plans."""

# The last are those of the font Wingdings, which Word leaves in the text.
_BULLETS = "•●▪■◦‣∙○►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc"
_DASHES = "-–—*·"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ORDERS = {"1": [str(number) for number in range(1, 100)], "a": ascii_lowercase, "i": _ROMAN}
_BLANK_LINE = re.compile(r"\n\s*\n")


def says(name: str, text: str) -> bool:
    """Return whether all of a text, its accents and capitals left out, is what the entry of this name says."""
    return WORDS[name].fullmatch(key(text)) is not None


def number_of(text: str) -> str:
    """Return the number that a text begins with; nothing where it has none."""
    found = WORDS["number"].match(text)
    return found[1] if found else ""


def depth_of(text: str) -> int:
    """Return how many full stops are in the number that a text begins with; -1 where it has no number."""
    number = number_of(text)
    return number.count(".") if number else -1


def is_closed(text: str) -> bool:
    """Return whether something stands behind the number that a text begins with: it is none of people or days."""
    found = WORDS["number"].match(text)
    return found is not None and found[0].strip() != found[1]


def closed(text: str) -> str:
    """Return a number that is all of a text without what stands about it, and a full stop behind one that has none.

    “(1.1)” becomes 1.1 and “1.º” becomes “1.”; another text stays as it is.
    """
    found = WORDS["number_alone"].fullmatch(text)
    return text if found is None else found[1] if "." in found[1] else f"{found[1]}."


def line_numbers(cell: str) -> list[str]:
    """Return the numbers that lines of a cell begin with, where each has a full stop within, or behind it."""
    found = map(WORDS["number"].match, cell.split("\n"))
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
        found = _counted(text)
    return found if len(found) > 1 else (text,)


def _counted(text: str) -> list[str]:
    """Return the points of a list that is counted from its beginning, where each count follows the one before it.

    A count with a full stop may as well end a sentence, and opens a point only at the beginning of a line.
    """
    first = WORDS["counted"].match(text)
    order = _ORDERS.get(first["count"].lower(), ()) if first else ()
    marks = [first] if first and order else []
    for mark in WORDS["counted"].finditer(text, first.end() if first else 0):
        is_next = marks and mark["count"].lower() in order[len(marks) : len(marks) + 1]
        is_apart = mark["close"] == ")" or "\n" in mark["begin"]
        if is_next and is_apart and mark.group("open", "close") == marks[0].group("open", "close"):
            marks.append(mark)
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [text[mark.end() : end].strip(" \n;") for mark, end in zip(marks, ends, strict=False)]


def split_activities(cell: str, when: str) -> list[tuple[str, str]]:
    """Return the activities in a cell and when each is: its paragraphs, where these are clearly several.

    They are where blank lines part them, each ends like a sentence, or the calendar says as many times. It is that of
    all, or says as many. A cell that is one activity is returned as it is.
    """
    times = points(when) if len(points(when)) > 1 else [line.strip() for line in when.split("\n") if line.strip()]
    found = paragraphs(cell)
    texts = [*found, *(each for each in times[1:] if not each[0].isdigit())]
    is_parted = _BLANK_LINE.search(cell.strip()) or all(map(WORDS["closed"].search, found[:-1])) or len(times) > 1
    are_items = all(each.lstrip("¿¡([«“\"'‘")[:1].isupper() and not WORDS["label"].match(each) for each in texts)
    if len(found) < 2 or len(times) not in (0, 1, len(found)) or not is_parted or not are_items:
        return [(cell, when)]
    return [(each, times[place] if len(times) > 1 else when) for place, each in enumerate(found)]


def paragraphs(cell: str) -> list[str]:
    """Return the paragraphs of a cell: what blank lines part, or else its lines; none of a list, or with numbers."""
    text = cell.strip()
    found = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    is_listed = len(points(cell)) > 1 or any(WORDS["listed"].match(line.strip()) for line in text.split("\n"))
    return [] if is_listed else [tidy(each) for each in found if each.strip()]


def is_date(cell: str) -> bool:
    """Return whether a cell says when: a year, alone or with a part of it or a day, and nothing else."""
    words = re.split(r"[\s,;/–-]+", key(cell))
    is_of_year = WORDS["year"].search(cell) and all(map(WORDS["word_of_date"].fullmatch, words))
    return bool(says("figures", cell) or is_of_year)


def with_year(heading: str, above: str) -> str:
    """Return a heading with the year that stands above it, where that says one and it says none."""
    years = [found[0] for found in WORDS["year"].finditer(above)]
    return f"{heading} {years[0]}" if len(years) == 1 and not WORDS["year"].search(heading) else heading


def dated_lines(cell: str) -> list[str]:
    """Return the lines of a cell of the calendar, where there is a year in each; else none."""
    lines = [line.strip().rstrip(";,") for line in cell.split("\n") if line.strip()]
    return lines if all(map(WORDS["year"].search, lines)) else []


def years_apart(cell: str) -> str:
    """Return a cell of the calendar, years that stand in a line each with commas between, other dates with semicolons.

    Any other cell stays as it is.
    """
    lines = dated_lines(cell)
    return cell if len(lines) < 2 else (", " if all(says("years", line) for line in lines) else "; ").join(lines)
