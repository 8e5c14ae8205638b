"""What a store has statements about, and the notices for queries that name something else.

A worker finds them in its own store, so that they fit the answer. A query without mistakes costs a few lookups. Similar
names are read only for a name that is not there, once in the life of a worker.
"""

import re
from collections.abc import Iterable, Mapping
from csv import DictReader
from functools import lru_cache, partial

from pyoxigraph import NamedNode, Store
from rapidfuzz import process
from rapidfuzz.distance import OSA

from crmgraph.caching import memoize
from crmgraph.files import resource
from crmgraph.inference.rules import iri as iri_of
from crmgraph.inference.rules import rows
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.sparql.engine import Notice, Question, Role
from crmgraph.sparql.terms import RDF_TYPE, read_terms

_LONGEST_QUERY = 32 * 1024
"""Number of characters of the longest query whose names are looked up."""

_MOST_NOTICES = 8
"""Number of names that an answer has notices about, at most."""

_NEVER_ABSENT = (PREFIXES["xsd"], RDF_TYPE)
"""What queries name although no triple may have it: datatypes of literals, and `a`."""

_NEAR_NAMESPACE = 3
"""Number of characters in which the namespace IRIs differ of which one was probably meant as the other."""

_ONE_PLAN = frozenset(PREFIXES["cg"] + name for name in ("plan", "path"))
"""Properties by which a query says which plan it asks."""

_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("cg", "owl", "rdfs", "skos"))
_OURS: Mapping[Role, str] = {
    "class": "?x a owl:Class ; rdfs:label ?label",
    "property": "VALUES ?any { owl:ObjectProperty owl:DatatypeProperty } ?x a ?any ; rdfs:label ?label",
    "thing": "{ ?x rdfs:label ?any } UNION { GRAPH ?x {} }",
}
_OTHERS: Mapping[Role, str] = {
    **_OURS,
    "class": "GRAPH ?any { ?one a ?x }",
    "property": "GRAPH ?any { ?one ?x ?other }",
}
"""Patterns for the names in namespaces of ours and of others that one may have meant, by their role."""

_NAMES_PART = "ASK { VALUES ?x { %(thing)s } VALUES ?of { cg:Plan cg:PlanElement cg:Source } ?x a ?of }"
_MIXTURE = """ASK {
  SELECT ?x {
    { VALUES ?x { %(class)s } ?part a ?x }
    UNION { VALUES ?x { %(property)s } ?x rdfs:domain/rdfs:subClassOf* cg:PlanElement . ?part ?x ?value }
    ?part cg:plan ?plan
  }
  GROUP BY ?x HAVING (COUNT(DISTINCT ?plan) > 1)
}"""

_REPLACED = {
    iri_of(row["old"]).value: row["new"]
    for row in DictReader((resource("ontology") / "replaced.csv").read_text(encoding="utf-8").splitlines())
}
"""What to write for each term of an earlier version of the ontology, by its IRI; empty if nothing says the same."""


