"""Statements that cannot hold together: the rules of OWL 2 RL that end in "false", and values outside their datatype.

Source of the rules: OWL 2 Profiles, section 4.3, tables 4 to 9.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, Literal
from rdflib.term import Node

from crmgraph.errors import ContradictionError
from crmgraph.inferring.closing import Closure
from crmgraph.inferring.lists import instances
from crmgraph.inferring.literals import DATATYPES, belongs
from crmgraph.inferring.nodes import NamedTriple
from crmgraph.inferring.rules import RULES, Pattern, Rule

__all__ = ["Clash", "check_contradictions", "clashes", "is_contradictory"]

_INFERRED = " # inferred"


@dataclass(frozen=True)
class Clash:
    """A way in which a rule is broken: the statements that cannot hold together, and the terms that `meaning` names."""

    rule: str
    meaning: str
    premises: tuple[NamedTriple, ...]
    values: dict[str, Node]


def check_contradictions(closure: Closure) -> None:
    """Raise ContradictionError for the first rule broken in the closure, with its premises; an inferred one is marked.

    Of several ways in which a rule is broken, the one with the fewest inferred premises is reported, then the first in
    the order of the characters.
    """
    for found in (_values_outside(closure), *_broken_rules(closure)):
        told = [(tuple(_write(premise, closure) for premise in clash.premises), clash) for clash in found]
        if told:
            triples, clash = min(told, key=lambda pair: (sum(map(_is_inferred, pair[0])), pair[0]))
            meaning = clash.meaning.format(**{name: _shown(term) for name, term in clash.values.items()})
            raise ContradictionError(f"a contradiction ({clash.rule}): {meaning}", triples)


def clashes(closure: Closure) -> Iterator[Clash]:
    """Every way in which a rule is broken in the closure."""
    yield from _values_outside(closure)
    for found in _broken_rules(closure):
        yield from found


def is_contradictory(closure: Closure) -> bool:
    """Whether any rule is broken in the closure."""
    return any(True for _ in clashes(closure))


def _broken_rules(closure: Closure) -> Iterator[Iterator[Clash]]:
    """For each rule that ends in "false", all ways in which it is broken."""
    for rule in instances(RULES, closure.match, closure.lists):
        if rule.conclusion is None:
            yield _clashes_by(rule, closure)


def _clashes_by(rule: Rule, closure: Closure) -> Iterator[Clash]:
    for values in closure.solutions(rule):
        premises = tuple(_triple(premise, values, closure) for premise in rule.premises)
        yield Clash(rule.name, rule.meaning, premises, values)


def _values_outside(closure: Closure) -> Iterator[Clash]:
    """dt-not-type: literals that are not what their datatype allows, or not of a type that follows for them."""
    kind_of = closure.nodes.name(RDF.type)
    for name, value in closure.nodes.literals().items():
        literal = closure.nodes.term(name)
        types = {closure.nodes.term(kind) for _, _, kind in closure.match(name, kind_of, None)}
        wrong = sorted(kind for kind in DATATYPES & types if not belongs(value, kind))
        if value[0] == "ill-typed" or wrong:
            used = sorted(closure.match(None, None, name), key=lambda triple: _write(triple, closure))
            typed = [(name, kind_of, closure.nodes.name(kind)) for kind in wrong]
            yield Clash("dt-not-type", "{x} is no value of its datatype", (*used, *typed), {"x": literal})


def _shown(term: Node) -> str:
    return term.n3() if isinstance(term, Literal) else str(term)


def _triple(premise: Pattern, values: dict[str, Node], closure: Closure) -> NamedTriple:
    nodes = closure.nodes
    subject, predicate, value = (
        nodes.name(values[atom]) if isinstance(atom, str) else nodes.name_of(atom) for atom in premise
    )
    return subject, predicate, value


def _is_inferred(triple: str) -> bool:
    return triple.endswith(_INFERRED)


def _write(triple: NamedTriple, closure: Closure) -> str:
    words = " ".join(closure.nodes.term(name).n3() for name in triple)
    return f"{words} ." if triple in closure.asserted else f"{words} .{_INFERRED}"
