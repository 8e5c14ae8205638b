"""The library of questions: SPARQL files with front matter, run as they are or with other values."""

from crmgraph.library.loading import COMMON, load_library
from crmgraph.library.question import ANY, RESERVED, TYPES, Chart, LibraryQuestion, Parameter
from crmgraph.library.values import (
    Allowed,
    Ask,
    GivenValues,
    Value,
    all_allowed,
    allowed_values,
    choose,
    in_words,
    is_unread,
    read_given,
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
    "Allowed",
    "Ask",
    "Chart",
    "GivenValues",
    "LibraryQuestion",
    "Parameter",
    "Value",
    "all_allowed",
    "allowed_values",
    "choose",
    "in_words",
    "is_unread",
    "load_library",
    "read_given",
    "read_values",
    "resolve_values",
    "said",
    "value_names",
    "values_query",
]
