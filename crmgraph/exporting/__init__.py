"""Exports of the dataset: RDF files, the plan as a text table, answers as workbooks."""

from typing import BinaryIO

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from crmgraph.errors import UsageError
from crmgraph.exporting.render import render
from crmgraph.namespaces import Names

__all__ = ["FORMATS", "export"]

FORMATS = ("render", "ttl", "nq", "jsonld")


def export(store: Store, format: str, out: BinaryIO, names: Names, graph: str | None = None) -> None:
    """Write the dataset to `out`: as Turtle (its graphs taken together), N-Quads or JSON-LD, or the plan as text.

    `graph` keeps to one named graph, by its name below …/graph/, or by its IRI where it is elsewhere. Raises UsageError
    where there is none.
    """
    if format == "render":
        out.write(render(store, (graph or "plan/crm").removeprefix("plan/"), names).encode())
        return
    meant = (_graph(names.graph(graph)), _graph(graph)) if graph else ()
    chosen = next((each for each in meant if each is not None and store.contains_named_graph(each)), None)
    if graph and chosen is None:
        known = ", ".join(sorted(str(g.value).removeprefix(names.graph("")) for g in store.named_graphs()))
        raise UsageError(f"there is no graph {graph}; there are {known}")
    quads = sorted(store.quads_for_pattern(None, None, None, chosen), key=str)
    if format == "nq":
        serialize(quads, out, RdfFormat.N_QUADS)
    elif format == "jsonld":
        serialize(quads, out, RdfFormat.JSON_LD, prefixes=names.prefixes())
    else:
        serialize(dict.fromkeys(quad.triple for quad in quads), out, RdfFormat.TURTLE, prefixes=names.prefixes())


def _graph(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None
