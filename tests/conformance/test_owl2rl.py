"""The W3C's test cases of OWL 2 RL, and those of the RDF-based semantics by Schneider and Mainzer, for the closure.

Expected failures have explanations. A third test compares the closure of the real graph with that of owlrl.
"""

import csv
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, serialize
from rdflib import RDF, XSD, BNode, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import triple_of
from crmgraph.inference.entailment import Closure, infer, infer_by_owlrl, is_consistent
from crmgraph.namespaces import Names
from tests.support.literal_triples import Triple, triples_as_written
from tests.support.suites import MISSING, find_suite

TEST = "http://www.w3.org/2007/OWL/testOntology#"


@dataclass(frozen=True)
class Case:
    """A premise graph, and the conclusion that must or must not follow; without conclusion, a test of consistency."""

    name: str
    premise: str
    conclusion: str | None
    holds: bool
    format: RdfFormat


def entails(closure: Closure, conclusion: Iterable[Triple]) -> bool:
    """Return whether the closure simply entails a graph, that is, contains an instance of it (RDF Semantics)."""
    store = Store()
    store.extend(Quad(*triple) for triple in closure.triples())  # type: ignore[arg-type]
    patterns = (
        " ".join(
            f"?b{str(term).encode().hex()}" if isinstance(term, BNode) else str(name)
            for term, name in zip(triple, triple_of(triple), strict=True)
        )
        for triple in conclusion
    )
    return bool(store.query("ASK { " + " . ".join(patterns) + " }"))


def is_right(case: Case) -> bool:
    closure = Closure(map(triple_of, triples_as_written(case.premise, case.format)))
    contradictory = not is_consistent(closure)
    if case.conclusion is None:
        return contradictory is case.holds
    return (contradictory or entails(closure, triples_as_written(case.conclusion, case.format))) is case.holds


# By theorem PR1 of OWL 2 Profiles (4.3), the rules find the classes of named individuals and properties between them.
with Path(__file__).with_name("owl2rl.csv").open(encoding="utf-8", newline="") as rows:
    KNOWN_FAILURES = {row["case"]: row["why"] for row in csv.DictReader(rows)}
"""Why each case fails that is known to."""


@cache
def rdf_based() -> dict[str, Case]:
    folder = find_suite("owl2rl-rdfbased")
    return {case.name: case for case in map(_rdf_based_case, sorted((folder / "owl2rl").iterdir()))} if folder else {}


def _rdf_based_case(folder: Path) -> Case:
    name = folder.name
    root = ET.parse(folder / f"{name}.metadata.properties").getroot()
    kind = next(entry.text for entry in root.iter("entry") if entry.get("key") == "testcase.type")
    if kind == "INCONSISTENCY":
        return Case(name, (folder / f"{name}.graph.ttl").read_text(), None, True, RdfFormat.TURTLE)
    premise, conclusion = ((folder / f"{name}.{part}graph.ttl").read_text() for part in ("premise", "conclusion"))
    return Case(name, premise, conclusion, True, RdfFormat.TURTLE)


@cache
def w3c() -> dict[str, Case]:
    folder = find_suite("w3c-owl2-tests")
    if folder is None:
        return {}
    graph = Graph().parse(folder / "all.rdf")
    cases = (_w3c_cases(graph, test) for test in graph.subjects(URIRef(TEST + "profile"), URIRef(TEST + "RL")))
    return {case.name: case for found in cases for case in found}


def _w3c_cases(graph: Graph, test: Node) -> Iterator[Case]:
    def text(name: str) -> str | None:
        found = graph.value(test, URIRef(TEST + name))
        return None if found is None else str(found)

    kinds = {str(kind).removeprefix(TEST) for kind in graph.objects(test, RDF.type)}
    name, premise = text("identifier"), text("rdfXmlPremiseOntology")
    assert name is not None
    if premise is None:
        return
    if "PositiveEntailmentTest" in kinds:
        yield Case(f"{name} (entails)", premise, text("rdfXmlConclusionOntology"), True, RdfFormat.RDF_XML)
    if "NegativeEntailmentTest" in kinds:
        yield Case(f"{name} (does not entail)", premise, text("rdfXmlNonConclusionOntology"), False, RdfFormat.RDF_XML)
    if "ConsistencyTest" in kinds:
        yield Case(f"{name} (consistent)", premise, None, False, RdfFormat.RDF_XML)
    if "InconsistencyTest" in kinds:
        yield Case(f"{name} (inconsistent)", premise, None, True, RdfFormat.RDF_XML)


CASES = {**rdf_based(), **w3c()}


@pytest.mark.skipif(not CASES, reason=MISSING)
def test_each_case_goes_as_expected(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of literals that are wrong on purpose
    assert (len(rdf_based()), len(w3c())) == (273, 121)
    assert {name for name, case in CASES.items() if not is_right(case)} == set(KNOWN_FAILURES)


NAMES = Names()
LATER = {NAMES.graph(name) for name in ("inferred", "findings", "catalog")}


def in_words(triple: tuple[Node, Node, Node]) -> str:
    """Return a triple as text, the same for strings with and without xsd:string (RDF 1.1 Concepts, section 3.3)."""
    return " ".join(term.n3().removesuffix(f"^^{XSD.string.n3()}") for term in triple)


@pytest.mark.drill
def test_the_same_follows_from_the_real_graph_by_owlrl(store: Store) -> None:
    dataset = Dataset()
    for graph in store.named_graphs():
        if graph.value not in LATER:
            triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
            dataset.graph(URIRef(graph.value)).parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    found, expected = infer(dataset, NAMES), infer_by_owlrl(dataset, NAMES)
    assert {in_words(triple) for triple in found} == {in_words(triple) for triple in expected}
    assert len(expected) > 10_000
