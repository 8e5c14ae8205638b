"""Answers as tables in a terminal."""

import json
from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["print_rows", "print_table", "shorten"]

_NARROWEST = 14
"""Characters that a column needs for words to be read in it."""


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI with the longest prefix that fits, `cg:Plan` for …/ontology#Plan; else as it is."""
    fitting = [(namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def _cell(value: Mapping[str, str] | None, prefixes: Mapping[str, str]) -> Text:
    if value is None:
        return Text("")
    if value["type"] == "uri":
        return Text(shorten(value["value"], prefixes))
    return Text(value["value"])


def print_table(results: bytes, prefixes: Mapping[str, str], console: Console | None = None) -> None:
    """Print a SPARQL result in JSON (SPARQL 1.1 Query Results JSON Format) as a table, or as yes or no."""
    console = console or Console()
    document = json.loads(results)
    if "boolean" in document:
        console.print("true" if document["boolean"] else "false")
        return
    names = document["head"]["vars"]
    rows = [[_cell(row.get(name), prefixes) for name in names] for row in document["results"]["bindings"]]
    console.print((_table if console.width >= _NARROWEST * len(names) else _records)(names, rows))
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def print_rows(names: Sequence[str], rows: Iterable[Sequence[str]], console: Console | None = None) -> None:
    """Print rows of texts as a table."""
    console = console or Console()
    cells = [[Text(cell) for cell in row] for row in rows]
    console.print((_table if console.width >= _NARROWEST * len(names) else _records)(list(names), cells))


def _table(names: list[str], rows: list[list[Text]]) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _records(names: list[str], rows: list[list[Text]]) -> Table:
    """Return a table with each row as a block of lines, one a column, for many columns."""
    table = Table(box=SIMPLE_HEAD, show_header=False, show_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for row in rows:
        for name, cell in zip(names, row, strict=True):
            table.add_row(name, cell, end_section=name == names[-1])
    return table
