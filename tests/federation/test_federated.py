"""Queries over two endpoints answer as one store with the data of both does."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Timer
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, QueryResultsFormat, Store, Triple

from crmgraph.errors import (
    BusyError,
    EngineError,
    LimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
)
from crmgraph.federation.endpoints import AllowedUrls, Fetcher
from crmgraph.federation.federated import FederatedEngine
from crmgraph.federation.snapshots import Snapshots
from crmgraph.sparql.engine import Question
from crmgraph.sparql.pool import Pool
from tests.federation.conftest import Remote
from tests.support.cases import cases
from tests.support.stores import EX
from tests.support.waiting import wait_for

PREFIX = f"PREFIX : <{EX}> "


class Onward:
    """The pool that all tests share, which is not closed with the engine that asks it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def __getattr__(self, name: str) -> object:
        return getattr(self._pool, name)

    def close(self) -> None:
        pass


@contextmanager
def federating(pool: Pool, *allowed: str, snapshots: Snapshots | None = None) -> Iterator[FederatedEngine]:
    engine = FederatedEngine(cast("Pool", Onward(pool)), Fetcher(AllowedUrls(allowed)), snapshots)
    try:
        yield engine
    finally:
        engine.close()


@pytest.fixture
def federated(pool: Pool, remote: Remote) -> Iterator[FederatedEngine]:
    with federating(pool, remote.url) as engine:
        yield engine


def rows(engine: FederatedEngine, text: str) -> list[dict[str, str]]:
    return table(engine.answer(Question(text), 120).body)


def table(document: bytes) -> list[dict[str, str]]:
    found = json.loads(document)["results"]["bindings"]
    rows = [{name: json.dumps(term, sort_keys=True) for name, term in row.items()} for row in found]
    return sorted(rows, key=lambda row: sorted(row.items()))


def iri(name: str) -> str:
    return json.dumps({"type": "uri", "value": EX + name}, sort_keys=True)


QUERIES = [query for [query] in cases("federation/queries")]


def expected(text: str, pool: Pool, remote: Remote) -> list[dict[str, str]]:
    """The rows of the query over one store with the data of both."""
    both = Store()
    for quad in Store.read_only(str(pool.store_path)):
        both.add(Quad(quad.subject, quad.predicate, quad.object))
    there = NamedNode(f"{EX}there")
    both.extend(Quad(quad.subject, quad.predicate, quad.object, there) for quad in remote.store)
    oracle = both.query(PREFIX + text.replace("SERVICE <THERE>", "GRAPH :there"))
    return table(oracle.serialize(format=QueryResultsFormat.JSON))  # type: ignore[arg-type]


def test_the_answer_is_that_of_one_store(federated: FederatedEngine, remote: Remote, pool: Pool) -> None:
    for text in QUERIES:
        assert rows(federated, PREFIX + text.replace("THERE", remote.url)) == expected(text, pool, remote), text


NAMES = st.sampled_from(["?a", "?b", "?c"])
TRIPLES = st.builds("{} :knows {} .".format, NAMES, NAMES) | st.builds("{} :name {} .".format, NAMES, NAMES)
THEIRS = st.builds("{} :likes {} .".format, NAMES, NAMES) | st.builds("{} :height {} .".format, NAMES, NAMES)
PARTS = st.builds(
    str.format,
    st.sampled_from(
        [
            "{0}",
            "{0}",
            "OPTIONAL {{ {0} }}",
            "MINUS {{ {0} }}",
            "FILTER EXISTS {{ {0} }}",
            "FILTER (BOUND({1}))",
            "{{ {0} }} UNION {{ }}",
            "VALUES {1} {{ UNDEF :bob }}",
            "{{ {0} OPTIONAL {{ {0} }} }}",
        ]
    ),
    TRIPLES,
    NAMES,
)
GROUPS = st.lists(PARTS, max_size=3).map(" ".join)
INSIDE = st.builds(
    str.format, st.sampled_from(["{0}", "{0} OPTIONAL {{ {1} }}", "{0} FILTER NOT EXISTS {{ {1} }}"]), THEIRS, THEIRS
)


