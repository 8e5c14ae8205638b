"""Entailment: the statements worth keeping that follow from a dataset, and what is contradictory in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.errors import ContradictionError
from crmgraph.inference.closure import Closure, Statement, node_of, statement_of, triple_of
from crmgraph.inference.rules import Explainer, Rule, bound_rules, solutions
from crmgraph.inference.terms import Row, Triple
from crmgraph.namespaces import Names
from crmgraph.wording import Bilingual

__all__ = ["Contradiction", "check_consistency", "infer", "infer_all", "infer_by_owlrl", "is_consistent", "is_useful"]

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
    statements about the ontology's own terms. Raises ContradictionError where data and ontology cannot both be true.
    """
    closure = _closure(dataset)
    check_consistency(closure)
    return _useful(map(statement_of, closure.triples()), closure.asserted, dataset, names)


def infer_all(dataset: Dataset, names: Names) -> tuple[Graph, list[Contradiction]]:
    """Return what `infer` returns, and every contradiction instead of an error for the first."""
    closure = _closure(dataset)
    inferred = _useful(map(statement_of, closure.triples()), closure.asserted, dataset, names)
    return inferred, _contradictions(closure, set(dataset.graph(URIRef(names.graph("ontology"))).subjects()))


def infer_by_owlrl(dataset: Dataset, names: Names) -> Graph:
    """Return what `infer` returns, as owlrl, the reference reasoner, finds it. Raises the same error."""
    from owlrl import OWLRL_Semantics

    closed = Graph()
    for subject, predicate, value, _ in dataset.quads():
        closed.add((subject, predicate, value))
    asserted = set(map(triple_of, closed))
    engine = OWLRL_Semantics(closed, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    if engine.error_messages:
        raise ContradictionError("a contradiction that owlrl finds", tuple(engine.error_messages))
    return _useful(closed, asserted, dataset, names)


def _closure(dataset: Dataset) -> Closure:
    return Closure(triple_of((subject, predicate, value)) for subject, predicate, value, _ in dataset.quads())


def _useful(closed: Iterable[Statement], asserted: set[Triple], dataset: Dataset, names: Names) -> Graph:
    """Return what is useful among the statements that are not asserted and about things of the dataset."""
    terms = URIRef(names.graph("ontology"))
    things = {subject for subject, _, _, graph in dataset.quads() if graph != terms}
    found = Graph()
    for statement in closed:
        if statement[0] in things and is_useful(*statement) and triple_of(statement) not in asserted:
            found.add(statement)
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
            yield from ((rule, values, premises) for values, premises in solutions(rule, bound, closure.select))


def is_consistent(closure: Closure) -> bool:
    """Return whether no rule is broken."""
    return next(_violations(closure), None) is None


def check_consistency(closure: Closure) -> None:
    """Raise ContradictionError for the first rule that is broken, with its premises; an inferred one is marked.

    Of several ways in which it is broken, the one with the fewest inferred premises is reported, then the first in the
    order of the characters.
    """

    def written(triple: Triple) -> str:
        mark = "" if triple in closure.asserted else " # inferred"
        return f"{' '.join(node.n3() for node in statement_of(triple))} .{mark}"

    found = list(_violations(closure))
    told = [(tuple(map(written, premises)), values) for rule, values, premises in found if rule is found[0][0]]
    if told:
        rule = found[0][0]
        triples, values = min(told, key=lambda each: (sum(line.endswith("# inferred") for line in each[0]), each[0]))
        nodes = {name: node_of(term) for name, term in values.items()}
        meaning = rule.meaning.format(
            **{name: node.n3() if isinstance(node, Literal) else node for name, node in nodes.items()}
        )
        raise ContradictionError(f"a contradiction ({rule.name}): {meaning}", triples)


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
    proofs = (explainer.shortest(premise) for premise in premises)
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
