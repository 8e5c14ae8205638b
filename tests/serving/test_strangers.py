"""`crmgraph serve` among strangers: limits for each client, proxies that are believed or not, and the journal."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from crmgraph.building import Manifest
from tests.support.servers import crmgraph_command

ASKED = {"query": "ASK {}"}
CSV = {"Accept": "text/csv"}


@contextmanager
def served(build: Path, *flags: str) -> Iterator[tuple[httpx.Client, list[str]]]:
    """A client of a server with these flags, and what was on its standard error once the context has ended."""
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build), *flags]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            address = process.stdout.readline().split()[3]
            with httpx.Client(base_url=address, headers=CSV, trust_env=False, timeout=20) as client:
                yield client, said
        finally:
            process.terminate()
            said += process.stderr.read().splitlines()


def asked(client: httpx.Client, times: int, **headers: str) -> list[int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [client.get("/sparql", params=ASKED, headers=named).status_code for _ in range(times)]


def test_clients_behind_a_proxy_that_is_believed_are_counted_apart(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with served(build_folder, "--rate", "0.1", "--proxies", "127.0.0.1, 10.0.0.0/8") as (client, said):
        assert asked(client, 3, X_Forwarded_For="203.0.113.1") == [200, 200, 429]
        assert asked(client, 3, X_Forwarded_For="203.0.113.2") == [200, 200, 429]
        # Whatever the client itself has written there stands before what the proxy adds.
        assert asked(client, 1, X_Forwarded_For="203.0.113.9, 203.0.113.1") == [429]
        assert asked(client, 1, X_Forwarded_For="203.0.113.1, 10.1.2.3") == [429]
        described = client.get("/sparql", headers={"X-Forwarded-For": "203.0.113.3", "X-Forwarded-Proto": "https"})
        assert described.status_code == 400
    assert said == []


def test_nobody_else_is_believed(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with served(build_folder, "--rate", "0.1", "--proxies", "192.0.2.1", "--log", "json") as (client, said):
        assert asked(client, 1, X_Forwarded_For="203.0.113.1") == [200]
        assert asked(client, 2, X_Forwarded_For="203.0.113.2") == [200, 429]
        turtle = {"Accept": "text/turtle", "X-Forwarded-Proto": "https"}
        assert client.get("/live", headers=turtle).status_code == 200
    assert {json.loads(line)["client"] for line in said} == {"127.0.0.1"}
    assert [json.loads(line)["status"] for line in said] == [200, 200, 429, 200]


def test_the_machine_itself_is_not_limited_unless_somebody_sets_a_rate(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with served(build_folder) as (client, said):
        assert {client.get("/nothing").status_code for _ in range(1100)} == {404}
        metrics = client.get("/metrics").text
        assert 'crmgraph_requests_total{operation="page",status="404"} 1100.0' in metrics
        assert "crmgraph_connections 1.0" in metrics
        assert f'digest="{manifest.dataset}"' in metrics
        assert client.get("/ready").json() == {"ready": True, "dataset": manifest.dataset}
    assert said == []


@pytest.mark.parametrize(
    ("flags", "statuses"),
    [
        (("--client-connections", "2"), [b"200", b"200", b"429"]),
        (("--client-connections", "2", "--proxies", "127.0.0.1"), [b"200"] * 3),
        ((), [b"200"] * 3),
    ],
)
def test_one_client_has_so_many_connections_but_a_proxy_has_many_clients(
    build_folder: Path, manifest: Manifest, flags: tuple[str, ...], statuses: list[bytes]
) -> None:
    assert manifest.graphs
    with served(build_folder, *flags) as (client, _), ExitStack() as held:
        told = []
        for _ in statuses:
            connection = held.enter_context(socket.create_connection(("127.0.0.1", client.base_url.port or 0)))
            connection.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
            told.append(connection.recv(1000).split()[1])
    assert told == statuses


def test_the_journal_has_a_line_for_each_request_and_nothing_else(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with served(build_folder, "--log", "json", "--root-path", "/crm") as (client, said):
        answer = client.get("/sparql", params=ASKED, headers={"X-Request-ID": "abc"})
        assert answer.headers["x-request-id"] == "abc"
        page = client.get("/en/", headers={"Accept": "text/html"})
        assert page.status_code == 200
        refused = client.get("/sparql", params={"query": "nonsense"})
    lines = [json.loads(line) for line in said]
    assert [(line["path"], line["status"], line["operation"]) for line in lines] == [
        ("/sparql", 200, "query"),
        ("/en/", 200, "page"),
        ("/sparql", 400, "query"),
    ]
    assert [line["request"] for line in lines] == ["abc", page.headers["x-request-id"], refused.json()["request"]]
    assert (lines[0]["bytes"], lines[0]["query"]) == (4, "ASK {}")
    assert lines[2]["problem"] == "query-syntax"


def test_what_clients_do_wrong_is_no_line_among_the_faults(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with served(build_folder) as (client, said):
        for sent in (
            b"nonsense\r\n\r\n",
            b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
        ):
            with socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as connection:
                connection.sendall(sent)
                if not sent.startswith(b"POST"):
                    assert connection.recv(1000).startswith(b"HTTP/1.1 ")
        assert client.get("/live").status_code == 200
    assert said == []


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--proxies", "localhost"), "setting proxies: localhost is neither an IP address nor a network"),
        (("--rate", "-1"), "setting rate"),
        (("--queue", "0"), "setting queue"),
        (("--connections", "0"), "setting connections"),
        (("--client-connections", "0"), "setting client_connections"),
        (("--log", "loud"), "setting log"),
    ],
)
def test_a_setting_that_cannot_be_is_told(build_folder: Path, flags: tuple[str, ...], says: str) -> None:
    command = [*crmgraph_command(), "serve", "--build", str(build_folder), *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())
