"""RDF terms, the rules of OWL 2 RL, which `rules.yaml` defines, and proofs by these rules.

Forward chaining is in `entailment`. Proofs are found by backward chaining, from a triple to asserted triples.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import cast

import yaml
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, Store, Variable, parse

from crmgraph.errors import Bilingual, UsageError
from crmgraph.namespaces import PREFIXES, Names, abbreviate_iri

Term = NamedNode | BlankNode | Literal
Triple = tuple[Term, Term, Term]
Row = dict[str, Term]
"""A solution of a SPARQL query: the terms by the names of the variables, without unbound variables."""
Select = Callable[[str], Iterable[Row]]
"""A function that returns the solutions of a SELECT query. The query may use the prefixes of `crmgraph.namespaces`."""

_ABSOLUTE = re.compile(r"(https?://|urn:|mailto:)")
_PATH = re.compile(r"[^\x00-\x20<>\"{}|^`\\:']+/[^\x00-\x20<>\"{}|^`\\:']*")


def iri(name: str) -> NamedNode:
    """Return the IRI of a prefixed name such as `owl:sameAs`."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def read_turtle(text: str, prefixes: Mapping[str, str]) -> Term:
    """Return a term that is written in Turtle syntax. Raises ValueError or SyntaxError for any other text."""
    prologue = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes.items())
    [triple] = parse(f"{prologue}<a:> <a:> {text} .", format=RdfFormat.TURTLE)
    return cast(Term, triple.object)


def rows(found: object) -> list[Row]:
    """Return the solutions in a query result of pyoxigraph."""
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in found]


def select_from(store: Store) -> Select:
    """Return a function that runs SELECT queries over the union of all graphs in a store."""
    return lambda query: rows(store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True))


def read_term(written: str, names: Names) -> Term:
    """Return the term that a user has written.

    The text is an IRI (with or without angle brackets), a prefixed name, a path below `…/id/`, a literal in Turtle
    syntax, or `a` for rdf:type. Raises UsageError for any other text.
    """
    text, prefixes = written.strip(), names.prefixes()
    prefix, colon, local = text.partition(":")
    if text == "a":
        text = f"<{prefixes['rdf']}type>"
    elif colon and prefix in prefixes:
        text = f"<{prefixes[prefix]}{local}>"
    elif _ABSOLUTE.match(text):
        text = f"<{text}>"
    elif _PATH.fullmatch(text):
        text = f"<{names.id(text)}>"
    with suppress(SyntaxError, ValueError):
        term = read_turtle(text, prefixes)
        if not isinstance(term, BlankNode):
            return term
    raise UsageError(
        Bilingual(
            f"“{written}” is no term: write a prefixed name (cg:within), an IRI, what follows …/id/ "
            '(plan/crm/pgm/7) or a literal as in Turtle ("words"@es)',
            f"«{written}» no es un término: escriba un nombre con prefijo (cg:within), un IRI, lo que sigue a "
            '…/id/ (plan/crm/pgm/7) o un literal como en Turtle ("palabras"@es)',
        )
    )


def abbreviate_term(term: Term, prefixes: Mapping[str, str]) -> str:
    """Return a term in Turtle syntax; an IRI is written with the longest prefix that matches."""
    short = abbreviate_iri(term.value, prefixes)
    return short if isinstance(term, NamedNode) and short != term.value else str(term)


Pattern = tuple[Term | Variable, Term | Variable, Term | Variable]
"""A triple pattern."""

_VARIABLE = re.compile(r"\?(\w+)")


