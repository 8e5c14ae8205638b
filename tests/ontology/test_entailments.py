"""What follows from data and ontology by OWL 2 RL is true: things get the types they have, and contradictions show."""

import pytest
from owlrl import OWLRL_Semantics
from rdflib import OWL, PROV, RDF, RDFS, Dataset, Graph, Namespace, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import read_ontology
from crmgraph.inference.entailment import Closure, infer_all, is_consistent, statement_of, triple_of
from crmgraph.namespaces import BASE, PREFIXES, Names
from crmgraph.resources import resource

CG, ID = Namespace(PREFIXES["cg"]), Namespace(PREFIXES["id"])
Triple = tuple[Node, Node, Node]

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


def closed(*graphs: Graph) -> Graph:
    """Return all that follows from the graphs, which must not contradict each other."""
    closure = Closure(triple_of(triple) for graph in graphs for triple in graph)
    assert is_consistent(closure)
    found = Graph()
    for triple in closure.triples():
        found.add(statement_of(triple))
    return found


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The ontology with its vocabularies, as they are in the dataset."""
    return read_ontology(resource("ontology"))


@pytest.fixture(scope="module")
def terms() -> Graph:
    """The ontology with the two vocabularies whose concepts can contradict something."""
    folder = resource("ontology")
    graph = Graph().parse(folder / "crmgraph.ttl")
    return graph.parse(folder / "vocabularies" / "attachment.ttl").parse(folder / "vocabularies" / "severity.ttl")


@pytest.fixture(scope="module")
def inferred(ontology: Graph) -> Graph:
    return closed(read(DATA), ontology)


def our_types(graph: Graph, thing: Node) -> set[Node]:
    return {kind for kind in graph.objects(thing, RDF.type) if str(kind).startswith(CG)}


def test_classes_can_have_members_and_no_two_terms_are_the_same(inferred: Graph) -> None:
    assert (CG.Theme, RDFS.subClassOf, PROV.Entity) in inferred, "rules were applied"
    assert not [term for term in inferred.subjects(RDFS.subClassOf, OWL.Nothing) if term != OWL.Nothing]
    for same in (OWL.equivalentClass, OWL.equivalentProperty):
        assert not [one for one, other in inferred.subject_objects(same) if one != other and str(one).startswith(CG)]


def test_things_get_the_types_they_have_and_no_other(ontology: Graph, inferred: Graph) -> None:
    given = read(DATA)
    for thing in {*given.subjects(), *given.objects(None, CG.role)}:
        stated = our_types(given, thing)
        expected = {above for kind in stated for above in ontology.transitive_objects(kind, RDFS.subClassOf)}
        assert our_types(inferred, thing) == {kind for kind in expected if str(kind).startswith(CG)}, thing


def test_data_use_every_term(ontology: Graph, inferred: Graph) -> None:
    ours = {term for term in ontology.subjects(RDF.type, OWL.Class) if str(term).startswith(CG)}
    assert ours == {kind for kind in inferred.objects(None, RDF.type) if str(kind).startswith(CG)}
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    ours = {term for kind in kinds for term in ontology.subjects(RDF.type, kind) if str(term).startswith(CG)}
    assert ours <= set(inferred.predicates())


# Each ends in a thing of two classes that share nothing, or with two values where one is allowed.
IMPOSSIBLE = (
    "<x> a cg:Theme , cg:Objective .",
    "<x> a cg:Passage , cg:Activity .",
    "<x> a cg:State , cg:Organisation .",
    "<x> a cg:LeafPassage ; cg:text 'Continuo'@es ; cg:order 3 .",
    "<x> a cg:Meeting . <y> a cg:Instrument ; cg:party <x> .",
    "<x> a cg:Plan . <y> a cg:CrossReference ; cg:refersTo <x> .",
    "<x> a cg:Organisation . <y> a cg:Referral ; cg:deferredTo <z> . <z> a cg:State .",
    "<x> a cg:PlannedEvent ; cg:fulfils <y> .",
    "<x> a cg:Place . <y> a cg:Participation ; cg:agent <x> .",
    "<x> a cg:State ; cg:inState <y> .",
    "<x> cg:attachedBy attachment:position , attachment:printed-number .",
    "<x> a cg:Finding ; cg:severity severity:warning , severity:info .",
)


def test_contradictions_show(terms: Graph) -> None:
    names, dataset = Names(), Dataset()
    for graph, triples in (("ontology", terms), ("plan/x", _impossible())):
        for triple in triples:
            dataset.graph(URIRef(names.graph(graph))).add(triple)
    _, causes = infer_all(dataset, names)
    told = [" ".join(str(term) for triple in cause.facts for term in triple) for cause in causes]
    missed = [data for n, data in enumerate(IMPOSSIBLE) if not any(f"/case-{n}/" in each for each in told)]
    assert missed == []
    assert all("/case-" in each for each in told)


def _impossible() -> Graph:
    """Return the cases, each with addresses of its own."""
    graph = Graph()
    for number, data in enumerate(IMPOSSIBLE):
        graph += read(data, f"{BASE}id/case-{number}/")
    return graph


def test_owlrl_agrees(terms: Graph) -> None:
    """Another reasoner concludes the same about the things, from the ontology without its larger vocabularies."""
    theirs = read(DATA) + terms
    engine = OWLRL_Semantics(theirs, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    assert engine.error_messages == []

    def about_things(graph: Graph) -> set[Triple]:
        same = {OWL.sameAs, OWL.differentFrom}
        return {
            (s, p, o) for s, p, o in graph if isinstance(s, URIRef) and s.startswith(ID) and p not in same
            and o not in (OWL.Thing, RDFS.Resource)
        }  # fmt: skip

    assert about_things(theirs) == about_things(closed(read(DATA), terms))
