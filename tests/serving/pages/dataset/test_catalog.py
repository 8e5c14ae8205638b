"""The catalogue as people read it."""

import pytest
from httpx import Client

from crmgraph.site import Site
from crmgraph.site.dataset.catalog import catalog
from tests.support.pages import having, links, read_page, text


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        (
            "es",
            "Grafo de conocimiento del Plan de Acción",
            ["Condiciones de uso", "fecha de publicación", "Sus grafos", "Datos de referencia"],
        ),
        ("en", "Knowledge graph of the Plan of Action", ["Terms of use", "issued on", "Its graphs", "Reference data"]),
    ],
)
def test_it_says_what_the_dataset_is(client: Client, language: str, title: str, words: list[str]) -> None:
    page = read_page(client.get(f"/{language}/void").text)
    assert text(next(page.iter("h1"))).startswith(title)
    assert all(each in text(page) for each in words)
    assert "https://creativecommons.org/licenses/by/4.0/" in links(page).values()
    assert {"/dump.nq.gz", "/sparql", f"/{language}/graph/plan/crm", "/void.ttl"} <= set(links(page).values())


def test_it_counts_the_statements_of_each_graph(client: Client, site: Site) -> None:
    rows = site.select("SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph")
    counted = {row["graph"].value: int(row["n"].value) for row in rows}
    found = catalog(site, "en")
    assert found is not None
    assert {entry.iri: entry.triples for entry in found.graphs} == counted
    assert sum(counted.values()) == found.triples
    page = read_page(client.get("/en/void").text)
    plan = f"{counted[site.names.graph('plan', 'crm')]:,}"
    assert plan in [text(cell) for cell in having(page, "numeric")]


def test_whoever_asks_for_data_gets_the_graph(client: Client) -> None:
    answer = client.get("/void", headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    assert "void:triples" in answer.text