@given(GROUPS, INSIDE, GROUPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_stands_beside_a_clause_changes_no_answer(
    federated: FederatedEngine, remote: Remote, pool: Pool, before: str, inside: str, after: str
) -> None:
    named = " && ".join(f"COALESCE(!ISBLANK({name}), true)" for name in ("?a", "?b", "?c"))
    query = f"SELECT * {{ {before} SERVICE <THERE> {{ {inside} FILTER({named}) }} {after} }}"
    assert rows(federated, PREFIX + query.replace("THERE", remote.url)) == expected(query, pool, remote), query


def test_it_asks_for_what_is_known_only(federated: FederatedEngine, remote: Remote) -> None:
    found = rows(federated, f"{PREFIX} SELECT ?what {{ ?s :knows ?o . SERVICE <{remote.url}> {{ ?o :likes ?what }} }}")
    assert len(found) == 2
    [asked] = remote.queries
    assert f"VALUES (?o) {{ (<{EX}bob>) (<{EX}eve>) }}" in asked
    assert rows(federated, f"{PREFIX} SELECT * {{ ?o :no ?x . SERVICE <{remote.url}> {{ ?o :likes ?what }} }}") == []
    assert len(remote.queries) == 1, "where nothing is known to be possible nobody is asked"
    text = f"{PREFIX} SELECT ?w {{ ?s :value ?v . SERVICE <{remote.url}> {{ ?s :likes ?w }} }}"
    assert rows(federated, text) == [{"w": iri("n2")}]
    assert len(remote.queries) == 1 + 4, "in batches"


def test_answers_of_others_and_our_own(federated: FederatedEngine, remote: Remote) -> None:
    text = f"{PREFIX} ASK {{ SERVICE <{remote.url}> {{ :ana ?p ?o }} }}"
    assert not federated.answer(Question(text), 120).is_deterministic
    assert federated.answer(Question("ASK { ?s ?p 'service' }"), 120).is_deterministic
    question = Question(f"\ufeffSELECT ?h {{ SERVICE <{remote.url}> {{ <bob> <height> ?h }} }}", base_iri=EX)
    assert len(table(federated.answer(question, 60).body)) == 1
    remote.server.asked.clear()
    assert federated.answer(Question("ASK {}", result_type="text/csv"), 120).body == b"true"
    assert asyncio.run(federated.ask(Question("ASK {}", result_type="text/csv"), 10)).body == b"true"
    assert remote.queries == []


def test_only_so_many_ask_others_at_a_time(federated: FederatedEngine, remote: Remote) -> None:
    remote.server.free.clear()
    question = Question(f"ASK {{ SERVICE <{remote.url}> {{ <a:b> ?p ?o }} }}")
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(federated.answer, question, 120) for _ in range(8)]
        wait_for(lambda: len(remote.queries) == 8)
        with pytest.raises(BusyError):
            federated.answer(question, 120)
        remote.server.free.set()
        assert all(each.result().body for each in asked)


def test_small_answers_of_many_cells_are_too_large(federated: FederatedEngine, remote: Remote) -> None:
    names = ", ".join(f'"v{number}"' for number in range(300))
    remote.body = (
        f'{{"head": {{"vars": [{names}]}}, "results": {{"bindings": [{", ".join(["{}"] * 100_000)}]}}}}'.encode()
    )
    with pytest.raises(LimitError, match="2097152 characters"):
        federated.answer(Question(f"SELECT * {{ SERVICE <{remote.url}> {{ ?s ?p ?o }} }}"), 120)


def test_who_asks_when_it_closes_is_told(pool: Pool, remote: Remote) -> None:
    question = Question(f"ASK {{ SERVICE SILENT <{remote.url}> {{ <a:b> ?p ?o }} }}")
    with Pool(pool.store_path, memory_bytes=2**28, workers=1) as own, ThreadPoolExecutor(1) as threads:
        remote.server.free.clear()
        engine = FederatedEngine(own, Fetcher(AllowedUrls([remote.url])))
        asked = threads.submit(engine.answer, question, 120)
        wait_for(lambda: remote.queries)
        engine.close()
        engine.close()
        with pytest.raises(UnavailableError):
            asked.result()
        with pytest.raises(UnavailableError, match="being stopped"):
            engine.answer(question, 60)


def test_no_other_address_is_asked(federated: FederatedEngine, remote: Remote) -> None:
    for silent in ("", "SILENT"):
        for address in ("http://example.com/sparql", remote.url.replace("sparql", "other"), "http://169.254.169.254/"):
            with pytest.raises(QueryRefusedError, match="is not among the addresses"):
                federated.answer(Question(f"ASK {{ SERVICE {silent} <{address}> {{ ?s ?p ?o }} }}"), 120)
    for trick in ("ASK { SERVICE?x {} }", "ASK { true SERVICE:x { } }", f"ASK {{ SERVICE <{remote.url}?a=x> {{}} }}"):
        with pytest.raises((QueryRefusedError, QuerySyntaxError)):
            federated.answer(Question(trick), 120)
    assert remote.queries == []


def test_what_is_not_sparql_is_told_before_anybody_is_asked(federated: FederatedEngine, remote: Remote) -> None:
    for text, column in (
        ("SELECT * { # the other\n SERVICE <THERE>\n {?s ?p } }", 9),
        ("SELECT * {\nSERVICE <THERE>\n { ?s no:prefix ?o } }", 7),
        ("SELECT *\n{ SERVICE <THERE>\n { ?s ?p ?o } BIND(1 AS ?o) }", None),
        ("\ufeffASK {\n SERVICE <THERE> { ?s ?p ?o }\n FILTER }", 9),
    ):
        for silent in ("", "SILENT "):
            asked = text.replace("SERVICE ", f"SERVICE {silent}").replace("THERE", remote.url)
            with pytest.raises(QuerySyntaxError) as raised:
                federated.answer(Question(asked), 60)
            assert raised.value.line == 3
            assert column is None or raised.value.column == column
    assert remote.queries == []


