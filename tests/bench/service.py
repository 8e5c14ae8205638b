"""Compares query rates with Oxigraph and Virtuoso (by `wrk`), and writes docs/benchmarks-service.md.

`python -m tests.bench.service [--earlier CHECKOUT]`. With the checkout of an earlier release, Oxigraph also answers the
questions of that release, as they were written then, over its dataset.
"""

import argparse
import os
import platform
import re
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import NamedTuple

import httpx

from crmgraph.files import resource
from crmgraph.namespaces import Names
from tests.bench.peers import ALLOCATOR, ON_DISK, OURS, PRELOADED, UNCACHED, Dataset, copies, peers, real, served
from tests.bench.rates import LONGEST, Rate, rate

REPORT = Path(__file__).parents[2] / "docs" / "benchmarks-service.md"
CLIENTS = (1, 16)
COPIES = 17
ALL_OURS = (OURS, UNCACHED, *([PRELOADED] if ALLOCATOR else []))
SERVERS = (*ALL_OURS, *peers())
EARLIER = "oxigraph serve, questions of {version}"
LABEL, PART_OF = "<http://www.w3.org/2000/01/rdf-schema#label>", "<http://purl.org/dc/terms/isPartOf>"
PLAN = f"<{Names().id('plan/crm')}"
SHAPES = {
    "look-up": f"SELECT ?p ?o {{ {PLAN}/pgm/7.1.1> ?p ?o }}",
    "join": f"SELECT ?a ?b ?name {{ ?a {PART_OF} ?b . ?b {PART_OF} {PLAN}/pgm> . ?a {LABEL} ?name }}",
    "aggregate": "SELECT ?type (COUNT(DISTINCT ?x) AS ?n) { ?x a ?type } GROUP BY ?type ORDER BY DESC(?n)",
    "path": f"SELECT ?a {{ ?a {PART_OF}+ {PLAN}/pgm> }}",
    "text filter": f'SELECT ?x ?name {{ ?x {LABEL} ?name FILTER CONTAINS(LCASE(STR(?name)), "repatria") }}',
    "large CONSTRUCT": f"CONSTRUCT {{ ?x {LABEL} ?name }} WHERE {{ ?x {LABEL} ?name }}",
}
Rates = dict[tuple[str, str, int], Rate | None]


class Asked(NamedTuple):
    """A server with its data and the texts of the queries for it."""

    server: str
    data: Dataset
    queries: Mapping[str, str]


class Measured(NamedTuple):
    """The rate of each server for each query, over a dataset of a certain size."""

    title: str
    size: int
    queries: Mapping[str, str]
    rates: Rates
    servers: Sequence[str]


def library(folder: Path) -> dict[str, str]:
    """Return the text of each question in a folder, by name."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.rq"))}
    return {name: "".join(re.findall(r"^(?!#).*\n", text, re.MULTILINE)) for name, text in texts.items()}


def earlier_release(checkout: Path, folder: Path) -> dict[str, Asked]:
    """Return Oxigraph with the questions of an earlier release and its dataset, under the name of the release."""
    release = re.search(r'__version__ = "(.*)"', (checkout / "crmgraph/__init__.py").read_text(encoding="utf-8"))
    name = EARLIER.format(version=release[1] if release else checkout.name)
    return {name: Asked(ON_DISK, real(folder / "earlier", checkout), library(checkout / "queries"))}


def measure(
    title: str, data: Dataset, queries: Mapping[str, str], folder: Path, more: Mapping[str, Asked] | None = None
) -> Measured:
    """Measure the rate of each server for each query. Rates are by server, query and number of clients.

    All servers run, and take turns, so that a machine whose speed changes is as fast for each of them.
    """
    found, asked = Rates(), {name: Asked(name, data, queries) for name in SERVERS} | dict(more or {})
    with ExitStack() as stack:
        servers = {name: (stack.enter_context(ExitStack()), each) for name, each in asked.items()}
        urls = {name: own.enter_context(served(each.server, each.data)) for name, (own, each) in servers.items()}
        for query, clients, name in product(queries, CLIENTS, servers):
            own, each = servers[name]
            try:
                said = rate(urls[name], each.queries[query], clients, folder) if query in each.queries else None
            except httpx.TimeoutException:
                said = Rate(clients / LONGEST, is_bound=True)
            sys.stderr.write(f"{name}, {query}, {clients}: {said}\n")
            found[name, query, clients] = said
            if said is not None and said.is_bound:
                # A query on another server cannot be cancelled, so the server is restarted.
                own.close()
                urls[name] = own.enter_context(served(each.server, each.data))
    return Measured(title, data.size, queries, found, list(servers))


def table(measured: Measured, clients: int) -> str:
    """Return a table with a row for each query, and the means of the ratios."""
    rates, servers = measured.rates, measured.servers
    rows = [
        f"| `{query}` | {' | '.join(shown(rates.get((name, query, clients))) for name in servers)} |"
        for query in measured.queries
    ]
    head = f"| question | {' | '.join(servers)} |\n|---|{'---:|' * len(servers)}"
    return "\n".join([head, *rows, "", means(measured, clients)])


def shown(said: Rate | None) -> str:
    if said is None:
        return "no answer"
    return f"{'< ' if said.is_bound else ''}{said.answers:,.{0 if said.answers >= 100 else 1}f}"


def means(measured: Measured, clients: int) -> str:
    """Return the geometric means of the ratios of our rates to those of each other server."""
    said, found, queries = [], measured.rates, measured.queries
    for peer in measured.servers[len(ALL_OURS) :]:
        for ours in ALL_OURS:
            ratios = [
                one.answers / other.answers
                for query in queries
                if (one := found[ours, query, clients]) and (other := found.get((peer, query, clients)))
            ]
            figures = f"{statistics.geometric_mean(ratios):.2f} | {min(ratios):.2f}" if ratios else "– | –"
            said.append(f"| {ours} / {peer} | {figures} | {len(ratios)} of {len(queries)} |")
    return "\n".join(["| ratio | geometric mean | least | questions |", "|---|---:|---:|---:|", *said])


def report(measured: Sequence[Measured]) -> str:
    parts = [
        f"""# Benchmarks of the service

`python -m tests.bench.service` measures all of this in one run and writes this page. Figures are answers a second,
more is better; each server has the same statements, and `wrk` asks one at a time. A figure is one machine's on one
day; the ratio within a row is what counts. `<` says that no answer came within {LONGEST} s, so
that the rate is lower than that; *no answer* is an error. mimalloc is the
allocator that [operations](operations.md) recommends.

Measured with Python {platform.python_version()} on {os.cpu_count()} processors: crmgraph with pyoxigraph \
{version("pyoxigraph")}, Oxigraph's server {version("pyoxigraph")}.
"""
    ]
    for each in measured:
        for clients in CLIENTS:
            crowd = "one client" if clients == 1 else f"{clients} clients"
            head = f"## {each.title}, {each.size:,} statements, {crowd}"
            parts.append(f"{head}\n\n{table(each, clients)}\n")
    return "\n".join(parts)


def main(earlier: Path | None = None) -> None:
    with tempfile.TemporaryDirectory(prefix="crmgraph-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        data = real(folder)
        more = earlier_release(earlier, folder) if earlier else None
        measured = [measure("The library's questions", data, library(resource("queries")), folder, more)]
        for each in (data, copies(data, COPIES, folder)):
            measured.append(measure("Six shapes of queries", each, SHAPES, folder))
    page = report(measured)
    REPORT.write_text(page, encoding="utf-8")
    sys.stdout.write(page)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--earlier", type=Path, help="the checkout of an earlier release")
    main(parser.parse_args().earlier)
