"""Pages that were made before, given again for as long as the data are the same, and the day, which citations tell."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.caching import SizedCache
from crmgraph.http.caching import headers_of, matches, tag_of
from crmgraph.http.negotiation import accepted
from crmgraph.site.rendering import language_of
from crmgraph.site.representations import HTML, liked
from crmgraph.site.site import Site
from crmgraph.site.streaming import when_written
from crmgraph.sparql import Format

__all__ = ["MadePages"]

_VARY = {"Vary": "Accept, Accept-Language"}


@dataclass(frozen=True)
class _Made:
    """A page as it was sent: its bytes and its headers."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def response(self) -> Response:
        """The page, to be sent once: what packs it changes its headers."""
        again = Response(self.body)
        again.raw_headers = [*self.headers, (b"content-length", str(len(self.body)).encode())]
        return again


class MadePages:
    """Keeps the pages that were asked for last, in at most `most` bytes. May be used from many threads at once.

    The tag of a page tells what it was made of, for it is sent before all of the page is written; and by which of the
    servers, since no two need be of one version or have the same settings.
    """

    def __init__(self, most: int) -> None:
        self._kept = SizedCache[_Made](most)
        self._server = secrets.token_hex(8)

    def answer(self, request: Request, site: Site, forms: Sequence[Format], make: Callable[[], Response]) -> Response:
        """What `make` makes in one of these forms, or made before; anew where others than us can change the data.

        To whoever has it already, that it still is so (RFC 9110, section 15.4.5).
        """
        if not site.may_keep:
            return make()
        # A state that is told goes with no answer from before it: what is made from now on is at least as new.
        state, asked = site.state, _asked(request, forms)
        tag = tag_of(self._server, state, *asked)
        if matches(request, tag, any_tag=False):
            return Response(status_code=304, headers={**headers_of(tag), **_VARY})
        if (kept := self._kept.get(state, asked)) is not None:
            return kept.response()
        response = make()
        # What was asked of data that were written to meanwhile may be of either state, or of both.
        if response.status_code != 200 or site.state != state:
            return response
        response.headers["ETag"] = tag
        headers = tuple(each for each in response.raw_headers if each[0] != b"content-length")

        def keep(body: bytes) -> None:
            self._kept.put(state, asked, _Made(body, headers))

        when_written(response, keep)
        return response


def _asked(request: Request, forms: Sequence[Format]) -> tuple[str, ...]:
    """All that a page in these forms depends on beside the data.

    Each browser asks in words of its own, and all that would rather have HTML are given the same.
    """
    wants_html = liked(request, forms) == HTML.media_type
    wanted = HTML.media_type if wants_html else accepted(request) or ""
    below, today = request.scope.get("root_path", ""), datetime.now(UTC).date().isoformat()
    return str(request.url), below, wanted, language_of(request), today
