"""Random updates and queries with random datasets, whose results over HTTP must equal those of the engine itself."""

from collections import Counter
from pathlib import Path
from random import Random
from typing import cast

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from tests.support.stores import EX
from tests.support.writable import BEARER, writable_client

PREFIX = f"PREFIX : <{EX}> "
GRAPHS = [f"{EX}{name}" for name in ("a", "b", "c", "empty")]
SELECT = "SELECT ?x ?y ?z ?g ?n1 ?n2"
STATE = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"


def triple(random: Random, *variables: str) -> str:
    subject = random.choice((":s", ":t", ":u", *variables))
    value = random.choice((":s", ":t", "1", "2.50", '"tú"@es', '"1"', "true", *variables))
    return f"{subject} {random.choice((':p', ':q'))} {value}"


def in_graph(random: Random, *variables: str) -> str:
    return f"GRAPH <{random.choice(GRAPHS)}> {{ {triple(random, *variables)} . {triple(random, *variables)} }}"


def update(random: Random) -> str:
    a, b = (f"<{graph}>" for graph in random.sample(GRAPHS, 2))
    where = random.choice((f"GRAPH ?g {{ {triple(random, '?s', '?o')} }}", triple(random, "?s", "?o")))
    using = random.choice(("", "", f"USING {a}", f"USING NAMED {a} USING NAMED {b}", f"USING {a} USING NAMED {b}"))
    template = f"GRAPH <{random.choice(GRAPHS)}> {{ {random.choice((':s', '?s'))} :q {random.choice(('?o', '1'))} }}"
    return random.choice(
        (
            f"INSERT DATA {{ {in_graph(random)} {in_graph(random)} }}",
            f"DELETE DATA {{ {in_graph(random)} }}",
            f"DELETE WHERE {{ {in_graph(random, '?s', '?o')} }}",
            f"INSERT {{ {template} }} {using} WHERE {{ {where} }}",
            f"DELETE {{ {template} }} INSERT {{ {in_graph(random)} }} {using} WHERE {{ {where} }}",
            f"WITH {a} DELETE {{ ?s ?p ?o }} INSERT {{ ?o :p 1 }} WHERE {{ ?s ?p ?o FILTER isIRI(?o) }}",
            f"{random.choice(('COPY', 'MOVE', 'ADD'))} SILENT {a} TO {b}",
            f"{random.choice(('CLEAR', 'DROP', 'CREATE'))} SILENT GRAPH {a}",
        )
    )


def group(random: Random, depth: int = 2) -> str:
    def inner() -> str:
        return group(random, depth - 1)

    variables = ("?x", "?y", "?z")
    simple = [
        triple(random, *variables),
        f"{triple(random, *variables)} . {triple(random, *variables)}",
        f"GRAPH ?g {{ {triple(random, *variables)} }}",
        f"GRAPH <{random.choice(GRAPHS)}> {{ {triple(random, *variables)} }}",
        f"?x {random.choice((':p/:q', ':p|:q', ':p+', '^:p', '!:p', ':p?', ':q*'))} {random.choice(variables)}",
        f"{triple(random, *variables)} FILTER(?x {random.choice(('=', '!=', '<'))} {random.choice(('1', '?y', ':s'))})",
    ]
    if not depth or random.random() < 0.4:
        return random.choice(simple)
    return random.choice(
        (
            f"{{ {inner()} }} UNION {{ {inner()} }}",
            f"{inner()} OPTIONAL {{ {inner()} }}",
            f"{inner()} MINUS {{ {inner()} }}",
            f"{inner()} FILTER NOT EXISTS {{ {inner()} }}",
            f"VALUES ?x {{ :s 1 }} {inner()}",
            f"{{ SELECT ?x (COUNT(*) AS ?n{depth}) {{ {inner()} }} GROUP BY ?x }}",
        )
    )


def dataset(store: Store, default: list[str], named: list[str]) -> Store:
    """Return the dataset of a query; without dataset clauses, all named graphs, and their union as default graph."""
    is_named = bool(default or named)
    graphs = [str(graph.value) for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    asked = Store()
    for graph in named if is_named else graphs:
        asked.add_graph(NamedNode(graph))
        asked.extend(store.quads_for_pattern(None, None, None, NamedNode(graph)))
    for graph in default if is_named else graphs:
        found = store.quads_for_pattern(None, None, None, NamedNode(graph))
        asked.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in found)
    if not is_named:
        asked.extend(store.quads_for_pattern(None, None, None, DefaultGraph()))
    return asked


def rows(data: bytes) -> Counter[bytes]:
    return Counter(data.split(b"\n")[1:-1])


def in_process(store: Store, text: str) -> Counter[bytes]:
    found = cast(QuerySolutions, store.query(PREFIX + text)).serialize(format=QueryResultsFormat.TSV)
    return rows(found or b"")


def over_http(client: httpx.Client, text: str, **parameters: list[str]) -> Counter[bytes]:
    response = client.get(
        "/sparql", params={"query": PREFIX + text, **parameters}, headers={"Accept": "text/tab-separated-values"}
    )
    assert response.status_code == 200, (text, response.text)
    return rows(response.content)


def question(random: Random) -> tuple[str, list[str], list[str]]:
    """Return a random group graph pattern, and the default and named graphs of the dataset."""
    default, named = (random.sample(GRAPHS, random.choice((0, 0, 1, 2))) for _ in range(2))
    return group(random), default, named


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(4))
def test_random_questions_of_random_data(tmp_path: Path, seed: int) -> None:
    random, store = Random(seed), Store()
    with writable_client(tmp_path) as client:
        for number in range(60):
            text = PREFIX + (
                "DROP ALL" if not number else " ; ".join(update(random) for _ in range(random.choice((1, 3))))
            )
            headers = {"Content-Type": "application/sparql-update", **BEARER}
            response = client.post("/sparql", content=text.encode(), headers=headers)
            assert response.is_success, (text, response.text)
            store.update(text)
            assert over_http(client, STATE) == in_process(store, STATE), text
            for _ in range(25):
                pattern, default, named = question(random)
                wanted = in_process(dataset(store, default, named), f"{SELECT} {{ {pattern} }}")
                sources = "".join(f"FROM <{each}> " for each in default)
                sources += "".join(f"FROM NAMED <{each}> " for each in named)
                assert over_http(client, f"{SELECT} {sources} {{ {pattern} }}") == wanted, (pattern, default, named)
                graphs = {"default-graph-uri": default, "named-graph-uri": named}
                assert over_http(client, f"{SELECT} {{ {pattern} }}", **graphs) == wanted, (pattern, default, named)
