"""The ontology as a graph of the dataset, in which the blank nodes of lists are replaced by stable IRIs."""

from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import OWL, RDF, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from crmgraph.describing.vocabulary import CG, read_ontology
from crmgraph.files import resource
from crmgraph.namespaces import PREFIXES

PARTS = "@prefix cg: <https://w3id.org/crmgraph/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read_ontology(resource("ontology"))


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


def test_a_list_is_named_by_what_it_holds_alone(tmp_path: Path) -> None:
    def heads(turtle: str) -> dict[str, list[str]]:
        """The IRIs of lists, by their members."""
        (tmp_path / "crmgraph.ttl").write_text(f"{PARTS}\n{turtle}", encoding="utf-8")
        graph, found = read_ontology(tmp_path), defaultdict(list)
        for head in graph.objects(None, OWL.members):
            found[" ".join(str(each).removeprefix(CG) for each in Collection(graph, head))].append(str(head))
        return found

    first = heads("cg:a owl:members ( cg:p cg:q ) , ( cg:r cg:q ) .")
    again = heads("cg:z owl:members ( cg:q cg:p ) . cg:b owl:members ( cg:p cg:q ) .")
    assert again["p q"] == first["p q"]
    assert len({*first["p q"], *first["r q"], *again["q p"]}) == 3, "lists that end alike are two"
    assert first["p q"][0].startswith("https://w3id.org/crmgraph/ontology#list-")
