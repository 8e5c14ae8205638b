"""The operations of a SPARQL update, carried out one after another on a store."""

from contextlib import suppress
from functools import partial

from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.errors import DataError, Place, QueryRefusedError, QuerySyntaxError
from crmgraph.sparql import dialect
from crmgraph.updating.change import DEFAULT_GRAPH, Change, Outcome
from crmgraph.updating.loads import MOST_LOADS, Load, is_load, load_of
from crmgraph.updating.pieces import Piece, pieces_of
from crmgraph.updating.rdf import read_rdf
from crmgraph.updating.rights import Writer, not_theirs
from crmgraph.updating.using import check_using
from crmgraph.wording import Bilingual, in_language

__all__ = ["loads_of", "update"]


def update(store: Store, change: Change) -> Outcome:
    """Carry out an update, with the documents that its LOADs brought.

    Raises QuerySyntaxError where it is none, DataError for a document that cannot be read, and QueryRefusedError for
    what nobody may ask here.
    """
    steps = _steps(change)
    for piece, load in steps:
        if load is not None and not load.is_silent and not change.loaded:
            raise _no_load(Place.of(piece.update, piece.operations[0].start))
    documents = iter(zip(change.loaded, change.media_types, change.parts[1:], strict=True))
    loaded = []
    for piece, load in steps:
        if load is None:
            _run(store, piece, change)
        elif change.loaded:
            loaded.append(_load(store, load, *next(documents)))
    return Outcome(loaded=tuple(loaded))


def _steps(change: Change) -> list[tuple[Piece, Load | None]]:
    """The update in its pieces, with what each that is a LOAD loads.

    What is not SPARQL is told so first, whatever the rest would do.
    """
    pieces = pieces_of(_text_of(change), change)
    steps = [(piece, load_of(piece) if is_load(piece) else None) for piece in pieces]
    if len(steps) > 1:
        nowhere = Store()
        for piece, load in steps:
            with suppress(RuntimeError):
                if load is None:
                    _give(nowhere, piece, change)
    return steps


def _text_of(change: Change) -> str:
    try:
        return change.parts[0].decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise QuerySyntaxError(Bilingual("The update is not in UTF-8.", "La actualización no está en UTF-8.")) from None


def _run(store: Store, piece: Piece, change: Change) -> None:
    check_using(store, piece, change)
    _give(store, piece, change)


def _give(store: Store, piece: Piece, change: Change) -> None:
    """Have the engine carry out the piece."""
    written = piece.written(change)
    try:
        store.update(dialect.for_engine(written), base_iri=piece.base, prefixes=piece.prefixes)
    except SyntaxError as error:
        parse = partial(Store().update, base_iri=piece.base, prefixes=piece.prefixes)
        raise dialect.syntax_error(piece.in_place, str(error), parse, piece.base, piece.prefixes) from None


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
        raise DataError(_no_rdf(load, error)) from None
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(found)
    return True


def loads_of(change: Change, writer: Writer) -> list[Load]:
    """The LOADs of an update, in their order.

    Raises QuerySyntaxError where it is none, and QueryRefusedError for what nobody may ask here, for too many, and for
    one into a graph that the writer may not change.
    """
    loads = [load for _, load in _steps(change) if load is not None]
    if len(loads) > MOST_LOADS:
        raise QueryRefusedError(_TOO_MANY)
    for load in loads:
        graph = DEFAULT_GRAPH if load.graph is None else load.graph
        if not writer.may_change(graph):
            raise not_theirs(writer, graph)
    return loads


_TOO_MANY = Bilingual(
    f"An update may have {MOST_LOADS} LOADs at most.",
    f"Una actualización puede tener {MOST_LOADS} LOAD como máximo.",
)


def _no_rdf(load: Load, error: DataError) -> Bilingual:
    """Why a document cannot be loaded; its line is told in words, for it is none of the update's."""
    where = (f", line {error.line}", f", línea {error.line}") if error.line else ("", "")
    return Bilingual(
        f"{load.address}{where[0]}: {in_language(error, 'en')} Nothing was changed.",
        f"{load.address}{where[1]}: {in_language(error, 'es')} No se cambió nada.",
    )


def _no_load(at: Place) -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"LOAD (line {at.line}, column {at.column}) is not carried out here: nothing is fetched from other "
            "addresses. Send the data themselves, by PUT or POST to a graph.",
            f"LOAD (línea {at.line}, columna {at.column}) no se ejecuta aquí: no se trae nada de otras direcciones. "
            "Envíe los datos mismos, con PUT o POST a un grafo.",
        )
    )
