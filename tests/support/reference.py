"""The curated tables and what becomes of them, for the tests that ask about their rows."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from crmgraph.describing.columns import LAYOUTS
from crmgraph.describing.reference import describe_reference
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY, Names

NAMES = Names()
COLUMNS = {name: [column.name for column in columns] for name, columns, _ in LAYOUTS}


def thing(path: str) -> URIRef:
    return URIRef(NAMES.id(*path.split("/")))


def concept(name: str) -> URIRef:
    """Such as confidence#high."""
    return URIRef(f"{ONTOLOGY}/{name}")


def states(graph: Graph, subject: str, predicate: URIRef) -> set[str]:
    """The codes of the States that a thing is tied to."""
    below = NAMES.id("country", "")
    return {str(o).removeprefix(below) for o in graph.objects(thing(subject), predicate) if str(o).startswith(below)}


def texts(graph: Graph, subject: URIRef, predicate: URIRef, language: str) -> list[str]:
    return sorted(str(o) for o in graph.objects(subject, predicate) if getattr(o, "language", None) == language)


def line_of(folder: Path, table: str, **cells: str) -> int:
    """The line of the only row that has these cells (the header is line 1); no cell has a line break."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    (line,) = (n for n, row in enumerate(rows, 2) if cells.items() <= row.items())
    return line


def change(folder: Path, table: str, line: int, cells: Mapping[str, str]) -> None:
    """Overwrites cells of the row at `line`."""
    file = folder / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    for name, cell in cells.items():
        rows[line - 1][rows[0].index(name)] = cell
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def refused(folder: Path, table: str, line: int, cells: Mapping[str, str]) -> tuple[str, str]:
    """The column and the message of the error that stops the build after a change, which names file and line."""
    change(folder, table, line, cells)
    with pytest.raises(TableError) as caught:
        describe_reference(folder, NAMES)
    place = caught.value.place
    assert place is not None
    assert (place.file, place.line) == (folder / f"{table}.csv", line)
    assert place.column is not None
    return COLUMNS[table][place.column - 1], caught.value.message
