"""Measures crmgraph beside rdflib-endpoint on the same dump, in one run, and writes docs/benchmarks.md.

    python -m tests.bench

Each figure is of this machine on this day; the ratios within a row are what counts.
"""

import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from crmgraph.building import read_manifest
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from crmgraph.storing import DUMP
from tests.support.servers import crmgraph_command

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
ROUNDS = 15
STARTS = 5
ASK = "SELECT (COUNT(*) AS ?n) WHERE { ?x a <https://w3id.org/crmgraph/ontology#Objective> }"


@dataclass(frozen=True)
class Peer:
    """An endpoint that can be started: its name and, for a port, its command and its address."""

    name: str
    command: Callable[[int], list[str]]
    address: Callable[[int], str]


def crmgraph(build: Path) -> Peer:
    return Peer(
        "crmgraph",
        lambda port: [*crmgraph_command(), "serve", "--port", str(port), "--build", str(build)],
        lambda port: f"http://127.0.0.1:{port}/sparql",
    )


def rdflib_endpoint(dump: Path) -> Peer:
    program = Path(sys.executable).with_name("rdflib-endpoint")
    return Peer(
        "rdflib-endpoint",
        lambda port: [str(program), "serve", "--host", "127.0.0.1", "--port", str(port), str(dump)],
        lambda port: f"http://127.0.0.1:{port}/",
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(address: str, query: str) -> bytes:
    request = urllib.request.Request(
        address,
        urllib.parse.urlencode({"query": query}).encode(),
        {"Accept": "text/csv", "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body


@contextmanager
def started(peer: Peer) -> Iterator[tuple[str, float]]:
    """The address of the peer and the seconds from its start to its first answer."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(peer.command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                ask(peer.address(port), ASK)
                break
            except OSError:
                assert process.poll() is None, f"{peer.name} ended"
                time.sleep(0.005)
        yield peer.address(port), time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(20)


def start_times(peers: tuple[Peer, ...]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for _ in range(STARTS):
        for peer in peers:
            with started(peer) as (_, seconds):
                times[peer.name].append(seconds)
    return times


def latencies(peers: tuple[Peer, ...]) -> dict[str, dict[str, float]]:
    """The median seconds of each library question at each peer, asked in turn by one client."""
    questions = {name: question.text for name, question in load_library(resource("queries"), Names()).items()}
    medians: dict[str, dict[str, float]] = {name: {} for name in questions}
    with started(peers[0]) as (first, _), started(peers[1]) as (second, _):
        for name, text in questions.items():
            times: dict[str, list[float]] = {peer.name: [] for peer in peers}
            for _ in range(ROUNDS):
                for peer, address in zip(peers, (first, second), strict=True):
                    began = time.perf_counter()
                    ask(address, text)
                    times[peer.name].append(time.perf_counter() - began)
            medians[name] = {peer: statistics.median(seconds) for peer, seconds in times.items()}
    return medians


def build_time(folder: Path) -> tuple[float, Path]:
    """The seconds of a build from nothing, and where its dump is."""
    began = time.perf_counter()
    subprocess.run([*crmgraph_command(), "build", "--build", str(folder)], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    manifest = read_manifest(folder)
    assert manifest is not None
    return seconds, manifest.folder(folder) / DUMP


def report(built: float, dump: Path, starts: dict[str, list[float]], medians: dict[str, dict[str, float]]) -> str:
    statements = sum(1 for _ in dump.open(encoding="utf-8"))
    ours, theirs = (statistics.median(starts[name]) for name in ("crmgraph", "rdflib-endpoint"))
    ratios = [row["rdflib-endpoint"] / row["crmgraph"] for row in medians.values()]
    rows = "\n".join(
        f"| `{name}` | {row['crmgraph'] * 1000:.1f} | {row['rdflib-endpoint'] * 1000:.1f} "
        f"| {row['rdflib-endpoint'] / row['crmgraph']:.1f} |"
        for name, row in medians.items()
    )
    return f"""# Benchmarks

`make bench` measures all of this in one run and writes this page. Both endpoints serve the same dump of
{statements:,} statements, one after the other or side by side, to one client on the same machine. A figure is one
machine's on one day; the ratio within a row is what counts.

Measured with Python {platform.python_version()} on {os.cpu_count()} processors: crmgraph with pyoxigraph \
{version("pyoxigraph")}, rdflib-endpoint {version("rdflib-endpoint")} with rdflib {version("rdflib")} in memory.

| what | crmgraph | rdflib-endpoint | rdflib-endpoint / crmgraph |
|---|---|---|---|
| from the command to the first answer, on a built dataset (s, median of {STARTS}) | {ours:.2f} | {theirs:.2f} \
| {theirs / ours:.1f} |
| `crmgraph build`, from the document to the checked dataset (s) | {built:.1f} | | |

The library's questions over HTTP, as CSV, one client (ms, median of {ROUNDS}):

| question | crmgraph | rdflib-endpoint | rdflib-endpoint / crmgraph |
|---|---|---|---|
{rows}

Geometric mean of the ratios: {statistics.geometric_mean(ratios):.1f}; the least: {min(ratios):.1f}.
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="crmgraph-bench-"))
    try:
        built, dump = build_time(folder / "build")
        peers = (crmgraph(folder / "build"), rdflib_endpoint(dump))
        page = report(built, dump, start_times(peers), latencies(peers))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    REPORT.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
