"""The ontology: complete in both languages, self-contained, well formed, and tied to standard vocabularies."""

import itertools
import re
from collections import Counter

import pytest
from pyoxigraph import Store
from rdflib import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, VANN, XSD, BNode, Graph, URIRef
from rdflib.term import Node

from crmgraph.files import resource
from crmgraph.inference.rules import read_term
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from tests.ontology.ours import CG, HEADER, KINDS, name, read, terms, texts
from tests.ontology.profile import breaches
from tests.support.phrases import rows_of

LANGUAGES = {"es", "en"}
# The public interface: what queries of others may rely on.
INTERFACE: dict[Node, str] = {
    OWL.Class: """Plan Theme Objective Action Activity ScheduleEntry Note Referral CrossReference Passage Participation
        Network ConsultativeProcess Membership State Organisation Instrument Meeting Finding Statement Translation
        Mention InstrumentUse Event PastEvent PlannedEvent Place Presidency""",
    OWL.ObjectProperty: """within plan schedule status attachedBy passage mentions mention participation agent role
        party member observer deferredTo refersTo severity element topic populationGroup instrumentUse instrument use
        place meeting toldIn fulfils ofBody chair participationWithin instrumentWithin reliesOn networkWithin
        topicWithin groupWithin""",
    OWL.DatatypeProperty: """number path level order text start end exact row code date since recurrence delay ordinal
        year product purpose condition writtenAfter writtenBefore""",
}
# No thing is of two of these.
ELEMENTS = "Theme Objective Action Activity ScheduleEntry Note Referral CrossReference"
APART = """PlanElement Source Passage Agent Participation Membership Instrument Meeting Finding Statement Mention
    InstrumentUse Place"""
# A thing may be of both.
TOGETHER = """Network Organisation, Organ Organisation, Organ Network, ConsultativeProcess Organisation, State Organ,
    Plan Instrument, Meeting Event"""


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read()


