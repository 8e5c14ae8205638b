"""Measures the build, the pages, inference (beside owlrl) and checks (beside pySHACL); writes docs/benchmarks.md."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import httpx

from crmgraph.building.manifest import Manifest, read_manifest
from crmgraph.namespaces import Names
from crmgraph.store import DUMP
from tests.bench.graphs import checks, inference
from tests.bench.pages import first_contents
from tests.support.servers import crmgraph_command, running_server

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
STARTS = 5
ASK = "SELECT (COUNT(*) AS ?n) WHERE { ?x a <https://w3id.org/crmgraph/ontology#Objective> }"


def start_time(build: Path) -> float:
    """Return the median time from the start of a server to its first response, in seconds."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with running_server(build) as address:
            httpx.post(f"{address}/sparql", data={"query": ASK}, timeout=60, trust_env=False).raise_for_status()
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def head(built: float, started: float, manifest: Manifest) -> str:
    space = Names().graph("")
    graphs = "\n".join(f"| `{name.removeprefix(space)}` | {size:,} |" for name, size in manifest.graphs.items())
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
{graphs}
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="crmgraph-bench-") as folder:
        build = Path(folder) / "build"
        began = time.perf_counter()
        subprocess.run([*crmgraph_command(), "build", "--build", str(build)], check=True, stdout=subprocess.DEVNULL)
        built, manifest = time.perf_counter() - began, read_manifest(build)
        assert manifest is not None
        dump = manifest.folder(build) / DUMP
        page = head(built, start_time(build), manifest) + inference(dump) + checks(dump) + first_contents(build)
    REPORT.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
