"""The ontology: complete in both languages, self-contained, well formed, and linked to the vocabularies of others."""

import itertools
import re
from collections import Counter

import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, VANN, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.resources import resource

CG = Namespace(PREFIXES["cg"])
OA = Namespace(PREFIXES["oa"])
ORG = Namespace(PREFIXES["org"])
P_PLAN = Namespace(PREFIXES["p-plan"])
SCHEMA = Namespace("https://schema.org/")
HEADER = URIRef(ONTOLOGY)
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
LANGUAGES = ("es", "en")

CLASSES = (
    *("Plan", "Theme", "Objective", "Action", "Activity", "ScheduleEntry", "Note", "Referral", "CrossReference"),
    *("Passage", "Participation", "Network", "ConsultativeProcess", "Membership", "State", "Organisation"),
    *("Instrument", "Meeting", "Finding"),
)
ELEMENTS = CLASSES[1:9]
APART = ("PlanElement", "Source", "Passage", "Agent", "Participation", "Membership", "Instrument", "Meeting", "Finding")
OBJECT_PROPERTIES = (
    *("within", "status", "attachedBy", "passage", "mentions", "participation", "agent", "role", "party", "member"),
    *("deferredTo", "refersTo", "severity", "element"),
)
DATATYPE_PROPERTIES = ("number", "order", "text", "start", "end", "exact", "code")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(resource("ontology") / "crmgraph.ttl")


def terms(ontology: Graph, *kinds: Node) -> list[URIRef]:
    found = {term for kind in kinds or KINDS for term in ontology.subjects(RDF.type, kind)}
    return sorted(URIRef(term) for term in found if isinstance(term, URIRef) and term.startswith(CG))


def name(term: Node) -> str:
    return str(term).removeprefix(CG)


def texts(ontology: Graph, term: Node, predicate: Node) -> dict[str | None, str]:
    """What is said of the term, by language; more than one text in a language is an error."""
    said = [text for text in ontology.objects(term, predicate) if isinstance(text, Literal)]
    assert len({text.language for text in said}) == len(said), f"{name(term)} has two texts in one language"
    return {text.language: str(text) for text in said}


# The whole


def test_the_header_says_what_it_is(ontology: Graph) -> None:
    assert (HEADER, RDF.type, OWL.Ontology) in ontology
    version = str(ontology.value(HEADER, OWL.versionInfo))
    assert ontology.value(HEADER, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert str(ontology.value(HEADER, VANN.preferredNamespacePrefix)) == "cg"
    assert str(ontology.value(HEADER, VANN.preferredNamespaceUri)) == PREFIXES["cg"]
    assert ontology.value(HEADER, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    for predicate in (DCTERMS.creator, DCTERMS.created, DCTERMS.modified):
        assert ontology.value(HEADER, predicate) is not None, predicate
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert set(texts(ontology, HEADER, predicate)) == set(LANGUAGES)


def test_the_ontology_stands_alone(ontology: Graph) -> None:
    assert not list(ontology.objects(None, OWL.imports))


def test_nothing_in_the_ontology_is_without_a_name(ontology: Graph) -> None:
    assert not [triple for triple in ontology if any(isinstance(node, BNode) for node in triple)]


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
    said = {(s, p, o) for s, p, o in ontology if s != HEADER and not str(s).startswith(CG)}
    declared = {(s, RDF.type, kind) for s, _, _ in said for kind in (*KINDS, OWL.AnnotationProperty)}
    assert said, "the kinds of the terms of others are declared"
    assert said <= declared


def test_no_term_of_others_is_declared_in_vain(ontology: Graph) -> None:
    declared = {s for s, p, _ in ontology if p == RDF.type and not str(s).startswith(ONTOLOGY)}
    used = {node for s, p, o in ontology if str(s).startswith(ONTOLOGY) for node in (p, o)}
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


# The structure


def below(ontology: Graph, term: Node) -> set[Node | None]:
    """The class and all that specialise it."""
    return {term, *ontology.transitive_subjects(RDFS.subClassOf, term)}


@pytest.mark.parametrize("predicate", [RDFS.subClassOf, RDFS.subPropertyOf])
def test_hierarchies_have_no_cycle(ontology: Graph, predicate: URIRef) -> None:
    for term in terms(ontology):
        parents = list(ontology.objects(term, predicate))
        assert not [parent for parent in parents if term in {parent, *ontology.transitive_objects(parent, predicate)}]


def test_disjoint_classes_share_no_subclass(ontology: Graph) -> None:
    pairs = list(ontology.subject_objects(OWL.disjointWith))
    assert len(pairs) > 60
    for one, other in pairs:
        assert one != other
        assert not below(ontology, one) & below(ontology, other)


def are_disjoint(ontology: Graph, one: str, other: str) -> bool:
    return (CG[one], OWL.disjointWith, CG[other]) in ontology or (CG[other], OWL.disjointWith, CG[one]) in ontology


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(ELEMENTS, 2)))
def test_no_element_is_of_two_kinds(ontology: Graph, one: str, other: str) -> None:
    assert are_disjoint(ontology, one, other)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(APART, 2)))
