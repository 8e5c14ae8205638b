"""The W3C's SHACL test suite for both engines; each expected failure has an explanation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace
from rdflib.compare import isomorphic
from rdflib.term import Node

from crmgraph.checks.shacl import run_pyshifty
from tests.support.cases import cases as rows_of
from tests.support.shacl import reference_report
from tests.support.suites import MISSING, find_suite

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
COMPARED = (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity, SH.sourceShape)


@dataclass(frozen=True)
class Case:
    """The data and shapes files, and the graph with the expected report; None if validation must fail."""

    data: Path
    shapes: Path
    expected: Graph | None


Engine = Callable[[Case], Graph]


def shifty(case: Case) -> Graph:
    return run_pyshifty(_based(case.data), _based(case.shapes))


def _based(file: Path) -> bytes:
    return f"@base <{file.as_uri()}> .\n".encode() + file.read_bytes()


def reference(case: Case) -> Graph:
    return reference_report(Graph().parse(case.data), Graph().parse(case.shapes))


def compared(graph: Graph, about: Node) -> Graph:
    """Return the parts of a report that the suite compares: conformance and results, without messages."""
    reduced = Graph()
    written = BNode()
    for conforms in graph.objects(about, SH.conforms):
        reduced.add((written, SH.conforms, conforms))
    for result in graph.objects(about, SH.result):
        reduced.add((written, SH.result, result))
        for way in COMPARED:
            for value in graph.objects(result, way):
                reduced.add((result, way, value))
        for path in graph.objects(result, SH.resultPath):
            reduced.add((result, SH.resultPath, Literal(_structure(path, graph))))
    return reduced


def _structure(path: Node, graph: Graph) -> str:
    """Return a path as text, because results may share a path node or have one each."""
    if not isinstance(path, BNode):
        return path.n3()
    steps = sorted(f"{step.n3()} {_structure(value, graph)}" for step, value in graph.predicate_objects(path))
    return f"[{'; '.join(steps)}]"


def is_right(engine: Engine, case: Case) -> bool:
    try:
        written = engine(case)
    except Exception:
        return case.expected is None
    if case.expected is None:
        return False
    [about] = written.subjects(RDF.type, SH.ValidationReport)
    return isomorphic(compared(written, about), case.expected)


@cache
def cases() -> dict[str, Path]:
    """Return the file of each case. Other files contain data, shapes or lists of cases."""
    folder = find_suite("w3c-shacl-tests")
    files = sorted((folder / "tests").rglob("*.ttl")) if folder else []
    return {
        file.relative_to(folder / "tests").with_suffix("").as_posix(): file
        for file in files
        if folder and "sht:Validate" in file.read_text(encoding="utf-8")
    }


def read(file: Path) -> Case:
    graph = Graph().parse(file)
    [test] = graph.subjects(RDF.type, SHT.Validate)
    action, result = graph.value(test, MF.action), graph.value(test, MF.result)
    data, shapes = (
        file.parent / str(graph.value(action, part)).rpartition("/")[2] for part in (SHT.dataGraph, SHT.shapesGraph)
    )
    assert result is not None
    return Case(data, shapes, None if result == SHT.Failure else compared(graph, result))


@pytest.mark.skipif(not cases(), reason=MISSING)
@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")  # one that is wrong on purpose
@pytest.mark.parametrize("engine", [shifty, pytest.param(reference, marks=pytest.mark.drill)])
def test_each_case_goes_as_expected(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of literals that are wrong on purpose
    assert len(cases()) == 121
    failing = {name for name, file in cases().items() if not is_right(engine, read(file))}
    assert failing == {name for each, name, _ in rows_of("conformance/shacl") if each == engine.__name__}
