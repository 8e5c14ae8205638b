"""Answers as tables in a terminal."""

import json
from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

_NARROWEST = 14
"""Characters that a column needs for words to be read in it."""


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI with the longest prefix that fits, `cg:Plan` for …/ontology#Plan; else as it is."""
    fitting = [(namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def _cell(value: Mapping[str, str] | None, prefixes: Mapping[str, str]) -> str:
    if value is None:
        return ""
    return shorten(value["value"], prefixes) if value["type"] == "uri" else value["value"]


def print_table(results: bytes, prefixes: Mapping[str, str], console: Console | None = None) -> None:
    """Print a SPARQL result in JSON (SPARQL 1.1 Query Results JSON Format) as a table, or as yes or no."""
    console = console or Console()
    document = json.loads(results)
    if "boolean" in document:
        console.print("true" if document["boolean"] else "false")
        return
    names = document["head"]["vars"]
    rows = [[_cell(row.get(name), prefixes) for name in names] for row in document["results"]["bindings"]]
    print_rows(names, rows, console)
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def print_rows(names: Sequence[str], rows: Iterable[Sequence[str]], console: Console | None = None) -> None:
    """Print rows of texts as a table; where many columns have no room, each row as a block of lines, one a column."""
    console = console or Console()
    is_narrow = console.width < _NARROWEST * len(names)
    table = Table(*([] if is_narrow else names), box=SIMPLE_HEAD, show_header=not is_narrow, show_edge=not is_narrow)
    if is_narrow:
        table.add_column(no_wrap=True, style="bold")
        table.add_column()
    for column in table.columns[1 if is_narrow else 0 :]:
        column.overflow = "fold"
    for row in rows:
        cells = [Text(cell) for cell in row]
        if is_narrow:
            for name, cell in zip(names, cells, strict=True):
                table.add_row(name, cell, end_section=name == names[-1])
        else:
            table.add_row(*cells)
    console.print(table)
