"""The ontology: complete in both languages, self-contained and well formed."""

import re
from collections import Counter

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, BNode, Graph, URIRef
from rdflib.term import Node

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.resources import resource
from tests.ontology.ours import CG, HEADER, KINDS, name, read, terms, texts

LANGUAGES = ("es", "en")

CLASSES = (
    *("Plan", "Theme", "Objective", "Action", "Activity", "ScheduleEntry", "Note", "Referral", "CrossReference"),
    *("Passage", "Participation", "Network", "ConsultativeProcess", "Membership", "State", "Organisation"),
    *("Instrument", "Meeting", "Finding"),
    *("Statement", "Translation", "Mention", "InstrumentUse", "Event", "PastEvent", "PlannedEvent", "Place"),
    *("Presidency", "Annotator"),
)
OBJECT_PROPERTIES = (
    *("within", "contains", "status", "attachedBy", "passage", "mentions", "mention", "mentionedIn", "participation"),
    *("agent", "role", "party", "member", "deferredTo", "refersTo", "severity", "element", "topic", "populationGroup"),
    *("instrumentUse", "instrument", "use", "place", "meeting", "subject", "predicate", "object", "rank"),
    *("toldIn", "tells", "fulfils", "fulfilledBy", "eventAgent", "ofBody", "chair", "memberIn", "observerIn"),
)
DATATYPE_PROPERTIES = (
    *("number", "order", "text", "start", "end", "exact", "code", "date", "since", "recurrence", "delay", "literal"),
    *("ordinal", "startDate", "endDate", "year"),
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read()


def numbers(version: str) -> list[int]:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    return [int(part) for part in version.split(".")]


# The whole


def test_the_header_says_what_it_is(ontology: Graph) -> None:
    assert (HEADER, RDF.type, OWL.Ontology) in ontology
    version = str(ontology.value(HEADER, OWL.versionInfo))
    assert ontology.value(HEADER, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    prior = str(ontology.value(HEADER, OWL.priorVersion)).removeprefix(f"{ONTOLOGY}/")
    assert numbers(prior) < numbers(version)
    assert all(version in text for text in texts(ontology, HEADER, DCTERMS.bibliographicCitation).values())
    assert str(ontology.value(HEADER, VANN.preferredNamespacePrefix)) == "cg"
    assert str(ontology.value(HEADER, VANN.preferredNamespaceUri)) == PREFIXES["cg"]
    assert ontology.value(HEADER, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    for predicate in (DCTERMS.creator, DCTERMS.created, DCTERMS.modified):
        assert ontology.value(HEADER, predicate) is not None, predicate
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.bibliographicCitation):
        assert set(texts(ontology, HEADER, predicate)) == set(LANGUAGES)


def test_the_ontology_stands_alone(ontology: Graph) -> None:
    assert not list(ontology.objects(None, OWL.imports))


def test_nothing_but_the_cells_of_lists_is_without_a_name(ontology: Graph) -> None:
    nameless = {node for triple in ontology for node in triple if isinstance(node, BNode)}
    assert nameless == set(ontology.subjects(RDF.first))


def test_a_query_finds_the_classes_of_the_public_interface(ontology: Graph) -> None:
    rows = ontology.query(
        "SELECT ?class { ?class a owl:Class FILTER(STRSTARTS(STR(?class), STR(cg:))) }", initNs={"cg": CG, "owl": OWL}
    )
    found = {name(row[0]) for row in rows if isinstance(row, tuple)}
    assert set(CLASSES) <= found
    assert len(found) >= 19


@pytest.mark.parametrize(
    ("kind", "names"),
    [(OWL.Class, CLASSES), (OWL.ObjectProperty, OBJECT_PROPERTIES), (OWL.DatatypeProperty, DATATYPE_PROPERTIES)],
)
def test_the_public_interface_is_declared(ontology: Graph, kind: Node, names: tuple[str, ...]) -> None:
    assert set(names) <= {name(term) for term in terms(ontology, kind)}


def test_every_term_in_use_is_declared_once(ontology: Graph) -> None:
    used = {node for triple in ontology for node in triple if isinstance(node, URIRef) and node.startswith(CG)}
    kinds = Counter(term for kind in KINDS for term in ontology.subjects(RDF.type, kind) if term in used)
    assert used == set(terms(ontology))
    assert set(kinds.values()) == {1}


def test_nothing_is_said_of_the_terms_of_others(ontology: Graph) -> None:
    said = {(s, p, o) for s, p, o in ontology if s != HEADER and isinstance(s, URIRef) and not s.startswith(CG)}
    declared = {(s, RDF.type, kind) for s, _, _ in said for kind in (*KINDS, OWL.AnnotationProperty)}
    assert said, "the kinds of the terms of others are declared"
    assert said <= declared


def test_no_term_of_others_is_declared_in_vain(ontology: Graph) -> None:
    declared = {s for s, p, _ in ontology if p == RDF.type and not str(s).startswith(ONTOLOGY)}
    used = {node for s, p, o in ontology if s not in declared for node in (p, o)}
    assert declared <= used


# The words


def test_every_term_has_a_label_and_a_definition_in_both_languages(ontology: Graph) -> None:
    assert len(terms(ontology)) > 40
    for term in terms(ontology):
        assert set(texts(ontology, term, RDFS.label)) == set(LANGUAGES), name(term)
        assert set(texts(ontology, term, SKOS.definition)) == set(LANGUAGES), name(term)


def test_every_term_says_which_ontology_defines_it(ontology: Graph) -> None:
    for term in terms(ontology):
        assert list(ontology.objects(term, RDFS.isDefinedBy)) == [HEADER], name(term)


@pytest.mark.parametrize("predicate", [SKOS.definition, RDFS.comment])
def test_definitions_and_comments_are_sentences(ontology: Graph, predicate: Node) -> None:
    for term in terms(ontology):
        said = texts(ontology, term, predicate)
        assert set(said) in ({*LANGUAGES}, set()), name(term)
        for text in said.values():
            assert re.fullmatch(r"\S(.*\S)?\.", text), f"{name(term)}: {text}"
            assert not text[0].islower(), f"{name(term)}: {text}"
            assert "  " not in text, f"{name(term)}: {text}"


def test_what_an_example_quotes_stands_in_the_document(ontology: Graph) -> None:
    document = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    words = " ".join(document.split()).casefold()
    examples = [str(text) for text in ontology.objects(None, SKOS.example) if getattr(text, "language", None) == "es"]
    quotes = [quote for example in examples for quote in re.findall("«([^»]*)»", example)]
    assert len(quotes) > 5
    assert [quote for quote in quotes if quote.casefold() not in words] == []


def test_no_two_definitions_are_the_same(ontology: Graph) -> None:
    said = Counter(text for term in terms(ontology) for text in texts(ontology, term, SKOS.definition).values())
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_terms_share_a_label(ontology: Graph, language: str) -> None:
    labels = Counter(texts(ontology, term, RDFS.label)[language].casefold() for term in terms(ontology))
    assert [label for label, times in labels.items() if times > 1] == []


def test_names_follow_the_convention(ontology: Graph) -> None:
    for term in terms(ontology, OWL.Class):
        assert re.fullmatch(r"([A-Z][a-z]+)+", name(term))
        assert texts(ontology, term, RDFS.label)["es"][0].isupper()
    for term in terms(ontology, OWL.ObjectProperty, OWL.DatatypeProperty):
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*\d*", name(term))
        assert not texts(ontology, term, RDFS.label)["es"].istitle()
