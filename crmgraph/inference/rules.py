"""The rules of OWL 2 RL, as `rules.yaml` has them, read forwards by the closure and backwards to prove what follows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import cast

import yaml
from pyoxigraph import BlankNode, Literal, Variable

from crmgraph.errors import Bilingual
from crmgraph.inference.terms import Row, Select, Term, Triple, iri, read_turtle
from crmgraph.namespaces import PREFIXES

Pattern = tuple[Term | Variable, Term | Variable, Term | Variable]

_VARIABLE = re.compile(r"\?(\w+)")


@dataclass(frozen=True)
class Rule:
    """A rule: where its premises hold, so does its conclusion; without one, the premises cannot hold together.

    `axioms` and `given` are SPARQL graph patterns. The solutions of `axioms` are what the ontology says of properties
    and classes; `premises` are the statements in both.
    """

    name: str
    meaning: Bilingual
    axioms: str
    given: str
    premises: tuple[Pattern, ...]
    conclusion: Pattern | None

    @cached_property
    def named(self) -> frozenset[str]:
        """The variables that stand for a subject or a property."""
        patterns = (*self.premises, *([self.conclusion] if self.conclusion else []))
        return frozenset(atom.value for found in patterns for atom in found[:2] if isinstance(atom, Variable))


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, in the order that closes a graph soonest."""
    groups = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"))
    return tuple(_rule(row, Bilingual(group["en"], group["es"])) for group in groups for row in group["rules"])


def _rule(row: Mapping[str, str], meaning: Bilingual) -> Rule:
    axioms, given = row.get("axioms", ""), row.get("given", "")
    parts = (part.split() for part in f"{axioms} . {given}".split(" . "))
    # A part of three words is a statement, unless it is a filter or a path through a list.
    premises = tuple(
        _pattern(words) for words in parts if len(words) == 3 and not re.search(r"[(/*]", " ".join(words[:2]))
    )
    return Rule(row["name"], meaning, axioms, given, premises, _pattern(row["then"].split()) if "then" in row else None)


def _pattern(words: Iterable[str]) -> Pattern:
    return cast(Pattern, tuple(_atom(word) for word in words))


def _atom(word: str) -> Term | Variable:
    if word.startswith("?"):
        return Variable(word[1:])
    return read_turtle(word, PREFIXES) if word.startswith('"') else iri("rdf:type" if word == "a" else word)


def bound_rules(select: Select) -> Iterator[tuple[Rule, Row]]:
    """Return each rule with each solution of its axioms, but none that has a literal for a subject or property."""
    for rule in rules():
        for row in select(f"SELECT * {{ {rule.axioms} }}") if rule.axioms else ({},):
            if not any(isinstance(row.get(name), Literal) for name in rule.named):
                yield rule, row


def solutions(rule: Rule, bound: Row, select: Select) -> Iterator[tuple[Row, tuple[Triple, ...]]]:
    """Return the solutions of what is given where some variables are bound, each with the premises it comes to."""
    for row in select(f"SELECT * {{ {substitute(rule.given, bound)} }}"):
        if all(row.get(name, term) == term for name, term in bound.items()):
            values = {**bound, **row}
            yield values, tuple(fill(premise, values) for premise in rule.premises)


def substitute(text: str, bound: Row) -> str:
    """Return a SPARQL pattern with terms in place of the variables that are bound to them.

    A variable that is bound to a blank node stays, for a pattern cannot name that.
    """
    words = {name: str(term) for name, term in bound.items() if not isinstance(term, BlankNode)}
    return _VARIABLE.sub(lambda found: words.get(found[1], found[0]), text)


def fill(pattern: Pattern, values: Row) -> Triple:
    """Return the statement that a pattern becomes."""
    return cast(Triple, tuple(values[atom.value] if isinstance(atom, Variable) else atom for atom in pattern))


_HIGHEST = 24
"""The greatest height of a proof, in steps; none of the real dataset has half as many."""


