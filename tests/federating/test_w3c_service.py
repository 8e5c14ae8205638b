"""The W3C's tests of SERVICE, each endpoint a store of its own that is asked by what would be sent to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse_query_results
from rdflib import Graph, Namespace, URIRef
from rdflib.term import Node

from crmgraph.errors import QueryRefusedError, UnavailableError
from crmgraph.federating import Federated, Fetched, Fetcher
from crmgraph.sparql import Pool, Question
from crmgraph.sparql.limit import Limit
from tests.support.suites import MISSING, find_suite

pytestmark = pytest.mark.drill

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
SUITE = find_suite("w3c-rdf-tests/sparql/sparql11/service")
REFUSED = {
    "SERVICE test 3": "SERVICE within SERVICE",
    "SERVICE test 5": "not for a variable",
    "SERVICE test 6": "SERVICE within SERVICE",
}
"""What is asked in a way that is not answered here, and what is said of it."""


class Stores:
    """What is at each address."""

    def __init__(self) -> None:
        self.stores: dict[str, Store] = {}

    def post(self, url: str, headers: object, body: bytes, limit: Limit) -> Fetched:
        assert headers
        assert limit.left() > 0
        if url not in self.stores:
            raise UnavailableError("nobody is there")
        [query] = parse_qs(body.decode())["query"]
        answer = self.stores[url].query(query)
        assert isinstance(answer, QuerySolutions)
        said = answer.serialize(format=QueryResultsFormat.JSON)
        assert said is not None
        return Fetched(url, 200, "application/sparql-results+json", said)

    def close(self) -> None:
        pass


def manifest_tests() -> Iterator[tuple[str, Graph, Node]]:
    if SUITE is None:
        return
    manifest = Graph().parse(SUITE / "manifest.ttl")
    for entries in manifest.objects(None, MF.entries):
        for test in manifest.items(entries):
            yield str(manifest.value(test, MF.name)), manifest, test


TESTS = {name: (manifest, test) for name, manifest, test in manifest_tests()}


def load(store: Store, node: Node | None) -> None:
    if isinstance(node, URIRef):
        store.load(path=str(node).removeprefix("file://"), format=RdfFormat.TURTLE)


def text_of(node: Node | None) -> bytes:
    return Path(str(node).removeprefix("file://")).read_bytes()


def rows(document: bytes, syntax: QueryResultsFormat) -> list[list[str]]:
    found = parse_query_results(document, syntax)
    assert isinstance(found, QuerySolutions)
    names = sorted(variable.value for variable in found.variables)
    return sorted([str(row[name]) for name in names] for row in found)


def test_the_suite_is_read() -> None:
    assert len(TESTS) == (7 if SUITE else 0)
    assert set(REFUSED) <= set(TESTS) or SUITE is None


@pytest.mark.skipif(SUITE is None, reason=MISSING)
@pytest.mark.parametrize("name", TESTS)
def test_service(name: str, tmp_path: Path) -> None:
    manifest, test = TESTS[name]
    action = manifest.value(test, MF.action)
    here, there = Store(tmp_path / "store"), Stores()
    load(here, manifest.value(action, QT.data))
    here.flush()
    for data in manifest.objects(action, QT.serviceData):
        store = there.stores[str(manifest.value(data, QT.endpoint))] = Store()
        load(store, manifest.value(data, QT.data))
    question = Question(
        text_of(manifest.value(action, QT.query)).decode(), result_type="application/sparql-results+json"
    )
    with Pool(tmp_path / "store", memory_bytes=2**28, workers=1) as pool:
        engine = Federated(pool, cast("Fetcher", there))
        if name in REFUSED:
            with pytest.raises(QueryRefusedError, match=REFUSED[name]):
                engine.answer(question, 20)
            return
        expected = rows(text_of(manifest.value(test, MF.result)), QueryResultsFormat.XML)
        assert rows(engine.answer(question, 20).body, QueryResultsFormat.JSON) == expected
