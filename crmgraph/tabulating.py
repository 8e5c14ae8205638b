"""Tables in a terminal: SPARQL results and other rows."""

import json
from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

_MIN_COLUMN_WIDTH = 14
"""The fewest characters a column needs to be readable."""


def abbreviate_iri(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI with the longest prefix that matches, such as `cg:Plan`; without a match, the IRI itself."""
    fitting = [(namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def _cell_text(value: Mapping[str, str] | None, prefixes: Mapping[str, str]) -> str:
    if value is None:
        return ""
    return abbreviate_iri(value["value"], prefixes) if value["type"] == "uri" else value["value"]


def print_table(results: bytes, prefixes: Mapping[str, str], console: Console | None = None) -> None:
    """Print a SPARQL result as a table, or as true or false for ASK.

    `results` is a document in the SPARQL 1.1 Query Results JSON Format. `prefixes` maps prefixes to namespaces.
    """
    console = console or Console()
    document = json.loads(results)
    if "boolean" in document:
        console.print("true" if document["boolean"] else "false")
        return
    names = document["head"]["vars"]
    rows = [[_cell_text(row.get(name), prefixes) for name in names] for row in document["results"]["bindings"]]
    print_rows(names, rows, console)
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def print_rows(names: Sequence[str], rows: Iterable[Sequence[str]], console: Console | None = None) -> None:
    """Print rows as a table with the column headings `names`.

    If the terminal is too narrow for the columns, each row becomes a block with one line for each column.
    """
    console = console or Console()
    if console.width < _MIN_COLUMN_WIDTH * len(names):
        table = Table(box=SIMPLE_HEAD, show_header=False, show_edge=False)
        table.add_column(no_wrap=True, style="bold")
        table.add_column(overflow="fold")
        for row in rows:
            for name, cell in zip(names, row, strict=True):
                table.add_row(name, Text(cell), end_section=name == names[-1])
    else:
        table = Table(*(Column(name, overflow="fold") for name in names), box=SIMPLE_HEAD)
        for row in rows:
            table.add_row(*map(Text, row))
    console.print(table)
