"""`crmgraph serve` as an operator meets it: it says where it is, stops, starts again, and says why it cannot."""

import gc
import gzip
import json
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from crmgraph.building import MANIFEST, Manifest
from crmgraph.errors import UsageError
from crmgraph.resources import resource
from crmgraph.serving import server
from crmgraph.storing import DUMP
from tests.support.servers import crmgraph_command, running_server

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?x a <https://w3id.org/crmgraph/ontology#Objective> }"


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


def test_a_root_path_is_in_the_address_and_in_every_link(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder, "--root-path", "/crm") as address:
        assert address.endswith("/crm")
        origin = address.removesuffix("/crm")
        request = urllib.request.Request(f"{origin}/en/", headers={"Accept": "text/html"})
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
    runaway = urllib.parse.urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
    with running_server(build_folder, "--timeout", "3") as address:
        client = socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])))
        client.sendall(f"GET /sparql?{runaway} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        time.sleep(0.5)
        began = time.monotonic()
        assert count(address) == 20
        assert time.monotonic() - began < 1.5
        client.settimeout(10)
        assert client.recv(100).split()[1] == b"503"
        client.close()
        assert count(address) == 20
