"""Entailment: computes the closure of a graph under the rules of OWL 2 RL, and finds contradictions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from pyoxigraph import NamedNode, Quad, Store
from rdflib import OWL, RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import Statement, graph_of, node_of, statement_of, triple_of
from crmgraph.errors import Bilingual, ContradictionError
from crmgraph.inference.rules import (
    Explainer,
    Row,
    Rule,
    Triple,
    bound_rules,
    rows,
    rule_solutions,
    rules,
    substitute,
)
from crmgraph.namespaces import PREFIXES, Names

_PREFIXES = {prefix: PREFIXES[prefix] for prefix in ("cg", "owl", "rdf", "rdfs", "xsd")}


class Closure:
    """A graph with all triples that follow from it by the rules of OWL 2 RL.

    Blank nodes are represented by IRIs, since a SPARQL query cannot name a blank node. The attribute `asserted`
    contains the triples of the original graph.
    """

    def __init__(self, asserted: Iterable[Triple]) -> None:
        self._store = Store()
        self._store.extend(Quad(*triple) for triple in asserted)  # type: ignore[arg-type]
        # The triples are read from the store again, since the store normalises numbers: 01 becomes 1.
        self.asserted = set(self.triples())
        size = -1
        while size != len(self._store):
            size = len(self._store)
            for rule, bound in bound_rules(self.select):
                if rule.conclusion is not None:
                    conclusion = substitute(" ".join(map(str, rule.conclusion)), bound)
                    update = f"INSERT {{ {conclusion} }} WHERE {{ {substitute(rule.given, bound)} }}"
                    self._store.update(update, prefixes=_PREFIXES)

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query over the closure."""
        return rows(self._store.query(query, prefixes=_PREFIXES))

    def triples(self) -> Iterator[Triple]:
        """Return all asserted and inferred triples."""
        return (cast(Triple, tuple(quad.triple)) for quad in self._store)


_UNIVERSAL_CLASSES = frozenset({OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal})


@dataclass(frozen=True)
class Contradiction:
    """A minimal inconsistent subset of the asserted statements: without any one of them, the rest is consistent.

    Attributes:
        rule: The name of the violated rule.
        reason: What is wrong, as a sentence with the placeholders {x} and {y} for nodes.
        values: The nodes for the placeholders and for the other variables of the rule.
        facts: The statements about things.
        axioms: The statements about terms of the ontology.
    """

    rule: str
    reason: Bilingual
    values: dict[str, Node]
    facts: tuple[Statement, ...]
    axioms: tuple[Statement, ...]


def infer(dataset: Dataset, names: Names) -> Graph:
    """Return the statements that follow from a dataset, without the asserted ones.

    Left out are statements that hold for everything (`a owl:Thing`, `owl:sameAs` itself), statements with blank nodes,
    and statements about terms of the ontology. Raises ContradictionError for the first contradiction, with its minimal
    inconsistent subset of statements.
    """
    inferred, contradictions = infer_all(dataset, names)
    if contradictions:
        first = contradictions[0]
        nodes = {name: node.n3() if isinstance(node, Literal) else node for name, node in first.values.items()}
        triples = (" ".join(node.n3() for node in statement) + " ." for statement in (*first.facts, *first.axioms))
        raise ContradictionError(f"a contradiction ({first.rule}): {first.reason.format(**nodes)}", tuple(triples))
    return inferred


def infer_all(dataset: Dataset, names: Names) -> tuple[Graph, list[Contradiction]]:
    """Return the same statements as `infer`, and a list of all contradictions in place of the error."""
    closure = Closure(triple_of((subject, predicate, value)) for subject, predicate, value, _ in dataset.quads())
    inferred = _useful_inferences(map(statement_of, closure.triples()), closure.asserted, dataset, names)
    return inferred, _contradictions(closure, set(dataset.graph(URIRef(names.graph("ontology"))).subjects()))


