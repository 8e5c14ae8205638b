"""Runs tests of the SPARQL and RDF suites on a server, whose address is the base of all IRIs, and judges the result.

The dataset of a query is given by protocol parameters, because the server's default graph is the union of all graphs.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import httpx
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse
from rdflib import Graph

from crmgraph.sparql.syntax import TokenKind, tokenize
from crmgraph.store.changes import token_digest
from crmgraph.store.generations import Generations
from tests.conformance.manifests import REFUSED, Case, Dataset, graph_names, quads
from tests.conformance.results import RDF_FORMATS, SUFFIXES, are_same, read_answer
from tests.support.literal_triples import encoded_triples, graph_as_written
from tests.support.servers import BEARER, TOKEN, running_server

_TYPES = {".ttl": "text/turtle", ".nt": "application/n-triples", ".rdf": "application/rdf+xml"}
_TABLES = "application/sparql-results+json"


@contextmanager
def writable_server(build: Path, folder: Path) -> Iterator[httpx.Client]:
    """Run `crmgraph serve` with an empty store in the new folder `folder`, and yield a client that may write."""
    Generations.create(folder)
    writers = f'[{{"name": "tester", "token": "{token_digest(TOKEN)}"}}]'
    with (
        patch.dict("os.environ", CRMGRAPH_WRITERS=writers),
        httpx.Client(headers=BEARER, trust_env=False, timeout=300) as client,
        running_server(build, "--store", str(folder), "--workers", "1", "--timeout", "300") as url,
    ):
        client.base_url = httpx.URL(url)
        yield client


@dataclass
class Trial:
    """A server on which tests are run."""

    client: httpx.Client

    def is_right(self, case: Case) -> bool:
        """Return whether a test passes. A test that queries another service passes if the query is refused."""
        if case.folder in REFUSED:
            return self._problem(case) == "query-refused"
        if case.sort == "rdf":
            return self._parses(case)
        if "SyntaxTest" in case.kind:
            return (self._problem(case) == "query-syntax") is case.kind.startswith("Negative")
        return self._updates(case) if case.is_update else self._answers(case)

    def _url(self, path: str) -> str:
        return f"{str(self.client.base_url).rstrip('/')}/{path}"

    def _problem(self, case: Case) -> str:
        """Return the type of the problem document with which the server answers; empty for a success."""
        text = case.text.read_bytes()
        kind = "update" if case.is_update else "query"
        response = self.client.post(
            "/sparql", content=text, headers={"Content-Type": f"application/sparql-{kind}", "Accept": "*/*"}
        )
        return "" if response.is_success else str(response.json()["type"]).rpartition("/")[2]

    def load(self, cases: Iterable[Case]) -> None:
        """Insert the data of all queries by one update. Tests with updates remove them."""
        places: dict[str, Path] = {}
        for case in cases:
            if case.result is not None and not case.is_update and case.sort != "rdf":
                for name, file in itertools.chain(*self._places(case)):
                    assert places.setdefault(name, file) == file, f"{name} is of two tests"
        graphs = (
            f"GRAPH <{name}> {{ {_statements(file, self._url(file.name), name)} }}" for name, file in places.items()
        )
        self._update(f"INSERT DATA {{ {' '.join(graphs)} }}").raise_for_status()

    def _answers(self, case: Case) -> bool:
        assert case.result is not None
        text = case.text.read_text(encoding="utf-8")
        base, media_type = self._url("sparql"), SUFFIXES[case.result.suffix[1:]]
        is_ordered = _is_ordered(text)
        expected = read_answer(case.result.read_bytes(), media_type, base=base, is_ordered=is_ordered)
        named, default = self._places(case)
        words = _words(text)
        # A query with FROM clauses needs no parameters.
        parameters = {} if "FROM" in words else {
            "default-graph-uri": [name for name, _ in default] or [self._url("nothing")],
            "named-graph-uri": [name for name, _ in named],
        }  # fmt: skip
        form = next(word for word in words if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
        accept = _TABLES if form in ("SELECT", "ASK") and media_type in RDF_FORMATS else media_type
        response = self.client.post(
            "/sparql", params=parameters, content=text.encode(),
            headers={"Content-Type": "application/sparql-query", "Accept": accept},
        )  # fmt: skip
        if not response.is_success:
            return False
        return are_same(read_answer(response.content, accept, base=base, is_ordered=is_ordered), expected)

    def _places(self, case: Case) -> tuple[list[tuple[str, Path]], list[tuple[str, Path]]]:
        """Return the named graphs and default graphs of a query, as pairs of name (unique if not given) and file."""
        prefix = "" if "FROM" in _words(case.text.read_text(encoding="utf-8")) else f"{case.folder}-"
        named = [(name if quads(file) else self._url(name), file) for name, file in case.before.named]
        return named, [(self._url(f"{prefix}{file.name}"), file) for file in case.before.default]

    def _updates(self, case: Case) -> bool:
        """Return whether an update test passes, after its data have replaced all others."""
        before = [("", file) for file in case.before.default] + list(case.before.named)
        self._update("; ".join(["DROP ALL", *(self._insertion(*each) for each in before)])).raise_for_status()
        return self._update(case.text.read_text(encoding="utf-8")).is_success and self._holds(case.after)

    def _update(self, text: str) -> httpx.Response:
        return self.client.post("/sparql", content=text.encode(), headers={"Content-Type": "application/sparql-update"})

    def _insertion(self, name: str, file: Path) -> str:
        """Return an update that creates a graph with the triples of a file. An empty name means the default graph."""
        statements = _statements(file, name or self._url("graphs"), name)
        data = f"INSERT DATA {{ GRAPH <{name}> {{ {statements} }} }}" if name else f"INSERT DATA {{ {statements} }}"
        return f"CREATE SILENT GRAPH <{name}>; {data}" if name else data

    def _holds(self, expected: Dataset) -> bool:
        """Return whether the store contains exactly these graphs, apart from empty ones."""
        graphs: dict[str, list[Path]] = {"": list(expected.default)}
        for name, file in expected.named:
            graphs.setdefault(name, []).append(file)
        listed = self.client.post(
            "/sparql", data={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"}, headers={"Accept": _TABLES}
        ).json()
        names = {row["g"]["value"] for row in listed["results"]["bindings"]}
        return names <= set(graphs) and all(self._is_there(name, files) for name, files in graphs.items())

    def _is_there(self, name: str, files: list[Path]) -> bool:
        response = self.client.get(
            "/graphs", params={"graph": name} if name else {"default": ""}, headers={"Accept": "application/n-triples"}
        )
        found = graph_as_written(response.content if response.is_success else b"", RdfFormat.N_TRIPLES)
        wanted = Graph()
        base = name or self._url("graphs")
        for file in files:
            for triple in encoded_triples(_triples(file, base, name)):
                wanted.add(triple)
        return are_same(found, wanted)

    def _parses(self, case: Case) -> bool:
        """Return whether the Graph Store Protocol takes RDF if it is valid, and has then the expected triples."""
        graph = {"graph": f"{case.iri.partition('#')[0]}/{case.text.name}"}
        headers = {"Content-Type": _TYPES[case.text.suffix]}
        response = self.client.put("/graphs", params=graph, content=case.text.read_bytes(), headers=headers)
        if "Negative" in case.kind:
            return response.status_code == 400
        if case.result is None or not response.is_success:
            return response.is_success
        found = self.client.get("/graphs", params=graph, headers={"Accept": "application/n-triples"})
        wanted = graph_as_written(case.result.read_bytes(), RdfFormat.N_TRIPLES)
        return are_same(graph_as_written(found.content, RdfFormat.N_TRIPLES), wanted)


def _statements(file: Path, base: str, graph: str) -> str:
    return " .\n".join(str(triple) for triple in _triples(file, base, graph))


def _triples(file: Path, base: str, graph: str) -> Iterator[Triple]:
    """Yield the triples of a file; of a TriG file, those of a named graph, or of the default graph if it has none."""
    named = NamedNode(graph) if graph in graph_names(file) else DefaultGraph()
    parsed = quads(file) or parse(path=file, base_iri=base, rename_blank_nodes=True)
    return (quad.triple for quad in parsed if quad.graph_name == named)


def _words(text: str) -> list[str]:
    return [token.text.upper() for token in tokenize(text) if token.kind is TokenKind.WORD]


def _is_ordered(query: str) -> bool:
    """Return whether the query has ORDER BY outside of all braces."""
    outermost = query
    while (without := re.sub(r"\{[^{}]*\}", "", outermost)) != outermost:
        outermost = without
    return re.search(r"\border\s+by\b", outermost, re.IGNORECASE) is not None
