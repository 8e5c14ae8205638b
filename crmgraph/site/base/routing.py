"""Routes for pages: their addresses with and without a language, their descriptions in OpenAPI, and their cache."""

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
"""A function that answers a page request. Its arguments are the PageRequest and, by keyword, the path variables."""

_VARIABLE = re.compile(r"\{(\w+)(?::path)?\}")
_VARY = {"Vary": "Accept, Accept-Language"}
_TRACKING = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid"})
_TRACKING_PREFIX = "utm_"
"""The beginning of query parameters that newsletters and social networks add to track visitors."""


@dataclass(frozen=True)
class Page:
    """A page of the site and the properties of its route.

    Attributes:
        path: the path without a language, with variables in braces.
        summary: the summary in English, for OpenAPI.
        handler: the function that answers requests.
        forms: the formats that the page is available in.
        parameters: the parameters of the query string, as OpenAPI describes them. A request with any other is refused.
        limiter: limits how many requests for slow pages run at a time; None for pages that are fast.
        has_own_parameter_check: whether the handler itself checks the names of the parameters.
        is_cacheable: whether the page stays the same until the data change.
        examples: example values of path variables, for OpenAPI.
        operation: replaces the description in OpenAPI; arguments of FastAPI's `add_api_route`.
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
        """The page and, if necessary, a copy of it for addresses with a file extension, such as `/findings.{suffix}`.

        A page with a single format needs no copy. Neither does a path that ends in a variable, because the variable
        then contains the file extension.
        """
        if len(self.forms) == 1 or self.path.endswith("}"):
            return (self,)
        schema = {"type": "string", "enum": [form.extension for form in self.forms]}
        suffix = {"name": SUFFIX, "in": "path", "required": True, "description": "The format", "schema": schema}
        path = f"{'/index' if self.path == '/' else self.path}.{{{SUFFIX}}}"
        return self, replace(self, path=path, summary=f"{self.summary}, as data", parameters=(suffix, *self.parameters))

    @property
    def route_arguments(self) -> Mapping[str, Any]:
        """The description of the page in OpenAPI, as arguments of FastAPI's `add_api_route`."""
        variables = []
        for name in _VARIABLE.findall(self.path):
            if name != SUFFIX:
                schema: dict[str, Any] = {"type": "string", "title": name.title()}
                schema |= {"examples": list(self.examples[name])} if name in self.examples else {}
                variables.append({"name": name, "in": "path", "required": True, "schema": schema})
        description = "The page, or what it shows as data."
        return self.operation or {
            "summary": self.summary,
            "responses": {
                "200": {"description": description, "content": response_content(media_types(self.forms))},
                **error_responses(400, 404, 406, *ENGINE_ERRORS),
            },
            "openapi_extra": {"parameters": [*variables, *self.parameters]},
        }


def with_graph_forms(page: Page, query: Callable[[Site], str]) -> Page:
    """Return a copy of a page that is also available in the RDF syntaxes and as JSON.

    `query` returns the CONSTRUCT query for the triples in these formats.
    """

    def answer(visit: PageRequest) -> Response:
        return page.handler(visit) if visit.form in page.forms else visit.respond_with_data(query(visit.site))

    return replace(page, handler=answer, forms=tuple(dict.fromkeys((*page.forms, *GRAPHS, JSON))))


class PageCache:
    """A cache of the pages requested most recently, up to `max_bytes`. Thread-safe.

    The entity tag of a page depends on the state of the data, on the request and on the server process: two servers
    may have different versions or settings.
    """

    def __init__(self, max_bytes: int) -> None:
        self._pages = SizedCache[tuple[bytes, dict[str, str]]](max_bytes)
        self._server = secrets.token_hex(8)

    def answer(self, visit: PageRequest, make: Callable[[], Response]) -> Response:
        """Return the page from the cache, or the page that `make` returns.

        The cache is used only if no other program can change the data. A request with the current entity tag in
        If-None-Match gets status 304 (RFC 9110, section 15.4.5).
        """
        site = visit.site
        if not site.may_cache:
            return make()
        # The state is read before the page is made, so the page is at least as new as the state.
        state, key = site.state, _cache_key(visit)
        tag = entity_tag(self._server, state, *key)
        if has_matching_tag(visit.request, tag, any_tag=False):
            return Response(status_code=304, headers={**tag_headers(tag), **_VARY})
        if (cached := self._pages.get(state, key)) is not None:
            # Each response is a new object, because compression changes its headers.
            return Response(cached[0], headers=cached[1])
        response = make()
        # If the data changed in the meantime, the page may contain data of either state, or of both.
        if response.status_code == 200 and site.state == state:
            response.headers["ETag"] = tag
            self._pages.put(state, key, (bytes(response.body), dict(response.headers)))
        return response


def _cache_key(visit: PageRequest) -> tuple[str, ...]:
    """Return everything that a page depends on besides the data.

    The current date is part of the key, because citations contain it. Accept headers differ between browsers, so all
    that prefer HTML count as the same.
    """
    request = visit.request
    wants_html = preferred_media_type(request, visit.forms) == HTML.media_type
    wanted = HTML.media_type if wants_html else accept_header(request) or ""
    below, today = request.scope.get("root_path", ""), datetime.now(UTC).date().isoformat()
    return str(request.url), below, wanted, visit.language, today


class PageRoutes:
    """Adds routes for the pages of a site to a router. Pages are cached in `cache`, if it is not None."""

    def __init__(self, router: APIRouter, site: Site, cache: PageCache | None = None) -> None:
        self._router = router
        self._site = site
        self._cache = cache or PageCache(0)

    def add(self, page: Page) -> None:
        """Add routes for a page and for its data (see `Page.variants`), with and without a language in the path."""
        for each in page.variants:
            self.add_without_language(each)
            for language in LANGUAGES:
                self.add_undocumented(f"/{language}{each.path}", each)

    def add_without_language(self, page: Page) -> None:
        """Add the route for a page at its path, without a language."""
        self._router.add_api_route(
            page.path, self._endpoint(page), methods=["GET"], response_class=Response, **page.route_arguments
        )
        self._router.add_api_route(page.path, self._endpoint(page), methods=["HEAD"], include_in_schema=False)

    def add_undocumented(self, path: str, page: Page) -> None:
        """Add a route for a page at another path, which the OpenAPI document does not contain."""
        self._router.add_api_route(path, self._endpoint(page), methods=["GET", "HEAD"], include_in_schema=False)

    def _endpoint(self, page: Page) -> Callable[[Request], Any]:
        """Return the endpoint of a page. It runs the handler in a thread and cancels its queries on disconnection."""

        async def endpoint(request: Request) -> Response:
            with watch_connection(request) as cancel_event:
                site = replace(self._site, cancel_event=cancel_event, client=client_id(request))
                visit = PageRequest(request, site, page.forms)
                return await to_thread.run_sync(self._answer, page, visit, limiter=page.limiter)

        return endpoint

    def _answer(self, page: Page, visit: PageRequest) -> Response:
        # Pages refuse unknown parameters, but visitors did not add these themselves.
        url, given = visit.request.url, visit.request.query_params
        if tracking := [name for name in given if name in _TRACKING or name.startswith(_TRACKING_PREFIX)]:
            return RedirectResponse(url.remove_query_params(tracking).replace(scheme="", netloc=""), 308)
        if not page.has_own_parameter_check:
            visit.check_parameters([each["name"] for each in page.parameters if each["in"] == "query"])
        make = partial(page.handler, visit, **visit.variables)
        return self._cache.answer(visit, make) if page.is_cacheable else make()