def test_what_is_one_kind_of_thing_is_no_other(ontology: Graph, one: str, other: str) -> None:
    assert are_disjoint(ontology, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Network", "Organisation"),
        ("Organ", "Organisation"),
        ("Organ", "Network"),
        ("ConsultativeProcess", "Organisation"),
        ("State", "Organ"),
        ("Plan", "Instrument"),
        ("Instrument", "Undertaking"),
    ],
)
def test_what_can_be_both_is_not_ruled_out(ontology: Graph, one: str, other: str) -> None:
    assert not are_disjoint(ontology, one, other)


@pytest.mark.parametrize(
    ("term", "predicate", "foreign"),
    [
        (CG.Plan, RDFS.subClassOf, PROV.Plan),
        (CG.Plan, RDFS.subClassOf, P_PLAN.Plan),
        (CG.Activity, RDFS.subClassOf, P_PLAN.Step),
        (CG.Action, RDFS.subClassOf, P_PLAN.Step),
        (CG.Agent, RDFS.subClassOf, PROV.Agent),
        (CG.Source, RDFS.subClassOf, PROV.Entity),
        (CG.Passage, RDFS.subClassOf, PROV.Entity),
        (CG.Passage, RDFS.subClassOf, OA.TextPositionSelector),
        (CG.Passage, RDFS.subClassOf, OA.TextQuoteSelector),
        (CG.Organisation, RDFS.subClassOf, ORG.Organization),
        (CG.Membership, RDFS.subClassOf, ORG.Membership),
        (CG.Meeting, RDFS.subClassOf, SCHEMA.Event),
        (CG.source, RDFS.subPropertyOf, PROV.wasQuotedFrom),
        (CG.start, RDFS.subPropertyOf, OA.start),
        (CG.end, RDFS.subPropertyOf, OA.end),
        (CG.exact, RDFS.subPropertyOf, OA.exact),
        (CG.memberOf, RDFS.subPropertyOf, ORG.memberOf),
        (CG.refersTo, RDFS.subPropertyOf, DCTERMS.references),
        (CG.status, RDFS.range, SKOS.Concept),
    ],
)
def test_terms_are_linked_to_those_they_specialise(ontology: Graph, term: Node, predicate: Node, foreign: Node) -> None:
    assert (term, predicate, foreign) in ontology


LINKS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso)


def linked(ontology: Graph, term: Node) -> bool:
    """Whether the term, or one of ours that it specialises, leads to a term of another vocabulary."""
    targets = [target for link in LINKS for target in ontology.objects(term, link)]
    return any(
        not str(target).startswith(ONTOLOGY) or (target != term and linked(ontology, target)) for target in targets
    )


def test_every_term_leads_to_one_of_a_standard_vocabulary(ontology: Graph) -> None:
    assert [name(term) for term in terms(ontology) if not linked(ontology, term)] == []


