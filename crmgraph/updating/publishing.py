"""Publishing: the built dataset on an engine elsewhere, whole, or not at all as far as anybody is told."""

from collections.abc import Callable

from pyoxigraph import BlankNode, NamedNode, Store

from crmgraph.errors import AnswerError, UsageError
from crmgraph.sparql.elsewhere import Connection, Publication
from crmgraph.sparql.elsewhere.fetching import count_graph, fetch_graph
from crmgraph.sparql.elsewhere.publication import Places, read_publication
from crmgraph.sparql.limit import Limit
from crmgraph.updating.sending import Sender

__all__ = ["publish"]

_A_WHILE = 3600.0
_SHOWN = 200


def publish(
    connection: Connection,
    places: Places,
    store: Store,
    dataset: str,
    try_out: Callable[[Publication], bool],
    anew: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> bool:
    """Have the engine hold what is in `store`, whose digest is `dataset`; False where it held that already.

    What there is of other people's stays as it is. First the engine is told that what it has of ours is not whole, and
    last that it is, and whether `try_out` found that it answers as we do; whoever asks meanwhile gets no answer. What
    was sent is read again and compared. Raises UsageError where others have written to it, or it has graphs by our
    names that we did not put there, unless `anew`; and for what the engine refuses, or does not keep as it was sent.
    """
    limit = Limit(_A_WHILE)
    sender = Sender(connection, places)
    try:
        known = read_publication(connection, places, limit)
        if known is not None and known.is_whole and known.dataset == dataset and not anew:
            return False
        graphs = _graphs(store)
        if not anew:
            _check(known, connection, graphs, places, limit)
        old = known.graphs if known else ()
        sender.declare(Publication(dataset, "", tuple(sorted({*old, *graphs}))), limit)
        for graph in old:
            if graph not in graphs:
                sender.remove(graph, limit)
        for graph, triples in {**graphs, places.union: _union(graphs)}.items():
            say(graph)
            sender.put(graph, triples, limit)
            _compare(connection, places, graph, triples, limit)
        names = tuple(sorted(graphs))
        say("trying it out")
        done = Publication.fresh(dataset, names, try_out(Publication.fresh(dataset, names, True)))
        sender.declare(done, limit)
    except AnswerError as error:
        raise UsageError(f"{connection.address.query}: {error}") from None
    return True


def _graphs(store: Store) -> dict[str, list[str]]:
    """The statements of each graph. Those about what has no name cannot be told apart once they are elsewhere."""
    found: dict[str, list[str]] = {}
    for quad in store:
        if not isinstance(quad.graph_name, NamedNode) or isinstance(quad.subject, BlankNode):
            raise UsageError("only statements in named graphs, about things with names, can be published")
        if isinstance(quad.object, BlankNode):
            raise UsageError("only statements about things with names can be published")
        found.setdefault(quad.graph_name.value, []).append(str(quad.triple))
    return {graph: sorted(triples) for graph, triples in sorted(found.items())}


def _union(graphs: dict[str, list[str]]) -> list[str]:
    return sorted({triple for triples in graphs.values() for triple in triples})


def _check(
    known: Publication | None, connection: Connection, graphs: dict[str, list[str]], places: Places, limit: Limit
) -> None:
    """Nothing is overwritten that is not ours, or that others have changed since."""
    if known is not None and known.is_whole and not known.is_as_published:
        raise UsageError("what was published there has been changed since; --force gives that up")
    ours = (*known.graphs, places.union) if known else ()
    for graph in (*graphs, places.union):
        if graph not in ours and count_graph(connection, places, graph, limit):
            raise UsageError(f"there is a graph {graph} that was not published by this; --force replaces it")


def _compare(connection: Connection, places: Places, graph: str, sent: list[str], limit: Limit) -> None:
    kept = set(fetch_graph(connection, places, graph, limit))
    if kept == set(sent):
        return
    example = next(iter(sorted(set(sent) - kept) or sorted(kept - set(sent))))
    raise UsageError(
        f"the engine does not keep the graph {graph} as it was sent; it differs in {len(kept ^ set(sent))} statements, "
        f"such as {example[:_SHOWN]}"
    )
