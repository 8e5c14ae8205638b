"""Why a statement holds: the rule it follows by and its premises, each explained in turn, down to what was asserted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from crmgraph.inferring.lists import instances, lists
from crmgraph.inferring.rules import RULES, Atom, Pattern, Rule, Term, Triple

__all__ = ["Explainer", "Facts", "Proof"]

_Values = dict[str, Term]

# No proof in a graph of ours is half as deep; a search that goes further is running in circles.
_DEEPEST = 24


class Facts(Protocol):
    """Statements that can be looked up: those of a store, for example."""

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterable[Triple]:
        """The statements that fit; None fits all."""

    def is_asserted(self, triple: Triple) -> bool:
        """Whether the statement stands on its own, whatever else it also follows from."""


@dataclass(frozen=True)
class Proof:
    """A statement, with the rule it follows by and the proofs of its premises; no rule where it is asserted."""

    triple: Triple
    rule: str | None = None
    premises: tuple["Proof", ...] = ()

    @cached_property
    def size(self) -> int:
        """How many statements it holds, each as often as it is used."""
        return 1 + sum(premise.size for premise in self.premises)

    def statements(self) -> Iterator[Triple]:
        """All statements in it, this one first."""
        yield self.triple
        for premise in self.premises:
            yield from premise.statements()

    @property
    def _order(self) -> tuple[int, str, str]:
        return self.size, self.rule or "", " ".join(str(term) for triple in self.statements() for term in triple)


@dataclass(frozen=True)
class _Step:
    rule: str
    premises: tuple[Triple, ...]


class Explainer:
    """Finds proofs over some facts, by the rules of OWL 2 RL; a fact is only explained by other facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.lists = lists(facts.match)
        """The members of the lists that axioms speak of, by their heads."""
        # The facts are closed: a rule of which a premise never holds has led to none of them.
        self._rules = tuple(
            rule
            for rule in instances(RULES, facts.match, self.lists)
            if rule.conclusion is not None and all(self._occurs(premise) for premise in rule.premises)
        )
        self._steps: dict[Triple, tuple[_Step, ...]] = {}

    def _occurs(self, pattern: Pattern) -> bool:
        return any(self._facts.match(*(_value(atom, {}) for atom in pattern)))

    def shortest(self, triple: Triple) -> Proof | None:
        """The proof with the fewest steps one above the other; of several, the one with the fewest statements.

        A statement that is asserted is its own proof. None where the facts do not have the statement, or where they
        do not show what it follows from.
        """
        if not any(self._facts.match(*triple)):
            return None
        return Proof(triple) if self._facts.is_asserted(triple) else self._search(triple)

    def all(self, triple: Triple) -> tuple[Proof, ...]:
        """A proof for each last step that leads to the statement, the shortest first; none goes round in a circle."""
        if not any(self._facts.match(*triple)):
            return ()
        proofs = [Proof(triple)] if self._facts.is_asserted(triple) else []
        for step in self._steps_to(triple):
            premises = [self._without(premise, triple) for premise in step.premises]
            if None not in premises:
                proofs.append(Proof(triple, step.rule, tuple(premise for premise in premises if premise)))
        return tuple(sorted(proofs, key=lambda proof: proof._order))

    def _without(self, premise: Triple, conclusion: Triple) -> Proof | None:
        """A proof of the premise that does not need the conclusion."""
        proof = self.shortest(premise)
        if proof is None or conclusion not in proof.statements():
            return proof
        return self._search(premise, conclusion)

    def _search(self, goal: Triple, banned: Triple | None = None) -> Proof | None:
        """Go back from the goal, one step further at a time, until what was found to be asserted is enough."""
        known: dict[Triple, tuple[_Step, ...]] = {}
        asserted: dict[Triple, Proof] = {}
        frontier = {goal: None}
        for depth in range(1, _DEEPEST + 1):
            behind: dict[Triple, None] = {}
            for fact in frontier:
                known[fact] = self._steps_to(fact)
                for premise in (premise for step in known[fact] for premise in step.premises):
                    if premise not in asserted and self._facts.is_asserted(premise):
                        asserted[premise] = Proof(premise)
                    elif premise not in known and premise not in asserted and premise != banned:
                        behind[premise] = None
            # Where all is known that the goal can follow from, a proof may yet be higher than the way there was long.
            proof = _prove(goal, known, asserted, depth if behind else len(known))
            if proof is not None or not behind:
                return proof
            frontier = {fact: None for fact in behind if fact not in known}
        return None

    def _steps_to(self, triple: Triple) -> tuple[_Step, ...]:
        if triple not in self._steps:
            found = {step: None for rule in self._rules for step in self._steps_by(rule, triple)}
            self._steps[triple] = tuple(step for step in found if triple not in step.premises)
        return self._steps[triple]

    def _steps_by(self, rule: Rule, triple: Triple) -> Iterator[_Step]:
        assert rule.conclusion is not None
        values = _unify(rule.conclusion, triple, {})
        if values is None:
            return
        for found in self._solve(rule.premises, rule.members, values):
            if not rule.distinct or found[rule.distinct[0]] != found[rule.distinct[1]]:
                yield _Step(rule.name, tuple(dict.fromkeys(_fill(premise, found) for premise in rule.premises)))

    def _solve(
        self, premises: tuple[Pattern, ...], members: tuple[tuple[str, str], ...], values: _Values
    ) -> Iterator[_Values]:
        """All ways to satisfy the premises, those first of which most is known."""
        for index, (member, whole) in enumerate(members):
            if whole in values:
                rest = members[:index] + members[index + 1 :]
                for value in dict.fromkeys(self.lists.get(values[whole], ())):
                    if values.get(member, value) == value:
                        yield from self._solve(premises, rest, {**values, member: value})
                return
        if not premises:
            yield values
            return
        premise = max(premises, key=lambda pattern: sum(_value(atom, values) is not None for atom in pattern))
        rest_of = tuple(other for other in premises if other is not premise)
        for triple in self._facts.match(*(_value(atom, values) for atom in premise)):
            found = _unify(premise, triple, values)
            if found is not None:
                yield from self._solve(rest_of, members, found)


def _prove(
    goal: Triple, known: dict[Triple, tuple[_Step, ...]], asserted: dict[Triple, Proof], height: int
) -> Proof | None:
    """The best proof of the goal that is at most so high, from the steps that are known."""
    proofs, pending = dict(asserted), set(known)
    for _ in range(height):
        layer = {}
        for fact in pending:
            found = (
                Proof(fact, step.rule, tuple(proofs[premise] for premise in step.premises))
                for step in known[fact]
                if all(premise in proofs for premise in step.premises)
            )
            best = min(found, key=lambda proof: proof._order, default=None)
            if best is not None:
                layer[fact] = best
        if goal in layer or not layer:
            return layer.get(goal)
        proofs.update(layer)
        pending.difference_update(layer)
    return None


def _value(atom: Atom, values: _Values) -> Term | None:
    return values.get(atom) if isinstance(atom, str) else atom


def _fill(pattern: Pattern, values: _Values) -> Triple:
    subject, predicate, value = (values[atom] if isinstance(atom, str) else atom for atom in pattern)
    return subject, predicate, value


def _unify(pattern: Pattern, triple: Triple, values: _Values) -> _Values | None:
    """The values with those that make the pattern this triple; None where there are none."""
    found = dict(values)
    for atom, term in zip(pattern, triple, strict=True):
        if isinstance(atom, str):
            if found.setdefault(atom, term) != term:
                return None
        elif atom != term:
            return None
    return found
