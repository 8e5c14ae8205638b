"""Pages that were made before, given again for as long as the data are the same, and the day, which citations tell."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from inspect import Parameter, Signature
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from fastapi import Path as Variable
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.caching import SizedCache
from crmgraph.http.caching import headers_of, matches, tag_of
from crmgraph.http.context import client_of
from crmgraph.http.endpoint import watching
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.negotiation import accepted
from crmgraph.http.openapi import ALWAYS, Responses, content, refusals
from crmgraph.site.base.links import language_of, untagged
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import when_written
from crmgraph.site.base.representations import EVERY, GRAPHS, HTML, JSON, asked, liked, statements_as
from crmgraph.site.base.site import Site
from crmgraph.sparql import Format
from crmgraph.sparql.formats import media_types

__all__ = [
    "Addresses",
    "Handler",
    "MadePages",
    "Page",
    "made_of",
    "responses",
    "suffix",
]

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


Handler = Callable[..., Response]
"""What answers a request: it takes that, the site, and by their names the variables of its path."""

_VARIABLE = re.compile(r"\{(\w+)(?::path)?\}")
_SUFFIX = "suffix"


@dataclass(frozen=True)
class Page:
    """A page: its path, what it is, what answers, and in which forms.

    `parameters` are those of the query string, as OpenAPI has them; it refuses any other, unless it `is_open` and looks
    at them itself. What takes long has a `limiter` of its own. It `lasts` where it is the same for as long as the data
    are. `examples` are values for each variable of its path.
    """

    path: str
    summary: str
    handler: Handler
    forms: Sequence[Format] = EVERY
    parameters: Sequence[dict[str, Any]] = ()
    limiter: CapacityLimiter | None = None
    is_open: bool = False
    lasts: bool = True
    examples: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables in its path."""
        return tuple(name for name in _VARIABLE.findall(self.path) if name != _SUFFIX)

    @property
    def has_data(self) -> bool:
        """Whether its path ends in no variable, and its data have addresses by their suffixes."""
        return len(self.forms) > 1 and not self.path.endswith("}")

    @property
    def as_data(self) -> "Page":
        """The page at the addresses of its data."""
        return replace(
            self,
            path=f"{'/index' if self.path == '/' else self.path}.{{{_SUFFIX}}}",
            summary=f"{self.summary}, as data",
            parameters=(suffix(self.forms), *self.parameters),
        )


def made_of(page: Page, query: Callable[[Site], str]) -> Page:
    """The page, which has its own forms, also as the statements that it is made of, in all others: those of a query."""
    forms = tuple(dict.fromkeys((*page.forms, *GRAPHS, JSON)))

    def answer(request: Request, site: Site) -> Response:
        _, form = asked(request, forms=forms)
        if form in page.forms:
            return page.handler(request, site)
        return statements_as(site, query(site), form)

    return replace(page, handler=answer, forms=forms)


class Addresses:
    """Gives pages of a site their addresses on a router; given again from those `made` before, if any are kept."""

    def __init__(self, router: APIRouter, site: Site, made: MadePages | None = None) -> None:
        self._router = router
        self._site = site
        self._made = made or MadePages(0)

    def add(self, page: Page) -> None:
        """Let the page answer at its path, with and without a language, and at those of its data, if it has any."""
        for each in (page, page.as_data) if page.has_data else (page,):
            self.add_alone(each)
            for language in LANGUAGES:
                self.add_hidden(f"/{language}{each.path}", each)

    def add_alone(self, page: Page) -> None:
        """Let it answer at its path, without a language."""
        self._router.add_api_route(
            page.path,
            self._visited(page),
            methods=["GET"],
            summary=page.summary,
            response_class=Response,
            responses=responses(page.forms),
            openapi_extra={"parameters": list(page.parameters)},
        )
        self._router.add_api_route(page.path, self._visited(page), methods=["HEAD"], include_in_schema=False)

    def add_hidden(self, path: str, page: Page) -> None:
        """Let it answer at another path, of which OpenAPI tells nothing."""
        self._router.add_api_route(path, self._visited(page), methods=["GET", "HEAD"], include_in_schema=False)

    def add_described(self, page: Page, name: str, described: dict[str, Any]) -> None:
        """Let it answer at its path, as the operation of this name that is `described` already."""
        self._router.add_api_route(
            page.path,
            self._visited(page),
            methods=["GET"],
            operation_id=name,
            openapi_extra=described,
            response_class=Response,
        )

    def _visited(self, page: Page) -> Callable[..., Awaitable[Response]]:
        """What answers with the page, in a thread, while `gone` of its site tells whether the visitor has left."""

        async def visited(request: Request, **variables: str) -> Response:
            async with watching(request) as gone:
                site = replace(self._site, gone=gone, client=client_of(request))
                answer = partial(self._answer, page, request, site, **variables)
                return await to_thread.run_sync(answer, limiter=page.limiter)

        # FastAPI reads from it which variables the path has.
        visited.__signature__ = Signature(  # type: ignore[attr-defined]
            [
                Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=Request),
                *(
                    Parameter(
                        name,
                        Parameter.KEYWORD_ONLY,
                        annotation=Annotated[str, Variable(examples=list(page.examples.get(name, ())) or None)],
                    )
                    for name in page.variables
                ),
            ]
        )
        return visited

    def _answer(self, page: Page, request: Request, site: Site, **variables: str) -> Response:
        if (address := untagged(request)) is not None:
            return RedirectResponse(address, 308)
        if not page.is_open:
            check_parameters(request, [each["name"] for each in page.parameters if each["in"] == "query"])
        make = partial(page.handler, request, site, **variables)
        return self._made.answer(request, site, page.forms, make) if page.lasts else make()


def responses(forms: Sequence[Format]) -> Responses:
    """What a page answers that is to be had in these forms; a parameter may be wrong, and what it is about may be
    nothing, or nothing any more where the data are written to.
    """
    return {
        "200": {"description": "The page, or what it shows as data.", "content": content(media_types(forms))},
        **refusals(400, 404, 406, *ALWAYS),
    }


def suffix(forms: Sequence[Format]) -> dict[str, Any]:
    """The parameter by which an address asks for one of these forms."""
    return {
        "name": "suffix",
        "in": "path",
        "required": True,
        "description": "The format",
        "schema": {"type": "string", "enum": [form.extension for form in forms]},
    }
