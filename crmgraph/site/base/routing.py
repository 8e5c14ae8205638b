"""Pages and their addresses: each with and without a language before it, described in OpenAPI, and cached."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.caching import SizedCache
from crmgraph.http.context import client_id
from crmgraph.http.endpoint import watch_connection
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.negotiation import accept_header
from crmgraph.http.openapi import ENGINE_ERRORS, error_responses, response_content
from crmgraph.http.responses import entity_tag, has_matching_tag, tag_headers
from crmgraph.site.base.page_requests import SUFFIX, PageRequest
from crmgraph.site.base.representations import GRAPHS, HTML, JSON, PAGE_FORMS, preferred_media_type
from crmgraph.site.base.site import Site
from crmgraph.sparql import Format
from crmgraph.sparql.formats import media_types

Handler = Callable[..., Response]
"""A function that answers a visit: it takes that, and by their names the variables of the path."""

_VARIABLE = re.compile(r"\{(\w+)(?::path)?\}")
_VARY = {"Vary": "Accept, Accept-Language"}
_TRACKING = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid"})
_TRACKING_PREFIX = "utm_"
"""The parameters by which mailers and networks follow visitors."""


@dataclass(frozen=True)
class Page:
    """A page: its path, its summary in English, the function that answers, and its forms.

    `parameters` are those of the query string, as OpenAPI has them; any other is refused, unless the page `is_open` and
    looks at them itself. A page that takes long has a `limiter` of its own. It `lasts` where it is the same for as long
    as the data are. `examples` are values for each variable of its path. `operation` describes it in OpenAPI in other
    words, as arguments of FastAPI's `add_api_route`.
    """

    path: str
    summary: str
    handler: Handler
    forms: Sequence[Format] = PAGE_FORMS
    parameters: Sequence[dict[str, Any]] = ()
    limiter: CapacityLimiter | None = None
    has_own_parameter_check: bool = False
    is_cacheable: bool = True
    examples: Mapping[str, Sequence[str]] = field(default_factory=dict)
    operation: Mapping[str, Any] = field(default_factory=dict)

    @property
    def variants(self) -> tuple["Page", ...]:
        """The page, and itself at the addresses of its data where its path ends in no variable."""
        if len(self.forms) == 1 or self.path.endswith("}"):
            return (self,)
        schema = {"type": "string", "enum": [form.extension for form in self.forms]}
        suffix = {"name": SUFFIX, "in": "path", "required": True, "description": "The format", "schema": schema}
        path = f"{'/index' if self.path == '/' else self.path}.{{{SUFFIX}}}"
        return self, replace(self, path=path, summary=f"{self.summary}, as data", parameters=(suffix, *self.parameters))

    @property
    def described(self) -> Mapping[str, Any]:
        """The operation in OpenAPI, as arguments of FastAPI's `add_api_route`.

        A parameter may be wrong, and its subject unknown, or gone where the data are written to.
        """
        variables = []
        for name in _VARIABLE.findall(self.path):
            if name != SUFFIX:
                schema: dict[str, Any] = {"type": "string", "title": name.title()}
                schema |= {"examples": list(self.examples[name])} if name in self.examples else {}
                variables.append({"name": name, "in": "path", "required": True, "schema": schema})
        described = "The page, or what it shows as data."
        return self.operation or {
            "summary": self.summary,
            "responses": {
                "200": {"description": described, "content": response_content(media_types(self.forms))},
                **error_responses(400, 404, 406, *ENGINE_ERRORS),
            },
            "openapi_extra": {"parameters": [*variables, *self.parameters]},
        }


def with_graph_forms(page: Page, query: Callable[[Site], str]) -> Page:
    """Return a page that also has the forms for graphs, with the statements of a query."""

    def answer(visit: PageRequest) -> Response:
        return page.handler(visit) if visit.form in page.forms else visit.data(query(visit.site))

    return replace(page, handler=answer, forms=tuple(dict.fromkeys((*page.forms, *GRAPHS, JSON))))


class PageCache:
    """Keeps the pages that were asked for last, in at most `most` bytes. Safe to use from several threads.

    The tag of a page is that of what it depends on, and of the server: two servers need not have one version or the
    same settings.
    """

    def __init__(self, most: int) -> None:
        self._kept = SizedCache[tuple[bytes, dict[str, str]]](most)
        self._server = secrets.token_hex(8)

    def answer(self, visit: PageRequest, make: Callable[[], Response]) -> Response:
        """Return the page that `make` makes, from the cache where only we change the data.

        A visitor who has it already is told so with status 304 (RFC 9110, section 15.4.5).
        """
        site = visit.site
        if not site.may_cache:
            return make()
        # The state is read before the page is made: what is made from now on is at least as new.
        state, key = site.state, _key(visit)
        tag = entity_tag(self._server, state, *key)
        if has_matching_tag(visit.request, tag, any_tag=False):
            return Response(status_code=304, headers={**tag_headers(tag), **_VARY})
        if (kept := self._kept.get(state, key)) is not None:
            # A response is sent once, for compression changes its headers.
            return Response(kept[0], headers=kept[1])
        response = make()
        # A page of data that were written to meanwhile may be of either state, or of both.
        if response.status_code == 200 and site.state == state:
            response.headers["ETag"] = tag
            self._kept.put(state, key, (bytes(response.body), dict(response.headers)))
        return response


def _key(visit: PageRequest) -> tuple[str, ...]:
    """Return all that a page depends on beside the data; the day, for citations have it.

    Each browser asks in its own words, and all that prefer HTML get the same.
    """
    request = visit.request
    wants_html = preferred_media_type(request, visit.forms) == HTML.media_type
    wanted = HTML.media_type if wants_html else accept_header(request) or ""
    below, today = request.scope.get("root_path", ""), datetime.now(UTC).date().isoformat()
    return str(request.url), below, wanted, visit.language, today


class Addresses:
    """Adds the pages of a site to a router, and answers with them from the `cache`, if there is one."""

    def __init__(self, router: APIRouter, site: Site, cache: PageCache | None = None) -> None:
        self._router = router
        self._site = site
        self._cache = cache or PageCache(0)

    def add(self, page: Page) -> None:
        """Add a page at its path, with and without a language, and at those of its data, if it has any."""
        for each in page.variants:
            self.add_alone(each)
            for language in LANGUAGES:
                self.add_hidden(f"/{language}{each.path}", each)

    def add_alone(self, page: Page) -> None:
        """Add a page at its path, without a language."""
        self._router.add_api_route(
            page.path, self._endpoint(page), methods=["GET"], response_class=Response, **page.described
        )
        self._router.add_api_route(page.path, self._endpoint(page), methods=["HEAD"], include_in_schema=False)

    def add_hidden(self, path: str, page: Page) -> None:
        """Add a page at another path, which OpenAPI does not describe."""
        self._router.add_api_route(path, self._endpoint(page), methods=["GET", "HEAD"], include_in_schema=False)

    def _endpoint(self, page: Page) -> Callable[[Request], Any]:
        """Return the endpoint that answers with a page, in a thread, and gives up when the visitor has left."""

        async def visited(request: Request) -> Response:
            with watch_connection(request) as cancel_event:
                site = replace(self._site, cancel_event=cancel_event, client=client_id(request))
                visit = PageRequest(request, site, page.forms)
                return await to_thread.run_sync(self._answer, page, visit, limiter=page.limiter)

        return visited

    def _answer(self, page: Page, visit: PageRequest) -> Response:
        # Pages refuse parameters that they do not know, and the visitor did not write these.
        url, given = visit.request.url, visit.request.query_params
        if followed := [name for name in given if name in _TRACKING or name.startswith(_TRACKING_PREFIX)]:
            return RedirectResponse(url.remove_query_params(followed).replace(scheme="", netloc=""), 308)
        if not page.has_own_parameter_check:
            visit.check_parameters([each["name"] for each in page.parameters if each["in"] == "query"])
        make = partial(page.handler, visit, **visit.variables)
        return self._cache.answer(visit, make) if page.is_cacheable else make()
