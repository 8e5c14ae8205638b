"""Entailment: the closure of a graph by the rules of OWL 2 RL, what of it is worth keeping, and contradictions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import OWL, RDF, RDFS, XSD, BNode, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.errors import Bilingual, ContradictionError
from crmgraph.inference.rules import Explainer, Rule, bound_rules, rule_solutions, substitute
from crmgraph.inference.terms import Row, Term, Triple, rows
from crmgraph.namespaces import PREFIXES, Names

Statement = tuple[Node, Node, Node]
"""A triple of rdflib's."""

_PREFIXES = {prefix: PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd")}
_BLANK = "urn:crmgraph:blank:"


class Closure:
    """A graph with all that follows from it; `asserted` is what was said.

    Its blank nodes have IRIs, for a SPARQL query cannot name them otherwise.
    """

    def __init__(self, asserted: Iterable[Triple]) -> None:
        self._store = Store()
        self._store.extend(Quad(*triple) for triple in asserted)  # type: ignore[arg-type]
        # The store writes numbers in one way: 01 as 1.
        self.asserted = set(self.triples())
        size = -1
        while size != len(self._store):
            size = len(self._store)
            for rule, bound in bound_rules(self.select):
                if rule.conclusion is not None:
                    conclusion = substitute(" ".join(map(str, rule.conclusion)), bound)
                    given = substitute(rule.given, bound)
                    self._store.update(f"INSERT {{ {conclusion} }} WHERE {{ {given} }}", prefixes=_PREFIXES)

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query over the closure."""
        return rows(self._store.query(query, prefixes=_PREFIXES))

    def triples(self) -> Iterator[Triple]:
        """Return all that was said and all that follows."""
        return (cast(Triple, tuple(quad.triple)) for quad in self._store)


def triple_of(statement: Statement) -> Triple:
    """Return a statement as a closure has it."""
    return cast(Triple, tuple(map(_term_of, statement)))


def statement_of(triple: Triple) -> Statement:
    """Return a triple of a closure as rdflib has it."""
    return cast(Statement, tuple(map(node_of, triple)))


def _term_of(node: Node) -> Term:
    if isinstance(node, rdflib.Literal):
        datatype = None if node.language or not node.datatype else NamedNode(str(node.datatype))
        return Literal(str(node), datatype=datatype, language=node.language)
    return NamedNode(f"{_BLANK}{node}" if isinstance(node, BNode) else str(node))


def node_of(term: Term) -> Node:
    """Return a term of a closure as rdflib has it, a string without its datatype."""
    if isinstance(term, Literal):
        datatype = URIRef(term.datatype.value)
        plain = term.language or datatype == XSD.string
        return rdflib.Literal(term.value, term.language, None if plain else datatype, normalize=False)
    iri = term.value
    return BNode(iri.removeprefix(_BLANK)) if iri.startswith(_BLANK) else URIRef(iri)


_EMPTY_CLASSES = frozenset({OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal})


@dataclass(frozen=True)
class Contradiction:
    """Statements that were asserted and cannot all be true; without any one of them, the others can.

    `facts` are about things, `axioms` about the terms of the ontology; `reason` says what is wrong, with {x} and {y}
    for the nodes in `values`.
    """

    rule: str
    reason: Bilingual
    values: dict[str, Node]
    facts: tuple[Statement, ...]
    axioms: tuple[Statement, ...]


def infer(dataset: Dataset, names: Names) -> Graph:
    """Return what the dataset entails beyond what it says, about the things it speaks of.

    Left out are what is true of everything (`a owl:Thing`, sameness with itself), what speaks of blank nodes, and
    statements about the ontology's own terms. Raises ContradictionError where data and ontology cannot both be true,
    with the statements that cannot.
    """
    inferred, contradictions = infer_all(dataset, names)
    if contradictions:
        first = contradictions[0]
        nodes = {name: node.n3() if isinstance(node, rdflib.Literal) else node for name, node in first.values.items()}
        triples = (" ".join(node.n3() for node in statement) + " ." for statement in (*first.facts, *first.axioms))
        raise ContradictionError(f"a contradiction ({first.rule}): {first.reason.format(**nodes)}", tuple(triples))
    return inferred


def infer_all(dataset: Dataset, names: Names) -> tuple[Graph, list[Contradiction]]:
    """Return what `infer` returns, and every contradiction instead of an error for the first."""
    closure = Closure(triple_of((subject, predicate, value)) for subject, predicate, value, _ in dataset.quads())
    inferred = _useful(map(statement_of, closure.triples()), closure.asserted, dataset, names)
    return inferred, _contradictions(closure, set(dataset.graph(URIRef(names.graph("ontology"))).subjects()))


def infer_by_owlrl(dataset: Dataset, names: Names) -> Graph:
    """Return what `infer` returns, as owlrl, the reference reasoner, finds it. Raises the same error."""
    from owlrl import OWLRL_Semantics

    closed = Graph()
    closed += ((subject, predicate, value) for subject, predicate, value, _ in dataset.quads())
    asserted = set(map(triple_of, closed))
    engine = OWLRL_Semantics(closed, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    if engine.error_messages:
        raise ContradictionError("a contradiction that owlrl finds", tuple(engine.error_messages))
    return _useful(closed, asserted, dataset, names)


def _useful(closed: Iterable[Statement], asserted: set[Triple], dataset: Dataset, names: Names) -> Graph:
    """Return what is useful among the statements that are not asserted and about things of the dataset."""
    terms = URIRef(names.graph("ontology"))
    things = {subject for subject, _, _, graph in dataset.quads() if graph != terms}
    found = Graph()
    found += (
        statement
        for statement in closed
        if statement[0] in things and is_useful(*statement) and triple_of(statement) not in asserted
    )
    return found


def is_useful(subject: Node, predicate: Node, value: Node) -> bool:
    """Return whether the statement tells anything, and RDF can say it of things that have a name."""
    if not isinstance(subject, URIRef) or not isinstance(predicate, URIRef) or isinstance(value, BNode):
        return False
    return (predicate != RDF.type or value not in _EMPTY_CLASSES) and (predicate != OWL.sameAs or subject != value)


def _violations(closure: Closure) -> Iterator[tuple[Rule, Row, tuple[Triple, ...]]]:
    """Return each rule that is broken, with the terms and the premises that break it."""
    for rule, bound in bound_rules(closure.select):
        if rule.conclusion is None:
            yield from ((rule, values, premises) for values, premises in rule_solutions(rule, bound, closure.select))


def is_consistent(closure: Closure) -> bool:
    """Return whether no rule is broken."""
    return next(_violations(closure), None) is None


def _contradictions(closure: Closure, terms: set[Node]) -> list[Contradiction]:
    """Return every contradiction in the closure, once for the same facts: the one with the fewest axioms.

    Statements about one of the `terms` are axioms.
    """
    explainer = Explainer(closure.select, closure.asserted.__contains__)
    causes: dict[frozenset[Triple], tuple[Rule, Row]] = {}
    for rule, values, premises in _violations(closure):
        causes.setdefault(_causes(premises, explainer, closure), (rule, values))
    found = []
    for behind, (rule, values) in causes.items():
        # What the ontology says is left out first, so that of the facts those stay that a reader can see.
        ordered = sorted(behind, key=lambda cause: (node_of(cause[0]) not in terms, " ".join(map(str, cause))))
        least = sorted(map(statement_of, _least(ordered)), key=_characters)
        nodes = {name: node_of(term) for name, term in values.items()}
        facts, axioms = (tuple(each for each in least if (each[0] in terms) is known) for known in (False, True))
        found.append(Contradiction(rule.name, rule.meaning, nodes, facts, axioms))
    found.sort(key=lambda each: (len(each.axioms), each.rule, [*map(_characters, each.axioms)]), reverse=True)
    best = {tuple(map(_characters, each.facts)): each for each in found}
    return [best[facts] for facts in sorted(best)]


def _causes(premises: Iterable[Triple], explainer: Explainer, closure: Closure) -> frozenset[Triple]:
    """Return what was asserted behind the premises, and the cells of the lists in it."""
    proofs = (explainer.shortest_proof(premise) for premise in premises)
    asserted = {triple for proof in proofs if proof for triple in proof.statements if triple in closure.asserted}
    lists = " ".join(str(value) for _, _, value in asserted if isinstance(value, NamedNode))
    way = "VALUES ?p { rdf:first rdf:rest }"
    cells = closure.select(f"SELECT * {{ VALUES ?list {{ {lists} }} {way} ?list rdf:rest* ?s . ?s ?p ?o }}")
    return frozenset(asserted | {(row["s"], row["p"], row["o"]) for row in cells})


def _least(causes: list[Triple]) -> list[Triple]:
    """Return as few of the statements as contradict themselves: each of them is left out, and stays out if it can."""
    kept = causes
    for cause in causes:
        rest = [each for each in kept if each != cause]
        if rest and not is_consistent(Closure(rest)):
            kept = rest
    return kept


def _characters(statement: Statement) -> str:
    """Return the statement in N-Triples, without the names that blank nodes have by chance."""
    return " ".join("_:" if isinstance(node, BNode) else node.n3() for node in statement)
