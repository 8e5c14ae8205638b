"""Links to other vocabularies lead to terms that exist, say nothing twice, and make nothing inconsistent."""

import csv
import re
from pathlib import Path

import pytest
from owlrl import OWLRL_Semantics
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import read_ontology
from crmgraph.namespaces import BASE, ONTOLOGY, PREFIXES
from crmgraph.resources import resource
from tests.ontology.others import LISTED, is_defined, namespace
from tests.ontology.ours import CG, name, read, terms
from tests.ontology.profile import breaches
from tests.support.suites import suite

FOLDER = resource("ontology")
FILES = sorted((FOLDER / "alignments").glob("*.ttl"))
EVERYTHING = [FOLDER / "crmgraph.ttl", *FILES, *sorted((FOLDER / "vocabularies").glob("*.ttl"))]
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch)
AXIOMS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentClass, OWL.equivalentProperty)
TO = {
    **{prefix: PREFIXES[prefix] for prefix in ("prov", "p-plan", "org", "eli", "time", "schema", "skos", "oa")},
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


def test_there_is_one_for_each_vocabulary_we_lean_on() -> None:
    assert {file.stem for file in FILES} == set(TO)


@each_file
def test_it_says_what_it_is(file: Path) -> None:
    graph, header = Graph().parse(file), URIRef(f"{ONTOLOGY}/alignments/{file.stem}")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [header]
    assert graph.value(header, RDFS.seeAlso) == URIRef(ONTOLOGY)
    assert graph.value(header, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert not list(graph.objects(header, OWL.imports))
    assert re.search(r"^# Loaded by no part of crmgraph", file.read_text(encoding="utf-8"), re.MULTILINE)


@each_file
def test_it_ties_terms_of_ours_to_terms_of_that_vocabulary(said: Graph, file: Path) -> None:
    known = set(said.subjects())
    found = ties(Graph().parse(file))
    assert found
    for ours, _, theirs in found:
        assert ours in known, ours
        assert str(ours).startswith(ONTOLOGY)
        assert str(theirs).startswith(TO[file.stem]), theirs


@each_file
def test_nothing_in_it_is_said_by_the_ontology_already(said: Graph, file: Path) -> None:
    for ours, edge, theirs in ties(Graph().parse(file)):
        assert (ours, edge, theirs) not in said
        assert theirs not in set(said.transitive_objects(ours, RDFS.subClassOf)) - {ours}
        assert theirs not in set(said.transitive_objects(ours, RDFS.subPropertyOf)) - {ours}


@each_file
def test_it_says_only_one_thing_of_two_terms(file: Path) -> None:
    pairs = [(ours, theirs) for ours, _, theirs in ties(Graph().parse(file))]
    assert len(pairs) == len(set(pairs))


@each_file
def test_with_it_the_ontology_still_keeps_to_the_profile(file: Path) -> None:
    together = read().parse(file)
    assert breaches(together) == []


def test_with_all_of_them_a_thing_of_each_class_is_possible() -> None:
    together = read()
    for file in FILES:
        together.parse(file)
    for term in terms(together, OWL.Class):
        together.add((URIRef(f"http://example.org/{name(term)}"), RDF.type, term))
    engine = OWLRL_Semantics(together, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    assert (URIRef("http://example.org/Place"), RDF.type, SDO.Place) in together
    assert engine.error_messages == []


@pytest.mark.parametrize("file", EVERYTHING, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_term_of_others_exists(file: Path) -> None:
    used = {node for triple in Graph().parse(file) for node in triple if isinstance(node, URIRef)}
    others = {node for node in used if not str(node).startswith((BASE, "https://creativecommons.org/"))}
    assert others
    assert sorted(node for node in others if not is_defined(node)) == []


@pytest.mark.parametrize(
    "invented",
    [
        *("http://www.w3.org/ns/prov#Happening", "http://www.w3.org/ns/org#Committee", "https://schema.org/PlanItem"),
        *("http://www.w3.org/2006/time#hasMoment", "http://purl.org/net/p-plan#Goal", "http://example.org/#x"),
        *("http://data.europa.eu/eli/ontology#cited", "http://eurovoc.europa.eu/0", "http://purl.org/dc/terms/topic"),
    ],
)
def test_a_term_that_is_made_up_would_be_found(invented: str) -> None:
    assert not is_defined(URIRef(invented))


def test_the_goals_are_spoken_of_as_the_united_nations_do() -> None:
    theirs = Graph().parse(suite("un-sdg-kos") / "sdg-kos-goals-targets-indicators.ttl")
    used = {node for triple in theirs for node in triple if isinstance(node, URIRef)}
    goals = "http://metadata.un.org/sdg/ontology#"
    assert {URIRef(goals + name) for name in LISTED[goals]} <= used


def test_a_namespace_is_all_but_the_name() -> None:
    assert namespace(CG.Plan) == PREFIXES["cg"]
    assert namespace(URIRef("http://eurovoc.europa.eu/2792")) == "http://eurovoc.europa.eu/"


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


def test_the_alignments_are_no_part_of_the_dataset(said: Graph) -> None:
    for file in FILES:
        graph = Graph().parse(file)
        assert not [tie for tie in ties(graph) if tie in said]
        assert (URIRef(f"{ONTOLOGY}/alignments/{file.stem}"), None, None) not in said


def test_most_terms_are_tied_to_others_by_one_way_or_another() -> None:
    ontology = read()
    tied = {ours for file in FILES for ours, _, _ in ties(Graph().parse(file))}
    assert len(tied & set(terms(ontology))) > 50
