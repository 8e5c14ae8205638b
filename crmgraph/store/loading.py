"""The documents that the LOADs of an update name, fetched before the update is carried out (it can fetch nothing)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from crmgraph.errors import AnswerError, LimitError, QueryTimeoutError, RemoteError
from crmgraph.federation import Fetched, Fetcher
from crmgraph.sparql.engine import Limit
from crmgraph.sparql.formats import GRAPH_FORMATS, by_media_type
from crmgraph.store.changes import Change, leaving_nothing
from crmgraph.store.update_parser import Load
from crmgraph.wording import Bilingual

__all__ = ["Loader"]

_UTF_8 = ("", "utf-8", "utf8", "us-ascii")
_LARGEST = 64 * 2**20
"""Bytes that an update may load."""

_ACCEPT = ", ".join(each.media_type for each in GRAPH_FORMATS)
_BY_ENDING = {f".{each.extension}": each.media_type for each in GRAPH_FORMATS}
# What servers of files say of an ending that they do not know.
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml")


class Loader:
    """Fetches documents from where the `fetcher` may."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def fetched(self, change: Change, loads: Sequence[Load], limit: Limit) -> Change:
        """Return the update with the documents of these LOADs of it.

        Raises QueryRefusedError for an address that is not allowed, LimitError where they are too large together,
        RemoteError where an address has no RDF, and what the fetcher raises.
        """
        with leaving_nothing():
            documents = list(self._documents(loads, limit))
        return replace(
            change,
            parts=(*change.parts, *(each.body if each else b"" for each in documents)),
            media_types=tuple(each.media_type if each else "" for each in documents),
            loaded=tuple(each.url if each else "" for each in documents),
        )

    def close(self) -> None:
        """Fetch nothing more. May be called more than once."""
        self._fetcher.close()

    def _documents(self, loads: Sequence[Load], limit: Limit) -> Iterator[Fetched | None]:
        size = 0
        for load in loads:
            document = self._document(load, limit)
            size += len(document.body) if document else 0
            if size > _LARGEST:
                raise LimitError(
                    Bilingual(
                        f"What the update loads has more than {_LARGEST} bytes. Load less at a time.",
                        f"Lo que carga la actualización tiene más de {_LARGEST} bytes. Cargue menos a la vez.",
                    )
                )
            yield document

    def _document(self, load: Load, limit: Limit) -> Fetched | None:
        """Return the document; None where a SILENT one finds nothing."""
        try:
            found = self._fetcher.fetch("GET", load.address, {"Accept": _ACCEPT}, limit)
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
    if found.status != 200 or media_type is None or not _is_iri(found.url):
        said = f"{found.status}, {found.media_type}" if found.media_type else str(found.status)
        raise RemoteError(Bilingual(f"{address} gave no RDF ({said}).", f"{address} no dio RDF ({said})."))
    if found.charset not in _UTF_8:
        raise RemoteError(
            Bilingual(
                f"{address} is in {found.charset}, and RDF is read in UTF-8.",
                f"{address} está en {found.charset}, y RDF se lee en UTF-8.",
            )
        )
    return media_type


def _is_iri(url: str) -> bool:
    try:
        NamedNode(url)
    except ValueError:
        return False
    return True
