"""The numbers that items of a plan have printed before them in a file."""

import re

__all__ = ["NUMBER", "depth_of", "items_in", "line_numbers"]

NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)(?:(?P<apart>[.)]?\s*[:–—-]\s+(?=[^\W\d_]))|[.)]?(?=\s|$)|[.)]-?(?=[^\W\d_]))")
"""A number, with what stands between it and the words where a plan has nothing: “1: Albergar”, “1 – Albergar”."""


def depth_of(text: str) -> int:
    """How many full stops are in the number that a text begins with; -1 where it has no number."""
    found = NUMBER.match(text)
    return found[1].count(".") if found else -1


def line_numbers(cell: str) -> list[str]:
    """The numbers that lines of a cell begin with, where each has a full stop within, or behind it."""
    found = (NUMBER.match(line) for line in cell.split("\n"))
    return [each[1] for each in found if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))]


def items_in(cell: str) -> int:
    """How many items a cell has that uses blank lines, or numbers, to part them."""
    return sum(1 for each in re.split(r"\n\s*\n", cell.strip()) if each.strip() and not line_numbers(each)) + len(
        line_numbers(cell)
    )
