"""The library of questions: SPARQL files with front matter, run as they are or with other values."""

from crmgraph.library.allowed import Value, check_value, check_values, read_values, values_query
from crmgraph.library.loading import COMMON, load_library
from crmgraph.library.parameters import ANY, TYPES, Parameter
from crmgraph.library.question import LibraryQuestion

__all__ = [
    "ANY",
    "COMMON",
    "TYPES",
    "LibraryQuestion",
    "Parameter",
    "Value",
    "check_value",
    "check_values",
    "load_library",
    "read_values",
    "values_query",
]
