"""Serialisation of a dataset as sorted N-Quads."""

from pyoxigraph import Literal, NamedNode, Quad
from rdflib import BNode, Dataset
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node


def as_n_quads(dataset: Dataset) -> str:
    """Return a dataset as N-Quads, sorted by code point, so that equal datasets give equal text.

    Raises ValueError for a blank node, since its label would differ from one run to the next.
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
