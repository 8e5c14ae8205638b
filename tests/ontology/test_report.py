"""The ontology, its vocabularies and its alignments pass `robot report`, and each check finds what it is there for."""

from pathlib import Path

import pytest
from rdflib import Graph, Namespace

from crmgraph.resources import resource
from tests.ontology.report import CHECKS

EX = Namespace("http://example.org/#")
ONTOLOGY = resource("ontology")
FILES = [
    ONTOLOGY / "crmgraph.ttl",
    *sorted(ONTOLOGY.glob("vocabularies/*.ttl")),
    *sorted(ONTOLOGY.glob("alignments/*")),
]
SOUND = """
@prefix : <http://example.org/#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/> a owl:Ontology ; dcterms:license <http://example.org/licence> ;
    dcterms:title "Ejemplo"@es , "Example"@en ; dcterms:description "Un ejemplo."@es , "An example."@en .
:A a owl:Class ; rdfs:label "Letra A"@es , "Letter A"@en ; skos:definition "La primera."@es , "The first."@en .
:b a skos:Concept ; skos:prefLabel "letra b"@es , "letter b"@en ; skos:definition "Otra."@es , "Another."@en ;
    skos:altLabel "be"@es .
"""


def sound(turtle: str = "", old: str = "", new: str = "") -> Graph:
    """A small ontology that passes every check, with something added or changed."""
    assert old in SOUND
    return Graph().parse(data=SOUND.replace(old, new, 1) + turtle if old else SOUND + turtle, format="turtle")


def named(graph: Graph) -> dict[str, set[str]]:
    found = {name: {str(node).removeprefix(str(EX)) for node in check(graph)} for name, check in CHECKS.items()}
    return {name: nodes for name, nodes in found.items() if nodes}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_each_file_passes(file: Path) -> None:
    graph = Graph().parse(file)
    assert len(graph) > 10
    if file.parent.name == "alignments":
        graph.parse(ONTOLOGY / "crmgraph.ttl")
    assert named(graph) == {}


def test_a_sound_ontology_passes() -> None:
    assert named(sound()) == {}


def test_every_check_is_proved() -> None:
    proved = {name for name, *_ in (*ADDED, *CHANGED)}
    assert proved == set(CHECKS)


ADDED = [
    ("annotation_whitespace", ':A skos:note "uno  dos"@es , "one two"@en .', "A"),
    ("deprecated_boolean_datatype", ':A owl:deprecated "yes" .', "A"),
    ("deprecated_reference", ":A owl:deprecated true . :b rdfs:seeAlso :A .", "b"),
    ("duplicate_definition", ':C a owl:Class ; rdfs:label "C"@es ; skos:definition "la primera."@es .', "A C"),
    ("duplicate_label", ':C a owl:Class ; rdfs:label "letra a"@es ; skos:definition "Una."@es .', "A C"),
    ("duplicate_label_synonym", ':b skos:altLabel "letra b"@es .', "b"),
    ("duplicate_scoped_synonym", ':b skos:hiddenLabel "be"@es .', "b"),
    ("equivalent_pair", ":A owl:equivalentClass :C .", "A"),
    ("illegal_use_of_built_in_vocabulary", "owl:Thing rdfs:seeAlso :A .", "http://www.w3.org/2002/07/owl#Thing"),
    ("invalid_entity_uri", '<urn:x> a owl:Class ; rdfs:label "X"@es ; skos:definition "Una X."@es .', "urn:x"),
    ("missing_obsolete_label", ":A owl:deprecated true .", "A"),
    ("missing_translation", ':A rdfs:comment "Solo en español."@es .', "A"),
    ("multiple_definitions", ':A skos:definition "La letra inicial."@es .', "A"),
    ("multiple_equivalent_classes", ":A owl:equivalentClass [ owl:oneOf (:x) ] , [ owl:oneOf (:y) ] .", "A"),
    ("multiple_labels", ':A rdfs:label "La A"@es .', "A"),
    ("untyped_language", ':b skos:altLabel "be" .', "b"),
]
CHANGED = [
    ("label_formatting", '"Letra A"@es', '"Letra A."@es', "A"),
    ("lowercase_definition", '"The first."@en', '"the first."@en', "A"),
    ("missing_definition", 'skos:definition "La primera."@es , "The first."@en', "rdfs:seeAlso :b", "A"),
    ("missing_label", 'skos:prefLabel "letra b"@es , "letter b"@en', "rdfs:seeAlso :A", "b"),
    ("missing_ontology_description", "dcterms:description", "dcterms:abstract", "http://example.org/"),
    ("missing_ontology_license", "dcterms:license", "dcterms:rights", "http://example.org/"),
    ("missing_ontology_title", "dcterms:title", "dcterms:alternative", "http://example.org/"),
]


@pytest.mark.parametrize(("check", "turtle", "nodes"), ADDED, ids=lambda value: value.split(" ")[0])
def test_what_is_amiss_is_found(check: str, turtle: str, nodes: str) -> None:
    assert named(sound(turtle))[check] == set(nodes.split())


@pytest.mark.parametrize(("check", "old", "new", "nodes"), CHANGED, ids=lambda value: value.split(" ")[0])
def test_what_is_missing_is_found(check: str, old: str, new: str, nodes: str) -> None:
    assert named(sound(old=old, new=new))[check] == set(nodes.split())


def test_an_obsolete_term_that_says_so_passes() -> None:
    said = sound(":A owl:deprecated true .", '"Letra A"@es', '"Letra A (obsoleta)"@es')
    assert "missing_obsolete_label" not in named(said)