class Vocabulary:
    """What a store has statements about. The store must not change.

    Attributes:
        mixes_plans: Returns whether a query that names these terms, but no plan, takes parts of several plans together.
        notices: Returns the notices for a question whose query is valid, from a cache if possible.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = memoize(8)(self._read_names)
        self.mixes_plans = memoize(256)(self._mixes_plans)
        self.notices = lru_cache(256)(partial(_notices_for, self))

    def has(self, subject: str | None = None, predicate: str | None = None, value: str | None = None) -> bool:
        """Return whether any graph has a triple with these IRIs."""
        subject_, predicate_, value_ = (NamedNode(each) if each else None for each in (subject, predicate, value))
        return any(True for _ in self._store.quads_for_pattern(subject_, predicate_, value_, None))

    def uses(self, role: Role, iri: str) -> bool:
        """Return whether an IRI is used in this role."""
        if role == "thing":
            is_graph = self._store.contains_named_graph(NamedNode(iri))
            return is_graph or self.has(iri) or self.has(value=iri) or self.has(None, iri)
        return self.has(None, RDF_TYPE, iri) if role == "class" else self.has(None, iri)

    def nearest(self, role: Role, iri: str, namespace: str) -> str:
        """Return the IRI in a namespace that was probably meant in this role; empty if none is near."""
        names = [pair for pair in self._names(role, namespace.startswith(ONTOLOGY)) if pair[0].startswith(namespace)]
        labels = {_spelling(label): iri for iri, label in names if label}
        local_names = {_spelling(iri.removeprefix(namespace)): iri for iri, _ in names}
        return _nearest(_spelling(iri.removeprefix(namespace)), labels | local_names)

    def _mixes_plans(self, terms: tuple[tuple[Role, str], ...]) -> bool:
        values = {role: " ".join(str(NamedNode(iri)) for each, iri in terms if each == role) for role in _OURS}
        ask = partial(self._store.query, use_default_graph_as_union=True)
        # Two queries: in one, the engine would look for the named things again for each part.
        return not ask(_PROLOGUE + _NAMES_PART % values) and bool(ask(_PROLOGUE + _MIXTURE % values))

    def _read_names(self, role: Role, is_ours: bool) -> list[tuple[str, str]]:
        """Return the IRIs of ours, or of all, that have this role, each with a label of terms of ours."""
        query = f"{_PROLOGUE} SELECT DISTINCT ?x ?label {{ {(_OURS if is_ours else _OTHERS)[role]} }}"
        found = rows(self._store.query(query, use_default_graph_as_union=True))
        return [(str(row["x"].value), str(row["label"].value) if "label" in row else "") for row in found]


def _spelling(name: str) -> str:
    return name.replace(" ", "").casefold()


def _nearest(name: str, spellings: Mapping[str, str], most: int | None = None) -> str:
    """Return the value of the spelling that is nearest to a name; empty if none is near.

    Spellings are near if they differ in at most `most` characters, by default one in four of the last part of a path.
    Of those that are equally near, one with the same letters is preferred.
    """
    cutoff = max(1, len(re.split("[/#]", name)[-1]) // 4) if most is None else most
    near = process.extract(name, spellings.keys(), scorer=OSA.distance, score_cutoff=cutoff, limit=None)
    ranked = sorted((distance, sorted(spelling) != sorted(name), spelling) for spelling, distance, _ in near)
    return spellings[ranked[0][2]] if ranked else ""


def find_notices(vocabulary: Vocabulary, question: Question) -> tuple[Notice, ...]:
    """Return the notices for a question whose query is valid; none for a very long query."""
    if len(question.text) > _LONGEST_QUERY:
        return ()
    # The names of graphs can be long, and would fill the cache.
    has_graphs = question.default_graphs or question.named_graphs
    return _notices_for(vocabulary, question) if has_graphs else vocabulary.notices(question)


def _notices_for(vocabulary: Vocabulary, question: Question) -> tuple[Notice, ...]:
    named = read_terms(question.text.removeprefix("\ufeff"), question.base_iri)
    graphs = (*(question.default_graphs or ()), *(question.named_graphs or ()))
    terms: dict[tuple[Role, str], bool] = {**named.terms, **{("thing", iri): True for iri in graphs}}
    found: dict[Notice, None] = {}
    for (role, iri), is_needed in terms.items():
        is_expected = iri in question.prefixes.values() or iri.startswith(_NEVER_ABSENT)
        if not (is_expected or vocabulary.uses(role, iri)):
            notice = _notice_of(vocabulary, role, iri, named.namespaces, question.prefixes)
            # OPTIONAL may well ask for what no statement says yet.
            if is_needed or notice.code != "unused":
                found[notice] = None
        if len(found) == _MOST_NOTICES:
            break
    says_plan = named.names_plan or graphs or any(iri in _ONE_PLAN for _, iri in terms)
    is_mixed = not says_plan and vocabulary.mixes_plans(tuple(term for term, needed in terms.items() if needed))
    return (*found, *([Notice("plans")] if is_mixed else []))


def _notice_of(
    vocabulary: Vocabulary, role: Role, iri: str, declared: Iterable[str], prefixes: Mapping[str, str]
) -> Notice:
    """Return the notice for an IRI that is not used in this role.

    If the query declares its namespace, and that is unknown but near to a known one, the notice is about the namespace.
    """
    known = sorted(prefixes.values(), key=len, reverse=True)
    for namespace in declared:
        if iri.startswith(namespace) and namespace not in known:
            meant = _nearest(namespace, {each: each for each in known}, most=_NEAR_NAMESPACE)
            if meant:
                return Notice("unknown", "namespace", namespace, meant)
    if role != "thing" and vocabulary.has(iri):
        return Notice("unused", role, iri)
    if pattern := _REPLACED.get(iri):
        return Notice("replaced", role, iri, pattern)
    is_ours = iri.startswith((ONTOLOGY, *(prefixes[name] for name in ("id", "graph") if name in prefixes)))
    namespace = next((each for each in known if iri.startswith(each)), re.sub(r"[^#/]*$", "", iri))
    # Up to release 0.2.0 the addresses of other plans' parts had the theme in them.
    moved = re.sub(r"(/id/plan/[^/]+)/[^/]+/", r"\1/", iri, count=1)
    if moved != iri and vocabulary.has(moved):
        return Notice("unknown", role, iri, moved)
    # Things of others with similar names, such as Q1 and Q2, have nothing to do with each other.
    meant = vocabulary.nearest(role, iri, namespace) if is_ours or role != "thing" else ""
    return Notice("unknown" if is_ours else "absent", role, iri, meant)
