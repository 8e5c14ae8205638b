"""The ontology as a graph of the dataset: everything named, lists by what they hold, the same each time."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from crmgraph.describing.vocabulary import CG, read_ontology
from crmgraph.namespaces import PREFIXES
from crmgraph.resources import resource

PARTS = "@prefix cg: <https://w3id.org/crmgraph/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read_ontology(resource("ontology"))


def folder(tmp_path: Path, turtle: str) -> Path:
    (tmp_path / "crmgraph.ttl").write_text(f"{PARTS}\n{turtle}", encoding="utf-8")
    return tmp_path


def test_it_holds_the_terms_and_the_concepts_and_no_shapes_and_nothing_nameless(ontology: Graph) -> None:
    assert (CG.Theme, RDF.type, OWL.Class) in ontology
    assert (URIRef(PREFIXES["status"] + "pending"), None, None) in ontology
    assert not list(ontology.subjects(RDF.type, URIRef(PREFIXES["sh"] + "NodeShape")))
    assert not [triple for triple in ontology if any(isinstance(node, BNode) for node in triple)]
    chains = [list(Collection(ontology, chain)) for chain in ontology.objects(CG.memberOf, OWL.propertyChainAxiom)]
    assert chains == [[CG.membership, CG.memberIn]]


def test_names_apart_it_is_what_the_files_say(ontology: Graph) -> None:
    named = set(ontology.subjects(RDF.first))
    nameless = {name: BNode() for name in named}
    unnamed, files = Graph(), Graph()
    for subject, predicate, value in ontology:
        unnamed.add((nameless.get(subject, subject), predicate, nameless.get(value, value)))
    for file in (resource("ontology") / "crmgraph.ttl", *(resource("ontology") / "vocabularies").glob("*.ttl")):
        files.parse(file)
    assert named
    assert isomorphic(unnamed, files)


def test_the_name_of_a_list_depends_on_what_it_holds_alone(tmp_path: Path) -> None:
    one = folder(tmp_path, "cg:a owl:propertyChainAxiom ( cg:p cg:q ) .")
    first = read_ontology(one).value(CG.a, OWL.propertyChainAxiom)
    other = folder(tmp_path, "cg:z owl:propertyChainAxiom ( cg:q cg:p ) . cg:b owl:propertyChainAxiom ( cg:p cg:q ) .")
    again = read_ontology(other)
    assert again.value(CG.b, OWL.propertyChainAxiom) == first
    assert again.value(CG.z, OWL.propertyChainAxiom) != first
    assert str(first).startswith("https://w3id.org/crmgraph/ontology#list-")


def test_lists_that_end_alike_are_two_lists(tmp_path: Path) -> None:
    graph = read_ontology(folder(tmp_path, "cg:a owl:members ( cg:p cg:q ) , ( cg:r cg:q ) ."))
    heads = list(graph.objects(CG.a, OWL.members))
    assert sorted([str(member) for member in Collection(graph, head)] for head in heads) == [
        [str(CG.p), str(CG.q)],
        [str(CG.r), str(CG.q)],
    ]
    assert len(set(graph.subjects(RDF.first))) == 4
