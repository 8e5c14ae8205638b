"""The numbers that items of a plan have printed before them in a file."""

import re

__all__ = ["NUMBER", "closed", "depth_of", "is_closed", "is_lettered", "items_in", "line_numbers", "number_of"]

NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)(?:(?P<apart>[.)]?\s*[:–—-]\s+(?=[^\W\d_]))|[.)]?(?=\s|$)|[.)]-?(?=[^\W\d_]))")
"""A number, with what stands between it and the words where a plan has nothing: “1: Albergar”, “1 – Albergar”."""
_ALONE = re.compile(r"\s*[(\[]?(\d+(?:\.\d+)*)\s*[)\]]?[.:ºª°]*-?\s*")
_LETTERED = re.compile(r"\s*\d+[.)]-?[^\W\d_][.)]?\s")


def number_of(text: str) -> str:
    """The number that a text begins with; nothing where it has none."""
    found = NUMBER.match(text)
    return found[1] if found else ""


def depth_of(text: str) -> int:
    """How many full stops are in the number that a text begins with; -1 where it has no number."""
    found = NUMBER.match(text)
    return found[1].count(".") if found else -1


def is_closed(text: str) -> bool:
    """Whether something stands behind the number that a text begins with: it is no number of people or days."""
    found = NUMBER.match(text)
    return found is not None and found[0].strip() != found[1]


def is_lettered(text: str) -> bool:
    """Whether a text begins with a number and a letter, such as 1.a."""
    return _LETTERED.match(text) is not None


def closed(text: str) -> str:
    """A number that is all of a text, without what stands about it (“(1.1)”, “1.º”), and a full stop behind one that
    has none; another text as it is.
    """
    found = _ALONE.fullmatch(text)
    return text if found is None else found[1] if "." in found[1] else f"{found[1]}."


def line_numbers(cell: str) -> list[str]:
    """The numbers that lines of a cell begin with, where each has a full stop within, or behind it."""
    found = (NUMBER.match(line) for line in cell.split("\n"))
    return [each[1] for each in found if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))]


def items_in(cell: str) -> int:
    """How many items a cell has that uses blank lines, or numbers, to part them."""
    return sum(1 for each in re.split(r"\n\s*\n", cell.strip()) if each.strip() and not line_numbers(each)) + len(
        line_numbers(cell)
    )
