"""Fetching what the LOADs of an update name, before the update is carried out where nothing can be fetched."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from crmgraph.errors import AnswerError, LimitError, QueryTimeoutError, RemoteError
from crmgraph.federating import Fetched, Fetcher
from crmgraph.sparql.formats import GRAPH_FORMATS, by_media_type
from crmgraph.sparql.limit import Limit
from crmgraph.updating.aftermath import leaving_nothing
from crmgraph.updating.change import Change
from crmgraph.updating.loads import Load
from crmgraph.wording import Bilingual

__all__ = ["Loader"]

_UTF_8 = ("", "utf-8", "utf8", "us-ascii")
_MOST = 64 * 2**20
"""How many bytes an update may load."""

_ACCEPT = ", ".join(each.media_type for each in GRAPH_FORMATS)
_BY_ENDING = {f".{each.extension}": each.media_type for each in GRAPH_FORMATS}
# What servers of files say of an ending that they do not know.
_VAGUE = ("", "text/plain", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml")


class Loader:
    """Fetches documents from where the `fetcher` may."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def fetched(self, change: Change, loads: Sequence[Load], limit: Limit) -> Change:
        """The update, with the documents of these LOADs of it.

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
            if size > _MOST:
                raise _too_large()
            yield document

    def _document(self, load: Load, limit: Limit) -> Fetched | None:
        """What is there; None where a SILENT one finds nothing."""
        try:
            found = self._fetcher.get(load.address, {"Accept": _ACCEPT}, limit)
            media_type = _media_type(found)
            if found.status != 200 or media_type is None or not _is_iri(found.url):
                raise RemoteError(_no_document(load.address, found))
            if found.charset not in _UTF_8:
                raise RemoteError(_not_utf_8(load.address, found.charset))
            return replace(found, media_type=media_type)
        except QueryTimeoutError:
            raise
        except AnswerError:
            limit.left()
            if load.is_silent:
                return None
            raise


def _media_type(found: Fetched) -> str | None:
    """What the document is in; None where that is no RDF that is known."""
    if found.media_type in _VAGUE:
        return _BY_ENDING.get(PurePosixPath(urlsplit(found.url).path).suffix.lower())
    known = by_media_type(found.media_type)
    return found.media_type if known in GRAPH_FORMATS else None


def _no_document(address: str, found: Fetched) -> Bilingual:
    said = f"{found.status}, {found.media_type}" if found.media_type else str(found.status)
    return Bilingual(
        f"{address} gave no RDF ({said}).",
        f"{address} no dio RDF ({said}).",
    )


def _not_utf_8(address: str, charset: str) -> Bilingual:
    return Bilingual(
        f"{address} is in {charset}, and RDF is read in UTF-8.", f"{address} está en {charset}, y RDF se lee en UTF-8."
    )


def _is_iri(url: str) -> bool:
    try:
        NamedNode(url)
    except ValueError:
        return False
    return True


def _too_large() -> LimitError:
    return LimitError(
        Bilingual(
            f"What the update loads has more than {_MOST} bytes. Load less at a time.",
            f"Lo que carga la actualización tiene más de {_MOST} bytes. Cargue menos a la vez.",
        )
    )
