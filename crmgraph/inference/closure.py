"""The closure of a graph by the rules of OWL 2 RL: SPARQL updates on a store in memory until nothing new follows."""

from collections.abc import Iterable, Iterator
from typing import cast

import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import XSD, BNode, URIRef
from rdflib.term import Node

from crmgraph.inference.rules import bound_rules, substitute
from crmgraph.inference.terms import Row, Term, Triple, rows
from crmgraph.namespaces import PREFIXES

__all__ = ["Closure", "Statement", "node_of", "statement_of", "triple_of"]

Statement = tuple[Node, Node, Node]
"""A triple of rdflib's."""

_PREFIXES = {prefix: PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd")}
_BLANK = "urn:crmgraph:blank:"


class Closure:
    """A graph with all that follows from it; `asserted` is what was said.

    Its blank nodes have IRIs, for a SPARQL query cannot name them otherwise.
    """

    def __init__(self, asserted: Iterable[Triple]) -> None:
        self._store = Store()
        self._store.extend(Quad(*triple) for triple in asserted)  # type: ignore[arg-type]
        # The store writes numbers in one way: 01 as 1.
        self.asserted = set(self.triples())
        size = -1
        while size != len(self._store):
            size = len(self._store)
            for rule, bound in bound_rules(self.select):
                if rule.conclusion is not None:
                    conclusion = substitute(" ".join(map(str, rule.conclusion)), bound)
                    given = substitute(rule.given, bound)
                    self._store.update(f"INSERT {{ {conclusion} }} WHERE {{ {given} }}", prefixes=_PREFIXES)

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query over the closure."""
        return rows(self._store.query(query, prefixes=_PREFIXES))

    def triples(self) -> Iterator[Triple]:
        """Return all that was said and all that follows."""
        return (cast(Triple, tuple(quad.triple)) for quad in self._store)


def triple_of(statement: Statement) -> Triple:
    """Return a statement as a closure has it."""
    return cast(Triple, tuple(map(_term_of, statement)))


def statement_of(triple: Triple) -> Statement:
    """Return a triple of a closure as rdflib has it."""
    return cast(Statement, tuple(map(node_of, triple)))


def _term_of(node: Node) -> Term:
    if isinstance(node, rdflib.Literal):
        datatype = None if node.language or not node.datatype else NamedNode(str(node.datatype))
        return Literal(str(node), datatype=datatype, language=node.language)
    return NamedNode(f"{_BLANK}{node}" if isinstance(node, BNode) else str(node))


def node_of(term: Term) -> Node:
    """Return a term of a closure as rdflib has it, a string without its datatype."""
    if isinstance(term, Literal):
        datatype = URIRef(term.datatype.value)
        plain = term.language or datatype == XSD.string
        return rdflib.Literal(term.value, term.language, None if plain else datatype, normalize=False)
    iri = term.value
    return BNode(iri.removeprefix(_BLANK)) if iri.startswith(_BLANK) else URIRef(iri)
