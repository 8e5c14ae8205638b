"""Measures crmgraph beside rdflib-endpoint, owlrl and pySHACL on the same dump.

It writes docs/benchmarks.md:

    python -m tests.bench [answers] [inference] [checks] [reconciling] [searching] [painting]

The checks alone take pySHACL an hour and more, so a section can be measured by itself; without a name all are. Each
figure is of this machine on this day; the ratios within a row are what counts.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from crmgraph.building import Manifest, read_manifest
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from crmgraph.storing import DUMP
from tests.bench.checks import checks, checks_report
from tests.bench.closures import Closed, closures
from tests.bench.painting import painted, painting_report
from tests.bench.reconciling import reconciled, reconciling_report
from tests.bench.searching import searched, searching_report
from tests.support.servers import crmgraph_command, free_port

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
SECTIONS = {
    "answers": "",
    "inference": "Inference",
    "checks": "Checking",
    "reconciling": "Reconciling",
    "searching": "Searching",
    "painting": "Pages",
}
"""What is measured, in the order of the page, and the headings under which it stands there."""
ROUNDS = 15
SLOW, SLOW_ROUNDS = 1.0, 3
LONGEST = 30.0
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


def ask(address: str, query: str) -> bytes:
    request = urllib.request.Request(
        address,
        urllib.parse.urlencode({"query": query}).encode(),
        {"Accept": "text/csv", "Content-Type": "application/x-www-form-urlencoded"},
    )
    with urllib.request.urlopen(request, timeout=LONGEST) as answer:
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
        process.kill()
        process.wait(20)


def start_times(peers: tuple[Peer, ...]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for _ in range(STARTS):
        for peer in peers:
            with started(peer) as (_, seconds):
                times[peer.name].append(seconds)
    return times


def latencies(peers: tuple[Peer, ...]) -> dict[str, dict[str, float]]:
    """The median seconds of each library question at each peer, asked by one client; LONGEST where it takes longer."""
    questions = {name: question.text for name, question in load_library(resource("queries"), Names()).items()}
    medians: dict[str, dict[str, float]] = {name: {} for name in questions}
    for peer in peers:
        waiting = list(questions)
        # Nothing ends a query of a peer but its own end: it is started again after one that takes too long.
        while waiting:
            with started(peer) as (address, _):
                while waiting:
                    name = waiting.pop(0)
                    medians[name][peer.name] = median(address, questions[name])
                    if medians[name][peer.name] >= LONGEST:
                        break
    return medians


def median(address: str, text: str) -> float:
    times: list[float] = []
    while len(times) < (SLOW_ROUNDS if times and times[0] > SLOW else ROUNDS):
        began = time.perf_counter()
        try:
            ask(address, text)
        except TimeoutError:
            return LONGEST
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def build_time(folder: Path) -> tuple[float, Manifest]:
    """The seconds of a build from nothing, and what it made."""
    began = time.perf_counter()
    subprocess.run([*crmgraph_command(), "build", "--build", str(folder)], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    manifest = read_manifest(folder)
    assert manifest is not None
    return seconds, manifest


def inference_report(manifest: Manifest, closed: list[Closed]) -> str:
    times = "\n".join(
        f"| {each.name} | {each.statements:,} | {each.closed:,} | {each.ours:.2f} | {each.theirs:.1f} "
        f"| {each.theirs / each.ours:.0f} |"
        for each in closed
    )
    space = Names().graph("")
    graphs = "\n".join(f"| `{name.removeprefix(space)}` | {size:,} |" for name, size in manifest.graphs.items())
    return f"""
## Inference

The closure by the rules of OWL 2 RL ([inference.md](inference.md)), in memory, beside owlrl {version("owlrl")} (s, once
each). The second graph has the things of the real one several times over, under other names, and one ontology:

| graph | statements | when closed | crmgraph | owlrl | owlrl / crmgraph |
|---|---|---|---|---|---|
{times}

What the built dataset holds:

| graph | statements |
|---|---|
{graphs}
"""


def over(seconds: float) -> str:
    return "> " if seconds >= LONGEST else ""


def report(
    built: float, manifest: Manifest, starts: dict[str, list[float]], medians: dict[str, dict[str, float]]
) -> str:
    statements = sum(manifest.graphs.values())
    ours, theirs = (statistics.median(starts[name]) for name in ("crmgraph", "rdflib-endpoint"))
    ratios = [row["rdflib-endpoint"] / row["crmgraph"] for row in medians.values()]
    rows = "\n".join(
        f"| `{name}` | {ours * 1000:.1f} | {over(theirs)}{theirs * 1000:.1f} | {over(theirs)}{theirs / ours:.1f} |"
        for name, row in medians.items()
        for ours, theirs in [(row["crmgraph"], row["rdflib-endpoint"])]
    )
    return f"""# Benchmarks

`make bench` measures all of this and writes this page. Both endpoints serve the same dump of
{statements:,} statements, one after the other, to one client on the same machine. A figure is one
machine's on one day; the ratio within a row is what counts.

Measured with Python {platform.python_version()} on {os.cpu_count()} processors: crmgraph with pyoxigraph \
{version("pyoxigraph")}, rdflib-endpoint {version("rdflib-endpoint")} with rdflib {version("rdflib")} in memory.

| what | crmgraph | rdflib-endpoint | rdflib-endpoint / crmgraph |
|---|---|---|---|
| from the command to the first answer, on a built dataset (s, median of {STARTS}) | {ours:.2f} | {theirs:.2f} \
| {theirs / ours:.1f} |
| `crmgraph build`, from the document to the checked dataset (s) | {built:.1f} | | |

The library's questions over HTTP, as CSV, one client (ms, median of {ROUNDS}, of {SLOW_ROUNDS} where an answer takes
more than {SLOW:.0f} s; none is waited for longer than {LONGEST:.0f} s):

| question | crmgraph | rdflib-endpoint | rdflib-endpoint / crmgraph |
|---|---|---|---|
{rows}

Geometric mean of the ratios: {statistics.geometric_mean(ratios):.1f}; the least: {min(ratios):.1f}.
"""


def main(names: Sequence[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="crmgraph-bench-"))
    first, *others = REPORT.read_text(encoding="utf-8").split("\n## ")
    sections = {"": first, **{each.partition("\n")[0]: f"\n## {each}" for each in others}}
    try:
        built, manifest = build_time(folder / "build")
        dump = manifest.folder(folder / "build") / DUMP
        peers = (crmgraph(folder / "build"), rdflib_endpoint(dump))
        measure: dict[str, Callable[[], str]] = {
            "answers": lambda: report(built, manifest, start_times(peers), latencies(peers)),
            "inference": lambda: inference_report(manifest, closures(dump)),
            "checks": lambda: checks_report(checks(dump)),
            "reconciling": lambda: reconciling_report(*reconciled(folder / "build", dump.parent)),
            "searching": lambda: searching_report(searched(folder / "build", dump.parent)),
            "painting": lambda: painting_report(painted(folder / "build")),
        }
        for name in names or SECTIONS:
            sections[SECTIONS[name]] = measured = measure[name]()
            # One that was never measured is not there yet.
            REPORT.write_text("".join(sections.get(each, "") for each in SECTIONS.values()), encoding="utf-8")
            sys.stdout.write(measured)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
