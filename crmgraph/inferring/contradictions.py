"""Statements that cannot hold together: the rules of OWL 2 RL that end in "false".

Source of the rules: OWL 2 Profiles, section 4.3, tables 4 to 9.
"""

from dataclasses import dataclass

from rdflib import Graph
from rdflib.term import Node

from crmgraph.errors import ContradictionError

__all__ = ["RULES", "Rule", "check_contradictions"]


@dataclass(frozen=True)
class Rule:
    """A rule by its name in the specification, what it means, and its premises as SPARQL triple patterns."""

    name: str
    meaning: str
    premises: tuple[str, ...]
    condition: str = ""

    @property
    def query(self) -> str:
        """A SELECT of everything that breaks the rule."""
        return f"SELECT * WHERE {{ {' . '.join(self.premises)} {self.condition} }} LIMIT 1"


RULES = (
    Rule("cax-dw", "{x} belongs to two classes that share nothing",
         ("?c owl:disjointWith ?d", "?x a ?c", "?x a ?d")),
    Rule("prp-pdw", "{x} and {y} are tied by two properties that exclude each other",
         ("?p owl:propertyDisjointWith ?q", "?x ?p ?y", "?x ?q ?y")),
    Rule("prp-irp", "{x} is tied to itself by a property that forbids it",
         ("?p a owl:IrreflexiveProperty", "?x ?p ?x")),
    Rule("prp-asyp", "{x} and {y} are tied both ways by a property that goes one way",
         ("?p a owl:AsymmetricProperty", "?x ?p ?y", "?y ?p ?x")),
    Rule("prp-fp", "{x} has two values of a property that takes one",
         ("?p a owl:FunctionalProperty", "?x ?p ?y", "?x ?p ?z"),
         "FILTER(isLiteral(?y) && isLiteral(?z) && STR(?y) < STR(?z))"),
    Rule("eq-diff1", "{x} and {y} are the same and are different",
         ("?x owl:differentFrom ?y", "?x owl:sameAs ?y")),
    Rule("cls-nothing2", "{x} belongs to the class that has no members",
         ("?x a owl:Nothing",)),
)  # fmt: skip


def check_contradictions(closed: Graph, asserted: Graph, reported: list[str]) -> None:
    """Raise ContradictionError for the first rule broken in `closed`, with its premises; an inferred one is marked.

    `reported` are the engine's own complaints: one that no rule here explains is raised in the engine's words.
    """
    for rule in RULES:
        for row in closed.query(rule.query):
            values = {str(name): value for name, value in row.asdict().items()}  # type: ignore[union-attr]
            triples = tuple(_triple(premise, values, asserted) for premise in rule.premises)
            raise ContradictionError(f"a contradiction ({rule.name}): {rule.meaning.format(**values)}", triples)
    if reported:
        raise ContradictionError(f"a contradiction: {reported[0]}", ())


def _triple(premise: str, values: dict[str, Node], asserted: Graph) -> str:
    subject, predicate, value = (_term(word, values, asserted) for word in premise.split())
    triple = f"{subject.n3()} {predicate.n3()} {value.n3()} ."
    return triple if (subject, predicate, value) in asserted else f"{triple} # inferred"


def _term(word: str, values: dict[str, Node], graph: Graph) -> Node:
    if word.startswith("?"):
        return values[word[1:]]
    return graph.namespace_manager.expand_curie("rdf:type" if word == "a" else word)
