"""Pages that were made before, given again for as long as the data are the same, and the day, which citations tell."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.serving.kept import Kept
from crmgraph.serving.pages.site import Site
from crmgraph.serving.validators import headers_of, matches, tag_of

__all__ = ["MadePages"]

_VARY = {"Vary": "Accept, Accept-Language"}
_PACKAGE = Path(__file__).parents[2]
_WRITTEN_IN = ("*.py", "*.html", "*.po", "*.js", "*.css")


@dataclass(frozen=True)
class _Made:
    """A page as it was sent: its bytes and its headers."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def response(self) -> Response:
        """The page, to be sent once: what packs it changes its headers."""
        again = Response(self.body)
        again.raw_headers = list(self.headers)
        return again


class MadePages:
    """Keeps the pages that were asked for last, in at most `most` bytes. May be used from many threads at once."""

    def __init__(self, most: int) -> None:
        self._kept = Kept[_Made](most)

    def answer(self, request: Request, site: Site, make: Callable[[], Response]) -> Response:
        """What `make` makes, or made before; to whoever has it already, that it still is so (RFC 9110, section 15.4.5).

        It is made anew where others can change the data besides us, and only what can be had is kept.
        """
        if site.pool.state is not None:
            return make()
        # A state that is told goes with no answer from before it: what is made from now on is at least as new.
        state, asked = site.state, _asked(request)
        tag = tag_of(state, _program(), site.contact, site.seconds, *asked)
        if matches(request, tag, any_tag=False):
            return Response(status_code=304, headers={**headers_of(tag), **_VARY})
        if (kept := self._kept.get(state, asked)) is not None:
            return kept.response
        response = make()
        if response.status_code != 200:
            return response
        response.headers["ETag"] = tag
        body = getattr(response, "body", None)
        if isinstance(body, bytes):
            size = len(body) + sum(map(len, asked))
            self._kept.put(state, asked, _Made(body, tuple(response.raw_headers)), size)
        return response


@cache
def _program() -> str:
    """What tells this program from one that makes other pages of the same data, though it has the same version."""
    files = sorted(file for pattern in _WRITTEN_IN for file in _PACKAGE.rglob(pattern))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _asked(request: Request) -> tuple[str, ...]:
    """All that a page depends on beside the data."""
    accepted = (", ".join(request.headers.getlist(name)) for name in ("accept", "accept-language"))
    return str(request.url), request.scope.get("root_path", ""), *accepted, datetime.now(UTC).date().isoformat()
