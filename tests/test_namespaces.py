"""The IRIs of the contract, prefixes, and the folders that come with the package."""

from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names


def test_iris_of_the_contract() -> None:
    names = Names()
    assert names.id("plan", "crm", "pgm", "7.1.1.1") == "https://w3id.org/crmgraph/id/plan/crm/pgm/7.1.1.1"
    assert names.graph("plan", "crm") == "https://w3id.org/crmgraph/graph/plan/crm"
    assert PREFIXES["cg"] == "https://w3id.org/crmgraph/ontology#"


def test_prefixes() -> None:
    schemes = {file.stem for file in (resource("ontology") / "vocabularies").glob("*.ttl")}
    assert schemes == {prefix for prefix, iri in PREFIXES.items() if iri == f"{ONTOLOGY}/{prefix}#"}
    assert "crm" not in PREFIXES, "that is CIDOC-CRM everywhere else"
    assert len(set(PREFIXES.values())) == len(PREFIXES)


def test_another_base_moves_things_and_graphs_but_no_terms() -> None:
    prefixes = Names("https://example.org/").prefixes()
    assert {prefix for prefix, iri in prefixes.items() if iri != PREFIXES[prefix]} == {"id", "graph"}
    assert prefixes["cg"].startswith(ONTOLOGY)
