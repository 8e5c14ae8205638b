"""An answer as a table for people at a terminal."""

import json
from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["print_table", "shorten"]


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """`iri` with the longest of `prefixes` that fits it, `cg:Plan` for …/ontology#Plan; else as it is."""
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
    table = Table(box=SIMPLE_HEAD)
    names = document["head"]["vars"]
    for name in names:
        table.add_column(name, overflow="fold")
    rows = document["results"]["bindings"]
    for row in rows:
        table.add_row(*(_cell(row.get(name), prefixes) for name in names))
    console.print(table)
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")
