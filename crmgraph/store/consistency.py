"""Whether a change breaks a plan: the checks of its gravest defects, before and after."""

from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import WriteRefusedError
from crmgraph.namespaces import Names
from crmgraph.wording import Bilingual

if TYPE_CHECKING:
    from crmgraph.checks.findings import Finding
    from crmgraph.describing import Background

__all__ = ["check_plans", "is_same"]

_GRAVE = "violation"
_KINDS = ("plan", "source")
_MOST_TOLD = 5


def check_plans(before: Path, after: Path, names: Names) -> None:
    """Check each plan of which a graph is another one in the store `after`; other graphs may hold anything.

    Of the store only the graphs of the plan are looked at, against the ontology and reference data that came with this
    program, so a large store costs no more than a small one.

    Raises WriteRefusedError where there is a violation after the change that was not there before; one that was there
    may stay.
    """
    stores = Store.read_only(str(before)), Store.read_only(str(after))
    for plan in sorted(_changed(*stores, names)):
        # Those of before cost as much to find, and are asked for only where there are some to hold against them.
        if found := _violations(stores[1], plan, names):
            known = {_known_by(each) for each in _violations(stores[0], plan, names)}
            new = [each for each in found if _known_by(each) not in known]
            if new:
                raise WriteRefusedError(_refusal(plan, new))


def is_same(graph: NamedNode | BlankNode | DefaultGraph, *stores: Store) -> bool:
    """Tell whether two stores have the same statements in a graph; one that is there is not one that is not."""
    if isinstance(graph, NamedNode | BlankNode) and len({store.contains_named_graph(graph) for store in stores}) == 2:
        return False
    # The engine gives them in the same order.
    pairs = zip_longest(*(store.quads_for_pattern(None, None, None, graph) for store in stores))
    return all(before == after for before, after in pairs)


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
        if not is_same(NamedNode(graph), before, after)
    }


def _violations(store: Store, plan: str, names: Names) -> "list[Finding]":
    from rdflib import Dataset, URIRef

    from crmgraph.checks.plans import check_dataset, put
    from crmgraph.describing import spoken_of

    graphs = Dataset()
    for kind in _KINDS:
        name = names.graph(kind, plan)
        written = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        graphs.graph(URIRef(name)).parse(data=written, format="nt")
    if not len(graphs):
        return []
    dataset = spoken_of(graphs, _background(names.base))
    for graph in graphs.graphs():
        put(dataset, str(graph.identifier), graph)
    found = check_dataset(dataset, names, lambda _: None, strict=False, severity=_GRAVE)[1]
    return [finding for finding in found if finding.severity == _GRAVE]


@cache
def _background(base: str) -> "Background":
    from crmgraph.checks.plans import background

    return background(Names(base))


def _known_by(finding: "Finding") -> tuple[object, ...]:
    return finding.code, finding.location, finding.other


def _refusal(plan: str, found: "Sequence[Finding]") -> Bilingual:
    first = found[:_MOST_TOLD]
    english = " ".join(f"[{each.code}] {each.location.name}: {each.message_en}" for each in first)
    spanish = " ".join(f"[{each.code}] {each.location.name}: {each.message_es}" for each in first)
    more = len(found) - len(first)
    return Bilingual(
        f"Nothing was changed, for this would break the plan {plan}: {english}"
        + (f" And {more} more." if more else ""),
        f"No se cambió nada, pues esto rompería el plan {plan}: {spanish}" + (f" Y {more} más." if more else ""),
    )
