"""Statements that cannot hold together: the rules of OWL 2 RL that end in "false", and values outside their datatype.

Source of the rules: OWL 2 Profiles, section 4.3, tables 4 to 9.
"""

from rdflib import RDF
from rdflib.term import Node

from crmgraph.errors import ContradictionError
from crmgraph.inferring.closing import Closure
from crmgraph.inferring.lists import instances
from crmgraph.inferring.literals import DATATYPES, belongs
from crmgraph.inferring.nodes import NamedTriple
from crmgraph.inferring.rules import RULES, Pattern

__all__ = ["check_contradictions"]

_INFERRED = " # inferred"


def check_contradictions(closure: Closure) -> None:
    """Raise ContradictionError for the first rule broken in the closure, with its premises; an inferred one is marked.

    Of several ways in which a rule is broken, the one with the fewest inferred premises is reported, then the first in
    the order of the characters.
    """
    _check_datatypes(closure)
    for rule in instances(RULES, closure.match, closure.lists):
        if rule.conclusion is not None:
            continue
        found = [
            (tuple(_triple(premise, values, closure) for premise in rule.premises), values)
            for values in closure.solutions(rule)
        ]
        if found:
            triples, values = min(found, key=lambda solution: (sum(map(_is_inferred, solution[0])), solution[0]))
            raise ContradictionError(f"a contradiction ({rule.name}): {rule.meaning.format(**values)}", triples)


def _check_datatypes(closure: Closure) -> None:
    """dt-not-type: literals that are not what their datatype allows, or not of a type that follows for them."""
    for name, value in closure.nodes.literals().items():
        literal = closure.nodes.term(name)
        types = {closure.nodes.term(kind) for _, _, kind in closure.match(name, closure.nodes.name(RDF.type), None)}
        wrong = sorted(kind for kind in DATATYPES & types if not belongs(value, kind))
        if value[0] == "ill-typed" or wrong:
            used = [_write(triple, closure) for triple in closure.match(None, None, name)]
            typed = [_write((name, closure.nodes.name(RDF.type), closure.nodes.name(kind)), closure) for kind in wrong]
            raise ContradictionError(
                f"a contradiction (dt-not-type): {literal.n3()} is no value of its datatype", (*sorted(used), *typed)
            )


def _triple(premise: Pattern, values: dict[str, Node], closure: Closure) -> str:
    nodes = closure.nodes
    subject, predicate, value = (
        nodes.name(values[atom]) if isinstance(atom, str) else nodes.name_of(atom) for atom in premise
    )
    return _write((subject, predicate, value), closure)


def _is_inferred(triple: str) -> bool:
    return triple.endswith(_INFERRED)


def _write(triple: NamedTriple, closure: Closure) -> str:
    words = " ".join(closure.nodes.term(name).n3() for name in triple)
    return f"{words} ." if triple in closure.asserted else f"{words} .{_INFERRED}"
