"""What follows from data and ontology by OWL 2 RL is true: things get the types they have, and contradictions show."""

import pytest
from owlrl import OWLRL_Semantics
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import read_ontology
from crmgraph.namespaces import BASE, PREFIXES
from crmgraph.resources import resource

CG = Namespace(PREFIXES["cg"])
ID = Namespace(PREFIXES["id"])
OA = Namespace(PREFIXES["oa"])
ORG = Namespace(PREFIXES["org"])
P_PLAN = Namespace(PREFIXES["p-plan"])
TOPIC = Namespace(PREFIXES["topic"])
GROUP = Namespace(PREFIXES["population-group"])

# Each use that the data make of each term.
DATA = """
<plan/crm> a cg:Plan ; cg:passage <source/crm/0-5> .
<plan/crm/pgm> a cg:Theme ; cg:within <plan/crm> ; cg:text "POLÍTICAS"@es ; cg:order 1 ;
    cg:repeatedIn <source/crm/7-20> .
<plan/crm/pgm/1> a cg:Objective ; cg:within <plan/crm/pgm> ; cg:number "1" .
<plan/crm/pgm/1.1> a cg:Action ; cg:within <plan/crm/pgm/1> ; cg:attachedBy attachment:printed-number .
<plan/crm/pgm/1.1.1> a cg:Activity ; cg:within <plan/crm/pgm/1.1> ; cg:passage <source/crm/7-40> ;
    cg:mentions <actor/oim> , <instrument/mou-2006> , <meeting/xiv> , <country/MEX> ;
    cg:participation <participation/1> ; cg:deferredTo <network/red-trata> ; cg:refersTo <plan/crm/pgm> .
<plan/crm/pgm/1.1.1/referral-1> a cg:Referral ; cg:deferredTo <network/red-trata> ; cg:passage <source/crm/7-20> .
<plan/crm/pgm/1.1.1/cross-reference-1> a cg:CrossReference ; cg:targetTheme <plan/crm/pgm> ; cg:targetNumber "12" ;
    cg:targetPassage <source/crm/7-20> ; cg:targetThemePassage <source/crm/7-20> ; cg:refersTo <plan/crm/pgm> .
<plan/crm/pgm/1.1.1.1> a cg:ScheduleEntry ; cg:within <plan/crm/pgm/1.1.1> ; cg:status status:continuous .
<plan/crm/pgm/1-a> a cg:Note ; cg:within <plan/crm/pgm/1> .
<source/crm> a cg:Source .
<source/crm/0-5> a cg:Passage , cg:LeafPassage ; cg:source <source/crm> ; cg:start 0 ; cg:end 5 ; cg:exact "PLAN " ;
    cg:row 0 .
<source/crm/7-40> a cg:Passage , cg:LeafPassage ; cg:source <source/crm> ; cg:row 2 ; cg:column 4 .
<source/crm/7-20> a cg:Passage ; cg:source <source/crm> ; cg:inPassage <source/crm/7-40> .
<participation/1> a cg:Participation ; cg:agent <actor/oim> ; cg:role <role/asked> ; cg:passage <source/crm/7-20> .
<plan/crm/pgm/1.1.1> cg:mention <mention/1> ; cg:instrumentUse <use/1> ; cg:topic topic:trafficking ;
    cg:populationGroup population-group:migrant-women ; cg:since "2003-06"^^xsd:gYearMonth .
<plan/crm/pgm/1.1.1.1> cg:date "2010"^^xsd:gYear ; cg:recurrence "P6M"^^xsd:duration ; cg:delay "P3Y"^^xsd:duration ;
    cg:recursWith <actor/ppt> ; cg:place <country/MEX> ; cg:meeting <meeting/xiv> .
<mention/1> a cg:Mention ; cg:mentioned <actor/oim> ; cg:nameForm name-form:acronym ; cg:nameUsed "OIM" ;
    cg:passage <source/crm/7-20> .
<use/1> a cg:InstrumentUse ; cg:instrument <instrument/mou-2006> ; cg:use <kind/applied> ;
    cg:instrumentReliedOn <instrument/mou-2006> .
<plan/crm/pgm/1.1.1> cg:instrumentUse <use/2> .
<use/2> a cg:InstrumentUse ; cg:instrument <instrument/policy> ; cg:use <kind/drawn-up> .
<source/a> a dcterms:BibliographicResource ; cg:sourceOf rdfs:label .
<statement/1> a cg:Statement ; cg:subject <plan/crm/pgm/1.1.1> ; cg:predicate cg:topic ; cg:object topic:trafficking ;
    cg:passage <source/crm/7-20> ; cg:rank rank:preferred .
<statement/2> a cg:Translation ; cg:subject <plan/crm> ; cg:predicate rdfs:label ; cg:literal "Plan of Action"@en .
<statement/3> a cg:Correspondence ; cg:subject <plan/crm/pgm/1> ; cg:object <plan/other/t/2> ; cg:certainty 0.7 ;
    cg:relation correspondence:broad ; cg:comparedWith <plan/other> ; cg:justification <kind/reading> .
<statement/4> a cg:NoCorrespondence ; cg:subject <plan/crm/pgm/8> ; cg:comparedWith <plan/other> .
<plan/crm/pgm/8> cg:correspondsToNothingIn <plan/other> .
<plan/other> a cg:AbridgedPlan ; cg:planOf <process/rcm> . <plan/other/t/2> a cg:Objective .
<target/10.7> cg:concern migration-concern:names .
<annotator/crmgraph> a cg:Annotator .
<event/past> a cg:PastEvent ; cg:toldIn <plan/crm/pgm/1.1.1.1> ; cg:fulfils <plan/crm/pgm/1.1.1> ;
    cg:date "2005-03"^^xsd:gYearMonth ; cg:place <place/vancouver> ; cg:eventAgent <actor/oim> .
<event/planned> a cg:PlannedEvent ; cg:toldIn <plan/crm/pgm/1.1.1.1> ; cg:since "2010"^^xsd:gYear .
<place/vancouver> a cg:Place ; cg:inState <country/CAN> . <country/CAN> a cg:State .
<meeting/xiv> cg:ofBody <actor/ppt> ; cg:process <process/rcm> ; cg:ordinal "XIV" ; cg:chair <country/MEX> ;
    cg:startDate "2009-07-08"^^xsd:date ; cg:endDate "2009-07"^^xsd:gYearMonth ; cg:place <place/vancouver> .
<country/MEX> cg:membership <presidency/rcm-2021> .
<presidency/rcm-2021> a cg:Presidency ; cg:agent <country/MEX> ; cg:process <process/rcm> ; cg:year "2021"^^xsd:gYear .
<actor/oim> cg:membership <membership/rcm-oim> .
<membership/rcm-oim> a cg:Membership ; cg:observerIn <process/rcm> .
<country/CAN> cg:membership <membership/rcm-CAN> .
<membership/rcm-CAN> a cg:Membership ; cg:process <process/rcm> .
<actor/oim> a cg:Organisation . <actor/ppt> a cg:Organ ; cg:bodyOf <process/rcm> . <actor/ong> a cg:AgentGroup .
<network/red-trata> a cg:Network ; cg:bodyOf <process/rcm> .
<country/MEX> a cg:State ; cg:iso2 "MX" ; cg:iso3 "MEX" ; cg:m49 "484" ; cg:membership <membership/rcm-MEX> .
<process/rcm> a cg:ConsultativeProcess ; cg:since "1996"^^xsd:gYear ; cg:processLevel process-level:regional ;
    cg:processStatus process-status:active ; cg:memberCount 11 ; cg:observerOrganisationCount 13 .
<membership/rcm-MEX> a cg:Membership ; cg:memberIn <process/rcm> ; cg:agent <country/MEX> ; cg:role <role/member> ;
    cg:since "1996"^^xsd:gYear .
<instrument/mou-2006> a cg:Instrument ; cg:party <country/MEX> ; cg:confidence <confidence/high> .
<instrument/fondo> a cg:Undertaking ; cg:adoptedBy <process/rcm> ; cg:instrumentKind <kind/fund> .
<meeting/xiv> a cg:Meeting .
<finding/1> a cg:Finding ; cg:code "unresolved-cross-reference" ; cg:severity severity:violation ;
    cg:element <plan/crm/pgm/1.1.1> , <plan/crm> , <instrument/mou-2006> ; cg:passage <source/crm/7-20> .
<finding/1> cg:relatedElement <plan/crm/pgm/1> ; cg:relatedPassage <source/crm/7-40> ; cg:acceptedBy "A reader" ;
    cg:acceptedOn "2026-11-26"^^xsd:date ; cg:acceptedBecause "The objective was removed."@en .
<shape/1> cg:code "unresolved-cross-reference" .
<shape/2> a cg:Check ; cg:remedy "Correct the number."@en .
<acronym/1> a cg:Acronym ; cg:letters "OIM" ; cg:firstUsedIn <plan/crm/pgm/1.1.1> ; cg:standsFor <actor/oim> ;
    cg:spelledOutIn <source/crm/7-40> ; cg:passage <source/crm/7-20> .
<plan/crm> cg:firstUse <mention/1> ; cg:translatedInto "en" .
<plan/crm/pgm/1.1.2> a cg:Activity ; cg:outOfOrderWith <plan/crm/pgm/1.1.1> ; cg:inRowOf <plan/crm/pgm/8> .
<plan/crm/pgm/8> a cg:Objective .
<mention/2> a cg:Mention ; cg:inMention <mention/1> .
<plan/crm/pgm/1.1.1> cg:repeats <plan/crm/pgm/1.1.2> ; cg:readIn <plan/crm> ; cg:until "2012"^^xsd:gYear ;
    cg:impossibleDate <source/crm/7-20> ; cg:otherTiming <source/crm/7-20> ; cg:unaccentedWord <source/crm/7-20> .
"""


