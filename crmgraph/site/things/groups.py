"""Statements by their property, in the order in which the page of a thing shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.namespaces import PREFIXES
from crmgraph.site.base.site import Row, Term

__all__ = ["TYPE", "Group", "Statement", "grouped"]

TYPE = PREFIXES["rdf"] + "type"
_NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_UNFOLDED = 20
_LISTED = 50


@dataclass(frozen=True)
class Statement:
    """A value and the graphs that state it: a graph's IRI each."""

    value: Term
    graphs: tuple[str, ...]
    is_inferred: bool


@dataclass(frozen=True)
class Group:
    """The statements with one property, what the graph's makers assert before what was inferred."""

    predicate: str
    statements: tuple[Statement, ...]

    @property
    def is_long(self) -> bool:
        """Whether there are so many that a page folds them."""
        return len(self.statements) > _UNFOLDED

    @property
    def listed(self) -> tuple[Statement, ...]:
        """The first of them, those that a page lists."""
        return self.statements[:_LISTED]


def grouped(rows: Iterable[Row], inferred: str, language: str) -> tuple[Group, ...]:
    """The groups of statements, each a row with its `property`, `value` and `graph`; `inferred` is the graph of those
    that were inferred, and what is in the language comes before what is in another."""
    graphs: dict[str, dict[Term, set[str]]] = {}
    for row in rows:
        graphs.setdefault(row["property"].value, {}).setdefault(row["value"], set()).add(row["graph"].value)
    groups = []
    for name, values in graphs.items():
        statements = [Statement(value, tuple(sorted(of)), of == {inferred}) for value, of in values.items()]
        statements.sort(key=lambda said: _place(said, language))
        groups.append(Group(name, tuple(statements)))
    groups.sort(key=_rank)
    return tuple(groups)


def _rank(group: Group) -> tuple[bool, bool, bool, str]:
    """A key that puts what it is and what it is called first, and last the properties of which all is inferred."""
    return group.predicate != TYPE, group.predicate not in _NAMES, group.statements[0].is_inferred, group.predicate


def _place(said: Statement, language: str) -> tuple[bool, bool, str, list[tuple[int, str]]]:
    """A key that puts the asserted before the inferred, and what is in the visitor's language before the rest."""
    spoken = said.value.language
    return said.is_inferred, spoken not in ("", language), spoken, _natural(said.value.value)


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts 2 before 10."""
    pieces: list[tuple[int, str]] = []
    for run in text.replace("/", "\0").replace("-", "\0").replace(".", "\0").split("\0"):
        pieces.append((int(run), "") if run.isascii() and run.isdigit() else (-1, run))
    return pieces