def infer_by_owlrl(dataset: Dataset, names: Names) -> Graph:
    """Return the same statements as `infer`, computed by the reference reasoner owlrl.

    Raises ContradictionError if data and ontology contradict each other.
    """
    from owlrl import OWLRL_Semantics

    closure_statements = graph_of((subject, predicate, value) for subject, predicate, value, _ in dataset.quads())
    asserted = set(map(triple_of, closure_statements))
    for rule in rules():
        if rule.name.startswith("cg-") and rule.conclusion:
            conclusion = " ".join(map(str, rule.conclusion))
            closure_statements.update(
                f"INSERT {{ {conclusion} }} WHERE {{ {rule.axioms} {rule.given} }}", initNs=_PREFIXES
            )
    engine = OWLRL_Semantics(closure_statements, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    if engine.error_messages:
        raise ContradictionError("a contradiction that owlrl finds", tuple(engine.error_messages))
    return _useful_inferences(closure_statements, asserted, dataset, names)


def _useful_inferences(
    closure_statements: Iterable[Statement], asserted: set[Triple], dataset: Dataset, names: Names
) -> Graph:
    """Return the inferred statements about things of the dataset that are worth keeping."""
    terms = URIRef(names.graph("ontology"))
    things = {subject for subject, _, _, graph in dataset.quads() if graph != terms}
    return graph_of(
        statement
        for statement in closure_statements
        if statement[0] in things and is_useful(*statement) and triple_of(statement) not in asserted
    )


def is_useful(subject: Node, predicate: Node, value: Node) -> bool:
    """Return whether an inferred statement is worth keeping.

    The statement must be about a thing with an IRI, must not contain a blank node, and must not hold for everything.
    """
    has_iris = isinstance(subject, URIRef) and isinstance(predicate, URIRef) and not isinstance(value, BNode)
    is_universal = (
        value in _UNIVERSAL_CLASSES if predicate == RDF.type else predicate == OWL.sameAs and subject == value
    )
    return has_iris and not is_universal


def _violated_rules(closure: Closure) -> Iterator[tuple[Rule, Row, tuple[Triple, ...]]]:
    """Yield each violation of a constraint: the rule, the values of its variables, and its premises."""
    for rule, bound in bound_rules(closure.select):
        if rule.conclusion is None:
            yield from ((rule, values, premises) for values, premises in rule_solutions(rule, bound, closure.select))


def is_consistent(closure: Closure) -> bool:
    """Return whether the closure violates no constraint."""
    return next(_violated_rules(closure), None) is None


def _contradictions(closure: Closure, terms: set[Node]) -> list[Contradiction]:
    """Return the contradictions in the closure: for each set of facts, the contradiction with the fewest axioms.

    Statements about one of the `terms` are axioms.
    """
    explainer = Explainer(closure.select, closure.asserted.__contains__)
    causes: dict[frozenset[Triple], tuple[Rule, Row]] = {}
    for rule, values, premises in _violated_rules(closure):
        causes.setdefault(_asserted_causes(premises, explainer, closure), (rule, values))
    found = []
    for statements, (rule, values) in causes.items():
        # Axioms are tried first, so that the minimal subset keeps facts, which readers can see in the data.
        ordered = sorted(statements, key=lambda cause: (node_of(cause[0]) not in terms, " ".join(map(str, cause))))
        minimal = sorted(map(statement_of, _minimal_contradiction(ordered)), key=_sort_key)
        nodes = {name: node_of(term) for name, term in values.items()}
        facts, axioms = (tuple(each for each in minimal if (each[0] in terms) is known) for known in (False, True))
        found.append(Contradiction(rule.name, rule.meaning, nodes, facts, axioms))
    found.sort(key=lambda each: (len(each.axioms), each.rule, [*map(_sort_key, each.axioms)]), reverse=True)
    best = {tuple(map(_sort_key, each.facts)): each for each in found}
    return [best[facts] for facts in sorted(best)]


def _asserted_causes(premises: Iterable[Triple], explainer: Explainer, closure: Closure) -> frozenset[Triple]:
    """Return the asserted statements from which the premises follow, including the cells of lists in them."""
    asserted = {
        triple
        for proof in (explainer.shortest_proof(premise) for premise in premises)
        if proof
        for triple in proof.statements
        if triple in closure.asserted
    }
    lists = " ".join(str(value) for _, _, value in asserted if isinstance(value, NamedNode))
    cells = closure.select(
        f"SELECT * {{ VALUES ?list {{ {lists} }} VALUES ?p {{ rdf:first rdf:rest }} ?list rdf:rest* ?s . ?s ?p ?o }}"
    )
    return frozenset(asserted | {(row["s"], row["p"], row["o"]) for row in cells})


def _minimal_contradiction(causes: list[Triple]) -> list[Triple]:
    """Return a minimal inconsistent subset of the statements.

    Each statement is left out in turn, and stays out if the rest is still inconsistent.
    """
    kept = causes
    for cause in causes:
        rest = [each for each in kept if each != cause]
        if rest and not is_consistent(Closure(rest)):
            kept = rest
    return kept


def _sort_key(statement: Statement) -> str:
    """Return the text of a statement in N-Triples, without the labels of blank nodes, which differ from run to run."""
    return " ".join("_:" if isinstance(node, BNode) else node.n3() for node in statement)
