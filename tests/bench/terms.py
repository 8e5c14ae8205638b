"""The terms of pyoxigraph as rdflib has them."""

from rdflib import Literal, URIRef
from rdflib.term import Node

__all__ = ["rdflib_term"]


def rdflib_term(term: object) -> Node:
    """The same term; one that is neither a literal nor blank is an IRI."""
    value = getattr(term, "value", "")
    datatype = getattr(term, "datatype", None)
    if datatype is None:
        return URIRef(value)
    language = getattr(term, "language", None)
    return Literal(value, lang=language) if language else Literal(value, datatype=URIRef(datatype.value))
