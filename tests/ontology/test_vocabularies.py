"""The SKOS vocabularies: complete in both languages, and sound as SKOS."""

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.model import Attachment

SEVERITY, STATUS = Namespace(PREFIXES["severity"]), Namespace(PREFIXES["status"])
POSITION = URIRef("https://schema.org/position")
FILES = sorted((resource("ontology") / "vocabularies").glob("*.ttl"))
# The concepts that code or queries name.
CONCEPTS = {
    "status": """by-agreement cancelled continuous done in-progress incomplete launched no-progress not-carried-out
        not-started pending postponed proposed-for-removal suspended to-be-scheduled""",
    "severity": "info violation warning",
    "membership-role": "member observer participant partner presidency secretariat",
    "name-form": "acronym full-name misspelling other-name unaccented",
    "confidence": "high low medium none",
    "attachment": " ".join(sorted(way.value for way in Attachment)),
}
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)


def read(name: str) -> tuple[Graph, URIRef]:
    return Graph().parse(resource("ontology") / "vocabularies" / f"{name}.ttl"), URIRef(f"{ONTOLOGY}/{name}")


def concepts(graph: Graph) -> list[URIRef]:
    return sorted(URIRef(str(concept)) for concept in graph.subjects(RDF.type, SKOS.Concept))


def languages(graph: Graph, subject: Node, predicate: Node) -> list[str]:
    return sorted(str(text.language) for text in graph.objects(subject, predicate) if isinstance(text, Literal))


def test_concepts_that_code_and_queries_name() -> None:
    for vocabulary, names in CONCEPTS.items():
        graph, scheme = read(vocabulary)
        assert [str(concept).removeprefix(f"{scheme}#") for concept in concepts(graph)] == names.split()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scheme_and_concepts_are_whole(file: Path) -> None:
    graph, scheme = read(file.stem)
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(graph, scheme, predicate) == ["en", "es"]
    assert graph.value(scheme, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert not [triple for triple in graph if any(isinstance(node, BNode) for node in triple)]
    assert set(graph.subjects()) == {scheme, *concepts(graph)}
    for concept in concepts(graph):
        assert str(concept).startswith(f"{scheme}#")
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        assert list(graph.objects(concept, SKOS.notation)) == [Literal(str(concept).rpartition("#")[2])]
        assert languages(graph, concept, SKOS.prefLabel) == ["en", "es"]
        assert languages(graph, concept, SKOS.definition) == ["en", "es"]
        above = set(graph.objects(concept, SKOS.broader))
        assert ((concept, SKOS.topConceptOf, scheme) in graph) == (not above)
        assert ((scheme, SKOS.hasTopConcept, concept) in graph) == (not above)
        assert above <= set(concepts(graph))
        assert set(graph.subjects(SKOS.narrower, concept)) == above


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_words_of_concepts(file: Path) -> None:
    graph, _ = read(file.stem)
    said = Counter(str(text) for text in graph.objects(None, SKOS.definition))
    assert set(said.values()) == {1}
    assert [text for text in said if not re.fullmatch(r"[A-ZÁÉÍÓÚÑ]\S*( \S+)+\.", text)] == []
    labels = Counter(label for predicate in LABELS for label in graph.objects(None, predicate))
    assert [label for label, times in labels.items() if times > 1] == []
    assert [label for label in labels if not re.fullmatch(r"[^\s<>_]+( [^\s<>_]+)*(?<!\.)", str(label))] == []


def test_concepts_of_which_a_thing_has_one_are_different() -> None:
    for name in ("status", "attachment", "severity", "name-form"):
        graph, _ = read(name)
        for one, other in itertools.combinations(concepts(graph), 2):
            assert (one, OWL.differentFrom, other) in graph or (other, OWL.differentFrom, one) in graph


# Conditions of integrity of the SKOS Reference that the tests above do not hold: what breaks each of them.
BROKEN = {
    "S27": "?one skos:related|^skos:related ?other . ?one skos:broader+ ?other",
    "S46": "?one skos:exactMatch ?other ; skos:broadMatch|skos:narrowMatch|skos:relatedMatch ?other",
    "no cycle": "?one skos:broader+ ?one",
}


def test_conditions_of_skos_hold_in_all_vocabularies() -> None:
    together = Graph()
    for file in FILES:
        together.parse(file)
    for condition, pattern in BROKEN.items():
        assert not together.query(f"ASK {{ {pattern} }}").askAnswer, condition
