"""Links to other vocabularies lead to terms that exist, say nothing twice, and make nothing inconsistent."""

import csv
import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import read_ontology, triple_of
from crmgraph.files import resource
from crmgraph.inference.entailment import Closure, is_consistent
from crmgraph.namespaces import BASE, ONTOLOGY, PREFIXES
from tests.ontology.others import LISTED, is_defined
from tests.ontology.ours import name, read, terms
from tests.ontology.profile import breaches
from tests.support.suites import suite

FOLDER = resource("ontology")
FILES = sorted((FOLDER / "alignments").glob("*.ttl"))
EVERYTHING = [FOLDER / "crmgraph.ttl", *FILES, *sorted((FOLDER / "vocabularies").glob("*.ttl"))]
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch)
AXIOMS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty)
TO = {
    **{each: PREFIXES[each] for each in ("prov", "p-plan", "org", "eli", "time", "schema", "skos", "oa", "dcterms")},
    "eurovoc": "http://eurovoc.europa.eu/",
    "sdg": "http://metadata.un.org/sdg/ontology#",
}
ORG = Namespace(PREFIXES["org"])

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@pytest.fixture(scope="module")
def said() -> Graph:
    """What the dataset has of the ontology and its vocabularies."""
    return read_ontology(FOLDER)


def ties(graph: Graph) -> list[tuple[Node, Node, Node]]:
    """What the file says of our terms: axioms, matches, and which of them are roles."""
    said = [triple for triple in graph if triple[1] in (*MATCHES, *AXIOMS, RDFS.seeAlso)]
    ours = [triple for triple in said if not str(triple[0]).startswith(f"{ONTOLOGY}/alignments/")]
    return [*ours, *graph.triples((None, RDF.type, ORG.Role))]


def test_one_file_for_each_vocabulary() -> None:
    assert {file.stem for file in FILES} == set(TO)


@each_file
def test_header_and_links(said: Graph, file: Path) -> None:
    graph, header = Graph().parse(file), URIRef(f"{ONTOLOGY}/alignments/{file.stem}")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [header]
    assert graph.value(header, RDFS.seeAlso) == URIRef(ONTOLOGY)
    assert graph.value(header, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert not list(graph.objects(header, OWL.imports))
    assert (header, None, None) not in said, "no part of the dataset"
    known, found = set(said.subjects()), ties(graph)
    assert found
    assert len({(ours, theirs) for ours, _, theirs in found}) == len(found), "two things said of one pair"
    for ours, edge, theirs in found:
        assert ours in known, ours
        assert str(ours).startswith(ONTOLOGY)
        assert str(theirs).startswith(TO[file.stem]), theirs
        assert (ours, edge, theirs) not in said
        for above in (RDFS.subClassOf, RDFS.subPropertyOf):
            assert theirs not in set(said.transitive_objects(ours, above)) - {ours}, "the ontology says so already"
    assert breaches(read().parse(file)) == []


def test_things_of_all_classes_are_possible_with_all_alignments() -> None:
    together = read()
    for file in FILES:
        together.parse(file)
    for term in terms(together, OWL.Class):
        together.add((URIRef(f"http://example.org/{name(term)}"), RDF.type, term))
    closure = Closure(map(triple_of, together))
    assert is_consistent(closure)
    assert triple_of((URIRef("http://example.org/Place"), RDF.type, SDO.Place)) in set(closure.triples())


def test_terms_of_others_exist() -> None:
    for file in EVERYTHING:
        used = {node for triple in Graph().parse(file) for node in triple if isinstance(node, URIRef)}
        others = {node for node in used if not str(node).startswith((BASE, "https://creativecommons.org/"))}
        assert others
        assert sorted(node for node in others if not is_defined(node)) == [], file.name
    for invented in (
        *("http://www.w3.org/ns/prov#Happening", "http://www.w3.org/ns/org#Committee", "https://schema.org/PlanItem"),
        *("http://data.europa.eu/eli/ontology#cited", "http://eurovoc.europa.eu/0", "http://example.org/#x"),
    ):
        assert not is_defined(URIRef(invented))


def test_terms_of_the_goals_are_those_of_the_united_nations() -> None:
    theirs = Graph().parse(suite("un-sdg-kos") / "sdg-kos-goals-targets-indicators.ttl")
    used = {node for triple in theirs for node in triple if isinstance(node, URIRef)}
    goals = "http://metadata.un.org/sdg/ontology#"
    assert {URIRef(goals + name) for name in LISTED[goals]} <= used


def test_each_concept_of_eurovoc_is_linked_or_said_to_have_no_link() -> None:
    eurovoc = TO["eurovoc"]
    files = (FOLDER / "alignments" / "eurovoc.ttl", *(FOLDER / "vocabularies").glob("*.ttl"))
    linked = {str(node) for file in files for _, edge, node in Graph().parse(file) if edge in MATCHES}
    with (resource("data") / "reference" / "statements.csv").open(encoding="utf-8", newline="") as stream:
        linked |= {row["value"] for row in csv.DictReader(stream) if row["property"] == "same-as"}
    found = {iri.removeprefix(eurovoc) for iri in linked if iri.startswith(eurovoc)}
    _, _, section = (FOLDER.parent / "docs" / "data.md").read_text(encoding="utf-8").partition("### EuroVoc")
    left = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", section.partition("\n## ")[0], re.MULTILINE)
    assert not found & set(left)
    assert found | set(left) == LISTED[eurovoc]
    assert (len(found), len(left)) == (34, 9)
