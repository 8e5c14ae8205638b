"""What an asserted statement rests on: the graph it stands in, and the words or the page that it was read from."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from crmgraph.inferring.records import Records
from crmgraph.inferring.rules import Term, Triple, iri

__all__ = ["Basis", "Passage", "basis", "recorded"]

# What says something of a thing by way of a node that has words or a source of its own.
_BY_WAY = frozenset(iri(f"cg:{name}") for name in ("instrumentUse", "membership", "mention", "participation"))


@dataclass(frozen=True, order=True)
class Passage:
    """The words `exact`, from `start` up to `end` (Unicode code points) of the source with this IRI."""

    source: str
    start: int
    end: int
    exact: str
    iri: str


@dataclass(frozen=True)
class Basis:
    """The graphs that have a statement, the passages and pages that it rests on, and who read it there.

    `nodes` are the IRIs of nodes that record the statement; where there are no `graphs`, it is only recorded, not
    asserted. `confidence` and `rank` are IRIs of concepts, where somebody weighed the statement, and `notes` say why,
    each with its language.
    """

    graphs: tuple[str, ...]
    nodes: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    sources: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def basis(records: Records, triple: Triple) -> Basis:
    """What the statement rests on: by the node that is about it alone, else by the words or source of its subject."""
    subject, predicate, value = triple
    nodes = recorded(records, triple)
    about = nodes or ((value,) if predicate in _BY_WAY else (subject,))
    read = {name for node in about for name in (node, *_values(records, node, "cg:passage"))}
    passages = {passage for node in read if (passage := _passage(records, node)) is not None}
    cited = {passage.iri for passage in passages}
    return Basis(
        tuple(records.graphs(triple)),
        tuple(node.value for node in nodes),
        tuple(sorted(passages)),
        tuple(source for source in _sources(records, about, predicate) if source not in cited),
        _iris(records, about, "prov:wasAttributedTo"),
        _iris(records, about, "cg:confidence"),
        _iris(records, about, "cg:rank"),
        tuple(_notes(records, nodes)),
    )


def recorded(records: Records, triple: Triple) -> tuple[Term, ...]:
    """The nodes (cg:Statement) that are about this statement alone."""
    subject, predicate, value = triple
    kind = iri("cg:literal" if isinstance(value, Literal) else "cg:object")
    nodes = (node for node, _, _ in records.match(None, iri("cg:subject"), subject))
    found = (
        node
        for node in nodes
        if any(records.match(node, iri("cg:predicate"), predicate)) and any(records.match(node, kind, value))
    )
    return tuple(sorted(found, key=str))


def _sources(records: Records, about: tuple[Term, ...], predicate: Term) -> tuple[str, ...]:
    """The sources of what a statement is about; where some of them tell of its property (cg:sourceOf), those alone."""
    found = _iris(records, about, "dcterms:source")
    telling = tuple(source for source in found if any(records.match(NamedNode(source), iri("cg:sourceOf"), predicate)))
    return telling or found


def _notes(records: Records, nodes: tuple[Term, ...]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        for note in (*_values(records, node, "rdfs:comment"), *_values(records, node, "skos:note")):
            if isinstance(note, Literal):
                yield note.language or "", note.value


def _passage(records: Records, node: Term) -> Passage | None:
    exact, start, end, source = (
        next(iter(_values(records, node, f"cg:{name}")), None) for name in ("exact", "start", "end", "source")
    )
    if not isinstance(node, NamedNode) or exact is None or start is None or end is None or source is None:
        return None
    return Passage(source.value, int(start.value), int(end.value), exact.value, node.value)


def _values(records: Records, node: Term, name: str) -> list[Term]:
    if isinstance(node, Literal):
        return []
    return sorted((value for _, _, value in records.match(node, iri(name), None)), key=str)


def _iris(records: Records, nodes: tuple[Term, ...], name: str) -> tuple[str, ...]:
    found = {value.value for node in nodes for value in _values(records, node, name)}
    return tuple(sorted(found))