def test_a_redirect_leads_to_allowed_addresses_only(federated: FederatedEngine, remote: Remote) -> None:
    question = Question(f"ASK {{ SERVICE <{remote.url}> {{ ?s ?p ?o }} }}")
    remote.status, remote.headers = 307, {"Location": "http://169.254.169.254/latest"}
    with pytest.raises(QueryRefusedError, match=r"169\.254"):
        federated.answer(question, 120)
    remote.headers = {"Location": remote.url}
    with pytest.raises(RemoteError, match="circles"):
        federated.answer(question, 120)
    assert len(remote.queries) == 6


def test_what_is_no_answer_is_told_or_passed_over_in_silence(federated: FederatedEngine, remote: Remote) -> None:
    text = f"{PREFIX} SELECT * {{ ?s :knows ?o . SERVICE <{remote.url}> {{ ?o :likes ?what }} }}"
    cases: list[tuple[int, bytes | None, type[Exception]]] = [
        (500, b"no", RemoteError),
        (200, b"<html>", RemoteError),
        (200, b'{"boolean": true, "head": {}}', RemoteError),
        (200, b"x" * (17 * 2**20), LimitError),
    ]
    for remote.status, remote.body, error in cases:
        with pytest.raises(error):
            federated.answer(Question(text), 120)
        silent = rows(federated, text.replace("SERVICE", "SERVICE SILENT"))
        assert [row["o"] for row in silent] == [iri("bob"), iri("eve")]


def test_variables_of_a_clause_are_columns_whatever_is_answered(federated: FederatedEngine, remote: Remote) -> None:
    service = f"SERVICE SILENT <{remote.url}> {{ ?x :knows ?y FILTER NOT EXISTS {{ ?y :no ?z }} }}"
    text = f"{PREFIX} SELECT * {{ VALUES ?x {{ 1 }} {service} }}"
    for body, found in ((b"no", 1), (b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}', 0)):
        remote.body = body
        said = federated.answer(Question(f"{PREFIX} SELECT * {{ {service} }}"), 120)
        assert json.loads(said.body)["head"]["vars"] == ["x", "y"]
        assert len(rows(federated, text)) == found


def test_nodes_without_a_name_are_not_passed_off_as_ours(federated: FederatedEngine, remote: Remote) -> None:
    says = NamedNode(f"{EX}says")
    for term in (BlankNode(), Triple(BlankNode(), says, says)):
        remote.store.update(f"DELETE WHERE {{ ?s <{EX}says> ?o }}")
        remote.store.add(Quad(NamedNode(f"{EX}zoe"), says, term))
        with pytest.raises(RemoteError, match="without a name"):
            rows(federated, f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :zoe :says ?what }} }}")


def test_nobody_there(pool: Pool) -> None:
    with federating(pool, "http://127.0.0.1:9/x", "http://name.invalid/") as lonely:
        for address in ("http://127.0.0.1:9/x", "http://name.invalid/"):
            with pytest.raises(UnavailableError, match="cannot be reached"):
                lonely.answer(Question(f"ASK {{ SERVICE <{address}> {{}} }}"), 60)
            silent = Question(f"ASK {{ SERVICE SILENT <{address}> {{}} }}", result_type="text/csv")
            assert lonely.answer(silent, 60).body == b"true"


def test_the_time_limit_and_who_leaves(federated: FederatedEngine, remote: Remote) -> None:
    remote.server.free.clear()
    question = Question(f"ASK {{ SERVICE SILENT <{remote.url}> {{ ?s ?p ?o }} }}")
    with pytest.raises(QueryTimeoutError):
        federated.answer(question, 0.5)
    cancel_event = Event()
    Timer(0.3, cancel_event.set).start()
    with pytest.raises(EngineError, match="Nobody is waiting"):
        federated.answer(question, 120, cancel_event)


def test_each_address_of_a_name_is_tried(pool: Pool, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        assert host == "localhost"
        return [(None, None, None, "", (address, port)) for address in ("127.0.0.9", "127.0.0.1")]

    monkeypatch.setattr("crmgraph.federation.endpoints.anyio.getaddrinfo", resolved)
    url = remote.url.replace("127.0.0.1", "localhost")
    with federating(pool, url) as engine:
        assert len(rows(engine, f"{PREFIX} SELECT * {{ SERVICE <{url}> {{ :bob :height ?h }} }}")) == 1


def test_names_that_another_endpoint_answers_have_no_notices(federated: FederatedEngine, remote: Remote) -> None:
    text = f"{PREFIX} SELECT * {{ ?x :name ?n . SERVICE <{remote.url}> {{ ?x :likes ?y }} }}"
    assert federated.answer(Question(text, with_notices=True), 120).notices == ()
    here = Question(f"{PREFIX} ASK {{ ?x :likes ?y }}", with_notices=True)
    assert [each.term for each in federated.answer(here, 120).notices] == [f"{EX}likes"]
