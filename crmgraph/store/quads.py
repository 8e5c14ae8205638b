"""A dataset as N-Quads, a statement a line, in the order of the characters."""

from pyoxigraph import Literal, NamedNode, Quad
from rdflib import BNode, Dataset
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node


def quads(dataset: Dataset) -> str:
    """Return a dataset as N-Quads, a statement a line, in the order of the characters: the same data, the same text.

    Raises ValueError where a node has no name, for its line would differ from one time to the next.
    """
    return "".join(sorted({f"{_quad(*quad)} .\n" for quad in dataset.quads()}))


def _quad(subject: Node, predicate: Node, value: Node, graph: Node | None) -> Quad:
    if isinstance(subject, BNode) or isinstance(value, BNode):
        raise ValueError(f"a node without a name in {graph}: {subject.n3()} … {value.n3()}")
    return Quad(NamedNode(str(subject)), NamedNode(str(predicate)), _value(value), NamedNode(str(graph)))


def _value(value: Node) -> NamedNode | Literal:
    if not isinstance(value, RdflibLiteral):
        return NamedNode(str(value))
    if value.language:
        return Literal(str(value), language=value.language)
    return Literal(str(value), datatype=NamedNode(str(value.datatype)) if value.datatype else None)
