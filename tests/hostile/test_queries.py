"""Queries that would take the service down: each is answered fittingly, and the next one is answered as usual."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from starlette.responses import HTMLResponse

from crmgraph.http.endpoint import Endpoint
from crmgraph.sparql.pool import Pool
from tests.hostile.crowd import BATCHES, HOSTILE, SMALL
from tests.support.clients import app_of, client_of
from tests.support.servers import running_server
from tests.support.stores import EX, GRAPHS

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER regex(concat(str(?c), str(?f)), '9') }"
QUICK = f"ASK {{ <{EX}ana> <{EX}age> 42 }}"


@pytest.fixture(scope="module")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, workers=2, memory_bytes=2**28, answer_bytes=2**22, sent_bytes=2**22) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: Pool) -> Iterator[httpx.Client]:
    endpoint = Endpoint(pool, "d", GRAPHS, {}, lambda *_: HTMLResponse("workbench"), seconds=60)
    with client_of(app_of(endpoint)) as client:
        yield client


def ask(client: httpx.Client, query: str, timeout: str = "60") -> httpx.Response:
    headers = {"Accept": "text/csv", "Accept-Language": "en", "Content-Type": "application/sparql-query"}
    return client.post("/sparql", params={"timeout": timeout}, content=query, headers=headers)


def quick(client: httpx.Client) -> None:
    assert ask(client, QUICK).text == "true"


@pytest.fixture(autouse=True)
def _the_service_goes_on(client: httpx.Client) -> Iterator[None]:
    yield
    quick(client)


def refused(response: httpx.Response, status: int, said: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert said in response.json()["detail"]


def test_a_runaway_query_ends_at_its_limit_while_others_are_answered(client: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as threads:
        runaway = threads.submit(ask, client, RUNAWAY, "4")
        time.sleep(0.05)
        quick(client)
        refused(runaway.result(), 503, "longer than 4 s")


def test_as_many_runaway_queries_as_there_are_workers_do_not_shut_the_others_out(client: httpx.Client) -> None:
    with ThreadPoolExecutor(2) as threads:
        runaways = [threads.submit(ask, client, f"{RUNAWAY} # {n}", "4") for n in range(2)]
        time.sleep(0.1)
        quick(client)
        assert not all(runaway.done() for runaway in runaways)
        for runaway in runaways:
            refused(runaway.result(), 503, "longer than 4 s")


def test_who_asks_for_much_does_not_shut_out_who_asks_for_little(client: httpx.Client) -> None:
    """Runaway queries of one address, none of which was asked before: another's slow one is before them."""
    greedy, modest = (
        httpx.Client(transport=httpx.HTTPTransport(local_address=address), base_url=client.base_url, timeout=60)
        for address in ("127.0.0.8", "127.0.0.9")
    )
    with greedy, modest, ThreadPoolExecutor(12) as threads:
        limits = ["1", "1", *["7"] * 8]
        runaways = [threads.submit(ask, greedy, f"{RUNAWAY} # {n}", limit) for n, limit in enumerate(limits)]
        time.sleep(0.6)
        slow = threads.submit(ask, modest, SLOW)
        quick(modest)
        assert slow.result().status_code == 200
        assert not all(each.done() for each in runaways), "they were the first to ask, and all have had their turn"
        assert {each.result().status_code for each in runaways} == {503}


def test_deep_nesting(client: httpx.Client) -> None:
    for query in (
        "ASK { FILTER(" + "(" * 20_000 + "1=1" + ")" * 20_000 + ") }",
        "ASK " + "{" * 20_000 + "}" * 20_000,
        "ASK { ?s ?p " + "[ ?p " * 20_000 + "1" + "]" * 20_000 + " }",
        "ASK { " + "FILTER EXISTS { ?s ?p ?o . " * 5_000 + "}" * 5_000 + " }",
        "ASK { ?s " + "(" * 20_000 + "<http://e/>" + ")*" * 20_000 + " ?o }",
        "ASK " + "(" * 20_000,
    ):
        refused(ask(client, query), 403, "nest deeper than")


def test_long_chains_without_brackets(client: httpx.Client) -> None:
    for query in (
        "ASK { FILTER(" + "!" * 100_000 + "true) }",
        "ASK { FILTER(" + "||".join(["?x"] * 50_000) + ") }",
        "ASK { " + "UNION".join(["{}"] * 20_000) + " }",
        "ASK { ?s " + "/".join(["<a:>"] * 5_000) + " ?o }",
        "ASK { " + " . ".join(["?s ?p ?o"] * 2_000) + " }",
        "ASK { " + "OPTIONAL {?s ?p ?o}" * 10_000 + " }",
    ):
        response = ask(client, query, "0.2")
        assert response.status_code in (200, 422, 503), query[:50]
        if response.status_code != 200:
            assert response.headers["content-type"] == "application/problem+json"
        quick(client)


def test_a_query_that_eats_memory(client: httpx.Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    refused(ask(client, query), 422, "more than 256 MiB of memory")


def test_an_answer_that_is_too_large_is_not_cut_short(client: httpx.Client) -> None:
    refused(ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), 422, "4194304 bytes")


@pytest.mark.drill
def test_a_crowd_with_every_hostile_query_and_batch(build_folder: Path) -> None:
    """Each client comes from an address of its own, and asks nothing hostile that was asked before."""
    batches = [("/reconcile", {"queries": json.dumps(batch)}) for batch in BATCHES]
    hostile: Counter[int] = Counter()
    small: Counter[int] = Counter()
    with running_server(build_folder, "--timeout", "10") as address, ThreadPoolExecutor(32) as threads:
        until = time.monotonic() + 60

        def go_on(place: int) -> None:
            # All of 127.0.0.0/8 is this machine.
            transport = httpx.HTTPTransport(local_address=f"127.0.1.{place + 1}")
            with httpx.Client(base_url=address, timeout=60, transport=transport) as client:
                for turn in itertools.count(place):
                    if time.monotonic() > until:
                        return
                    if place % 2:
                        small[client.get("/sparql", params={"query": SMALL[turn % len(SMALL)]}).status_code] += 1
                        continue
                    asked = [*(("/sparql", {"query": f"{each} # {place} {turn}"}) for each in HOSTILE), *batches]
                    path, form = asked[turn % len(asked)]
                    with suppress(httpx.RemoteProtocolError):
                        hostile[client.post(path, data=form).status_code] += 1

        for each in [threads.submit(go_on, place) for place in range(32)]:
            each.result()
    assert set(small) == {200}
    assert small[200] > 100
    assert 500 not in hostile