def test_header(ontology: Graph) -> None:
    version = str(ontology.value(HEADER, OWL.versionInfo))
    assert ontology.value(HEADER, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert all(version in text for text in texts(ontology, HEADER, DCTERMS.bibliographicCitation).values())
    assert str(ontology.value(HEADER, VANN.preferredNamespacePrefix)) == "cg"
    assert str(ontology.value(HEADER, VANN.preferredNamespaceUri)) == PREFIXES["cg"]
    assert ontology.value(HEADER, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.bibliographicCitation):
        assert set(texts(ontology, HEADER, predicate)) == LANGUAGES
    others = (DCTERMS.creator, DCTERMS.publisher, DCTERMS.source, FOAF.logo, OWL.priorVersion)
    assert [predicate for predicate in others if ontology.value(HEADER, predicate) is None] == []
    dates = [str(ontology.value(HEADER, DCTERMS[name]))[:10] for name in ("created", "issued", "modified")]
    assert dates == sorted(dates)
    assert not list(ontology.objects(None, OWL.imports))


def test_public_interface_is_declared(ontology: Graph) -> None:
    for kind, names in INTERFACE.items():
        assert {*names.split()} - {name(term) for term in terms(ontology, kind)} == set()


def test_terms_are_declared_once_and_used(ontology: Graph) -> None:
    nodes = {node for triple in ontology for node in triple}
    assert {node for node in nodes if isinstance(node, BNode)} == set(ontology.subjects(RDF.first))
    assert {node for node in nodes if isinstance(node, URIRef) and node.startswith(CG)} == set(terms(ontology))
    assert set(Counter(term for kind in KINDS for term in ontology.subjects(RDF.type, kind)).values()) == {1}


def test_terms_of_others_are_declared_and_no_more(ontology: Graph) -> None:
    said = {(s, p, o) for s, p, o in ontology if s != HEADER and isinstance(s, URIRef) and not s.startswith(CG)}
    others = {s for s, _, _ in said}
    assert said
    assert said <= {(s, RDF.type, kind) for s in others for kind in (*KINDS, OWL.AnnotationProperty)}
    assert others <= {node for s, p, o in ontology if s not in others for node in (p, o)}


def test_words_of_terms(ontology: Graph) -> None:
    for term in terms(ontology):
        assert list(ontology.objects(term, RDFS.isDefinedBy)) == [HEADER], name(term)
        for predicate in (RDFS.label, SKOS.definition, RDFS.comment):
            said = texts(ontology, term, predicate)
            assert set(said) == LANGUAGES or (predicate == RDFS.comment and not said), name(term)
            for text in said.values():
                assert " ".join(text.split()) == text, text
                assert predicate == RDFS.label or (text[-1] == "." and not text[0].islower()), text
        label, is_class = texts(ontology, term, RDFS.label)["es"], (term, RDF.type, OWL.Class) in ontology
        assert re.fullmatch(r"([A-Z][a-z]+)+" if is_class else r"[a-z]+([A-Z][a-z]+)*\d*", name(term))
        assert label[0].isupper() if is_class else not label.istitle(), label
    for predicate in (RDFS.label, SKOS.definition):
        said_of = Counter((str(t).casefold(), t.language) for t in ontology.objects(None, predicate))  # type: ignore[attr-defined]
        assert [text for text, times in said_of.items() if times > 1] == []


def test_examples_quote_the_document(ontology: Graph) -> None:
    document = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    words = " ".join(document.split()).casefold()
    examples = [str(text) for text in ontology.objects(None, SKOS.example) if getattr(text, "language", None) == "es"]
    quotes = [quote for example in examples for quote in re.findall("«([^»]*)»", example)]
    assert len(quotes) > 5
    assert [quote for quote in quotes if quote.casefold() not in words] == []


def test_examples_hold_in_the_dataset(ontology: Graph, store: Store) -> None:
    statements = [(t, str(text)) for t, text in ontology.subject_objects(SKOS.example) if " cg:" in str(text)]
    assert len(statements) > 40
    for term, statement in statements:
        subject, predicate, value = (str(read_term(each, Names())) for each in statement.split())
        assert predicate == f"<{term}>", statement
        assert store.query(f"ASK {{ {subject} {predicate} {value} }}", use_default_graph_as_union=True), statement


def test_domain_and_range_or_why_not(ontology: Graph) -> None:
    for term in terms(ontology, OWL.ObjectProperty, OWL.DatatypeProperty):
        for edge in (RDFS.domain, RDFS.range):
            assert (term, edge, None) in ontology or (term, RDFS.comment, None) in ontology, name(term)


def test_hierarchies_have_no_cycle(ontology: Graph) -> None:
    for edge in (RDFS.subClassOf, RDFS.subPropertyOf):
        for lower, upper in ontology.subject_objects(edge):
            assert lower not in {upper, *ontology.transitive_objects(upper, edge)}, lower


def test_disjoint_classes(ontology: Graph) -> None:
    disjoint = {frozenset(pair) for pair in ontology.subject_objects(OWL.disjointWith)}
    for one, other in map(tuple, disjoint):
        below = [{term, *ontology.transitive_subjects(RDFS.subClassOf, term)} for term in (one, other)]
        assert not below[0] & below[1], (one, other)
    for group in (ELEMENTS, APART, "PastEvent PlannedEvent"):
        pairs = {frozenset((CG[one], CG[other])) for one, other in itertools.combinations(group.split(), 2)}
        assert pairs - disjoint == set()
    assert not {frozenset(CG[each] for each in pair.split()) for pair in TOGETHER.split(", ")} & disjoint


def test_every_term_leads_to_a_standard_vocabulary(ontology: Graph) -> None:
    def is_linked(term: Node) -> bool:
        links = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso)
        targets = [target for link in links for target in ontology.objects(term, link)]
        return any(not str(each).startswith(ONTOLOGY) or (each != term and is_linked(each)) for each in targets)

    assert [name(term) for term in terms(ontology) if not is_linked(term)] == []


def test_what_is_planned_has_not_happened(ontology: Graph) -> None:
    for planned in ("Activity", "Action", "PlannedEvent"):
        assert PROV.Activity not in set(ontology.transitive_objects(CG[planned], RDFS.subClassOf))
    step = URIRef(PREFIXES["p-plan"] + "Step")
    assert step not in set(ontology.transitive_objects(CG.PastEvent, RDFS.subClassOf))
    # What contains at any depth is no direct part.
    assert DCTERMS.isPartOf not in set(ontology.transitive_objects(CG.within, RDFS.subPropertyOf))


def test_ontology_keeps_to_owl_2_rl(ontology: Graph) -> None:
    assert len(set(ontology.objects(None, OWL.propertyChainAxiom))) >= 8
    assert breaches(ontology) == []
    start = f"""@prefix : <http://example.org/#> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .
        @prefix xsd: <{XSD}> .
        :A a owl:Class . :B a owl:Class . :d a owl:DatatypeProperty . :p a owl:ObjectProperty .
        :q a owl:ObjectProperty . """
    for turtle, breach in rows_of("breaches", "ontology"):
        assert breach in (breaches(Graph().parse(data=start + turtle, format="turtle")) or [""]), turtle
