"""What follows from data and ontology by OWL 2 RL is true: things get the types they have, and contradictions show."""

import pytest
from owlrl import OWLRL_Semantics
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.namespaces import BASE, PREFIXES
from crmgraph.resources import resource

CG = Namespace(PREFIXES["cg"])
ID = Namespace(PREFIXES["id"])
OA = Namespace(PREFIXES["oa"])
ORG = Namespace(PREFIXES["org"])

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
    cg:targetPassage <source/crm/7-20> ; cg:refersTo <plan/crm/pgm> .
<plan/crm/pgm/1.1.1.1> a cg:ScheduleEntry ; cg:within <plan/crm/pgm/1.1.1> ; cg:status status:continuous .
<plan/crm/pgm/1-a> a cg:Note ; cg:within <plan/crm/pgm/1> .
<source/crm> a cg:Source .
<source/crm/0-5> a cg:Passage , cg:LeafPassage ; cg:source <source/crm> ; cg:start 0 ; cg:end 5 ; cg:exact "PLAN " ;
    cg:row 0 .
<source/crm/7-40> a cg:Passage , cg:LeafPassage ; cg:source <source/crm> ; cg:row 2 ; cg:column 4 .
<source/crm/7-20> a cg:Passage ; cg:source <source/crm> ; cg:inPassage <source/crm/7-40> .
<participation/1> a cg:Participation ; cg:agent <actor/oim> ; cg:role <role/asked> ; cg:passage <source/crm/7-20> .
<actor/oim> a cg:Organisation . <actor/ppt> a cg:Organ ; cg:bodyOf <process/rcm> . <actor/ong> a cg:AgentGroup .
<network/red-trata> a cg:Network ; cg:bodyOf <process/rcm> .
<country/MEX> a cg:State ; cg:iso2 "MX" ; cg:iso3 "MEX" ; cg:m49 "484" ; cg:membership <membership/rcm-MEX> .
<process/rcm> a cg:ConsultativeProcess ; cg:member <country/MEX> ; cg:observer <actor/oim> ;
    cg:since "1996"^^xsd:gYear .
<membership/rcm-MEX> a cg:Membership ; cg:process <process/rcm> ; cg:agent <country/MEX> ; cg:role <role/member> ;
    cg:since "1996"^^xsd:gYear .
<instrument/mou-2006> a cg:Instrument ; cg:party <country/MEX> ; cg:confidence <confidence/high> .
<instrument/fondo> a cg:Undertaking ; cg:adoptedBy <process/rcm> ; cg:instrumentKind <kind/fund> .
<meeting/xiv> a cg:Meeting .
<finding/1> a cg:Finding ; cg:code "unresolved-cross-reference" ; cg:severity severity:violation ;
    cg:element <plan/crm/pgm/1.1.1> , <plan/crm> , <instrument/mou-2006> ; cg:passage <source/crm/7-20> .
<shape/1> cg:code "unresolved-cross-reference" .
"""


def read(turtle: str) -> Graph:
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    return Graph().parse(data=f"@base <{BASE}id/> .\n{prefixes}{turtle}", format="turtle")


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
    """The ontology with its vocabularies."""
    graph = Graph()
    for file in sorted(resource("ontology").glob("**/*.ttl")):
        if file.parent.name != "shapes":
            graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def inferred(ontology: Graph) -> Graph:
    closed, contradictions = closure(read(DATA), ontology)
    assert contradictions == []
    return closed


def our_types(graph: Graph, thing: Node) -> set[Node]:
    return {kind for kind in graph.objects(thing, RDF.type) if str(kind).startswith(CG)}


def test_the_ontology_alone_is_consistent(ontology: Graph) -> None:
    closed, contradictions = closure(ontology)
    assert contradictions == []
    assert (CG.Theme, RDFS.subClassOf, PROV.Entity) in closed, "rules were applied"
    assert not [term for term in closed.subjects(RDFS.subClassOf, OWL.Nothing) if term != OWL.Nothing]


def test_no_class_is_the_same_as_another(ontology: Graph) -> None:
    closed, _ = closure(ontology)
    for one, other in closed.subject_objects(OWL.equivalentClass):
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
    ],
)
def test_what_follows(inferred: Graph, subject: URIRef, predicate: URIRef, value: Node) -> None:
    assert (subject, predicate, value) in inferred


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (ID["plan/crm/pgm/1"], DCTERMS.isPartOf, ID["plan/crm"]),
        (ID["actor/oim"], CG.memberOf, ID["process/rcm"]),
        (ID["plan/crm/pgm"], CG.passage, ID["source/crm/7-20"]),
        (ID["plan/crm/pgm/1.1.1"], RDF.type, PROV.Activity),
        (ID["finding/1"], RDF.type, CG.PlanElement),
        (ID["shape/1"], RDF.type, CG.Finding),
    ],
)
def test_what_does_not_follow(inferred: Graph, subject: URIRef, predicate: URIRef, value: Node) -> None:
    assert (subject, predicate, value) not in inferred


@pytest.mark.parametrize(
    "data",
    [
        "<x> a cg:Theme , cg:Objective .",
        "<x> a cg:Passage , cg:Activity .",
        "<x> a cg:State , cg:Organisation .",
        "<x> a cg:LeafPassage ; cg:text 'Continuo'@es ; cg:order 3 .",
        "<x> a cg:Meeting . <y> a cg:Instrument ; cg:party <x> .",
        "<x> a cg:Plan . <y> a cg:CrossReference ; cg:refersTo <x> .",
        "<x> a cg:Organisation . <y> a cg:Referral ; cg:deferredTo <z> . <z> a cg:State .",
        "<x> cg:attachedBy attachment:position , attachment:printed-number .",
        "<x> a cg:Finding ; cg:severity severity:warning , severity:info .",
    ],
)
def test_a_contradiction_shows(ontology: Graph, data: str) -> None:
    _, contradictions = closure(read(data), ontology)
    assert contradictions
