"""Content negotiation: the media type that a client prefers."""

from collections.abc import Sequence

import mimeparse
from starlette.requests import Request

from crmgraph.caching import memoize
from crmgraph.errors import Bilingual, NotAcceptableError

_MOST_RANGES = 100


def accept_header(request: Request) -> str | None:
    """Return the Accept header of the request, its lines joined into one; None without one."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


@memoize(256)
def choose_media_type(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Return the offered media type that the Accept header prefers (RFC 9110, section 12.5.1), None where none fits.

    Of equals, a type that is named goes before one that matches a wildcard, and then the first offered. Invalid ranges
    and those behind the hundredth are ignored; without a header, the first offered type is returned.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = ",".join(each for each in accept.lower().split(",")[:_MOST_RANGES] if _is_range(each))
    # Of two that are liked equally mimeparse takes the later.
    return mimeparse.best_match(offered[::-1], ranges) or None


def not_acceptable(offered: Sequence[str]) -> NotAcceptableError:
    """Return the error that lists the offered media types."""
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
