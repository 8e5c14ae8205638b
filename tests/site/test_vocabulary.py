"""The pages of the ontology and its schemes, and the drawing of the ontology."""

import re

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.languages import key
from crmgraph.site.base.rendering import PROPERTY_NAMES
from crmgraph.site.base.site import Site
from crmgraph.site.dataset import ARROWS, read_ontology, read_schemes
from tests.support.pages import having, text
from tests.support.visiting import Visitor, heading


def test_the_ontology_page_defines_every_term(visit: Visitor, site: Site) -> None:
    kinds = "owl:Class owl:ObjectProperty owl:DatatypeProperty"
    rows = site.select(
        f"SELECT DISTINCT ?x {{ VALUES ?kind {{ {kinds} }} "
        "GRAPH ?g { ?x a ?kind } FILTER (STRSTARTS(STR(?x), STR(cg:))) }"
    )
    for language in ("es", "en"):
        terms = {each.get("id"): each for each in having(visit.page(f"/{language}/ontology"), "vocabulary-term")}
        defined = {name for name, article in terms.items() if article.find("p") is not None}
        assert defined == {row["x"].value.rpartition("#")[2] for row in rows}
    assert "ontolog" in heading(visit.page("/es/ontology")).casefold()
    version = site.select("SELECT ?version { ?x owl:versionIRI ?version }")[0]["version"].value
    path = version.removeprefix("https://w3id.org/crmgraph")
    assert visit.get(path).text.count("vocabulary-term") > 40
    assert visit.get(path + ".ttl").headers["content-type"].startswith("text/turtle")
    assert path in visit.get("/es/ontology").text


def test_a_term_is_told_with_what_holds_of_it(site: Site) -> None:
    terms = read_ontology(site, "es")
    labels = [term.label.casefold() for term in terms.terms["ObjectProperty"]]
    assert labels == sorted(labels)
    assert all(term.definition and term.definition_language == "es" for term in terms.terms["Class"])
    by_name = {
        term.anchor: {
            name.rpartition("#")[2]: [each.value.rpartition("#")[2] for each in values]
            for name, values in term.statements
        }
        for listed in terms.terms.values()
        for term in listed
    }
    assert "domain" in by_name["number"]
    assert not {"label", "type", "definition"} & set(by_name["number"])
    # What holds both ways is told of both.
    assert "Finding" in by_name["PlanElement"]["disjointWith"]
    assert "PlanElement" in by_name["Finding"]["disjointWith"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_schemes(site: Site, visit: Visitor, language: str) -> None:
    found = {scheme.name: scheme for scheme in read_schemes(site, language)}
    assert all(scheme.label and scheme.label != scheme.name for scheme in found.values())
    assert [scheme.label for scheme in found.values()] == sorted((each.label for each in found.values()), key=key)
    topics = [concept.label for concept in found["topic"].concepts]
    assert topics == sorted(topics, key=key)
    # Concepts that have a position stand in its order.
    assert [concept.anchor for concept in found["severity"].concepts] == ["violation", "warning", "info"]
    page = visit.page(f"/{language}/ontology/status")
    anchors = {article.get("id") for article in having(page, "vocabulary-term")}
    assert {"continuous", "pending", "done"} <= anchors
    assert not anchors & {"violation", "info"}
    assert f'href="/{language}/topics/return"' in visit.get(f"/{language}/ontology/topic").text


def test_every_property_in_the_graph_has_a_name(store: Store) -> None:
    used = {quad.predicate.value for quad in store}
    assert not {name for name in used - PROPERTY_NAMES.keys() if not name.startswith(ONTOLOGY + "#")}
    assert not [said for said in PROPERTY_NAMES.values() if re.search("[:#]", said)]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resource("ontology") / "crmgraph.ttl", format="turtle")


def cg(local: str) -> URIRef:
    return URIRef(f"{ONTOLOGY}#{local}")


def below(ontology: Graph, part: str, whole: str) -> bool:
    return cg(whole) in set(ontology.transitive_objects(cg(part), RDFS.subClassOf))


def test_the_picture_is_true_to_the_ontology(ontology: Graph) -> None:
    for tail, name, head in ARROWS:
        assert (cg(name), RDF.type, OWL.ObjectProperty) in ontology
        for relation, end in ((RDFS.domain, tail), (RDFS.range, head)):
            for limit in ontology.objects(cg(name), relation):
                assert below(ontology, end, str(limit).rpartition("#")[2]), (tail, name, head)


def test_patterns_have_answers_and_terms_their_uses(visit: Visitor, site: Site) -> None:
    page = visit.page("/en/ontology")
    patterns = list(having(page, "pattern"))
    assert len(patterns) == 10
    for pattern in patterns:
        [query] = (each.text or "" for each in pattern.iter("code") if "SELECT" in (each.text or ""))
        rows = [row for body in pattern.iter("tbody") for row in body.iter("tr")]
        assert len(rows) == min(6, len(site.select(query))) > 0, query
    terms = {each.get("id"): text(each) for each in having(page, "vocabulary-term")}
    [count] = site.select("SELECT (COUNT(*) AS ?n) { ?x cg:deferredTo ?network }")
    assert f"used {count['n'].value} times" in terms["deferredTo"]
