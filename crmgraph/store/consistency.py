"""Whether a change breaks a plan: the checks of its gravest defects, before and after."""

import hashlib
import io
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import WriteRefusedError
from crmgraph.namespaces import Names
from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

    from crmgraph.checks.findings import Finding
    from crmgraph.describing import Background

__all__ = ["check_change", "content_of"]

_GRAVE = "violation"
_KINDS = ("plan", "source")
_MOST_TOLD, _MOST_REMEMBERED = 5, 8
_found: "dict[tuple[str, object], tuple[Finding, ...]]" = {}


def check_change(before: Store, after: Store, names: Names, checking: Callable[[], None] = lambda: None) -> None:
    """Check each plan of which a graph has changed; other graphs may hold anything.

    Of the store only the graphs of the plan are looked at, against the ontology and reference data that came with this
    program, so a large store costs no more than a small one. `checking` is called before each plan.

    Raises WriteRefusedError where there is a violation after the change that was not there before; one that was there
    may stay.
    """
    for plan in sorted(_changed(before, after, names)):
        checking()
        # Those of before cost as much to find, and are asked for only where there are some to hold against them.
        if found := _violations(after, plan, names):
            known = {(each.code, each.location, each.other) for each in _violations(before, plan, names)}
            new = [each for each in found if (each.code, each.location, each.other) not in known]
            if new:
                raise WriteRefusedError(_refusal(plan, new))


def content_of(store: Store, graph: NamedNode | BlankNode | DefaultGraph) -> tuple[bool, bytes]:
    """Return whether a graph is there, and the digest of its statements: the engine gives them in the same order."""
    digest = _Digest()
    store.dump(digest, RdfFormat.N_TRIPLES, from_graph=graph)
    return isinstance(graph, DefaultGraph) or store.contains_named_graph(graph), digest.sha256.digest()


class _Digest(io.BytesIO):
    """A file that keeps of what is written to it only the SHA-256."""

    def __init__(self) -> None:
        super().__init__()
        self.sha256 = hashlib.sha256()

    def write(self, data: "Buffer") -> int:
        self.sha256.update(data)
        return memoryview(data).nbytes


def _changed(before: Store, after: Store, names: Names) -> set[str]:
    """Return the ids of the plans with a graph that is another one after the change."""
    graphs = {
        graph.value for store in (before, after) for graph in store.named_graphs() if isinstance(graph, NamedNode)
    }
    starts = tuple(names.graph(kind, "") for kind in _KINDS)
    return {
        graph.removeprefix(start)
        for start in starts
        for graph in graphs
        if graph.startswith(start)
        if content_of(before, NamedNode(graph)) != content_of(after, NamedNode(graph))
    }


def _violations(store: Store, plan: str, names: Names) -> "tuple[Finding, ...]":
    """Return the violations in a plan; those found last are remembered, for the next change is held against them."""
    key = plan, tuple(content_of(store, NamedNode(names.graph(kind, plan))) for kind in _KINDS)
    if key not in _found:
        _found[key] = _check(store, plan, names)
        while len(_found) > _MOST_REMEMBERED:
            del _found[next(iter(_found))]
    return _found[key]


def _check(store: Store, plan: str, names: Names) -> "tuple[Finding, ...]":
    from rdflib import Dataset, URIRef

    from crmgraph.checks.plans import check_dataset, put
    from crmgraph.describing import spoken_of

    graphs = Dataset()
    for kind in _KINDS:
        name = names.graph(kind, plan)
        written = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        graphs.graph(URIRef(name)).parse(data=written, format="nt")
    if not len(graphs):
        return ()
    dataset = spoken_of(graphs, _background(names.base))
    for graph in graphs.graphs():
        put(dataset, str(graph.identifier), graph)
    found = check_dataset(dataset, names, lambda _: None, strict=False, severity=_GRAVE)[1]
    return tuple(finding for finding in found if finding.severity == _GRAVE)


@cache
def _background(base: str) -> "Background":
    from crmgraph.checks.plans import background

    return background(Names(base))


def _refusal(plan: str, found: "list[Finding]") -> Bilingual:
    first = found[:_MOST_TOLD]
    english = " ".join(f"[{each.code}] {each.location.name}: {each.message_en}" for each in first)
    spanish = " ".join(f"[{each.code}] {each.location.name}: {each.message_es}" for each in first)
    more = len(found) - len(first)
    return Bilingual(
        f"Nothing was changed, for this would break the plan {plan}: {english}"
        + (f" And {more} more." if more else ""),
        f"No se cambió nada, pues esto rompería el plan {plan}: {spanish}" + (f" Y {more} más." if more else ""),
    )
