"""Large answers as clients of a real server get them."""

import csv
import gzip
import http.client
import io
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.support.servers import SETTLED, running_server

ALL = "SELECT * { ?s ?p ?o }"
PAIRS = "SELECT * { ?s ?p ?o . ?a a ?b }"


@pytest.fixture(scope="module")
def url(build_folder: Path) -> Iterator[str]:
    with running_server(build_folder, "--timeout", "60") as address:
        yield f"{address}/sparql"


def test_a_large_answer_is_sent_in_parts_and_whole(url: str) -> None:
    head = {"Accept": "text/csv", "Accept-Encoding": "identity"}
    count = httpx.get(url, params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}, headers=head, timeout=60)
    answer = httpx.get(url, params={"query": ALL}, headers=head, timeout=60)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in answer.headers
    assert answer.headers["ETag"]
    assert len(list(csv.reader(io.StringIO(answer.text)))) == int(count.text.split()[1]) + 1


def test_it_is_compressed_and_not_sent_again(url: str) -> None:
    with httpx.stream("GET", url, params={"query": ALL}, headers={"Accept-Encoding": "gzip"}, timeout=60) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        whole = gzip.decompress(b"".join(answer.iter_raw()))
        tag = answer.headers["ETag"]
    assert len(json.loads(whole)["results"]["bindings"]) > 10_000
    for given in (tag, "*"):
        again = httpx.get(url, params={"query": ALL}, headers={"If-None-Match": given}, timeout=60)
        assert (again.status_code, again.content) == (304, b"")


def test_who_cannot_be_told_that_it_broke_off_gets_it_whole(url: str) -> None:
    address = urlsplit(url)
    with socket.create_connection((str(address.hostname), address.port or 80), timeout=60) as connection:
        connection.sendall(f"GET /sparql?query={quote(ALL)} HTTP/1.0\r\n\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        length = int(answer.headers["Content-Length"])
        assert len(answer.read()) == length > 2**20


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(build_folder: Path) -> None:
    with running_server(build_folder, "--timeout", "3") as address:
        asked = {"query": PAIRS + " ORDER BY ?o"}, {"query": PAIRS}
        refused = httpx.get(f"{address}/sparql", params=asked[0], timeout=60)
        assert refused.status_code in (422, 503)
        with httpx.stream("GET", f"{address}/sparql", params=asked[1], timeout=60) as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
                answer.read()
        assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}, timeout=60).status_code == 200


def test_whoever_leaves_or_does_not_read_holds_nobody_up(url: str) -> None:
    address = urlsplit(url)
    target = f"GET /sparql?query={quote(PAIRS)} HTTP/1.1\r\nHost: here\r\n\r\n".encode()
    connections = [socket.create_connection((str(address.hostname), address.port or 80)) for _ in range(12)]
    try:
        for connection in connections:
            connection.sendall(target)
        time.sleep(1)
        for _ in range(20):
            assert httpx.get(url, params={"query": "ASK {}"}, timeout=10).status_code == 200
    finally:
        for connection in connections:
            connection.close()
    metrics = url.replace("/sparql", "/metrics")
    until = time.monotonic() + 20
    while "crmgraph_processes_busy 0" not in httpx.get(metrics, timeout=60).text:
        assert time.monotonic() < until, httpx.get(metrics, timeout=60).text
        time.sleep(0.1)


def test_a_large_answer_takes_no_memory_of_the_server(url: str) -> None:
    time.sleep(SETTLED)
    resident = _resident(url)
    while (grown := _resident_later(url)) > resident + 2**20:
        resident = grown
    asked = {"query": PAIRS + " LIMIT 400000"}
    with httpx.stream("GET", url, params=asked, headers={"Accept-Encoding": "identity"}, timeout=60) as answer:
        size = sum(map(len, answer.iter_raw()))
    assert size > 2**25
    assert _resident(url) - resident < 2**24


def _resident_later(url: str) -> float:
    """What it is after a while, as long as a server reads what its pages need."""
    time.sleep(3)
    return _resident(url)


def _resident(url: str) -> float:
    lines = httpx.get(url.replace("/sparql", "/metrics"), timeout=60).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("process_resident_memory_bytes"))
