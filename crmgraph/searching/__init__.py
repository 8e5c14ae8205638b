"""Full-text search: things are found by words in their names and in other texts about them."""

from crmgraph.searching.index import Column, Entry, Found, Index, Match, Text, in_label
from crmgraph.searching.words import LONGEST, Piece, cleaned, cut, spans

__all__ = [
    "LONGEST",
    "Column",
    "Entry",
    "Found",
    "Index",
    "Match",
    "Piece",
    "Text",
    "cleaned",
    "cut",
    "in_label",
    "spans",
]
