"""A change carried out on a copy of the store."""

import re
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.errors import ConflictError
from crmgraph.namespaces import Names
from crmgraph.storing.unions import write_union
from crmgraph.updating.aftermath import change_unkept
from crmgraph.updating.change import DEFAULT_GRAPH, Change, Outcome
from crmgraph.updating.consistency import check_change
from crmgraph.updating.graph import write_graph
from crmgraph.updating.operations import update
from crmgraph.updating.rights import Writer, not_theirs
from crmgraph.updating.sameness import content_of
from crmgraph.wording import Bilingual

__all__ = ["carry_out"]


def carry_out(
    change: Change,
    before: Path,
    proposed: Path,
    writer: Writer,
    names: Names | None = None,
    checking: Callable[[], None] = lambda: None,
) -> Outcome:
    """Make the change in the store in `proposed`, a copy of the one in `before`.

    Plans are checked where there are `names`, those of their graphs; `checking` is called before each.

    When this returns, all of it is on the disk and the store is closed. Raises the errors below AnswerError, after
    which the copy is worth nothing: DataError and QuerySyntaxError for what was sent, QueryRefusedError where the
    writer may not change what is changed, PreconditionError and ConflictError where the data are not such as they must
    be, WriteRefusedError where it breaks a plan, StorageError for a full disk.
    """
    if change.graph is not None and not writer.may_change(change.graph):
        raise not_theirs(writer, change.graph)
    try:
        outcome = _changed(change, before, proposed, writer, names, checking)
        write_union(proposed)
    except OSError as error:
        raise change_unkept(error) from None
    except RuntimeError as error:
        raise change_unkept(error) if "space" in str(error).lower() else _given_up(error) from None
    return outcome


def _changed(
    change: Change,
    before: Path,
    proposed: Path,
    writer: Writer,
    names: Names | None,
    checking: Callable[[], None],
) -> Outcome:
    store = Store(proposed)
    outcome = update(store, change) if change.graph is None else Outcome(write_graph(store, change, change.graph))
    store.flush()
    if change.graph is None and not writer.is_free:
        _check_rights(Store.read_only(str(before)), store, writer)
    if names is not None:
        check_change(Store.read_only(str(before)), store, names, checking)
    return outcome


def _check_rights(before: Store, after: Store, writer: Writer) -> None:
    """Every graph that is not the writer's must be as it was."""
    names = {*before.named_graphs(), *after.named_graphs()}
    for graph in (DefaultGraph(), *sorted(names, key=str)):
        name = graph.value if isinstance(graph, NamedNode) else DEFAULT_GRAPH
        if not writer.may_change(name) and content_of(before, graph) != content_of(after, graph):
            raise not_theirs(writer, name)


def _given_up(error: Exception) -> ConflictError:
    said = Bilingual(str(error), str(error))
    for found, english, spanish in _SAID:
        if match := re.fullmatch(found, str(error)):
            said = Bilingual(english.format(match[1]), spanish.format(match[1]))
    return ConflictError(
        Bilingual(
            f"The engine did not make the change: {said}. Nothing was changed.",
            f"El motor no hizo el cambio: {said.spanish}. No se cambió nada.",
        )
    )


# What the engine says of a graph, which update operations are to fail for (SPARQL 1.1 Update, section 3.2).
_SAID = (
    ("The graph <(.*)> does not exist", "the graph {} does not exist", "el grafo {} no existe"),
    ("The graph <(.*)> already exists", "the graph {} is there already", "el grafo {} ya existe"),
)
