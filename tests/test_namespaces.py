"""The IRIs of the contract, and another base for things but never for terms."""

from crmgraph.namespaces import BASE, ONTOLOGY, PREFIXES, Names
from crmgraph.resources import resource


def test_the_iris_of_the_contract() -> None:
    names = Names()
    assert names.id("plan", "crm", "pgm", "7.1.1.1") == "https://w3id.org/crmgraph/id/plan/crm/pgm/7.1.1.1"
    assert names.id("country", "MEX") == "https://w3id.org/crmgraph/id/country/MEX"
    assert names.graph("plan", "crm") == "https://w3id.org/crmgraph/graph/plan/crm"
    assert PREFIXES["cg"] == "https://w3id.org/crmgraph/ontology#"


def test_each_concept_scheme_has_its_prefix() -> None:
    schemes = {file.stem for file in (resource("ontology") / "vocabularies").glob("*.ttl")}
    assert schemes == {prefix for prefix, iri in PREFIXES.items() if iri == f"{ONTOLOGY}/{prefix}#"}
    assert len(schemes) > 10


def test_the_prefixes_of_others_are_those_of_everyone() -> None:
    assert PREFIXES["time"] == "http://www.w3.org/2006/time#"
    assert PREFIXES["eli"] == "http://data.europa.eu/eli/ontology#"
    assert PREFIXES["foaf"] == "http://xmlns.com/foaf/0.1/"


def test_another_base_moves_things_and_graphs_alone() -> None:
    prefixes = Names("https://example.org/").prefixes()
    moved = {prefix for prefix, namespace in prefixes.items() if namespace != PREFIXES[prefix]}
    assert moved == {"id", "graph"}
    assert prefixes["cg"].startswith(ONTOLOGY)


def test_no_prefix_is_that_of_another_vocabulary() -> None:
    assert "crm" not in PREFIXES
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert BASE.endswith("/")
