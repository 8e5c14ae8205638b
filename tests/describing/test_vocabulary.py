"""The ontology as a graph of the dataset, in which the blank nodes of lists are replaced by stable IRIs."""

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from crmgraph.describing.vocabulary import CG, fallback_labels, read_ontology
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
    chains = [list(Collection(ontology, chain)) for chain in ontology.objects(CG.topicWithin, OWL.propertyChainAxiom)]
    assert sorted(chains) == [[DCTERMS.hasPart, CG.topicWithin], [CG.topicWithin, SKOS.broader]]


def test_names_apart_it_is_what_the_files_say(ontology: Graph) -> None:
    named = set(ontology.subjects(RDF.first))
    nameless = {name: BNode() for name in named}
    unnamed, files = Graph(), Graph()
    for subject, predicate, value in ontology:
        unnamed.add((nameless.get(subject, subject), predicate, nameless.get(value, value)))
    for file in (resource("ontology") / "crmgraph.ttl", *(resource("ontology") / "vocabularies").glob("*.ttl")):
        files.parse(file)
    for concept, label in list(files.subject_objects(SKOS.prefLabel)):
        files.add((concept, RDFS.label, label))
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


LABELS = st.tuples(
    st.sampled_from(["urn:a", "urn:b"]), st.sampled_from(["es", "en", "fr", "pt"]), st.sampled_from("xyz")
)


@given(st.sets(LABELS))
def test_what_has_a_label_has_one_to_show_in_each_language(stated: set[tuple[str, str, str]]) -> None:
    dataset = Dataset()
    for thing, language, label in stated:
        dataset.graph(URIRef(f"urn:{language}")).add((URIRef(thing), RDFS.label, Literal(label, language)))
    labels = ((thing, label) for thing, _, label in fallback_labels(dataset) if isinstance(label, Literal))
    added = {(str(thing), label.language or "", str(label)) for thing, label in labels}
    for thing in {thing for thing, *_ in stated}:
        own = {(language, label) for one, language, label in stated if one == thing}
        nearest = min(language for language, _ in own)
        for wanted in ("es", "en"):
            found = [(language, label) for one, language, label in added if one == thing and language[:2] == wanted]
            if wanted in {language for language, _ in own}:
                assert found == []
            else:
                [(tag, shown)] = found
                assert tag == f"{wanted}-x-{nearest}"
                assert (nearest, shown) in own