@dataclass(frozen=True)
class Proof:
    """A statement, with the rule it follows by and the proofs of its premises; no rule where it is asserted."""

    triple: Triple
    rule: str | None = None
    premises: tuple["Proof", ...] = ()

    @cached_property
    def statements(self) -> tuple[Triple, ...]:
        """All statements in it, this one first, each as often as it is used."""
        return self.triple, *(triple for premise in self.premises for triple in premise.statements)

    @property
    def order(self) -> tuple[int, str, str]:
        """The number of statements; of equally many, the rule and the statements in the order of the characters."""
        return (
            len(self.statements),
            self.rule or "",
            " ".join(str(term) for triple in self.statements for term in triple),
        )


class Explainer:
    """Finds proofs over statements that are closed under the rules.

    `select` runs a SELECT query over them, `is_asserted` tells those apart that were said from those that follow.
    """

    def __init__(self, select: Select, is_asserted: Callable[[Triple], bool]) -> None:
        self._select, self._is_asserted = select, is_asserted
        self._rules = [(rule, rule.conclusion, bound) for rule, bound in bound_rules(select) if rule.conclusion]
        self._steps: dict[Triple, list[tuple[str, tuple[Triple, ...]]]] = {}
        self._proofs: dict[tuple[Triple, int, Triple | None], Proof | None] = {}

    def shortest(self, triple: Triple, without: Triple | None = None) -> Proof | None:
        """Return the proof with the fewest steps one above the other; of several, that with the fewest statements.

        A statement that is asserted is its own proof. None where nothing asserted leads to it, or nothing that does
        without the statement `without`.
        """
        found = (self._proof(triple, height, without) for height in range(_HIGHEST))
        return next((proof for proof in found if proof), None)

    def all(self, triple: Triple) -> list[Proof]:
        """Return a proof for each last step that leads to the statement, the shortest first, without circles."""
        proofs = [Proof(triple)] if self._is_asserted(triple) else []
        for rule, premises in self._steps_to(triple):
            found = [self.shortest(premise, triple) for premise in premises]
            if None not in found:
                proofs.append(Proof(triple, rule, tuple(proof for proof in found if proof)))
        return sorted(proofs, key=lambda proof: proof.order)

    def _proof(self, triple: Triple, height: int, without: Triple | None) -> Proof | None:
        """Return the best proof among the lowest, where they are at most so high."""
        if triple == without:
            return None
        if self._is_asserted(triple):
            return Proof(triple)
        if not height:
            return None
        key = triple, height, without
        if key not in self._proofs:
            self._proofs[key] = self._proof(triple, height - 1, without) or min(
                self._proofs_by_steps(triple, height - 1, without), key=lambda proof: proof.order, default=None
            )
        return self._proofs[key]

    def _proofs_by_steps(self, triple: Triple, height: int, without: Triple | None) -> Iterator[Proof]:
        for rule, premises in self._steps_to(triple):
            found = [proof for premise in premises if (proof := self._proof(premise, height, without))]
            if len(found) == len(premises):
                yield Proof(triple, rule, tuple(found))

    def _steps_to(self, triple: Triple) -> list[tuple[str, tuple[Triple, ...]]]:
        """Return the rules that lead to a statement, each with the premises that it leads there from."""
        if triple not in self._steps:
            found = {
                (rule.name, tuple(dict.fromkeys(premises))): None
                for rule, conclusion, bound in self._rules
                if (values := _unified(conclusion, triple, bound)) is not None
                for _, premises in solutions(rule, values, self._select)
            }
            self._steps[triple] = [step for step in found if triple not in step[1]]
        return self._steps[triple]


def _unified(pattern: Pattern, triple: Triple, bound: Row) -> Row | None:
    """Return what is bound, with the values that make the pattern this statement; None where there are none."""
    found = dict(bound)
    for atom, term in zip(pattern, triple, strict=True):
        if (found.setdefault(atom.value, term) if isinstance(atom, Variable) else atom) != term:
            return None
    return found
