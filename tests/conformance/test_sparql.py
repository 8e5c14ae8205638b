"""The W3C's SPARQL and RDF suites over HTTP with a real server, with an explanation of each expected failure.

They cover evaluation and syntax of queries and updates, result formats, protocols and service description, and RDF 1.2
in Turtle, N-Triples and RDF/XML. The suites for SPARQL 1.2 and RDF 1.2 may be missing. Entailment regimes are not
covered, because inferred triples are stored in the graph. Federated queries must be refused.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import RDF, Graph, Namespace

from tests.conformance.earl import GRAPH, KNOWN_FAILURES, PAGE, expected, graph, page, tried
from tests.conformance.manifests import cases
from tests.conformance.requests import steps
from tests.conformance.trying import writable_server
from tests.support.suites import MISSING

EARL = Namespace("http://www.w3.org/ns/earl#")
DOAP = Namespace("http://usefulinc.com/ns/doap#")
pytestmark = pytest.mark.skipif(not cases() or not steps(), reason=MISSING)
IN_11 = {"query": 225, "update": 94, "syntax": 166, "formats": 10, "service": 10}
IN_12 = {"query": 63, "update": 3, "syntax": 203, "rdf": 163}


@pytest.fixture
def client(tmp_path: Path, build_folder: Path) -> Iterator[httpx.Client]:
    with writable_server(build_folder, tmp_path / "store") as client:
        yield client


@pytest.mark.parametrize("without", [("update", "rdf"), pytest.param((), marks=pytest.mark.drill)])
@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")  # one that is wrong on purpose
def test_each_case_goes_as_expected(client: httpx.Client, without: tuple[str, ...]) -> None:
    """Fails for an unlisted failure, and for a listed one that passes. Only drills include slow writes."""
    wanted, found = expected(), tried(client, without)
    assert {name: outcome for name, outcome in found.items() if outcome != wanted[name]} == {}
    left_out = {name for name, case in cases().items() if case.sort in without}
    assert set(found) == set(wanted) - left_out
    counted = Counter(case.sort for case in cases().values())
    assert counted in (Counter(IN_11), Counter(IN_11) + Counter(IN_12))


def test_what_is_published_is_what_is_tested_and_a_report_in_earl() -> None:
    published, tested = GRAPH.read_text(encoding="utf-8"), graph(expected())
    assert set(tested.split("\n\n")) <= set(published.split("\n\n"))
    if len(cases()) == sum(IN_11.values()) + sum(IN_12.values()):
        assert published == tested
        assert PAGE.read_text(encoding="utf-8") == page(expected())
    report = Graph().parse(GRAPH, format="turtle")
    assertions = list(report.subjects(RDF.type, EARL.Assertion))
    for assertion in assertions:
        assert (report.value(assertion, EARL.subject), RDF.type, DOAP.Project) in report
        outcome = report.value(report.value(assertion, EARL.result), EARL.outcome)
        assert outcome in (EARL.passed, EARL.failed, EARL.inapplicable)
    assert len(set(report.subjects(EARL.outcome, EARL.failed))) == len(KNOWN_FAILURES)
    assert len({report.value(assertion, EARL.test) for assertion in assertions}) == len(assertions)
