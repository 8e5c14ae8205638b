"""RDF that somebody sent, or that an update loads: fetched, and read into the statements of one graph."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from crmgraph.errors import AnswerError, Bilingual, DataError, LimitError, QueryTimeoutError, RemoteError
from crmgraph.federation.fetching import Fetched, Fetcher
from crmgraph.sparql.engine import Limit
from crmgraph.sparql.formats import GRAPH_FORMATS, by_media_type
from crmgraph.store.update_parser import Load
from crmgraph.texts import declares_entities, in_double_quotes

__all__ = ["documents_of", "read_rdf", "said_of"]

_LARGEST = 64 * 2**20
"""Bytes that an update may load."""

_ACCEPT = ", ".join(each.media_type for each in GRAPH_FORMATS)
_BY_ENDING = {f".{each.extension}": each.media_type for each in GRAPH_FORMATS}
# What servers of files say of an ending that they do not know.
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml")


def documents_of(loads: Sequence[Load], fetcher: Fetcher, limit: Limit) -> tuple[Fetched | None, ...]:
    """Fetch the document of each LOAD of an update; None where a SILENT one finds nothing.

    Raises QueryRefusedError for an address that is not allowed, LimitError where they are too large together,
    RemoteError where an address has no RDF, and what the fetcher raises.
    """
    documents: list[Fetched | None] = []
    size = 0
    for load in loads:
        document = _document(load, fetcher, limit)
        size += len(document.body) if document else 0
        if size > _LARGEST:
            raise LimitError(
                Bilingual(
                    f"What the update loads has more than {_LARGEST} bytes. Load less at a time.",
                    f"Lo que carga la actualización tiene más de {_LARGEST} bytes. Cargue menos a la vez.",
                )
            )
        documents.append(document)
    return tuple(documents)


def _document(load: Load, fetcher: Fetcher, limit: Limit) -> Fetched | None:
    try:
        found = fetcher.fetch("GET", load.address, {"Accept": _ACCEPT}, limit)
        return replace(found, media_type=_media_type(load.address, found))
    except QueryTimeoutError:
        raise
    except AnswerError:
        limit.left()
        if load.is_silent:
            return None
        raise


def _media_type(address: str, found: Fetched) -> str:
    """Return the syntax of a document. Raises RemoteError where that is no RDF that is known."""
    media_type: str | None = found.media_type
    if media_type in _VAGUE:
        media_type = _BY_ENDING.get(PurePosixPath(urlsplit(found.url).path).suffix.lower())
    elif by_media_type(found.media_type) not in GRAPH_FORMATS:
        media_type = None
    if found.status != 200 or media_type is None:
        said = f"{found.status}, {found.media_type}" if found.media_type else str(found.status)
        raise RemoteError(Bilingual(f"{address} gave no RDF ({said}).", f"{address} no dio RDF ({said})."))
    if found.charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise RemoteError(
            Bilingual(
                f"{address} is in {found.charset}, and RDF is read in UTF-8.",
                f"{address} está en {found.charset}, y RDF se lee en UTF-8.",
            )
        )
    return media_type


_LONGEST_SAID = 200
"""Characters of the engine's words that are passed on: it quotes what it does not understand, of any length."""


def read_rdf(body: bytes, media_type: str, base_iri: str | None, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """Yield the statements in a body, all of them in one graph; its blank nodes are none that there were before.

    Raises DataError, with line and column where the engine tells them, for what is not in this syntax, for statements
    in named graphs, and for XML that declares entities other than the beginnings of IRIs.
    """
    known = by_media_type(media_type)
    if known is None or known not in GRAPH_FORMATS:
        offered = ", ".join(each.media_type for each in GRAPH_FORMATS)
        raise DataError(
            Bilingual(
                f"RDF is accepted as {offered}, not as {media_type or 'a body without a type'}.",
                f"Se acepta RDF como {offered}, no como {media_type or 'un cuerpo sin tipo'}.",
            )
        )
    text = body.removeprefix(BOM_UTF8)
    if known.short == "rdf":
        if declares_entities(body):
            raise DataError(
                Bilingual(
                    "RDF/XML with entities other than beginnings of IRIs is not accepted. Write what they stand for.",
                    "No se acepta RDF/XML con entidades que no sean comienzos de IRI. Escriba lo que representan.",
                )
            )
        text = in_double_quotes(text)
    try:
        for quad in parse(
            text,
            RdfFormat.from_media_type(known.media_type),
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        ):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise DataError(_explained(known.label, said_of(error)), error.lineno, error.offset) from None


def _explained(label: str, said: str) -> Bilingual:
    if said.startswith("Named graphs are not allowed"):
        return Bilingual(
            f"The {label} names graphs of its own, and all goes into one graph here. Send it without their names.",
            f"El {label} nombra grafos propios, y aquí todo va a un solo grafo. Envíelo sin sus nombres.",
        )
    if "LoadDocumentCallback" in said:
        return Bilingual(
            f"The {label} names a context that stands elsewhere, and nothing is fetched. Write the context into it.",
            f"El {label} nombra un contexto que está en otra parte, y no se trae nada. Escriba el contexto en él.",
        )
    return Bilingual(f"This is not {label}: {said}.", f"Esto no es {label}: {said}.")


def said_of(error: SyntaxError) -> str:
    """Return what the engine says is wrong, in a few words, without the place, which the error has besides."""
    said = re.sub("^Parser error .*?: ", "", error.msg)
    return said if len(said) <= _LONGEST_SAID else f"{said[: _LONGEST_SAID - 1]}…"
