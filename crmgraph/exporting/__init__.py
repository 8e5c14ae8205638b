"""Exports of the dataset: as RDF, a plan as a text table, and query results as workbooks."""

from collections import defaultdict
from collections.abc import Iterable
from typing import BinaryIO

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, serialize

from crmgraph.errors import UsageError
from crmgraph.namespaces import Names

FORMATS = ("render", "ttl", "nq", "jsonld")

_LEAVES = """PREFIX cg: <https://w3id.org/crmgraph/ontology#>
SELECT ?row ?column ?exact WHERE {
  ?leaf a cg:LeafPassage ; cg:start ?start ; cg:row ?row ; cg:exact ?exact .
  OPTIONAL { ?leaf cg:column ?column }
} ORDER BY ?start"""


def export(store: Store, format: str, out: BinaryIO, names: Names, graph: str | None = None) -> None:
    """Write the dataset to `out` in one of the `FORMATS`.

    Turtle is the union of all graphs; N-Quads and JSON-LD keep the graphs apart. "render" is the text table of a plan.
    `graph` restricts the export to one named graph, given by its name below …/graph/, such as "plan/crm", or by its
    IRI. Raises UsageError if the dataset has no such graph.
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


def render(store: Store, plan: str, names: Names) -> str:
    """Return the text table of a plan, made from its graph `source/…`. It equals the document except for blank space.

    `plan` is the id of the plan. Raises UsageError if the store has no such plan.
    """
    refusal = UsageError(f"there is no plan {plan} in the dataset")
    try:
        graph = NamedNode(names.graph("source", plan))
    except ValueError:
        raise refusal from None
    found = store.query(_LEAVES, default_graph=[graph])
    assert isinstance(found, QuerySolutions)
    leaves = ((leaf["row"], leaf["column"], leaf["exact"]) for leaf in found)
    text = text_of_leaves(
        (int(row.value), int(column.value) if column else None, exact.value) for row, column, exact in leaves
    )
    if not text:
        raise refusal
    return text


def text_of_leaves(leaves: Iterable[tuple[int, int | None, str]]) -> str:
    """Return the text table of some leaf passages.

    A leaf is its row, its column and its text. Leaves before the table have None as column. The leaves are in the order
    of the source. Empty if no leaf is in the table.
    """
    cells: defaultdict[tuple[int, int | None], list[str]] = defaultdict(list)
    for row, column, exact in leaves:
        cells[row if column else 0, column].append(exact)
    titles = "\n\n".join(cells.pop((0, None), ()))
    last = max((row for row, _ in cells), default=0)
    table = ("\t" + "\n\n".join(cells[row, column]) + "\n" for row in range(1, last + 1) for column in range(1, 6))
    return f"{titles}\n\n{''.join(table)}" if last else ""
