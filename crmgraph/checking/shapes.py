"""The catalogue of checks: SHACL shapes that carry a stable code and a message in each language."""

from dataclasses import dataclass
from pathlib import Path

from rdflib import SH, Graph
from rdflib.term import Node

from crmgraph.describing.vocabulary import CG

__all__ = ["SEVERITIES", "Check", "Shapes", "read_shapes"]

SEVERITIES = ("violation", "warning", "info")
"""From the gravest to the mildest."""


@dataclass(frozen=True)
class Check:
    """One kind of defect: its code, its severity, and what it says in Spanish and in English.

    `{number}`, `{label}` and `{exact}` in a message stand for the number and words of the element and the words that
    the finding shows.
    """

    code: str
    severity: str
    message_es: str
    message_en: str


@dataclass(frozen=True)
class Shapes:
    """The SHACL shapes and the check that each shape is."""

    graph: Graph
    checks: dict[Node, Check]


def read_shapes(folder: Path) -> Shapes:
    """The shapes in the Turtle files of `folder`, each check by the shape that carries its code."""
    graph = Graph()
    for file in sorted(folder.glob("*.ttl")):
        graph.parse(file, format="turtle")
    return Shapes(graph, {shape: _check(graph, shape) for shape in graph.subjects(CG.code)})


def _check(graph: Graph, shape: Node) -> Check:
    messages = {getattr(text, "language", None): str(text) for text in graph.objects(shape, SH.message)}
    severity = str(graph.value(shape, SH.severity)).removeprefix(str(SH)).lower()
    return Check(str(graph.value(shape, CG.code)), severity, messages["es"], messages["en"])
