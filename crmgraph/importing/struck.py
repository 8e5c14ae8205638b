"""Cells that are struck through or hidden, and what belongs to what stood in them."""

from collections.abc import Iterator, Sequence

__all__ = ["apart"]


def apart(
    rows: Sequence[tuple[str, ...]], levels: Sequence[int | None]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each row of a plan its cells, without those that belong to what is struck through, and the texts of these.

    `levels` says for each row which of its cells is the first that is struck through, if any is. What is below that
    would else belong to another part.
    """
    gone: int | None = None
    for cells, level in zip(rows, levels, strict=True):
        goes_on = gone is not None and not any(cell.strip() for cell in cells[: gone + 1])
        gone = gone if goes_on else level
        kept = len(cells) if gone is None else gone
        yield (*cells[:kept], *("",) * (len(cells) - kept)), tuple(cell for cell in cells[kept:] if cell.strip())
