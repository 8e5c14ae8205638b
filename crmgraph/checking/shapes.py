"""The SHACL shapes: each that carries a stable code is a check, with what people need to know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDFS, SH, SKOS, Graph
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
