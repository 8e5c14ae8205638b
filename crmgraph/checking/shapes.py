"""The catalogue of checks: SHACL shapes that carry a stable code, and what people need to know of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDFS, SH, SKOS, Graph
from rdflib.term import Node

from crmgraph.describing.vocabulary import CG
from crmgraph.wording import Bilingual

__all__ = ["SEVERITIES", "Check", "Group", "Shapes", "read_shapes"]

SEVERITIES = ("violation", "warning", "info")
"""From the gravest to the mildest."""


@dataclass(frozen=True, order=True)
class Group:
    """A group of checks: its place among the groups, its name within the shapes, and its title."""

    order: int
    name: str
    title: Bilingual


@dataclass(frozen=True)
class Check:
    """One kind of defect: what it is called, how grave it is, why it matters, an example, and how to mend it.

    `message` is what each finding says. In it {number}, {label} and {exact} stand for the number and name of the
    element and the words that the finding shows, {name} for the thing that those words name, {other} and
    {other_number} for the words and number of the second place of a finding that has two.
    """

    code: str
    severity: str
    group: Group
    title: Bilingual
    message: Bilingual
    explanation: Bilingual
    example: Bilingual
    remedy: Bilingual


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
