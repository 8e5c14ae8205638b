"""A part of a plan that stands in several columns of a table, such as a number and a text."""

from collections.abc import Iterator, Sequence

from crmgraph.reading.folding import key

__all__ = ["wholly_said"]

_PARTS = 3
"""Themes, objectives and actions go on; an activity may be called like the one above it, and be another."""


def wholly_said(rows: Sequence[Sequence[str]], places: Sequence[Sequence[int]]) -> Iterator[list[str]]:
    """The rows of a table, what one says again of a part above it in some of its columns said in all of them.

    `places` are the columns of each part. Where its number stands in each row, its text may be merged, or stand in the
    first row alone, and the other way round. It is the same part as long as those to its left are the same, too.
    """
    above: list[list[str]] = [[] for _ in range(_PARTS)]
    for row in rows:
        cells = list(row)
        goes_on = True
        for level, of in enumerate(places[:_PARTS]):
            said = [row[place] for place in of]
            goes_on = goes_on and _is_again(said, above[level])
            if not goes_on:
                above[level] = said
            elif len(of) > 1 and any(map(str.strip, said)):
                for place, cell in zip(of, above[level], strict=True):
                    cells[place] = cell
        yield cells


def _is_again(said: Sequence[str], above: Sequence[str]) -> bool:
    """Whether nothing is said but what stands above."""
    blank = [""] * len(said)
    return all(key(each) in ("", key(before)) for each, before in zip(said, above or blank, strict=True))
