"""Full-text search for things, by the words in their names and in other texts about them."""

from crmgraph.searching.index import Column, Entry, Index, Match, SearchResult, Text, label_in
from crmgraph.searching.words import LONGEST, Piece, clean_query, excerpt, find_spans

__all__ = [
    "LONGEST",
    "Column",
    "Entry",
    "Index",
    "Match",
    "Piece",
    "SearchResult",
    "Text",
    "clean_query",
    "excerpt",
    "find_spans",
    "label_in",
]
