"""The closure: the rules as SPARQL updates on a store in memory, again and again until nothing new follows."""

from collections.abc import Iterable, Iterator
from typing import cast

from pyoxigraph import Quad, QuerySolutions, Store
from rdflib.term import Node

from crmgraph.inferring.lists import Lists, instances, lists
from crmgraph.inferring.literals import DATATYPES, belongs, differ
from crmgraph.inferring.nodes import NamedTriple, Nodes
from crmgraph.inferring.rules import RULES, Atom, Pattern, Rule, Term, iri

__all__ = ["Closure", "where"]

_TYPE, _SAME, _DIFFERENT = iri("rdf:type"), iri("owl:sameAs"), iri("owl:differentFrom")
# Where a datatype stands here, nothing follows from a literal that is of it; one that is not shows afterwards.
_ONLY_CHECKED = frozenset({iri("rdfs:range"), iri("owl:allValuesFrom")})


class Closure:
    """A graph with all that follows from it by OWL 2 RL, in names (`Nodes`)."""

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        self.nodes = Nodes()
        self.asserted = {self.nodes.triple(*triple) for triple in triples}
        self._kinds = {self.nodes.name(datatype): datatype for datatype in DATATYPES}
        self._store = Store()
        self._add(self.asserted)
        self._add(self._datatypes())
        self.lists = lists(self.match)
        self._close()

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[NamedTriple]:
        """The triples that fit; None fits all."""
        for quad in self._store.quads_for_pattern(*cast("NamedTriple", (subject, predicate, value))):
            yield cast("NamedTriple", (quad.subject, quad.predicate, quad.object))

    def solutions(self, rule: Rule) -> Iterator[dict[str, Node]]:
        """The terms that the variables of a rule's premises can stand for."""
        text = where(rule, self.lists, self.nodes)
        if text is None:
            return
        answer = self._store.query(f"SELECT * {text}")
        assert isinstance(answer, QuerySolutions)
        names = [variable.value for variable in answer.variables]
        for row in answer:
            yield {name: self.nodes.term(row[name]) for name in names}

    def _add(self, triples: Iterable[NamedTriple]) -> None:
        self._store.extend(Quad(*triple) for triple in triples)

    def _close(self) -> None:
        updates = list(self._updates())
        size = -1
        while size != len(self._store):
            size = len(self._store)
            for update, again in updates:
                self._run(update, again)
            if size == len(self._store):
                self._add(self._about_literals())

    def _run(self, update: str, again: bool) -> None:
        """Run an update, once or until it adds nothing."""
        self._store.update(update)
        size = -1
        while again and size != len(self._store):
            size = len(self._store)
            self._store.update(update)

    def _updates(self) -> Iterator[tuple[str, bool]]:
        """The rules as updates, each with whether to run it again at once: all rules need fewer rounds then."""
        for rule in instances(RULES, self.match, self.lists):
            text = where(rule, self.lists, self.nodes)
            if rule.conclusion is not None and text is not None:
                yield f"INSERT {{ {_write(rule.conclusion, self.nodes)} }} {text}", _is_transitive(rule)

    def _datatypes(self) -> set[NamedTriple]:
        """dt-type2 for the datatypes from which something could follow."""
        asked = {
            name
            for subject, predicate, value in self.asserted
            for name in (subject, value)
            if name in self._kinds and predicate not in _ONLY_CHECKED
        }
        literals = self.nodes.literals()
        return {
            (literal, _TYPE, name)
            for name in asked
            for literal, value in literals.items()
            if belongs(value, self._kinds[name])
        }

    def _about_literals(self) -> set[NamedTriple]:
        """dt-type2 and dt-diff for the literals that have been found to be the same as something."""
        same = {name for triple in self.match(None, _SAME, None) for name in (triple[0], triple[2])}
        values = [(name, value) for name in same if (value := self.nodes.value(name)) is not None]
        types = {
            (one, _TYPE, kind) for one, value in values for kind in self._kinds if belongs(value, self._kinds[kind])
        }
        return types | {
            (one, _DIFFERENT, other) for one, value in values for other, another in values if differ(value, another)
        }


def where(rule: Rule, known: Lists, nodes: Nodes) -> str | None:
    """The premises of a rule as a WHERE clause; None where it needs a list and there is none."""
    tables = []
    for member, whole in rule.members:
        rows = " ".join(f"({head} {value})" for head, values in sorted(known.items(), key=str) for value in values)
        if not rows:
            return None
        tables.append(f"VALUES (?{whole} ?{member}) {{ {rows} }}")
    parts: list[str] = []
    shared: list[str] | None = None
    for place, pattern in enumerate(rule.premises):
        text = _write(pattern, nodes)
        if all(isinstance(atom, str) for atom in pattern):
            # The store looks a triple up by one of its terms: all that is said of a theme, for each of its objectives.
            # What a sub-SELECT finds is put in a table, and looked up there by all that the two have in common.
            text = text if shared is None else f"{{ SELECT * {{ {' '.join((*shared, text))} }} }}"
            shared = shared or list(parts)
        parts += [text, *tables] if place == 0 else [text]
    if rule.distinct:
        parts.append(f"FILTER(?{rule.distinct[0]} != ?{rule.distinct[1]})")
    return f"WHERE {{ {' '.join(parts)} }}"


def _is_transitive(rule: Rule) -> bool:
    """Whether the rule makes of two statements a third of the same kind, and so goes further each time."""
    return rule.conclusion is not None and [premise[1] for premise in rule.premises].count(rule.conclusion[1]) > 1


def _write(pattern: Pattern, nodes: Nodes) -> str:
    return " ".join(_word(atom, nodes) for atom in pattern) + " ."


def _word(atom: Atom, nodes: Nodes) -> str:
    if isinstance(atom, str):
        return f"?{atom}"
    return str(nodes.name_of(atom))
