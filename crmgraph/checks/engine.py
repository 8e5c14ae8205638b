"""The SHACL engine: the shapes, the checks that they are, and their results over a graph."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import RDF, SH, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.catalogue import SHAPES, Check, read_checks, turtle_in

__all__ = ["Result", "Shapes", "known_shapes", "read_shapes", "report", "results", "validate"]


@dataclass(frozen=True)
class Shapes:
    """SHACL shapes, as a graph and as the Turtle they were read from, with the check that each shape is."""

    graph: Graph
    turtle: str
    checks: Mapping[Node, Check]

    @property
    def catalogue(self) -> list[Check]:
        """All checks by group, the gravest first, then by code."""
        return list(self.checks.values())

    def of(self, severity: str) -> "Shapes":
        """Return the shapes of this severity alone."""
        graph, left = Graph(), {shape: check for shape, check in self.checks.items() if check.severity == severity}
        graph += self.graph
        for shape in self.checks.keys() - left.keys():
            # With all that is said of nodes without a name in it.
            graph -= self.graph.cbd(shape)
        return Shapes(graph, graph.serialize(format="turtle"), left)


@cache
def known_shapes(severity: str | None = None) -> Shapes:
    """Return the shapes of the project, those of one severity if one is named."""
    return read_shapes(SHAPES) if severity is None else known_shapes().of(severity)


def read_shapes(folder: Path) -> Shapes:
    """Return the shapes in the Turtle files of `folder`, each check by the shape that carries its code."""
    turtle = turtle_in(folder)
    checks: dict[Node, Check] = {URIRef(shape): check for shape, check in read_checks(turtle).items()}
    return Shapes(Graph().parse(data=turtle, format="turtle"), turtle, checks)


@dataclass(frozen=True)
class Result:
    """A failure of a check for a focus node. `value` is what SHACL names as the cause, or the second place.

    `constraint` is the name of the kind of constraint that is not met, as SHACL has it.
    """

    check: Check
    focus: Node
    value: Node | None
    constraint: str = "SPARQLConstraintComponent"


def validate(data: Graph, shapes: Shapes, engine: str = "pyshifty") -> list[Result]:
    """Return each way in which the data falls short of the shapes, once, as `engine` finds it: pyshifty or pyshacl."""
    if engine == "pyshacl":
        found = _report_of_pyshacl(data, shapes.graph)
    else:
        found = report(data.serialize(format="nt", encoding="utf-8"), shapes.turtle.encode())
    return list(dict.fromkeys(results(found, shapes)))


def report(data: bytes, shapes: bytes) -> Graph:
    """Return the SHACL validation report on data and shapes, both in Turtle. Raises ValueError where they are not.

    Both are bytes, for the engine would take a short text for the name of a file or an address, and fetch it.
    """
    import shifty  # imported here, for a report of findings already made needs no engine

    _, written, _ = shifty.validate(
        data, shapes, graph_mode="data", infer=False, sort_results=False, on_unsupported="error"
    )
    return written


def _report_of_pyshacl(data: Graph, shapes: Graph) -> Graph:
    """Return the report of pySHACL, the reference engine."""
    import pyshacl

    graph = Graph()
    for subject, predicate, value in data:
        # To rdflib a string with its datatype written is another than one without it, which CONCAT makes.
        is_string = isinstance(value, Literal) and value.datatype == XSD.string
        graph.add((subject, predicate, Literal(str(value)) if is_string else value))
    _, found, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(found, Graph):
        raise found
    return found


def results(report: Graph, shapes: Shapes) -> Iterator[Result]:
    """Return the results in a SHACL validation report, whichever engine wrote it."""
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
        assert shape is not None
        assert focus is not None
        constraint = str(report.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
        yield Result(shapes.checks[shape], focus, report.value(node, SH.value), constraint)
