"""`crmgraph serve` as an operator meets it: it says where it is, stops, starts again, and says why it cannot."""

import gc
import gzip
import json
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.building import MANIFEST, Manifest
from crmgraph.errors import UsageError
from crmgraph.resources import resource
from crmgraph.serving import server
from crmgraph.storing import DUMP
from tests.support.servers import crmgraph_command, running_server

pytestmark = pytest.mark.drill

COUNT = (
    "PREFIX cg: <https://w3id.org/crmgraph/ontology#> SELECT (COUNT(*) AS ?n) "
    "{ ?x a cg:Objective ; cg:within <https://w3id.org/crmgraph/id/plan/crm> }"
)


RUNAWAY = urllib.parse.urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})


@pytest.fixture(scope="module")
def shared(build_folder: Path, manifest: Manifest) -> Iterator[str]:
    assert manifest.graphs
    with running_server(build_folder) as address:
        yield address


def count(address: str) -> int:
    query = urllib.parse.urlencode({"query": COUNT})
    request = urllib.request.Request(f"{address}/sparql?{query}", headers={"Accept": "application/sparql-results+json"})
    with urllib.request.urlopen(request) as answer:
        return int(json.load(answer)["results"]["bindings"][0]["n"]["value"])


def test_killed_and_started_again_without_building(build_folder: Path, manifest: Manifest) -> None:
    before = (build_folder / MANIFEST).stat().st_mtime_ns
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build_folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("crmgraph is at http://127.0.0.1:")
    process.kill()
    process.wait(10)
    process.stdout.close()
    with running_server(build_folder) as address:
        assert count(address) == 20
    assert manifest.graphs
    assert (build_folder / MANIFEST).stat().st_mtime_ns == before


def test_a_deleted_build_is_made_again_from_any_folder(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    elsewhere = tmp_path / "deep" / "build"
    shutil.copytree(build_folder, elsewhere)
    shutil.rmtree(elsewhere)
    with running_server(elsewhere) as address:
        assert count(address) == 20
    assert json.loads((elsewhere / MANIFEST).read_text(encoding="utf-8"))["dataset"] == manifest.dataset
    assert (resource("data") / "source" / "crm.txt").exists()


def test_it_stops_when_asked_without_a_word(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build_folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    address = process.stdout.readline().split()[3].rstrip("/")
    assert count(address) == 20
    process.send_signal(signal.SIGINT)
    assert process.wait(10) in (0, -signal.SIGINT, 130)
    assert process.stderr.read() == ""
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_runaway_query_does_not_keep_it_from_stopping(
    build_folder: Path, manifest: Manifest, ended_by: signal.Signals
) -> None:
    assert manifest.graphs
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        port = int(process.stdout.readline().split()[3].rstrip("/").rsplit(":", 1)[1])
        with connected(port) as asking, connected(port) as sending:
            asking.sendall(f"GET /sparql?{RUNAWAY} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
            sending.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
            time.sleep(1)
            workers = children(process.pid)
            assert workers
            began = time.monotonic()
            process.send_signal(ended_by)
            process.wait(10)
            assert time.monotonic() - began < 6
            answer = b"" if ended_by == signal.SIGKILL else asking.makefile("rb").read()
        assert process.stderr.read() == ""
    if ended_by != signal.SIGKILL:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503")
        assert "being stopped" in json.loads(body)["detail"]
    time.sleep(0.2)
    assert not any(map(runs, workers))


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (map(int, line.split()) for line in listed.splitlines())
    return [child for child, parent in pairs if parent == pid]


def runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.parametrize(("path", "status"), [("/sparql?query=" + "x" * 70_000, 414), ("no address", 400)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_cannot_be_read_is_told_in_a_problem_document(shared: str, path: str, status: int, language: str) -> None:
    with connected(int(shared.rsplit(":", 1)[1])) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Language: {language}\r\n\r\n".encode())
        head, _, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode()
    assert b"Content-Type: application/problem+json" in head
    assert b"Access-Control-Allow-Origin: *" in head
    problem = json.loads(body)
    assert problem["status"] == status
    if status == 414:
        assert problem["detail"].startswith({"en": "The address has", "es": "La dirección tiene"}[language])


def test_a_client_that_sends_too_much_reads_why(shared: str) -> None:
    body, headers = b" " * 5 * 2**20, {"Content-Type": "application/sparql-query"}
    with (
        pytest.raises(urllib.error.HTTPError) as caught,
        urllib.request.urlopen(urllib.request.Request(f"{shared}/sparql", body, headers)),
    ):
        pass
    with caught.value as refused:
        assert refused.code == 413
        assert json.load(refused)["status"] == 413


def test_a_port_that_is_taken(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [*crmgraph_command(), "serve", "--port", port, "--build", str(build_folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"crmgraph: cannot serve at 127.0.0.1, port {port}: ")
    assert done.stderr.count("\n") == 1


def test_an_address_that_cannot_be_had_leaves_no_socket_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="name another with --host and --port"):
            server._listen("127.0.0.1", taken.getsockname()[1])
        # A socket that nobody closed would be complained of now, and a complaint is an error.
        gc.collect()
    with pytest.raises(UsageError, match="cannot serve at no such host"):
        server._listen("no such host", 0)


def test_a_root_path_is_in_every_link_and_not_where_it_is_served(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder, "--root-path", "/crm") as address:
        request = urllib.request.Request(f"{address}/en/plan", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request) as answer:
            page = answer.read().decode()
    assert 'href="/crm/en/id/plan/crm/pgm/7.1.1"' in page
    assert 'href="/en/' not in page


def test_downloads_and_life(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder) as address:
        with urllib.request.urlopen(f"{address}/dump.nq.gz") as answer:
            assert answer.headers["content-type"] == "application/gzip"
            assert gzip.decompress(answer.read()) == (manifest.folder(build_folder) / DUMP).read_bytes()
        with urllib.request.urlopen(f"{address}/live") as answer:
            assert answer.read() == b"live\n"


def test_a_runaway_query_does_not_keep_others_waiting(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder, "--timeout", "3") as address:
        client = socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])))
        client.sendall(f"GET /sparql?{RUNAWAY} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        time.sleep(0.5)
        began = time.monotonic()
        assert count(address) == 20
        assert time.monotonic() - began < 1.5
        client.settimeout(10)
        assert client.recv(100).split()[1] == b"503"
        client.close()
        assert count(address) == 20
