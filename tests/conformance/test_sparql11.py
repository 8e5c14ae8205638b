"""The W3C's SPARQL 1.1 suites over HTTP against a real server, with each failure known and explained.

Queries and updates are evaluated and their syntax is judged, and answers come in every format. What follows by an
entailment regime is not part of this: what is inferred stands in the graph. The protocols and the service description
have tests of their own beside this, and no query reaches another service: each that tries is to be refused.
"""

from collections import Counter

import httpx
import pytest
from rdflib import RDF, Graph, Namespace

from tests.conformance.earl import GRAPH, PAGE, expected, graph, page
from tests.conformance.expecting import KNOWN_FAILURES
from tests.conformance.manifests import cases
from tests.conformance.requests import steps
from tests.conformance.trying import Trial
from tests.support.suites import MISSING

EARL = Namespace("http://www.w3.org/ns/earl#")
DOAP = Namespace("http://usefulinc.com/ns/doap#")
NONE = [pytest.param("", marks=pytest.mark.skip(reason=MISSING))]


@pytest.fixture(scope="module")
def trial(client: httpx.Client) -> Trial:
    return Trial(client)


@pytest.mark.parametrize("name", cases() or NONE)
def test_a_case_goes_as_expected(trial: Trial, name: str) -> None:
    if trial.is_right(cases()[name]):
        assert name not in KNOWN_FAILURES, "this passes now: take it off the list"
    else:
        assert name in KNOWN_FAILURES


def test_each_known_failure_is_a_case_and_none_is_left_out() -> None:
    if not cases():
        pytest.skip(MISSING)
    assert set(KNOWN_FAILURES) <= set(cases())
    counted = Counter(case.sort for case in cases().values())
    assert counted == {"query": 225, "update": 94, "syntax": 166, "formats": 10, "service": 10}


def test_what_is_published_is_what_is_tested() -> None:
    """Each outcome that is written down is that of a test above or of those of the protocols, which hold it."""
    if not cases() or not steps():
        pytest.skip(MISSING)
    assert GRAPH.read_text(encoding="utf-8") == graph(expected())
    assert PAGE.read_text(encoding="utf-8") == page(expected())


def test_what_is_published_is_a_report_in_earl() -> None:
    report = Graph().parse(GRAPH, format="turtle")
    assertions = list(report.subjects(RDF.type, EARL.Assertion))
    for assertion in assertions:
        assert (report.value(assertion, EARL.subject), RDF.type, DOAP.Project) in report
        outcome = report.value(report.value(assertion, EARL.result), EARL.outcome)
        assert outcome in (EARL.passed, EARL.failed, EARL.inapplicable)
    failed = set(report.subjects(EARL.outcome, EARL.failed))
    assert len(failed) == len(KNOWN_FAILURES)
    assert len({report.value(assertion, EARL.test) for assertion in assertions}) == len(assertions)
