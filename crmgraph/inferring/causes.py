"""Why statements cannot hold together: of all that was asserted, the least that already contradicts itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rdflib import OWL, RDF, BNode
from rdflib.term import Node

from crmgraph.inferring.closing import Closure
from crmgraph.inferring.contradictions import Clash, clashes, is_contradictory
from crmgraph.inferring.explaining import Explainer
from crmgraph.inferring.literals import DATATYPES, belongs, differ
from crmgraph.inferring.nodes import NamedTriple
from crmgraph.inferring.rules import RULES, Term, Triple
from crmgraph.wording import Bilingual

__all__ = ["Contradiction", "contradictions"]

_Nodes = tuple[Node, Node, Node]

_TIED = "{x} y {y} están unidos por dos propiedades que se excluyen"
_NO_VALUE = "{x} tiene un valor de una propiedad que no puede tener"
_TWO_CLASSES = "{x} pertenece a dos clases que nada comparten"
_BOTH = "{x} e {y} son lo mismo y son distintos"
_SPANISH = {
    "cax-dw": _TWO_CLASSES,
    "cax-adc": _TWO_CLASSES,
    "cls-com": "{x} pertenece a una clase y a su complemento",
    "cls-nothing2": "{x} pertenece a la clase que no tiene miembros",
    "prp-pdw": _TIED,
    "prp-adp": _TIED,
    "prp-irp": "{x} está unido a sí mismo por una propiedad que lo prohíbe",
    "prp-asyp": "{x} e {y} están unidos en ambos sentidos por una propiedad que va en uno solo",
    "prp-npa1": "{x} e {y} están unidos aunque se afirma que no lo están",
    "prp-npa2": "{x} e {y} están unidos aunque se afirma que no lo están",
    "cls-maxc1": _NO_VALUE,
    "cls-maxqc1": _NO_VALUE,
    "cls-maxqc2": _NO_VALUE,
    "prp-fp": "{x} tiene dos valores de una propiedad que admite uno solo",
    "eq-diff1": _BOTH,
    "eq-diff2": _BOTH,
    "eq-diff3": _BOTH,
    "dt-not-type": "{x} no es un valor de su tipo de dato",
}
_UNLIKE_ITSELF = Bilingual("{x} is different from itself", "{x} es distinto de sí mismo")


@dataclass(frozen=True)
class Contradiction:
    """Statements that were asserted and cannot all be true; without any one of them, the others can.

    `facts` are about things, `axioms` are what the ontology says; `reason` says what is wrong, with {x} and {y} for the
    terms in `values`.
    """

    rule: str
    reason: Bilingual
    values: dict[str, Node]
    facts: tuple[_Nodes, ...]
    axioms: tuple[_Nodes, ...]


def contradictions(closure: Closure, axioms: Iterable[_Nodes]) -> list[Contradiction]:
    """Every contradiction in the closure, once for the same facts; `axioms` are the statements of the ontology.

    Of several for the same facts, the one with the fewest axioms is told.
    """
    known = {closure.nodes.triple(*axiom) for axiom in axioms}
    causes = _Causes(closure)
    best: dict[tuple[str, ...], tuple[tuple[object, ...], Contradiction]] = {}
    tried: set[frozenset[NamedTriple]] = set()
    for clash in clashes(closure):
        for whole in causes.of(clash):
            if whole in tried:
                continue
            tried.add(whole)
            # What the ontology says is left out first, so that of the facts those stay that the reader can see.
            ordered = sorted(whole, key=lambda cause: (cause not in known, str(cause)))
            found = _contradiction(clash, _least(ordered, closure), known, closure)
            facts = tuple(_told(found.facts))
            rank = (len(found.axioms), found.rule, tuple(_told(found.axioms)))
            if facts not in best or rank < best[facts][0]:
                best[facts] = rank, found
    return [found for _, (_, found) in sorted(best.items(), key=lambda item: item[0])]


class _Causes:
    """What was asserted behind a clash."""

    def __init__(self, closure: Closure) -> None:
        self._closure = closure
        self._explainer = Explainer(_Facts(closure))

    def of(self, clash: Clash) -> Iterator[frozenset[NamedTriple]]:
        """The asserted statements that the clash follows from; a value outside its datatype is wrong wherever it is."""
        if clash.rule != "dt-not-type":
            yield self._behind(clash.premises)
            return
        kinds = [triple for triple in clash.premises if triple[0] in self._closure.nodes.literals()]
        if kinds:
            yield from (self._behind((kind,)) for kind in kinds)
        else:
            yield from (frozenset({triple}) for triple in clash.premises if triple in self._closure.asserted)

    def _behind(self, premises: Iterable[NamedTriple]) -> frozenset[NamedTriple]:
        asserted: set[NamedTriple] = set()
        for premise in premises:
            proof = self._explainer.shortest(premise)
            for triple in proof.statements() if proof is not None else ():
                subject, predicate, value = (self._closure.nodes.name_of(term) for term in triple)
                if (subject, predicate, value) in self._closure.asserted:
                    asserted.add((subject, predicate, value))
        return frozenset(asserted | set(self._lists(asserted)))

    def _lists(self, asserted: Iterable[NamedTriple]) -> Iterator[NamedTriple]:
        """The statements that make up the lists that others end in."""
        first, rest = (self._closure.nodes.name(way) for way in (RDF.first, RDF.rest))
        pending = [value for _, _, value in asserted if value in self._closure.lists]
        seen = set()
        while pending:
            node = pending.pop()
            for way in (first, rest) if node not in seen else ():
                for triple in self._closure.match(node, way, None):
                    yield triple
                    if way == rest:
                        pending.append(triple[2])
            seen.add(node)


class _Facts:
    """The closure as what explanations are looked for in; numbers that rules speak of are told by their literals."""

    def __init__(self, closure: Closure) -> None:
        self._closure = closure
        atoms = {atom for rule in RULES for premise in rule.premises for atom in premise if not isinstance(atom, str)}
        self._literals = {closure.nodes.name_of(atom): atom for atom in atoms if closure.nodes.name_of(atom) != atom}

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        names = (
            self._closure.nodes.name_of(term) if term is not None else None for term in (subject, predicate, value)
        )
        for found in self._closure.match(*names):
            one, way, other = (self._literals.get(name, name) for name in found)
            yield one, way, other

    def is_asserted(self, triple: Triple) -> bool:
        """Whether it was asserted, or is known of a literal from its value alone."""
        subject, predicate, value = (self._closure.nodes.name_of(term) for term in triple)
        return (subject, predicate, value) in self._closure.asserted or self._shows((subject, predicate, value))

    def _shows(self, triple: NamedTriple) -> bool:
        """dt-type2 and dt-diff: of which type a literal is, and from which other it differs."""
        nodes = self._closure.nodes
        value, kind = nodes.value(triple[0]), nodes.term(triple[2])
        if value is None:
            return False
        if triple[1] == nodes.name(RDF.type):
            return any(kind == each and belongs(value, each) for each in DATATYPES)
        other = nodes.value(triple[2])
        return triple[1] == nodes.name(OWL.differentFrom) and other is not None and differ(value, other)


def _least(causes: list[NamedTriple], closure: Closure) -> list[NamedTriple]:
    """As few of the statements as contradict themselves: each of them is left out, and stays out if it can."""
    kept = list(causes)
    for cause in causes:
        rest = [each for each in kept if each != cause]
        if rest and is_contradictory(Closure(_terms(each, closure) for each in rest)):
            kept = rest
    return kept


def _contradiction(
    clash: Clash, causes: list[NamedTriple], axioms: set[NamedTriple], closure: Closure
) -> Contradiction:
    spanish = _UNLIKE_ITSELF.spanish if clash.meaning == _UNLIKE_ITSELF else _SPANISH[clash.rule]
    facts = (_terms(cause, closure) for cause in causes if cause not in axioms)
    told = (_terms(cause, closure) for cause in causes if cause in axioms)
    return Contradiction(clash.rule, Bilingual(clash.meaning, spanish), clash.values, _sorted(facts), _sorted(told))


def _sorted(triples: Iterable[_Nodes]) -> tuple[_Nodes, ...]:
    return tuple(sorted(triples, key=lambda triple: [_named(term) for term in triple]))


def _told(triples: Iterable[_Nodes]) -> Iterator[str]:
    return (" ".join(_named(term) for term in triple) for triple in triples)


def _named(term: Node) -> str:
    """The term in N-Triples, without the name that a nameless node has by chance."""
    return "_:" if isinstance(term, BNode) else term.n3()


def _terms(triple: NamedTriple, closure: Closure) -> _Nodes:
    subject, predicate, value = (closure.nodes.term(name) for name in triple)
    return subject, predicate, value
