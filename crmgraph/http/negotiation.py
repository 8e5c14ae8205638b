"""Content negotiation: choice of the media type of a response by the Accept header."""

from collections.abc import Sequence

import mimeparse
from starlette.requests import Request

from crmgraph.caching import memoize
from crmgraph.errors import Bilingual, NotAcceptableError

_MOST_RANGES = 100


def accept_header(request: Request) -> str | None:
    """Return the Accept header of the request; several are joined into one. None if there is none."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


@memoize(256)
def choose_media_type(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Return the offered media type that the header Accept prefers (RFC 9110, section 12.5.1); None if none fits.

    Among types of equal quality, one that the header names precedes one that matches a wildcard, and then the first
    offered type wins. Invalid ranges, and all after the first hundred, are ignored. Without a header, the first offered
    type is returned.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = ",".join(each for each in accept.lower().split(",")[:_MOST_RANGES] if _is_range(each))
    # Of two types with equal quality, mimeparse returns the later.
    return mimeparse.best_match(offered[::-1], ranges) or None


def not_acceptable(offered: Sequence[str]) -> NotAcceptableError:
    """Return the error 406, whose message lists the offered media types."""
    listed = ", ".join(offered)
    return NotAcceptableError(
        Bilingual(
            f"None of the available formats matches the Accept header. Available: {listed}.",
            f"Ninguno de los formatos disponibles corresponde al encabezado Accept. Disponibles: {listed}.",
        )
    )


def _is_range(text: str) -> bool:
    try:
        kind, subtype, _ = mimeparse.parse_media_range(text)
    except mimeparse.MimeTypeParseException:
        return False
    return bool(kind and subtype) and (kind != "*" or subtype == "*")
