"""Clients that we did not write, each asking a question of the library at a real server."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from crmgraph.files import resource
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from tests.support.servers import running_server

QUESTION = load_library(resource("queries"), Names())["theme-counts"].text
EXPECTED = [("11", "17", "22"), ("5", "11", "14"), ("4", "5", "5")]
COLUMNS = ("objectives", "actions", "activities")
COMUNICA = os.environ.get("CRMGRAPH_COMUNICA") or shutil.which("comunica-sparql")


@pytest.fixture(scope="module")
def address(build_folder: Path) -> Iterator[str]:
    with running_server(build_folder) as url:
        yield url


def test_sparqlwrapper(address: str) -> None:
    for method in ("GET", POST):
        wrapper = SPARQLWrapper(f"{address}/sparql", returnFormat=JSON)
        wrapper.setMethod(method)
        wrapper.setQuery(QUESTION)
        answer = wrapper.queryAndConvert()
        assert isinstance(answer, dict)
        rows = answer["results"]["bindings"]
        assert [tuple(row[column]["value"] for column in COLUMNS) for row in rows] == EXPECTED
    part = "https://w3id.org/crmgraph/id/plan/crm/pgm/7.1.1"
    wrapper = SPARQLWrapper(f"{address}/sparql", returnFormat=TURTLE)
    wrapper.setQuery(f"DESCRIBE <{part}>")
    answer = wrapper.queryAndConvert()
    assert isinstance(answer, bytes)
    assert (URIRef(part), None, None) in Graph().parse(data=answer, format="turtle")


def test_rdflib_sparqlstore(address: str) -> None:
    graph = Graph(SPARQLStore(f"{address}/sparql", returnFormat="json"))
    rows = [row.asdict() for row in graph.query(QUESTION)]  # type: ignore[union-attr]
    assert [tuple(str(row[column]) for column in COLUMNS) for row in rows] == EXPECTED


@pytest.mark.drill
@pytest.mark.skipif(
    COMUNICA is None, reason="comunica-sparql is not installed (CRMGRAPH_COMUNICA or the PATH names it)"
)
def test_comunica(address: str, tmp_path: Path) -> None:
    file = tmp_path / "question.rq"
    file.write_text(QUESTION, encoding="utf-8")
    done = subprocess.run(
        [str(COMUNICA), f"{address}/sparql", "-f", str(file), "-t", "application/sparql-results+json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert [tuple(row[column]["value"] for column in COLUMNS) for row in rows] == EXPECTED
