"""Running the shapes over a graph: a fast SHACL engine does it, and the tests hold it to pySHACL."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, SH, Graph
from rdflib.term import Node

from crmgraph.checking.shapes import Check, Shapes

__all__ = ["Result", "report", "results", "validate"]


@dataclass(frozen=True)
class Result:
    """That a check fails for a focus node. `value` is what SHACL names as the cause, or the second place.

    `constraint` is the name of the kind of constraint that is not met, as SHACL has it.
    """

    check: Check
    focus: Node
    value: Node | None
    constraint: str = "SPARQLConstraintComponent"


def validate(data: Graph, shapes: Shapes) -> list[Result]:
    """Each way in which the data falls short of the shapes, once."""
    written = data.serialize(format="nt", encoding="utf-8")
    return list(dict.fromkeys(results(report(written, shapes.turtle.encode()), shapes)))


def report(data: bytes, shapes: bytes) -> Graph:
    """The SHACL validation report on data and shapes, both written in Turtle. Raises ValueError where they are not.

    Both are bytes, for the engine would take a short text for the name of a file or an address, and fetch it.
    """
    import shifty  # imported here, for a report of findings already made needs no engine

    _, written, _ = shifty.validate(
        data, shapes, graph_mode="data", infer=False, sort_results=False, on_unsupported="error"
    )
    return written


def results(report: Graph, shapes: Shapes) -> Iterator[Result]:
    """The results in a SHACL validation report, whichever engine wrote it."""
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
        assert shape is not None
        assert focus is not None
        constraint = str(report.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
        yield Result(shapes.checks[shape], focus, report.value(node, SH.value), constraint)