@pytest.mark.parametrize(
    ("term", "near"),
    [
        ("number", SKOS.notation),
        ("within", DCTERMS.isPartOf),
        ("code", DCTERMS.identifier),
        ("instrumentKind", DCTERMS.type),
        ("status", SCHEMA.creativeWorkStatus),
        ("agent", ORG.member),
        ("role", ORG.role),
        ("agent", PROV.agent),
        ("role", PROV.hadRole),
    ],
)
def test_a_term_that_is_only_near_another_is_not_said_to_specialise_it(ontology: Graph, term: str, near: Node) -> None:
    assert (CG[term], RDFS.seeAlso, near) in ontology
    assert near not in set(ontology.transitive_objects(CG[term], RDFS.subPropertyOf))


def test_what_contains_at_any_depth_is_not_a_direct_part(ontology: Graph) -> None:
    assert DCTERMS.isPartOf not in set(ontology.transitive_objects(CG.within, RDFS.subPropertyOf))


def test_a_planned_activity_has_not_happened(ontology: Graph) -> None:
    assert PROV.Activity not in set(ontology.transitive_objects(CG.Activity, RDFS.subClassOf))


@pytest.mark.parametrize(
    ("term", "inverse"),
    [
        ("passage", "passageOf"),
        ("mentions", "mentionedIn"),
        ("party", "partyTo"),
        ("member", "memberOf"),
        ("observer", "observerOf"),
        ("deferredTo", "hasDeferral"),
        ("refersTo", "referredToBy"),
    ],
)
def test_inverses(ontology: Graph, term: str, inverse: str) -> None:
    assert (CG[inverse], OWL.inverseOf, CG[term]) in ontology


# Nothing is asked of the subject where a term is used of things of several kinds.
@pytest.mark.parametrize(
    ("names", "domain", "range_"),
    [
        ("within", CG.PlanElement, None),
        ("status attachedBy", CG.PlanElement, SKOS.Concept),
        ("participation", CG.PlanElement, CG.Participation),
        ("refersTo", CG.PlanElement, CG.PlanElement),
        ("deferredTo", CG.PlanElement, CG.Network),
        ("targetTheme", CG.CrossReference, CG.Theme),
        ("targetPassage", CG.CrossReference, CG.Passage),
        ("targetNumber", CG.CrossReference, XSD.string),
        ("number", CG.PlanElement, XSD.string),
        ("order", CG.PlanElement, XSD.integer),
        ("source", CG.Passage, CG.Source),
        ("inPassage", CG.Passage, CG.LeafPassage),
        ("start end row column", CG.Passage, XSD.integer),
        ("exact", CG.Passage, XSD.string),
        ("passage", None, CG.Passage),
        ("repeatedIn", CG.Theme, CG.Passage),
        ("agent", None, CG.Agent),
        ("role confidence", None, SKOS.Concept),
        ("member observer", CG.Agent, CG.Agent),
        ("membership", CG.Agent, CG.Membership),
        ("process", CG.Membership, CG.ConsultativeProcess),
        ("bodyOf", CG.Agent, CG.ConsultativeProcess),
        ("party adoptedBy", CG.Instrument, CG.Agent),
        ("instrumentKind", CG.Instrument, SKOS.Concept),
        ("iso2 iso3 m49", CG.State, XSD.string),
        ("severity", CG.Finding, SKOS.Concept),
        ("element", CG.Finding, None),
        ("code", None, XSD.string),
        ("text mentions since", None, None),
    ],
)
def test_domains_and_ranges(ontology: Graph, names: str, domain: Node | None, range_: Node | None) -> None:
    for term in names.split():
        assert list(ontology.objects(CG[term], RDFS.domain)) == [kind for kind in (domain,) if kind]
        assert list(ontology.objects(CG[term], RDFS.range)) == [kind for kind in (range_,) if kind]


@pytest.mark.parametrize(
    "term", ["number", "order", "source", "start", "end", "exact", "row", "column", "attachedBy", "code", "severity"]
)
def test_what_has_one_value_at_most(ontology: Graph, term: str) -> None:
    assert (CG[term], RDF.type, OWL.FunctionalProperty) in ontology
