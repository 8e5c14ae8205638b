"""How large what is read may be."""

__all__ = ["LARGEST", "MOST_UNPACKED", "WIDEST", "span"]

LARGEST = 16 * 2**20
"""The largest file that is read, in bytes."""

MOST_UNPACKED = 128 * 2**20
"""How many bytes the parts of a file may have, where it is an archive."""

WIDEST = 1000
"""Over how many columns or rows a cell may go."""


def span(given: str | None) -> int:
    """Over how many columns or rows a cell goes, as an attribute says it; one, where it says nothing of use."""
    return min(int(given), WIDEST) if given and given.isdecimal() else 1
