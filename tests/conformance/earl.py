"""Runs the W3C's test suites for SPARQL and RDF, and writes an EARL report and a page: docs/conformance.ttl and .md."""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import httpx

from crmgraph.namespaces import BASE
from tests.conformance.manifests import Case, cases
from tests.conformance.requests import go_through, steps
from tests.conformance.trying import Trial, writable_server
from tests.support.cases import cases as rows_of

_DOCS = Path(__file__).parents[2] / "docs"
GRAPH = _DOCS / "conformance.ttl"
PAGE = _DOCS / "conformance.md"
_TESTS = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
# The tests of the Graph Store Protocol are in two folders now, but have the IRIs of the former single folder.


class Failure(NamedTuple):
    """The reason why a test fails, and what causes it: the engine, this project, or the test itself."""

    whose: str
    english: str
    spanish: str


KNOWN_FAILURES = {name: Failure(*why) for name, *why in rows_of("conformance/expected_failures")}
"""The expected failures, by folder and name. All other tests pass."""

Outcome = Literal["passed", "failed", "inapplicable"]
# By folder and name.
Outcomes = Mapping[str, Outcome]

_HEAD = """\
# Conformance to SPARQL and RDF

<!-- Written by `python -m tests.conformance.earl`, which tries every test. -->

The W3C's test suites for [SPARQL 1.1](https://w3c.github.io/rdf-tests/sparql/sparql11/), [SPARQL
1.2](https://w3c.github.io/rdf-tests/sparql/sparql12/) and [RDF 1.2](https://w3c.github.io/rdf-tests/rdf/rdf12/), each
test over HTTP against a real `crmgraph serve --store`; the last two follow drafts, as of 2026-08-07. The same, test by
test and for programs, is in [conformance.ttl](conformance.ttl), in [EARL](https://www.w3.org/TR/EARL10-Schema/). A test
that fails without being listed below, or that is listed and passes, breaks our build. Tables are compared row by row,
up to the names of blank nodes, and in their order where the query orders them; numbers and truth values count as the
same where they have one datatype and one value, for the suites write them in several ways. A syntax test passes where
the service says rightly whether the text is SPARQL. RDF is sent and read back by the Graph Store Protocol, which takes
one graph at a time; so the suites of TriG and N-Quads are left out, as are those of RDF semantics and of canonical
N-Triples."""
_NOT_TRIED = (Path(__file__).parent / "not_tried.md").read_text(encoding="utf-8").rstrip()
_PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix doap: <http://usefulinc.com/ns/doap#> .
@prefix earl: <http://www.w3.org/ns/earl#> ."""


def expected() -> Outcomes:
    outcomes: dict[str, Outcome] = {}
    for name, case in cases().items():
        outcomes[name] = "failed" if name in KNOWN_FAILURES else _right(case)
    return {**outcomes, **dict.fromkeys(steps(), "passed")}


def tried(client: httpx.Client, without: Collection[str] = ()) -> Outcomes:
    """Run the tests on a server, except those of the sorts `without`, and return their outcomes."""
    trial = Trial(client)
    trial.load(cases().values())
    outcomes: dict[str, Outcome] = {}
    # Queries first, because updates remove their data.
    for name, case in sorted(cases().items(), key=lambda each: each[1].is_update):
        if case.sort not in without:
            outcomes[name] = _right(case) if trial.is_right(case) else "failed"
    for name, requests in steps().items():
        try:
            go_through(client, requests)
            outcomes[name] = "passed"
        except AssertionError:
            outcomes[name] = "failed"
    return outcomes


def _right(case: Case) -> Outcome:
    return "inapplicable" if case.sort == "service" else "passed"


def graph(outcomes: Outcomes) -> str:
    project = f"<{BASE}>"
    blocks = [
        _PREFIXES,
        f'{project} a doap:Project, earl:Software, earl:TestSubject ;\n  doap:name "crmgraph" ;\n'
        '  doap:programming-language "Python" .',
    ]
    for name, outcome in outcomes.items():
        why = KNOWN_FAILURES.get(name) if outcome == "failed" else None
        told = f'"{why.english}"@en, "{why.spanish}"@es' if why else ""
        blocks.append(
            f"[] a earl:Assertion ;\n  earl:assertedBy {project} ;\n  earl:subject {project} ;\n"
            f"  earl:test <{_iri(name)}> ;\n  earl:mode earl:automatic ;\n"
            f"  earl:result [ a earl:TestResult ; earl:outcome earl:{outcome}"
            f"{f' ; dcterms:description {told}' if told else ''} ] ."
        )
    return "\n\n".join(blocks) + "\n"


def page(outcomes: Outcomes) -> str:
    return "\n\n".join([_HEAD, "\n".join(_table(outcomes)), _NOT_TRIED, *_failures(outcomes)]) + "\n"


def _iri(name: str) -> str:
    if name in cases():
        return cases()[name].iri
    folder, _, test = name.partition("/")
    return f"{_TESTS}{'http-rdf-update' if folder.startswith('graph-store-protocol') else folder}/manifest#{test}"


def _table(outcomes: Outcomes) -> Iterator[str]:
    yield "| suite | what is tested | tests | passed | expected failures | not applicable |"
    yield "|---|---|---|---|---|---|"
    groups: dict[tuple[str, str], list[str]] = {}
    for name in outcomes:
        case = cases().get(name)
        kind = (case.folder, case.sort) if case else (name.partition("/")[0], "protocol")
        groups.setdefault(kind, []).append(name)
    for (folder, sort), names in groups.items():
        yield _row(folder, sort, [outcomes[name] for name in names])
    yield _row("**all**", "", list(outcomes.values()))


def _row(suite: str, sort: str, outcomes: list[Outcome]) -> str:
    numbers = [outcomes.count(each) or "–" for each in ("passed", "failed", "inapplicable")]
    return f"| {' | '.join(map(str, (suite, sort, len(outcomes), *numbers)))} |"


def _failures(outcomes: Outcomes) -> Iterator[str]:
    yield "## Expected failures"
    rows = ["| test | whose | why |", "|---|---|---|"]
    for name, outcome in outcomes.items():
        if outcome == "failed":
            reason = KNOWN_FAILURES[name]
            rows.append(f"| [{name}]({_iri(name)}) | {reason.whose} | {reason.english}<br>*{reason.spanish}* |")
    yield "\n".join(rows)


def main() -> None:
    """Run every test and write the report and the page, unless an outcome differs from the expected one."""
    with (
        tempfile.TemporaryDirectory() as folder,
        writable_server(Path(folder) / "build", Path(folder) / "store") as client,
    ):
        outcomes = tried(client)
    others = sorted(name for name in {*outcomes, *expected()} if outcomes.get(name) != expected().get(name))
    if others:
        raise SystemExit(f"not as expected: {', '.join(others)}")
    GRAPH.write_text(graph(expected()), encoding="utf-8")
    PAGE.write_text(page(expected()), encoding="utf-8")


if __name__ == "__main__":
    main()
