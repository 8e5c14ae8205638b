"""The library of questions: SPARQL files with front matter, run as they are or with other values."""

from crmgraph.library.allowed import Ask, Value, allowed_values, near_values, read_values, values_query
from crmgraph.library.chart import Chart
from crmgraph.library.loading import COMMON, load_library
from crmgraph.library.naming import called, choose, resolve_values, said
from crmgraph.library.parameters import ANY, RESERVED, TYPES, Parameter
from crmgraph.library.phrase import Phrase, Piece
from crmgraph.library.question import LibraryQuestion
from crmgraph.library.unread import is_unread

__all__ = [
    "ANY",
    "COMMON",
    "RESERVED",
    "TYPES",
    "Ask",
    "Chart",
    "LibraryQuestion",
    "Parameter",
    "Phrase",
    "Piece",
    "Value",
    "allowed_values",
    "called",
    "choose",
    "is_unread",
    "load_library",
    "near_values",
    "read_values",
    "resolve_values",
    "said",
    "values_query",
]
