"""Measures crmgraph beside owlrl and pySHACL, and the site as people use it. It writes docs/benchmarks.md:

    python -m tests.bench [build] [inference] [checks] [searching] [painting]

A section can be measured by itself; without a name all are. Each figure is of this machine on this day; the ratios
within a row are what counts. How fast questions are answered beside other endpoints, `python -m tests.bench.service`
measures.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import httpx

from crmgraph.building.manifest import Manifest, read_manifest
from crmgraph.namespaces import Names
from crmgraph.store import DUMP
from tests.bench.graphs import checks, inference, table
from tests.bench.site import painting, searching
from tests.support.servers import crmgraph_command, running_server

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
SECTIONS = {
    "build": "",
    "inference": "Inference",
    "checks": "Checking",
    "searching": "Searching",
    "painting": "Pages",
}
"""What is measured, in the order of the page, and the headings under which it stands there."""
STARTS = 5
ASK = "SELECT (COUNT(*) AS ?n) WHERE { ?x a <https://w3id.org/crmgraph/ontology#Objective> }"


def build_time(folder: Path) -> tuple[float, Manifest]:
    """The seconds of a build from nothing, and what it made."""
    began = time.perf_counter()
    subprocess.run([*crmgraph_command(), "build", "--build", str(folder)], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    manifest = read_manifest(folder)
    assert manifest is not None
    return seconds, manifest


def start_time(build: Path) -> float:
    """The median seconds from the start of a server to its first answer."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with running_server(build) as address:
            httpx.post(f"{address}/sparql", data={"query": ASK}, timeout=60, trust_env=False).raise_for_status()
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def head(built: float, started: float, manifest: Manifest) -> str:
    """The beginning of the page."""
    space = Names().graph("")
    graphs = [f"| `{name.removeprefix(space)}` | {size:,} |" for name, size in manifest.graphs.items()]
    return f"""# Benchmarks

`make bench` measures all of this and writes this page; how fast questions are answered, and beside whom, is in
[benchmarks-service.md](benchmarks-service.md). A figure is one machine's on one day; the ratio within a row is what
counts.

Measured with Python {platform.python_version()} on {os.cpu_count()} processors: crmgraph with pyoxigraph \
{version("pyoxigraph")} and rdflib {version("rdflib")}.

| what | s |
|---|---|
| `crmgraph build`, from the document to the checked dataset of {sum(manifest.graphs.values()):,} statements | \
{built:.1f} |
| `crmgraph serve`, from the command to the first answer, on a built dataset (median of {STARTS}) | {started:.2f} |

What the built dataset holds:

| graph | statements |
|---|---|
{table(graphs)}
"""


def main(names: Sequence[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="crmgraph-bench-"))
    build = folder / "build"
    first, *others = REPORT.read_text(encoding="utf-8").split("\n## ")
    sections = {"": first, **{each.partition("\n")[0]: f"\n## {each}" for each in others}}
    try:
        built, manifest = build_time(build)
        place = manifest.folder(build)
        measure: dict[str, Callable[[], str]] = {
            "build": lambda: head(built, start_time(build), manifest),
            "inference": lambda: inference(place / DUMP),
            "checks": lambda: checks(place / DUMP),
            "searching": lambda: searching(build, place),
            "painting": lambda: painting(build),
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
