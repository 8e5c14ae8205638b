"""What is around a graph of others: what the rest of the dataset says, and what of all that is the graph's own."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import takewhile

from rapidfuzz import fuzz, process
from rdflib import RDF, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.checking.plans import put
from crmgraph.checking.ties import KINDS_OF_TERMS
from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["Neighbourhood"]

_MOST_NEAR = 3
_LEAST_ALIKE = 80


class Neighbourhood:
    """The dataset and further graphs of others, as the graph `guest`, called `id`, stands beside them."""

    def __init__(self, guest: Graph, others: Mapping[str, Graph], dataset: Dataset, id: str, names: Names) -> None:
        self.names = names
        self.own_beginning = names.id("plan", id)
        self._guest, self._others, self._dataset = guest, others, dataset
        self._is_own = re.compile(
            rf"{re.escape(names.base)}((id|graph)/(plan|source|event)/{id}([/#].*)?|id/statement/[0-9a-f]{{12}})"
        ).fullmatch

    def is_known(self, node: Node) -> bool:
        """Whether something is said of the node beside the graph."""
        return next(self._quads(node, None, None), None) is not None

    def is_address(self, node: Node) -> bool:
        """Whether the node has an address as the things of others have here."""
        ours = (self.names.id(), self.names.graph(), ONTOLOGY)
        return str(node).startswith(ours) and not self._is_own(str(node))

    def is_term(self, node: Node) -> bool:
        """Whether others use it as a property or a class."""
        patterns = ((None, node, None, None), (None, RDF.type, node, None))
        return any(next(self._dataset.quads(pattern), None) is not None for pattern in patterns)

    def is_used(self, name: Node) -> bool:
        """Whether a property is one of those that are described or used here."""
        return self.is_known(name) or self.is_term(name)

    def is_foreign(self, node: Node) -> bool:
        """Whether the node is a thing or term of others."""
        return isinstance(node, URIRef) and (self.is_known(node) or self.is_term(node))

    def may_say(self, subject: Node, name: Node, value: Node) -> bool:
        """Whether a statement is about what is not known elsewhere, or only says again of a term what kind it is of."""
        if self.is_known(subject):
            return value in KINDS_OF_TERMS and next(self._quads(subject, name, value), None) is not None
        if self.is_address(subject):
            return False
        return not self.is_term(subject) or (name == RDF.type and value in KINDS_OF_TERMS)

    def exists(self, node: Node) -> bool:
        """Whether the node, if it has an address of those here, is one that there is."""
        return not self.is_address(node) or self.is_known(node) or str(node) in self._places or self.is_term(node)

    def kinds(self, node: Node) -> Iterator[Node]:
        """Of which kinds the node is said to be; of those of further graphs of others, none."""
        return (kind for _, _, kind, _ in self._dataset.quads((node, RDF.type, None, None)))

    def others_with(self, name: Node, value: Node) -> list[str]:
        """The things of others that have this value."""
        code = str(value).strip().casefold()
        said = (*self._dataset.quads((None, name, None, None)), *self._said_by_others(None, name, None))
        return sorted({str(subject) for subject, _, known, *_ in said if str(known).casefold() == code})

    def nearest(self, node: Node) -> list[str]:
        """The addresses that are most like that of the node, the nearest first."""
        last = re.split("[/#]", str(node))[-1]
        known = {str(subject) for subject, _, _, _ in self._dataset.quads() if self.is_address(subject)}
        found = process.extract(
            str(node), sorted(known), scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, limit=_MOST_NEAR * 10
        )

        def rank(each: tuple[str, float, int]) -> tuple[bool, int, float, str]:
            address, likeness, _ = each
            return re.split("[/#]", address)[-1] != last, -_shared(address, str(node)), -likeness, address

        return [address for address, _, _ in sorted(found, key=rank)[:_MOST_NEAR]]

    def dataset(self, terms: str, things: str) -> Dataset:
        """The ontology, in the graph `terms`, and in `things` what is said of the things that the graph names."""
        found = Dataset()
        put(found, terms, self._dataset.graph(URIRef(self.names.graph("ontology"))))
        graph = found.graph(URIRef(things))
        for node in {value for value in self._guest.objects() if isinstance(value, URIRef)}:
            for subject, name, value, _ in self._dataset.quads((node, None, None, None)):
                graph.add((subject, name, value))
        return found

    @cached_property
    def _places(self) -> set[str]:
        """The IRIs of the graphs that there are, and of what the ontology is in."""
        graphs = {str(graph.identifier) for graph in self._dataset.graphs() if len(graph)}
        return graphs | set(self._others) | {ONTOLOGY, f"{ONTOLOGY}#"}

    def _quads(self, subject: Node, name: Node | None, value: Node | None) -> Iterator[object]:
        yield from self._dataset.quads((subject, name, value, None))
        yield from self._said_by_others(subject, name, value)

    def _said_by_others(
        self, subject: Node | None, name: Node | None, value: Node | None
    ) -> Iterator[tuple[Node, Node, Node]]:
        for graph in self._others.values():
            yield from graph.triples((subject, name, value))


def _shared(one: str, other: str) -> int:
    """How many characters the two begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
