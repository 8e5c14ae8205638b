"""The SHACL shapes: each that carries a stable code is a check, with what people need to know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDFS, SH, SKOS, BNode, Graph
from rdflib.term import Node

from crmgraph.checking.catalogue import SEVERITIES, Check, Group
from crmgraph.describing.vocabulary import CG
from crmgraph.wording import Bilingual

__all__ = ["SEVERITIES", "Check", "Group", "Shapes", "read_shapes"]


@dataclass(frozen=True)
class Shapes:
    """The SHACL shapes, as a graph and as the Turtle they were read from, and the check that each shape is."""

    graph: Graph
    turtle: str
    checks: dict[Node, Check]

    @property
    def catalogue(self) -> list[Check]:
        """Every check once, by group, the gravest first, then by code."""
        return sorted(
            set(self.checks.values()), key=lambda check: (check.group, SEVERITIES.index(check.severity), check.code)
        )

    def of(self, severity: str) -> "Shapes":
        """The shapes of this severity alone."""
        graph = Graph()
        graph += self.graph
        others = {shape: check for shape, check in self.checks.items() if check.severity != severity}
        for shape in others:
            graph.remove((None, None, shape))
            _remove(graph, shape)
        left = {shape: check for shape, check in self.checks.items() if shape not in others}
        return Shapes(graph, graph.serialize(format="turtle"), left)


def _remove(graph: Graph, node: Node) -> None:
    """Take away the node with all that it alone is made of."""
    parts = [value for value in graph.objects(node) if isinstance(value, BNode)]
    graph.remove((node, None, None))
    for part in parts:
        _remove(graph, part)


def read_shapes(folder: Path) -> Shapes:
    """The shapes in the Turtle files of `folder`, each check by the shape that carries its code."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.ttl"))]
    graph = Graph()
    for text in texts:
        graph.parse(data=text, format="turtle")
    return Shapes(graph, "\n".join(texts), {shape: _check(graph, shape) for shape in graph.subjects(CG.code)})


def _check(graph: Graph, shape: Node) -> Check:
    group = graph.value(shape, SH.group)
    assert group is not None
    order = graph.value(group, SH.order)
    return Check(
        str(graph.value(shape, CG.code)),
        str(graph.value(shape, SH.severity)).removeprefix(str(SH)).lower(),
        Group(int(str(order)), str(group).rpartition("#")[2], _said(graph.objects(group, RDFS.label))),
        _said(graph.objects(shape, RDFS.label)),
        _said(graph.objects(shape, SH.message)),
        _said(graph.objects(shape, RDFS.comment)),
        _said(graph.objects(shape, SKOS.example)),
        _said(graph.objects(shape, CG.remedy)),
    )


def _said(texts: Iterable[Node]) -> Bilingual:
    said = {str(getattr(text, "language", "")): str(text) for text in texts}
    return Bilingual(said["en"], said["es"])
