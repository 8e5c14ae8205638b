"""Literals and nameless nodes under names of their own, so that rules can speak of them as of anything else.

The rules of OWL 2 RL are about generalised RDF, in which a literal may be the subject of a triple; SPARQL allows none.
Literals of one value (dt-eq of OWL 2 Profiles, table 8) are one node, so nothing is said again in other words.
"""

from dataclasses import dataclass, field

from pyoxigraph import Literal as OxigraphLiteral
from pyoxigraph import NamedNode
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from crmgraph.inferring.literals import Value, value_of
from crmgraph.inferring.rules import Term

__all__ = ["NamedTriple", "Nodes"]

NamedTriple = tuple[NamedNode, NamedNode, NamedNode]

_LITERAL = "urn:crmgraph:literal:"
_NAMELESS = "urn:crmgraph:nameless:"


@dataclass
class Nodes:
    """The names of terms, each given when it is first asked for, and the way back."""

    _names: dict[Node, NamedNode] = field(default_factory=dict)
    _terms: dict[NamedNode, Node] = field(default_factory=dict)
    _literals: dict[Value, NamedNode] = field(default_factory=dict)
    _values: dict[NamedNode, Value] = field(default_factory=dict)

    def triple(self, subject: Node, predicate: Node, value: Node) -> NamedTriple:
        """The triple, of names only."""
        return self.name(subject), self.name(predicate), self.name(value)

    def name(self, term: Node) -> NamedNode:
        """The name of a term; an IRI is its own."""
        name = self._names.get(term)
        if name is None:
            name = self._names[term] = self._new_name(term)
            known = self._terms.setdefault(name, term)
            if known != term and term.n3() < known.n3():
                self._terms[name] = term
        return name

    def name_of(self, atom: Term) -> NamedNode:
        """The name of a term that a rule speaks of."""
        if isinstance(atom, NamedNode):
            return atom
        assert isinstance(atom, OxigraphLiteral)
        return self.name(Literal(atom.value, datatype=URIRef(atom.datatype.value)))

    def term(self, name: NamedNode) -> Node:
        """The term with this name; of literals with one value, the first in the order of the characters."""
        known = self._terms.get(name)
        return URIRef(name.value) if known is None else known

    def value(self, name: NamedNode) -> Value | None:
        """The value of the literal with this name; None for what is no literal."""
        return self._values.get(name)

    def literals(self) -> dict[NamedNode, Value]:
        """The values of all literals so far, by name."""
        return dict(self._values)

    def _new_name(self, term: Node) -> NamedNode:
        if isinstance(term, Literal):
            value = value_of(term)
            if value not in self._literals:
                name = NamedNode(f"{_LITERAL}{len(self._literals)}")
                self._literals[value], self._values[name] = name, value
            return self._literals[value]
        return NamedNode(_NAMELESS + str(term) if isinstance(term, BNode) else str(term))
