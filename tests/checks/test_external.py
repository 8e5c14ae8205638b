"""A graph of others says what it likes of its own things, and changes nothing of anybody's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.building.dataset import _dataset
from crmgraph.checks.external import (
    TERMS,
    add_external,
    check_findings,
    examine,
)
from crmgraph.checks.findings import Finding, Location
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.namespaces import PREFIXES, Names

E = Namespace("http://e/")
NAMES = Names()
MEXICO, HONDURAS, PROCESS = (URIRef(NAMES.id(path)) for path in ("country/MEX", "country/HND", "process/rcm"))
PREFIXES_OF_GUESTS = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + (
    "@prefix : <http://e/> . @prefix country: <https://w3id.org/crmgraph/id/country/> .\n"
    "@prefix process: <https://w3id.org/crmgraph/id/process/> .\n"
    "@prefix objective: <https://w3id.org/crmgraph/id/plan/crm/pgm/> .\n"
)


def guest(text: str) -> Graph:
    """The graph of a text in Turtle; its nodes without a name get one, as those of a file do."""
    graph = Graph().parse(data=PREFIXES_OF_GUESTS + text, format="turtle")
    return graph.skolemize(authority="https://w3id.org/", basepath="/crmgraph/id/plan/guest/node-")


@pytest.fixture(scope="module")
def real() -> Dataset:
    """All that is said before anything of others comes."""
    return _dataset(NAMES, lambda _: None, None)


ATTACKS = {
    ":mexico rdfs:label 'México'@es ; owl:sameAs country:MEX .": "makes one of two",
    "country:MEX owl:sameAs :mexico .": "says something of what is described here already",
    ":same rdfs:subPropertyOf owl:sameAs . :mexico :same country:MEX .": "something follows",
    "owl:sameAs owl:inverseOf :same . country:MEX :same :mexico .": "says something of what is described",
    ":one a owl:InverseFunctionalProperty . :x :one country:MEX . :y :one country:MEX .": "",
    ":one a owl:FunctionalProperty . :x :one country:HND , country:MEX .": "cannot be true beside the ontology",
    ":C owl:oneOf ( country:MEX :mexico ) .": "something follows",
    ":C owl:hasKey ( cg:iso3 ) . :mexico a :C .": "",
    ":C rdfs:subClassOf cg:State . cg:State rdfs:subClassOf :C .": "says something of what is described",
    ":C rdfs:subClassOf cg:State . :x a :C .": "would count among the things",
    ":p rdfs:domain cg:ConsultativeProcess . :x :p 1 .": "would count among the things",
    ":p owl:inverseOf cg:within .": "makes one of two",
    ":p rdfs:subPropertyOf cg:memberOf . :x :p process:rcm .": "more than a link",
    ":p rdfs:subPropertyOf cg:party . :x :p country:MEX .": "something follows",
    ":p rdfs:subPropertyOf cg:member . :x :p country:MEX .": "something follows of what is not its own",
    ":p owl:propertyChainAxiom ( :q :r ) . :p rdfs:subPropertyOf cg:member . :x :q :y . :y :r country:MEX .": (
        "something follows of what is not its own"
    ),
    ":p a owl:SymmetricProperty . :x :p country:MEX .": "something follows",
    "skos:exactMatch a owl:SymmetricProperty .": "says something of",
    "cg:memberOf rdfs:label 'hacked'@en .": "says something of what is described here already",
    "country:MEX cg:memberOf process:puebla .": "says something of what is described here already",
    ":m a cg:Membership ; cg:agent country:BWA ; cg:process process:rcm .": "would count among the things",
    ":m cg:agent country:BWA ; cg:memberIn process:rcm .": "more than a link",
    ":m cg:agent country:BWA ; cg:memberIn :mine .": "would count among the things",
    ":m org:member country:BWA ; org:organization process:rcm .": "more than a link",
    ":mine cg:member country:MEX .": "more than a link",
    ":x cg:ofBody <https://w3id.org/crmgraph/id/actor/none> .": "links to what there is not",
    ":x a cg:Meeting .": "would count among the things",
    ":part dcterms:isPartOf <https://w3id.org/crmgraph/id/plan/crm> .": "more than a link",
    ":said a cg:Statement ; cg:subject country:MEX ; cg:predicate cg:iso3 ; cg:literal 'XXX' .": "more than a link",
    ":somebody cg:membership cg:State .": "more than a link",
    ":bw cg:iso3 'MEX' .": "has the code MEX, and that is the code of https://w3id.org/crmgraph/id/country/MEX",
    ":bw cg:iso2 'mx ' .": "has the code mx , and that is the code of https://w3id.org/crmgraph/id/country/MEX",
    ":x skos:closeMatch <https://w3id.org/crmgraph/id/plan/gcm/10> .": (
        "the nearest are https://w3id.org/crmgraph/id/plan/gcm/gcsorm/10"
    ),
    ":x cg:memberof country:MEX .": "the nearest are https://w3id.org/crmgraph/ontology#memberOf",
    ":x a cg:Theme , cg:Objective .": "cannot be true beside the ontology",
    ":x a cg:Objective .": "the graph guest is not as it says",
}


def test_what_would_change_something_is_refused(real: Dataset) -> None:
    wrong = []
    for text, said in ATTACKS.items():
        if said:
            try:
                examine(guest(text), {}, real, "guest", NAMES)
                told = "it is taken"
            except UsageError as refused:
                told = str(refused)
            if said not in told or "guest" not in told:
                wrong.append((text, told))
    assert wrong == []


HARMLESS = [
    *(text for text, said in ATTACKS.items() if not said),
    ":x skos:exactMatch country:MEX ; skos:closeMatch objective:7 ; rdfs:seeAlso process:rcm .",
    ":x a skos:Concept ; dcterms:spatial country:BWA ; dcterms:publisher country:MEX ; :about country:MEX .",
    ":x a skos:Concept ; skos:broader <https://w3id.org/crmgraph/ontology/topic#trafficking> .",
    ":x cg:mentions country:MEX , process:rcm .",
    ":x :p :y . :p a owl:FunctionalProperty . :x :p :z .",
    ":C a owl:Class ; rdfs:subClassOf prov:Entity , [ a owl:Restriction ; owl:onProperty cg:within ; "
    "owl:someValuesFrom :D ] .",
    "<http://e/o> a owl:Ontology ; owl:imports <https://w3id.org/crmgraph/ontology> . dcterms:title a "
    "owl:AnnotationProperty . skos:hiddenLabel a owl:AnnotationProperty . skos:prefLabel a owl:AnnotationProperty .",
    "<http://www.wikidata.org/entity/Q96> rdfs:label 'Mexico'@en .",
    ":x a schema:Organization , org:Organization ; schema:name 'Secretariat'@en .",
    "<https://w3id.org/crmgraph/id/plan/guest/1> rdfs:label 'One'@en .",
    "<https://w3id.org/crmgraph/graph/plan/guest> dcterms:source <http://e/page> ; rdfs:seeAlso "
    "<https://w3id.org/crmgraph/graph/plan/crm> .",
]


def test_what_changes_nothing_is_taken(real: Dataset) -> None:
    for text in HARMLESS:
        found = examine(guest(text), {}, real, "guest", NAMES)
        for subject, name, _ in found[0]:
            assert next(real.quads((subject, None, None, None)), None) is None or name in TERMS["inverses"], text


def test_addresses() -> None:
    """Its own begin with its name; what has an address here is its own."""
    for path in ("plan/guest", "plan/guest/1", "plan/guest#a", "source/guest/1-2", "statement/0123456789ab"):
        examine(guest(f"<{NAMES.base}id/{path}> rdfs:label 'x' ."), {}, Dataset(), "guest", NAMES)
    examine(guest(f"<{NAMES.base}graph/plan/guest> rdfs:label 'x' ."), {}, Dataset(), "guest", NAMES)
    for path in (
        "id/actor/new",
        "id/plan/gcm/new",
        "id/plan/guests/1",
        "id/plan/",
        "graph/plan/crm",
        "id/statement/guest",
    ):
        with pytest.raises(UsageError, match="has an address as things of others have here"):
            examine(guest(f"<{NAMES.base}{path}> rdfs:label 'x' ."), {}, Dataset(), "guest", NAMES)


def test_graphs_of_others_do_not_mix_with_one_another() -> None:
    one = guest(":x a skos:Concept .")
    for text in (":x rdfs:label 'y' .", ":y owl:sameAs :x .", ":y :p :x .", ":p a owl:FunctionalProperty . :y :p :x ."):
        with pytest.raises(UsageError, match=r"the graph (one|two)"):
            add_external({"one": one, "two": guest(text)}, Dataset(), NAMES)
    dataset = Dataset()
    add_external({"one": one, "two": guest(":y skos:exactMatch :x .")}, dataset, NAMES)
    assert (E.y, SKOS.exactMatch, E.x) in dataset.graph(URIRef(NAMES.graph("plan", "two")))


def test_of_each_property_between_things_it_is_decided_whether_others_may_use_it(real: Dataset) -> None:
    """A new one of the ontology is refused until somebody says that a plan may say it of what is described here."""
    terms = real.graph(URIRef(NAMES.graph("ontology")))
    things = {kind for kind in terms.subjects(RDF.type, OWL.Class) if kind in TERMS["counted"] or kind == CG.Agent}
    between = {
        name for name in terms.subjects(RDF.type, OWL.ObjectProperty) if set(terms.objects(name, RDFS.range)) & things
    }
    assert between - TERMS["links"] - TERMS["of_plans"] - TERMS["of_reference"] == set()


def test_it_is_held_to_what_holds_for_all() -> None:
    def found(element: URIRef, severity: str) -> Finding:
        return Finding("no-words", severity, Location(str(element)), None, "no", "no")

    check_findings([found(E.own, "warning")], "guest")
    with pytest.raises(UsageError, match=r"the graph guest is not as it says: http://e/own: no \(no-words\)$"):
        check_findings([found(E.own, "violation")], "guest")
    with pytest.raises(UsageError, match="and 2 more"):
        check_findings([found(E[str(n)], "violation") for n in range(5)], "guest")


SMALL = """
cg:State rdfs:subClassOf cg:Agent . cg:Agent a owl:Class . cg:State a owl:Class . cg:ConsultativeProcess a owl:Class .
cg:memberOf a owl:ObjectProperty ; owl:inverseOf cg:member ; owl:propertyChainAxiom ( cg:membership cg:memberIn ) .
cg:member a owl:ObjectProperty ; rdfs:domain cg:Agent . cg:membership a owl:ObjectProperty .
cg:memberIn a owl:ObjectProperty . cg:agent a owl:ObjectProperty . cg:iso3 a owl:FunctionalProperty .
cg:mentions a owl:ObjectProperty . cg:mentionedIn owl:inverseOf cg:mentions .
"""
SAID = """country:MEX a cg:State ; rdfs:label 'México'@es ; cg:iso3 'MEX' ; cg:memberOf process:rcm .
country:HND a cg:State ; rdfs:label 'Honduras'@es ; cg:iso3 'HND' . process:rcm a cg:ConsultativeProcess ."""
NODES = [E.a, E.b, E.p, E.C, MEXICO, HONDURAS, PROCESS, CG.State, CG.memberOf, CG.member, CG.iso3, CG.mentions]
PROPERTIES = [
    *(OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty, OWL.inverseOf, OWL.hasValue, OWL.onProperty),
    *(RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDFS.label, SKOS.exactMatch),
    *(CG.memberOf, CG.member, CG.membership, CG.memberIn, CG.mentions, CG.agent, DCTERMS.spatial, E.p, E.q),
]
KINDS = [OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.SymmetricProperty, OWL.TransitiveProperty]
SENTENCES = st.tuples(
    st.sampled_from(NODES[:4]) | st.sampled_from(NODES),
    st.sampled_from(PROPERTIES),
    st.sampled_from([*NODES, *KINDS, Literal("MEX"), Literal("x")]),
)


def small() -> Dataset:
    dataset = Dataset()
    for name, text in (("ontology", SMALL), ("reference", SAID)):
        graph = dataset.graph(URIRef(NAMES.graph(name)))
        for triple in guest(text):
            graph.add(triple)
    return dataset


def of_others(triples: set[tuple[Node, Node, Node]]) -> set[tuple[Node, Node, Node]]:
    """What is said of whom others answer for, or counts them."""
    theirs = set(NODES[4:])
    return {
        (subject, name, value)
        for subject, name, value in triples
        if (subject in theirs and name not in TERMS["inverses"])
        or (value in theirs and name in {CG.memberOf, CG.member, CG.membership, CG.memberIn, OWL.sameAs})
        or (name == RDF.type and value in TERMS["counted"])
    }


@settings(max_examples=15)
@given(st.lists(SENTENCES, min_size=1, max_size=6))
def test_whatever_others_say_what_is_known_stays_as_it_is(sentences: list[tuple[Node, Node, Node]]) -> None:
    dataset = small()
    before = {(subject, name, value) for subject, name, value, _ in dataset.quads()}
    said = Graph()
    for sentence in sentences:
        said.add(sentence)
    try:
        add_external({"guest": said}, dataset, NAMES)
    except UsageError:
        return
    after = {(subject, name, value) for subject, name, value, _ in dataset.quads()}
    assert of_others(after) == of_others(before)
