"""What follows from data and ontology by OWL 2 RL: things get the types they have, and contradictions are found."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Dataset, Graph, Namespace, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import read_ontology, statement_of, triple_of
from crmgraph.files import resource
from crmgraph.inference.entailment import Closure, infer_all, is_consistent
from crmgraph.namespaces import BASE, PREFIXES, Names

CG, ID = Namespace(PREFIXES["cg"]), Namespace(PREFIXES["id"])
Triple = tuple[Node, Node, Node]

DATA = Path(__file__).with_name("uses.ttl").read_text(encoding="utf-8")


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
    assert (CG.Theme, RDFS.subClassOf, OWL.Thing) in inferred, "rules were applied"
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
    "<x> a cg:Passage ; cg:text 'Continuo'@es ; cg:order 3 .",
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
    impossible = [triple for n, data in enumerate(IMPOSSIBLE) for triple in read(data, f"{BASE}id/case-{n}/")]
    for graph, triples in (("ontology", terms), ("plan/x", impossible)):
        for triple in triples:
            dataset.graph(URIRef(names.graph(graph))).add(triple)
    _, causes = infer_all(dataset, names)
    told = [" ".join(str(term) for triple in cause.facts for term in triple) for cause in causes]
    assert [data for n, data in enumerate(IMPOSSIBLE) if not any(f"/case-{n}/" in each for each in told)] == []
    assert all("/case-" in each for each in told)
