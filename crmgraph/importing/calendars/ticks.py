"""What stands in a calendar for “then”, such as an X below a year."""

from crmgraph.reading.folding import key

__all__ = ["is_tick"]

_TICKS = frozenset({"x", "xx", "si", "yes", "✓", "✔", "✅", "☑", "☒", "●", "•", "■", "█", "▪", "*", "\uf0fc", "\uf0fe"})


def is_tick(cell: str) -> bool:
    """Whether a cell marks its column."""
    return key(cell) in _TICKS