def read(turtle: str, base: str = f"{BASE}id/") -> Graph:
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    return Graph().parse(data=f"@base <{base}> .\n{prefixes}{turtle}", format="turtle")


def closure(*graphs: Graph) -> tuple[Graph, list[str]]:
    """All that follows from the graphs by the rules of OWL 2 RL, and the contradictions that they lead to."""
    closed = Graph()
    for graph in graphs:
        for triple in graph:
            closed.add(triple)
    engine = OWLRL_Semantics(closed, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    return closed, engine.error_messages


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The ontology with its vocabularies, as they are in the dataset."""
    return read_ontology(resource("ontology"))


@pytest.fixture(scope="module")
def inferred(ontology: Graph) -> Graph:
    closed, contradictions = closure(read(DATA), ontology)
    assert contradictions == []
    return closed


@pytest.fixture(scope="module")
def alone(ontology: Graph) -> Graph:
    """What follows from the ontology and its vocabularies with no data at all."""
    closed, contradictions = closure(ontology)
    assert contradictions == []
    return closed


@pytest.fixture(scope="module")
def terms() -> Graph:
    """The ontology without most vocabularies, whose concepts can contradict nothing: closed in a tenth of the time."""
    folder = resource("ontology")
    graph = Graph().parse(folder / "crmgraph.ttl")
    return graph.parse(folder / "vocabularies" / "attachment.ttl").parse(folder / "vocabularies" / "severity.ttl")


def our_types(graph: Graph, thing: Node) -> set[Node]:
    return {kind for kind in graph.objects(thing, RDF.type) if str(kind).startswith(CG)}


def test_the_ontology_alone_has_no_class_without_members(alone: Graph) -> None:
    assert (CG.Theme, RDFS.subClassOf, PROV.Entity) in alone, "rules were applied"
    assert not [term for term in alone.subjects(RDFS.subClassOf, OWL.Nothing) if term != OWL.Nothing]


@pytest.mark.parametrize("same", [OWL.equivalentClass, OWL.equivalentProperty])
def test_no_term_is_the_same_as_another(alone: Graph, same: URIRef) -> None:
    for one, other in alone.subject_objects(same):
        assert one == other or not str(one).startswith(CG)


def test_things_get_the_types_they_have_and_no_other(ontology: Graph, inferred: Graph) -> None:
    given = read(DATA)
    for thing in {*given.subjects(), *given.objects(None, CG.role)}:
        stated = our_types(given, thing)
        expected = {above for kind in stated for above in ontology.transitive_objects(kind, RDFS.subClassOf)}
        assert our_types(inferred, thing) == {kind for kind in expected if str(kind).startswith(CG)}, thing


def test_the_data_use_every_class(ontology: Graph, inferred: Graph) -> None:
    ours = {term for term in ontology.subjects(RDF.type, OWL.Class) if str(term).startswith(CG)}
    assert ours == {kind for kind in inferred.objects(None, RDF.type) if str(kind).startswith(CG)}


def test_the_data_use_every_property(ontology: Graph, inferred: Graph) -> None:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    ours = {term for kind in kinds for term in ontology.subjects(RDF.type, kind) if str(term).startswith(CG)}
    assert ours <= set(inferred.predicates())


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (ID["plan/crm/pgm/1.1.1.1"], CG.within, ID["plan/crm/pgm/1"]),
        (ID["plan/crm/pgm/1.1.1.1"], CG.within, ID["plan/crm"]),
        (ID["source/crm/7-40"], CG.passageOf, ID["plan/crm/pgm/1.1.1"]),
        (ID["actor/oim"], CG.mentionedIn, ID["plan/crm/pgm/1.1.1"]),
        (ID["network/red-trata"], CG.hasDeferral, ID["plan/crm/pgm/1.1.1"]),
        (ID["plan/crm/pgm"], CG.referredToBy, ID["plan/crm/pgm/1.1.1"]),
        (ID["country/MEX"], CG.partyTo, ID["instrument/mou-2006"]),
        (ID["country/MEX"], CG.memberOf, ID["process/rcm"]),
        (ID["actor/oim"], CG.observerOf, ID["process/rcm"]),
        (ID["country/MEX"], ORG.memberOf, ID["process/rcm"]),
        (ID["process/rcm"], ORG.hasMember, ID["country/MEX"]),
        (ID["membership/rcm-MEX"], ORG.organization, ID["process/rcm"]),
        (ID["source/crm/7-20"], PROV.wasQuotedFrom, ID["source/crm"]),
        (ID["source/crm/0-5"], OA.start, Literal(0)),
        (ID["source/crm/0-5"], OA.end, Literal(5)),
        (ID["source/crm/0-5"], OA.exact, Literal("PLAN ")),
        (ID["instrument/fondo"], RDF.type, CG.Instrument),
        (ID["plan/crm"], CG.contains, ID["plan/crm/pgm/1.1.1.1"]),
        (ID["process/rcm"], CG.member, ID["country/MEX"]),
        (ID["process/rcm"], CG.participant, ID["actor/oim"]),
        (ID["country/CAN"], CG.takesPartIn, ID["process/rcm"]),
        (ID["presidency/rcm-2021"], RDF.type, CG.Membership),
        (ID["mention/1"], CG.inElement, ID["plan/crm/pgm/1.1.1"]),
        (ID["participation/1"], CG.participationIn, ID["plan/crm/pgm/1.1.1"]),
        (ID["plan/crm/pgm/1.1.1.1"], CG.tells, ID["event/past"]),
        (ID["plan/crm/pgm/1.1.1"], CG.fulfilledBy, ID["event/past"]),
        (ID["event/past"], RDF.type, PROV.Activity),
        (ID["event/planned"], RDF.type, P_PLAN.Step),
        (ID["plan/crm/pgm/1.1.1"], DCTERMS.subject, TOPIC.trafficking),
        (ID["statement/2"], RDF.type, CG.Statement),
    ],
)
def test_what_follows(inferred: Graph, subject: URIRef, predicate: URIRef, value: Node) -> None:
    assert (subject, predicate, value) in inferred


WHOLE = ("plan/crm/pgm/1.1.1", "plan/crm/pgm/1", "plan/crm/pgm", "plan/crm")


@pytest.mark.parametrize("thing", WHOLE)
@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (CG.involvesAgent, ID["actor/oim"]),
        (CG.reliesOn, ID["instrument/mou-2006"]),
        (CG.concernsInstrument, ID["instrument/mou-2006"]),
        (CG.concernsInstrument, ID["instrument/policy"]),
        (CG.involvesNetwork, ID["network/red-trata"]),
        (CG.concernsTopic, TOPIC.trafficking),
        (CG.concernsGroup, GROUP["migrant-women"]),
        (CG.concernsGroup, GROUP.women),
        (CG.concernsGroup, GROUP.migrants),
    ],
)
def test_what_a_part_says_is_gathered_by_all_that_contains_it(
    inferred: Graph, thing: str, predicate: URIRef, value: Node
) -> None:
    assert (ID[thing], predicate, value) in inferred


def test_what_is_gathered_is_said_of_nothing_else(inferred: Graph) -> None:
    for predicate in (CG.involvesAgent, CG.reliesOn, CG.concernsInstrument, CG.concernsTopic, CG.concernsGroup):
        assert set(inferred.subjects(predicate)) == {ID[thing] for thing in (*WHOLE, "plan/crm/pgm/1.1")}
    assert set(inferred.subjects(CG.involvedIn)) == {ID["actor/oim"]}


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (ID["plan/crm/pgm/1"], DCTERMS.isPartOf, ID["plan/crm"]),
        (ID["actor/oim"], CG.memberOf, ID["process/rcm"]),
        (ID["country/CAN"], CG.memberOf, ID["process/rcm"]),
        (ID["country/MEX"], CG.observerOf, ID["process/rcm"]),
        (ID["meeting/xiv"], RDF.type, CG.Membership),
        (ID["country/MEX"], RDF.type, CG.Place),
        (ID["event/planned"], RDF.type, PROV.Activity),
        (ID["plan/crm/pgm/1.1.1.1"], CG.involvesAgent, ID["actor/oim"]),
        (ID["plan/crm/pgm/1"], CG.topic, TOPIC.trafficking),
        (ID["plan/crm/pgm/1.1.1"], CG.reliesOn, ID["instrument/policy"]),
        (ID["plan/crm"], CG.mention, ID["mention/1"]),
        (ID["plan/crm/pgm"], CG.passage, ID["source/crm/7-20"]),
        (ID["plan/crm/pgm/1.1.1"], RDF.type, PROV.Activity),
        (ID["finding/1"], RDF.type, CG.PlanElement),
        (ID["shape/1"], RDF.type, CG.Finding),
    ],
)
def test_what_does_not_follow(inferred: Graph, subject: URIRef, predicate: URIRef, value: Node) -> None:
    assert (subject, predicate, value) not in inferred


# Each ends in a thing that would be of two classes that share nothing.
IMPOSSIBLE = (
    "<x> a cg:Theme , cg:Objective .",
    "<x> a cg:Passage , cg:Activity .",
    "<x> a cg:State , cg:Organisation .",
    "<x> a cg:LeafPassage ; cg:text 'Continuo'@es ; cg:order 3 .",
    "<x> a cg:Meeting . <y> a cg:Instrument ; cg:party <x> .",
    "<x> a cg:Plan . <y> a cg:CrossReference ; cg:refersTo <x> .",
    "<x> a cg:Organisation . <y> a cg:Referral ; cg:deferredTo <z> . <z> a cg:State .",
    "<x> a cg:PastEvent , cg:PlannedEvent .",
    "<x> a cg:PlannedEvent ; cg:fulfils <y> .",
    "<x> a cg:Statement , cg:Mention .",
    "<x> a cg:Annotator , cg:Event .",
    "<x> a cg:Place . <y> a cg:Participation ; cg:agent <x> .",
    "<x> a cg:State ; cg:inState <y> .",
)


@pytest.fixture(scope="module")
def contradictions(terms: Graph) -> list[str]:
    """What is said against all that is impossible, each case at its own address, so that one closure does for all."""
    cases = (read(data, f"{BASE}id/case-{number}/") for number, data in enumerate(IMPOSSIBLE))
    return closure(*cases, terms)[1]


@pytest.mark.parametrize("number", range(len(IMPOSSIBLE)), ids=IMPOSSIBLE)
def test_a_contradiction_shows(contradictions: list[str], number: int) -> None:
    assert [message for message in contradictions if f"/case-{number}/" in message]


def test_only_what_is_impossible_is_called_so(contradictions: list[str]) -> None:
    assert all("/case-" in message for message in contradictions)


@pytest.mark.parametrize(
    "data",
    [
        "<x> cg:attachedBy attachment:position , attachment:printed-number .",
        "<x> a cg:Finding ; cg:severity severity:warning , severity:info .",
    ],
)
def test_two_values_where_one_is_allowed_contradict_each_other(terms: Graph, data: str) -> None:
    assert closure(read(data), terms)[1]
