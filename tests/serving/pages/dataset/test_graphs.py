"""Named graphs, and the statements about things."""

import pytest

from crmgraph.site.dataset.graphs import (
    about_findings,
    about_thing,
    about_vocabulary,
    graph_names,
    is_ontology_version,
    summary,
    whole_graph,
)
from crmgraph.site.site import Site

N_TRIPLES = "application/n-triples"


def _lines(site: Site, query: str) -> set[str]:
    return set(site.construct(query, N_TRIPLES).decode().splitlines())


def test_all_graphs_are_named(site: Site) -> None:
    names = {iri.removeprefix(site.names.graph()) for iri in graph_names(site)}
    assert {"plan/crm", "source/crm", "ontology", "inferred", "findings", "reference"} <= names


def test_a_graph_is_summed_up(site: Site) -> None:
    held = summary(site, site.names.graph("plan", "crm"))
    assert held.total == len(_lines(site, whole_graph(site.names.graph("plan", "crm"))))
    assert dict(held.classes)["https://w3id.org/crmgraph/ontology#Activity"] == 41
    counts = [count for _, count in held.classes]
    assert counts == sorted(counts, reverse=True)


def test_an_unknown_graph_holds_nothing(site: Site) -> None:
    assert summary(site, site.names.graph("none")).total == 0


def test_about_a_thing_includes_its_passage_and_what_points_to_it(site: Site) -> None:
    lines = _lines(site, about_thing(site.names.id("plan", "crm", "vmd", "1.2.1")))
    assert any("/source/crm/13011-13115> <https://w3id.org/crmgraph/ontology#exact>" in line for line in lines)
    assert any("#element> <https://w3id.org/crmgraph/id/plan/crm/vmd/1.2.1>" in line for line in lines)


def test_about_a_scheme_is_only_that_scheme(site: Site) -> None:
    lines = _lines(site, about_vocabulary(site, "https://w3id.org/crmgraph/ontology/severity"))
    assert lines
    assert all(line.startswith("<https://w3id.org/crmgraph/ontology/severity") for line in lines)


def test_about_findings_is_only_those(site: Site) -> None:
    first = site.select("SELECT ?x { ?x a cg:Finding } ORDER BY ?x LIMIT 1")[0]["x"].value
    lines = _lines(site, about_findings(site, [first]))
    assert len(lines) > 4
    assert all(line.startswith(f"<{first}>") for line in lines)


def test_a_version_is_what_the_ontology_calls_one(site: Site) -> None:
    version = site.select("SELECT ?v { ?x owl:versionIRI ?v }")[0]["v"].value
    assert is_ontology_version(site, version)
    assert not is_ontology_version(site, "https://w3id.org/crmgraph/ontology/status")


@pytest.mark.parametrize("make", [about_thing, whole_graph])
def test_what_is_no_iri_gets_into_no_query(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="not an IRI"):
        make("http://example.org/> } DROP ALL #")
