"""The versions of the ontology: numbered upwards, and what changed between them is written down."""

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from tests.ontology.changes import PAGE, compare, number, page, versions

CG = PREFIXES["cg"]


def ontology(*terms: tuple[str, str, str]) -> Graph:
    graph = Graph()
    for name, label, parent in terms:
        graph.add((URIRef(CG + name), RDF.type, OWL.Class))
        graph.add((URIRef(CG + name), RDFS.label, Literal(label, "en")))
        graph.add((URIRef(CG + name), RDFS.subClassOf, URIRef(CG + parent)))
    return graph


def test_the_page_of_changes_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.ontology.changes`"


def test_versions_go_up_and_name_themselves() -> None:
    numbers = [number(each) for each in versions()]
    assert numbers == sorted(set(numbers), key=lambda text: [*map(int, text.split("."))])
    for each in versions():
        iri = each.value(URIRef(ONTOLOGY), OWL.versionIRI)
        assert str(iri) == f"{ONTOLOGY}/{number(each)}"


def test_the_present_version_names_the_one_before() -> None:
    *_, before, now = versions()
    assert str(now.value(URIRef(ONTOLOGY), OWL.priorVersion)) == f"{ONTOLOGY}/{number(before)}"


def test_what_is_compared() -> None:
    old = ontology(("Same", "same", "A"), ("Gone", "gone", "A"), ("Words", "old", "A"), ("Ties", "ties", "A"))
    new = ontology(("Same", "same", "A"), ("New", "new", "A"), ("Words", "new", "A"), ("Ties", "ties", "B"))
    changes = compare(old, new)
    assert changes.added == ("cg:New",)
    assert changes.removed == ("cg:Gone",)
    assert changes.reworded == ("cg:Words",)
    assert changes.redefined == ("cg:Ties",)
