"""Exports of the dataset: RDF files, the plan as a text table, answers as workbooks."""

from typing import BinaryIO

from pyoxigraph import RdfFormat, Store, serialize

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
    graphs = {str(each.value): each for each in store.named_graphs()}
    chosen = graphs.get(names.graph(graph)) or graphs.get(graph) if graph else None
    if graph and chosen is None:
        known = ", ".join(sorted(iri.removeprefix(names.graph("")) for iri in graphs))
        raise UsageError(f"there is no graph {graph}; there are {known}")
    quads = sorted(store.quads_for_pattern(None, None, None, chosen), key=str)
    if format == "ttl":
        serialize(dict.fromkeys(quad.triple for quad in quads), out, RdfFormat.TURTLE, prefixes=names.prefixes())
    elif format == "jsonld":
        serialize(quads, out, RdfFormat.JSON_LD, prefixes=names.prefixes())
    else:
        serialize(quads, out, RdfFormat.N_QUADS)
