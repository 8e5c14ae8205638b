"""The structure of the ontology: hierarchies, what excludes what, inverses, chains, domains, and links to others."""

import itertools

import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, TIME, XSD, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from tests.ontology.ours import CG, name, read, terms

OA = Namespace(PREFIXES["oa"])
ORG = Namespace(PREFIXES["org"])
P_PLAN = Namespace(PREFIXES["p-plan"])
SCHEMA = Namespace("https://schema.org/")
ELEMENTS = ("Theme", "Objective", "Action", "Activity", "ScheduleEntry", "Note", "Referral", "CrossReference")
APART = (
    *("PlanElement", "Source", "Passage", "Agent", "Participation", "Membership", "Instrument", "Meeting", "Finding"),
    *("Statement", "Mention", "InstrumentUse", "Place"),
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return read()


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
        ("Annotator", "Agent"),
        ("Meeting", "Event"),
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
        (CG.Statement, RDFS.subClassOf, PROV.Entity),
        (CG.Annotator, RDFS.subClassOf, PROV.Agent),
        (CG.PastEvent, RDFS.subClassOf, PROV.Activity),
        (CG.PlannedEvent, RDFS.subClassOf, P_PLAN.Step),
        (CG.Place, RDFS.subClassOf, PROV.Location),
        (CG.fulfils, RDFS.subPropertyOf, P_PLAN.correspondsToStep),
        (CG.memberIn, RDFS.subPropertyOf, ORG.organization),
        (CG.topic, RDFS.subPropertyOf, DCTERMS.subject),
        (CG.place, RDFS.subPropertyOf, DCTERMS.spatial),
        (CG.startDate, RDFS.subPropertyOf, SCHEMA.startDate),
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
        ("eventAgent", PROV.wasAssociatedWith),
        ("process", ORG.organization),
        ("subject", RDF.subject),
        ("date", TIME.hasTime),
        ("delay", TIME.hasXSDDuration),
        ("contains", DCTERMS.hasPart),
    ],
)
def test_a_term_that_is_only_near_another_is_not_said_to_specialise_it(ontology: Graph, term: str, near: Node) -> None:
    assert (CG[term], RDFS.seeAlso, near) in ontology
    assert near not in set(ontology.transitive_objects(CG[term], RDFS.subPropertyOf))


def test_what_contains_at_any_depth_is_not_a_direct_part(ontology: Graph) -> None:
    assert DCTERMS.isPartOf not in set(ontology.transitive_objects(CG.within, RDFS.subPropertyOf))


@pytest.mark.parametrize("planned", ["Activity", "Action", "PlannedEvent"])
def test_what_is_planned_has_not_happened(ontology: Graph, planned: str) -> None:
    assert PROV.Activity not in set(ontology.transitive_objects(CG[planned], RDFS.subClassOf))


def test_what_happened_is_not_what_is_planned(ontology: Graph) -> None:
    assert are_disjoint(ontology, "PastEvent", "PlannedEvent")
    assert P_PLAN.Step not in set(ontology.transitive_objects(CG.PastEvent, RDFS.subClassOf))


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
        ("within", "contains"),
        ("mention", "inElement"),
        ("participation", "participationIn"),
        ("toldIn", "tells"),
        ("fulfils", "fulfilledBy"),
        ("takesPartIn", "participant"),
        ("involvesAgent", "involvedIn"),
        ("reliesOn", "reliedOnBy"),
    ],
)
def test_inverses(ontology: Graph, term: str, inverse: str) -> None:
    assert (CG[inverse], OWL.inverseOf, CG[term]) in ontology


@pytest.mark.parametrize(
    ("term", "chains"),
    [
        ("memberOf", {"membership memberIn"}),
        ("observerOf", {"membership observerIn"}),
        ("takesPartIn", {"membership process"}),
        ("involvesAgent", {"participation agent", "contains involvesAgent"}),
        ("concernsInstrument", {"instrumentUse instrument", "contains concernsInstrument"}),
        ("reliesOn", {"instrumentUse instrumentReliedOn", "contains reliesOn"}),
        ("involvesNetwork", {"contains involvesNetwork"}),
        ("concernsTopic", {"contains concernsTopic", "concernsTopic broader"}),
        ("concernsGroup", {"contains concernsGroup", "concernsGroup broader"}),
    ],
)
def test_chains(ontology: Graph, term: str, chains: set[str]) -> None:
    found = ontology.objects(CG[term], OWL.propertyChainAxiom)
    assert {" ".join(str(link).rpartition("#")[2] for link in Collection(ontology, chain)) for chain in found} == chains


@pytest.mark.parametrize(
    ("narrower", "broader"),
    [
        *(("memberIn", "process"), ("observerIn", "process"), ("deferredTo", "involvesNetwork")),
        *(("topic", "concernsTopic"), ("populationGroup", "concernsGroup")),
        *(("instrumentReliedOn", "instrument"), ("reliesOn", "concernsInstrument")),
    ],
)
def test_properties_above_properties(ontology: Graph, narrower: str, broader: str) -> None:
    assert (CG[narrower], RDFS.subPropertyOf, CG[broader]) in ontology


@pytest.mark.parametrize("literal", ["date", "since", "recurrence", "delay", "startDate", "endDate", "year"])
def test_what_is_no_datatype_of_the_profile_is_no_range(ontology: Graph, literal: str) -> None:
    assert list(ontology.objects(CG[literal], RDFS.range)) == []


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
        ("targetPassage targetThemePassage", CG.CrossReference, CG.Passage),
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
        ("process", None, CG.ConsultativeProcess),
        ("memberIn observerIn", CG.Membership, CG.ConsultativeProcess),
        ("takesPartIn", CG.Agent, CG.ConsultativeProcess),
        ("year", CG.Presidency, None),
        ("processLevel processStatus", CG.ConsultativeProcess, SKOS.Concept),
        ("memberCount observerOrganisationCount", CG.ConsultativeProcess, XSD.integer),
        ("mention", None, CG.Mention),
        ("inElement mentioned", CG.Mention, None),
        ("nameForm", CG.Mention, SKOS.Concept),
        ("nameUsed", CG.Mention, XSD.string),
        ("instrumentUse", CG.PlanElement, CG.InstrumentUse),
        ("instrument instrumentReliedOn", CG.InstrumentUse, CG.Instrument),
        ("use", CG.InstrumentUse, SKOS.Concept),
        ("topic populationGroup", CG.PlanElement, SKOS.Concept),
        ("recurrence delay", CG.PlanElement, None),
        ("recursWith", CG.PlanElement, CG.Agent),
        ("subject predicate object literal", CG.Statement, None),
        ("rank", CG.Statement, SKOS.Concept),
        ("toldIn", CG.Event, CG.PlanElement),
        ("fulfils", CG.PastEvent, P_PLAN.Step),
        ("eventAgent", CG.Event, CG.Agent),
        ("inState", CG.Place, CG.State),
        ("ofBody chair", CG.Meeting, CG.Agent),
        ("ordinal", CG.Meeting, XSD.string),
        ("startDate endDate", CG.Meeting, None),
        ("meeting", None, CG.Meeting),
        ("place date", None, None),
        ("involvesAgent", None, CG.Agent),
        ("reliesOn concernsInstrument", None, CG.Instrument),
        ("involvesNetwork", None, CG.Network),
        ("concernsTopic concernsGroup", None, SKOS.Concept),
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
