"""Pages that were made before, given again for as long as the data are the same, and the day, which citations tell."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.answering import Format
from crmgraph.serving.kept import Kept
from crmgraph.serving.negotiation import accepted
from crmgraph.serving.pages.rendering import language_of
from crmgraph.serving.pages.representations import HTML, liked
from crmgraph.serving.pages.site import Site
from crmgraph.serving.validators import headers_of, matches, tag_of

__all__ = ["MadePages"]

_VARY = {"Vary": "Accept, Accept-Language"}


@dataclass(frozen=True)
class _Made:
    """A page as it was sent: its bytes, its headers and its tag, which other bytes do not have."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    tag: str

    def answer(self, request: Request) -> Response:
        """The page, to be sent once: what packs it changes its headers.

        To whoever has it already, that it still is so (RFC 9110, section 15.4.5).
        """
        if matches(request, self.tag, any_tag=False):
            return Response(status_code=304, headers={**headers_of(self.tag), **_VARY})
        again = Response(self.body)
        again.raw_headers = list(self.headers)
        return again


class MadePages:
    """Keeps the pages that were asked for last, in at most `most` bytes. May be used from many threads at once."""

    def __init__(self, most: int) -> None:
        self._kept = Kept[_Made](most)

    def answer(self, request: Request, site: Site, forms: Sequence[Format], make: Callable[[], Response]) -> Response:
        """What `make` makes in one of these forms, or made before; anew where others than us can change the data."""
        if not site.may_keep:
            return make()
        # A state that is told goes with no answer from before it: what is made from now on is at least as new.
        state, asked = site.state, _asked(request, forms)
        if (kept := self._kept.get(state, asked)) is not None:
            return kept.answer(request)
        response = make()
        body = getattr(response, "body", None)
        if response.status_code != 200 or not isinstance(body, bytes):
            return response
        response.headers["ETag"] = tag_of(hashlib.sha256(body).hexdigest())
        made = _Made(body, tuple(response.raw_headers), response.headers["ETag"])
        self._kept.put(state, asked, made, len(body) + sum(map(len, asked)))
        return made.answer(request)


def _asked(request: Request, forms: Sequence[Format]) -> tuple[str, ...]:
    """All that a page in these forms depends on beside the data.

    Each browser asks in words of its own, and all that would rather have HTML are given the same.
    """
    wants_html = liked(request, forms) == HTML.media_type
    wanted = HTML.media_type if wants_html else accepted(request) or ""
    below, today = request.scope.get("root_path", ""), datetime.now(UTC).date().isoformat()
    return str(request.url), below, wanted, language_of(request), today
