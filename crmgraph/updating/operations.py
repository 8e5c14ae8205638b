"""The operations of a SPARQL update, carried out one after another on a store."""

from collections.abc import Iterator
from contextlib import suppress

from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.answering import dialect
from crmgraph.errors import DataError, QuerySyntaxError
from crmgraph.updating.change import DEFAULT_GRAPH, Change, Outcome
from crmgraph.updating.loads import Load, cut, may_load, without_loads
from crmgraph.updating.rdf import read_rdf
from crmgraph.updating.rights import Writer, not_theirs
from crmgraph.updating.text import LONGEST_UPDATE, prepare
from crmgraph.updating.using import Using
from crmgraph.wording import Bilingual, in_language

__all__ = ["loads_of", "update"]

# A piece of an update has declarations before it besides; and to find an error, its text is written with gaps.
_LONGEST_PIECE = 8 * LONGEST_UPDATE


def update(store: Store, change: Change) -> Outcome:
    """Carry out an update, with the documents that its LOADs brought.

    Raises QuerySyntaxError where it is none, DataError for a document that cannot be read, and QueryRefusedError for
    what nobody may ask here.
    """
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
    using = Using(prepared, change.base_iri)
    using.check(store)
    try:
        store.update(dialect.for_engine(prepared.text), base_iri=change.base_iri, prefixes=prepared.prefixes)
    except SyntaxError as error:
        raise dialect.syntax_error(text, str(error), lambda other: _try(other, change.base_iri)) from None
    # An operation may have brought together what one behind it asked.
    using.check(store)


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
            raise not_theirs(writer, graph)
    return loads
