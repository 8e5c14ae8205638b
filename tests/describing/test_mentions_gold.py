"""The mentions of the built graph against those that a reader found in the plan: each of them and no other."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from crmgraph.namespaces import PREFIXES
from crmgraph.resources import resource

GOLD = Path(__file__).parent / "mentions" / "crm.csv"
MENTIONS = """
SELECT ?start ?end ?thing {
  ?mention a cg:Mention ; cg:mentioned ?thing ; cg:passage ?words . ?words cg:start ?start ; cg:end ?end .
  ?words cg:source <https://w3id.org/crmgraph/id/source/crm>
}
"""
Place = tuple[int, int, str]


@pytest.fixture(scope="module")
def text() -> str:
    return (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text: str) -> set[Place]:
    """The rows of the reader's list, each checked against the text."""
    places = set()
    with GOLD.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            start, end = int(row["start"]), int(row["end"])
            assert text[start:end] == row["exact"], row
            places.add((start, end, row["iri"]))
    return places


@pytest.fixture(scope="module")
def found(store: Store) -> set[Place]:
    places = set()
    rows = store.query(MENTIONS, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    for start, end, thing in rows:
        assert isinstance(start, Literal)
        assert isinstance(end, Literal)
        assert isinstance(thing, NamedNode)
        places.add((int(start.value), int(end.value), thing.value))
    return places


def shown(places: set[Place], text: str) -> list[tuple[int, str, str]]:
    return [(start, text[start:end], iri) for start, end, iri in sorted(places)]


def test_precision_is_one(read: set[Place], found: set[Place], text: str) -> None:
    assert found
    assert shown(found - read, text) == []


def test_recall_is_one(read: set[Place], found: set[Place], text: str) -> None:
    assert read
    assert shown(read - found, text) == []
