"""Finding things by words: what somebody typed, looked for in what things are called and in what is said of them."""

from crmgraph.searching.asked import LONGEST, cleaned
from crmgraph.searching.entries import Column, Entry, Said
from crmgraph.searching.index import Found, Index, Match, in_label
from crmgraph.searching.marking import Piece, cut, spans

__all__ = [
    "LONGEST",
    "Column",
    "Entry",
    "Found",
    "Index",
    "Match",
    "Piece",
    "Said",
    "cleaned",
    "cut",
    "in_label",
    "spans",
]
