"""The library of questions: SPARQL files with front matter, run as they are or with other values."""

from crmgraph.library.loading import COMMON, load_library
from crmgraph.library.question import ANY, RESERVED, TYPES, Chart, LibraryQuestion, Parameter, Phrase, Piece
from crmgraph.library.values import (
    Ask,
    Value,
    allowed_values,
    choose,
    is_unread,
    near_values,
    read_values,
    resolve_values,
    said,
    value_names,
    values_query,
)

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
    "choose",
    "is_unread",
    "load_library",
    "near_values",
    "read_values",
    "resolve_values",
    "said",
    "value_names",
    "values_query",
]
