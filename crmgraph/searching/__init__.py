"""Finding things by words: what somebody typed, looked for in what things are called and in what is said of them."""

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
