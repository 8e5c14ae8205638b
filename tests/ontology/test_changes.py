"""The versions of the ontology: numbered upwards, and what changed between them is written down."""

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.namespaces import ONTOLOGY
from tests.ontology.changes import PAGE, Changes, compare, number, page, versions
from tests.ontology.ours import CG, HEADER


def ontology(*terms: tuple[str, str, str]) -> Graph:
    graph = Graph()
    for name, label, parent in terms:
        graph.add((CG[name], RDF.type, OWL.Class))
        graph.add((CG[name], RDFS.label, Literal(label, "en")))
        graph.add((CG[name], RDFS.subClassOf, CG[parent]))
    return graph


def test_page_of_changes_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.ontology.changes`"


def test_versions_go_up_and_name_themselves() -> None:
    *_, before, now = found = versions()
    numbers = [number(each) for each in found]
    assert numbers == sorted(set(numbers), key=lambda text: [*map(int, text.split("."))])
    for each in found:
        assert each.value(HEADER, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{number(each)}")
    assert now.value(HEADER, OWL.priorVersion) == URIRef(f"{ONTOLOGY}/{number(before)}")


def test_kinds_of_changes() -> None:
    old = ontology(("Same", "same", "A"), ("Gone", "gone", "A"), ("Words", "old", "A"), ("Ties", "ties", "A"))
    new = ontology(("Same", "same", "A"), ("New", "new", "A"), ("Words", "new", "A"), ("Ties", "ties", "B"))
    assert compare(old, new) == Changes(("cg:New",), ("cg:Gone",), ("cg:Words",), ("cg:Ties",))
