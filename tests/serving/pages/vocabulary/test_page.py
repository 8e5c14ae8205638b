"""The pages of the ontology."""

from httpx import Client

from crmgraph.site import Site
from tests.support.pages import having, read_page


def test_the_ontology_page_defines_every_term(client: Client, site: Site) -> None:
    terms = site.select(
        "SELECT DISTINCT ?x { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } "
        "GRAPH ?g { ?x a ?kind } FILTER (STRSTARTS(STR(?x), STR(cg:))) }"
    )
    for language in ("es", "en"):
        root = read_page(client.get(f"/{language}/ontology").text)
        defined = {article.get("id") for article in having(root, "vocabulary-term") if article.find("p") is not None}
        assert defined == {row["x"].value.rpartition("#")[2] for row in terms}


def test_a_concept_scheme_has_its_concepts_as_anchors(client: Client) -> None:
    root = read_page(client.get("/es/ontology/status").text)
    assert {"continuous", "pending", "done"} <= {article.get("id") for article in having(root, "vocabulary-term")}


def test_the_version_of_the_ontology_leads_to_the_ontology(client: Client, site: Site) -> None:
    version = site.select("SELECT ?version { ?x owl:versionIRI ?version }")[0]["version"].value
    path = version.removeprefix("https://w3id.org/crmgraph")
    assert client.get(path).text.count("vocabulary-term") > 40
    assert client.get(path + ".ttl").headers["content-type"].startswith("text/turtle")