@dataclass(frozen=True)
class Rule:
    """An inference rule. A rule without a conclusion is a constraint: its premises contradict each other.

    Attributes:
        name: The name of the rule in the OWL 2 RL specification, such as `prp-trp`.
        meaning: The rule as a sentence in both languages.
        axioms: A SPARQL graph pattern for the axioms of the ontology; each solution gives one instance of the rule.
        given: A SPARQL graph pattern for the remaining premises.
        premises: The triple patterns in `axioms` and `given`.
        conclusion: The triple pattern that follows, if any.
    """

    name: str
    meaning: Bilingual
    axioms: str
    given: str
    premises: tuple[Pattern, ...]
    conclusion: Pattern | None

    @cached_property
    def resource_variables(self) -> frozenset[str]:
        """The variables in a subject or predicate position, which must not be bound to literals."""
        return frozenset(
            atom.value
            for found in (*self.premises, *([self.conclusion] if self.conclusion else []))
            for atom in found[:2]
            if isinstance(atom, Variable)
        )


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, in the order in which they complete a closure in the fewest rounds."""
    groups = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"))
    return tuple(_parse_rule(row, Bilingual(group["en"], group["es"])) for group in groups for row in group["rules"])


def _parse_rule(row: Mapping[str, str], meaning: Bilingual) -> Rule:
    axioms, given = row.get("axioms", ""), row.get("given", "")
    parts = (part.split() for part in f"{axioms} . {given}".split(" . "))
    # A part of three words is a triple pattern, unless it is a filter or contains a property path.
    premises = tuple(
        _parse_pattern(words) for words in parts if len(words) == 3 and not re.search(r"[(/*]", " ".join(words[:2]))
    )
    return Rule(
        row["name"], meaning, axioms, given, premises, _parse_pattern(row["then"].split()) if "then" in row else None
    )


def _parse_pattern(words: Iterable[str]) -> Pattern:
    return cast(Pattern, tuple(_parse_atom(word) for word in words))


def _parse_atom(word: str) -> Term | Variable:
    if word.startswith("?"):
        return Variable(word[1:])
    return read_turtle(word, PREFIXES) if word.startswith('"') else iri("rdf:type" if word == "a" else word)


def bound_rules(select: Select) -> Iterator[tuple[Rule, Row]]:
    """Yield each rule with each solution of its axioms.

    Solutions that bind a subject or predicate to a literal are left out.
    """
    for rule in rules():
        for row in select(f"SELECT * {{ {rule.axioms} }}") if rule.axioms else ({},):
            if not any(isinstance(row.get(name), Literal) for name in rule.resource_variables):
                yield rule, row


def rule_solutions(rule: Rule, bound: Row, select: Select) -> Iterator[tuple[Row, tuple[Triple, ...]]]:
    """Yield the solutions of a rule, each with its premises as triples.

    `bound` contains the variables that have a value already, such as a solution of the axioms.
    """
    for row in select(f"SELECT * {{ {substitute(rule.given, bound)} }}"):
        if all(row.get(name, term) == term for name, term in bound.items()):
            values = {**bound, **row}
            yield values, tuple(instantiate(premise, values) for premise in rule.premises)


def substitute(text: str, bound: Row) -> str:
    """Return a SPARQL graph pattern with the bound variables replaced by their terms.

    A variable that is bound to a blank node is not replaced, since a query cannot name a blank node.
    """
    words = {name: str(term) for name, term in bound.items() if not isinstance(term, BlankNode)}
    return _VARIABLE.sub(lambda found: words.get(found[1], found[0]), text)


def instantiate(pattern: Pattern, values: Row) -> Triple:
    """Return the triple that a triple pattern becomes with the `values` of its variables."""
    return cast(Triple, tuple(values[atom.value] if isinstance(atom, Variable) else atom for atom in pattern))


_MAX_HEIGHT = 23
"""The maximum height of a proof, in steps. No proof in the real dataset is half as high."""


@dataclass(frozen=True)
class Proof:
    """A proof tree of a triple.

    Attributes:
        triple: The triple that is proved.
        rule: The name of the rule in the last step; None if the triple is asserted.
        premises: The proofs of the premises of the last step.
    """

    triple: Triple
    rule: str | None = None
    premises: tuple["Proof", ...] = ()

    @cached_property
    def statements(self) -> tuple[Triple, ...]:
        """All triples in the proof, the proved triple first; a triple that is used several times is repeated."""
        return self.triple, *(triple for premise in self.premises for triple in premise.statements)

    @property
    def sort_key(self) -> tuple[int, str, str]:
        """A key that sorts proofs by number of triples, then by rule and triples in code point order."""
        return (
            len(self.statements),
            self.rule or "",
            " ".join(str(term) for triple in self.statements for term in triple),
        )


class Explainer:
    """Finds proofs of triples in a closure, that is, in triples from which no rule derives a new one.

    `select` runs SELECT queries over the closure. `is_asserted` returns whether a triple is asserted rather than
    inferred.
    """

    def __init__(self, select: Select, is_asserted: Callable[[Triple], bool]) -> None:
        self._select, self._is_asserted = select, is_asserted
        self._rules = [(rule, rule.conclusion, bound) for rule, bound in bound_rules(select) if rule.conclusion]
        self._derivations_cache: dict[Triple, list[tuple[str, tuple[Triple, ...]]]] = {}
        self._proofs: dict[tuple[Triple, int, Triple | None], Proof | None] = {}

    def shortest_proof(self, triple: Triple, without: Triple | None = None) -> Proof | None:
        """Return the proof of least height, and among several, the one with the fewest triples.

        An asserted triple is its own proof. Return None if there is no proof, or none that does without the triple
        `without`.
        """
        return self._proof(triple, _MAX_HEIGHT, without)

    def all_proofs(self, triple: Triple) -> list[Proof]:
        """Return one proof for each possible last step, the shortest first.

        No proof uses the triple itself as a premise.
        """
        own = [Proof(triple)] if self._is_asserted(triple) else []
        found = (*own, *self._proofs_by_last_step(triple, _MAX_HEIGHT, triple))
        return sorted(found, key=lambda proof: proof.sort_key)

    def _proof(self, triple: Triple, height: int, without: Triple | None) -> Proof | None:
        """Return the proof of least height, at most the given one, and among several the smallest; None if none."""
        if triple == without:
            return None
        if self._is_asserted(triple):
            return Proof(triple)
        if not height:
            return None
        key = triple, height, without
        if key not in self._proofs:
            self._proofs[key] = self._proof(triple, height - 1, without) or min(
                self._proofs_by_last_step(triple, height - 1, without), key=lambda proof: proof.sort_key, default=None
            )
        return self._proofs[key]

    def _proofs_by_last_step(self, triple: Triple, height: int, without: Triple | None) -> Iterator[Proof]:
        for rule, premises in self._derivations(triple):
            found = [proof for premise in premises if (proof := self._proof(premise, height, without))]
            if len(found) == len(premises):
                yield Proof(triple, rule, tuple(found))

    def _derivations(self, triple: Triple) -> list[tuple[str, tuple[Triple, ...]]]:
        """Return the rules that derive a triple, each with the premises of that derivation."""
        if triple not in self._derivations_cache:
            found = {
                (rule.name, tuple(dict.fromkeys(premises))): None
                for rule, conclusion, bound in self._rules
                if (values := _unify(conclusion, triple, bound)) is not None
                for _, premises in rule_solutions(rule, values, self._select)
            }
            self._derivations_cache[triple] = [step for step in found if triple not in step[1]]
        return self._derivations_cache[triple]


def _unify(pattern: Pattern, triple: Triple, bound: Row) -> Row | None:
    """Return the bindings that turn a pattern into a triple, in addition to `bound`; None if there are none."""
    found = dict(bound)
    for atom, term in zip(pattern, triple, strict=True):
        if (found.setdefault(atom.value, term) if isinstance(atom, Variable) else atom) != term:
            return None
    return found
