"""An earlier version of a plan as RDF."""

from pathlib import Path

from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.building import SOURCE
from crmgraph.comparing import compare
from crmgraph.comparing.pairing import KINDS
from crmgraph.comparing.versions import describe_version
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan, read_plan_text
from crmgraph.reading.source import Source

NEW = read_plan(SOURCE)
TEXT = NEW.source.text.replace("7.1 Retorno digno, seguro y ordenado", "7.1 Retorno digno")
OLD = read_plan_text(Source(TEXT, Path("crm@2006.txt")), "crm-2006")
PLAN = URIRef("https://w3id.org/crmgraph/id/plan/crm-2006")


def described() -> Graph:
    return describe_version(compare(OLD, NEW, lambda _: (), Lexicon(Graph())), Names(), "crm")


def test_every_part_is_there_with_its_words_and_its_place() -> None:
    graph = described()
    parts = [part for part, _ in OLD.walk() if part.kind in KINDS]
    assert set(graph.objects(PLAN, PROV.hadMember)) == {URIRef(f"{PLAN}/{part.id}") for part in parts}
    for part in parts:
        iri = URIRef(f"{PLAN}/{part.id}")
        assert (iri, RDFS.label, Literal(part.text, "es")) in graph
        assert [str(each) for each in graph.objects(iri, SKOS.notation)] == ([part.number] if part.number else [])
        [passage] = graph.objects(iri, DCTERMS.source)
        start, end = map(int, str(passage).rpartition("/")[2].split("-"))
        assert TEXT[start:end] == part.passage.exact


def test_it_is_of_the_plan_and_no_plan() -> None:
    graph = described()
    assert (PLAN, DCTERMS.isVersionOf, URIRef("https://w3id.org/crmgraph/id/plan/crm")) in graph
    assert {str(kind) for kind in graph.objects(None, RDF.type)} == {
        str(kind) for kind in (PROV.Entity, PROV.Activity, PROV.Revision)
    }
    assert not any(str(name).startswith(str(CG)) for name in graph.predicates())


def test_the_same_is_always_written_the_same() -> None:
    assert set(described()) == set(described())
