"""Which of the syntaxes on offer a client likes best."""

from collections.abc import Sequence

import mimeparse
from starlette.requests import Request

from crmgraph.caching import memoize
from crmgraph.errors import NotAcceptableError
from crmgraph.wording import Bilingual

__all__ = ["accepted", "choose", "nothing_fits"]

_MOST_RANGES = 100


def accepted(request: Request) -> str | None:
    """The Accept header of the request, its lines joined into one; None where there is none."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


@memoize(256)
def choose(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """The media type on offer that the Accept header likes best (RFC 9110, section 12.5.1), None where it takes none.

    Of those that it likes equally, what it names itself goes before what it takes by a wildcard, and then the earlier
    on offer. A range that is not one is passed over, as is whatever stands behind the hundredth; without a header, or
    with an empty one, the first on offer does.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = ",".join(each for each in accept.lower().split(",")[:_MOST_RANGES] if _is_range(each))
    # Of two that are liked equally mimeparse takes the later.
    return mimeparse.best_match(offered[::-1], ranges) or None


def nothing_fits(offered: Sequence[str]) -> NotAcceptableError:
    """The error that tells a client what there is instead of what it takes."""
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
