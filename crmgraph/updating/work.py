"""A change carried out on a copy of the store."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.answering import dialect
from crmgraph.answering.graph_names import graph_named
from crmgraph.errors import (
    AnswerError,
    ConflictError,
    DataError,
    PreconditionError,
    QueryRefusedError,
    QuerySyntaxError,
    StorageError,
)
from crmgraph.namespaces import Names
from crmgraph.storing.unions import write_union
from crmgraph.updating.change import DEFAULT_GRAPH, Change, Outcome
from crmgraph.updating.consistency import check_change
from crmgraph.updating.loads import Load, cut, may_load, without_loads
from crmgraph.updating.rdf import read_rdf
from crmgraph.updating.rights import Writer
from crmgraph.updating.sameness import content_of
from crmgraph.updating.text import LONGEST_UPDATE, prepare
from crmgraph.wording import Bilingual, in_language

__all__ = ["carry_out", "loads_of"]

# A piece of an update has declarations before it besides; and to find an error, its text is written with gaps.
_LONGEST_PIECE = 8 * LONGEST_UPDATE


def carry_out(change: Change, before: Path, proposed: Path, writer: Writer, names: Names | None = None) -> Outcome:
    """Make the change in the store in `proposed`, a copy of the one in `before`.

    Plans are checked where there are `names`, those of their graphs.

    When this returns, all of it is on the disk and the store is closed. Raises the errors below AnswerError, after
    which the copy is worth nothing: DataError and QuerySyntaxError for what was sent, QueryRefusedError where the
    writer may not change what is changed, PreconditionError and ConflictError where the data are not such as they must
    be, WriteRefusedError where it breaks a plan, StorageError for a full disk.
    """
    if change.graph is not None and not writer.may_change(change.graph):
        raise _not_theirs(writer, change.graph)
    try:
        outcome = _changed(change, before, proposed, writer, names)
        write_union(proposed)
    except OSError as error:
        raise _storage(error) from None
    except RuntimeError as error:
        raise _storage(error) if "space" in str(error).lower() else _given_up(error) from None
    return outcome


def _changed(change: Change, before: Path, proposed: Path, writer: Writer, names: Names | None) -> Outcome:
    store = Store(proposed)
    outcome = _update(store, change) if change.graph is None else Outcome(_write_graph(store, change, change.graph))
    store.flush()
    if change.graph is None and not writer.is_free:
        _check_rights(Store.read_only(str(before)), store, writer)
    if names is not None:
        check_change(Store.read_only(str(before)), store, names)
    return outcome


def loads_of(change: Change, writer: Writer) -> list[Load]:
    """The LOADs of an update, in their order. Raises QuerySyntaxError and QueryRefusedError as `carry_out` does."""
    text = _text_of(change)
    rest = without_loads(text, silent_only=False)
    if rest == text:
        return []
    _check_syntax(rest, change.base_iri)
    loads = [each for each in cut(text, change.base_iri) if isinstance(each, Load)]
    for load in loads:
        graph = DEFAULT_GRAPH if load.graph is None else load.graph
        if not writer.may_change(graph):
            raise _not_theirs(writer, graph)
    return loads


def _update(store: Store, change: Change) -> Outcome:
    text = _text_of(change)
    if change.loaded:
        return Outcome(loaded=tuple(_cut_up(store, text, change)))
    if may_load(change.parts[0]):
        text = without_loads(text)
        if (rest := without_loads(text, silent_only=False)) != text:
            _check_syntax(rest, change.base_iri)
    _run(store, text, change, LONGEST_UPDATE)
    return Outcome()


def _cut_up(store: Store, text: str, change: Change) -> Iterator[bool]:
    """Carry out the update, whose syntax was looked at before its documents were fetched."""
    documents = iter(zip(change.loaded, change.media_types, change.parts[1:], strict=True))
    for piece in cut(text, change.base_iri):
        if isinstance(piece, str):
            _run(store, piece, change, _LONGEST_PIECE)
        else:
            yield _load(store, piece, *next(documents))


def _text_of(change: Change) -> str:
    try:
        return change.parts[0].decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise QuerySyntaxError(Bilingual("The update is not in UTF-8.", "La actualización no está en UTF-8.")) from None


def _run(store: Store, text: str, change: Change, longest: int) -> None:
    prepared = prepare(text, change.using, change.using_named, longest)
    try:
        store.update(dialect.for_engine(prepared.text), base_iri=change.base_iri, prefixes=prepared.prefixes)
    except SyntaxError as error:
        raise dialect.syntax_error(text, str(error), lambda other: _try(other, change.base_iri)) from None


def _load(store: Store, load: Load, address: str, media_type: str, body: bytes) -> bool:
    """Have the graph hold the document too, that came from this address; from none, nothing is done."""
    if not address:
        return False
    graph = DefaultGraph() if load.graph is None else NamedNode(load.graph)
    try:
        # All of it or nothing: what is wrong at its end may be passed over.
        found = list(read_rdf(body, media_type, address, graph))
    except DataError as error:
        if load.is_silent:
            return False
        message = Bilingual(*(f"{load.address}: {in_language(error, language)}" for language in ("en", "es")))
        raise DataError(message, error.line, error.column) from None
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(found)
    return True


def _check_syntax(text: str, base_iri: str | None) -> None:
    """What is not SPARQL is told so, whatever it would load."""
    try:
        with suppress(RuntimeError):
            _try(text, base_iri)
    except SyntaxError as error:
        raise dialect.syntax_error(text, str(error), lambda other: _try(other, base_iri)) from None


def _try(text: str, base_iri: str | None) -> None:
    prepared = prepare(text, longest=_LONGEST_PIECE)
    Store().update(dialect.for_engine(prepared.text), base_iri=base_iri, prefixes=prepared.prefixes)


def _write_graph(store: Store, change: Change, name: str) -> bool:
    graph = DefaultGraph() if name == DEFAULT_GRAPH else graph_named(name)
    existed = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    _check_condition(change, existed)
    if change.kind == "delete":
        if isinstance(graph, DefaultGraph):
            store.clear_graph(graph)
        else:
            store.remove_graph(graph)
        return existed
    if change.kind == "put":
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    for body, media_type in zip(change.parts, change.media_types, strict=True):
        store.extend(read_rdf(body, media_type, change.base_iri, graph))
    return existed


def _check_condition(change: Change, existed: bool) -> None:
    if change.condition is not None and existed != (change.condition == "is_there"):
        raise PreconditionError(
            Bilingual(
                f"The graph {change.graph} is {'there already' if existed else 'not there'}. Nothing was changed.",
                f"El grafo {change.graph} {'ya existe' if existed else 'no existe'}. No se cambió nada.",
            )
        )


def _check_rights(before: Store, after: Store, writer: Writer) -> None:
    """Every graph that is not the writer's must be as it was."""
    names = {*before.named_graphs(), *after.named_graphs()}
    for graph in (DefaultGraph(), *sorted(names, key=str)):
        name = graph.value if isinstance(graph, NamedNode) else DEFAULT_GRAPH
        if not writer.may_change(name) and content_of(before, graph) != content_of(after, graph):
            raise _not_theirs(writer, name)


def _not_theirs(writer: Writer, graph: str) -> QueryRefusedError:
    english, spanish = (
        ("the default graph", "el grafo por defecto")
        if graph == DEFAULT_GRAPH
        else (f"the graph {graph}", f"el grafo {graph}")
    )
    return QueryRefusedError(
        Bilingual(
            f"{writer.name} may not change {english}. Nothing was changed.",
            f"{writer.name} no puede cambiar {spanish}. No se cambió nada.",
        )
    )


def _storage(error: Exception) -> AnswerError:
    return StorageError(
        Bilingual(
            f"The change cannot be kept on the disk ({error}). Nothing was changed.",
            f"El cambio no se puede guardar en el disco ({error}). No se cambió nada.",
        )
    )


def _given_up(error: Exception) -> ConflictError:
    return ConflictError(
        Bilingual(
            f"The engine did not make the change: {error}. Nothing was changed.",
            f"El motor no hizo el cambio: {error}. No se cambió nada.",
        )
    )
