"""Page requests and the responses to them, and the routes and the cache of pages."""

import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crmgraph.caching import SizedCache
from crmgraph.http.endpoint import watch_connection
from crmgraph.http.languages import LANGUAGES, preferred_language, translations
from crmgraph.http.messages import (
    REVALIDATE_HEADERS,
    accept_header,
    client_id,
    entity_tag,
    has_matching_tag,
    tag_headers,
)
from crmgraph.http.openapi import ENGINE_ERRORS, error_responses, response_content
from crmgraph.http.protocol import parse_timeout
from crmgraph.site.base.addresses import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    PAGE_FORMS,
    Links,
    bad_request,
    data_response,
    json_response,
    menu_path_of,
    preferred_form,
    preferred_media_type,
    rdf_syntax_of,
    split_suffix,
    without_language,
)
from crmgraph.site.base.metadata import citation_of
from crmgraph.site.base.rendering import fingerprint, inline_style_sheet, render_template
from crmgraph.site.base.site import Site
from crmgraph.sparql.engine import short_name_of
from crmgraph.sparql.formats import Format, media_types

SUFFIX = "suffix"
"""The path variable for the file extension of a format. Paths that end in another variable do not have it."""

_POLICY = (
    "default-src 'self'; style-src 'self' {sheets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class PageRequest:
    """The context of one page request.

    Attributes:
        request: the HTTP request.
        site: the site, with the address and connection of the visitor.
        forms: the formats that the page is available in.
    """

    request: Request
    site: Site
    forms: Sequence[Format] = (HTML,)

    @cached_property
    def links(self) -> Links:
        """The links of the site below the root path of this request."""
        return Links(self.site.names, self.request.scope.get("root_path", "").rstrip("/"))

    @cached_property
    def language(self) -> str:
        """The language at the beginning of the path, or the one that the Accept-Language header prefers."""
        first = self._path_with_language.lstrip("/").split("/")[0]
        return first if first in LANGUAGES else preferred_language(self.request.headers.get("accept-language"))

    def gettext(self, message: str) -> str:
        """Return the translation of an English message to the language of the visitor."""
        return str(translations(self.language).gettext(message))

    @property
    def path(self) -> str:
        """The path without the root path and the language, such as `/findings`."""
        return without_language(self._path_with_language)

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of the query string."""
        return self.request.query_params

    @property
    def time_limit(self) -> float:
        """The time limit of queries in seconds: the parameter `timeout`, but at most the limit of the site.

        Raises HTTPException 400 if the parameter is not a valid number of seconds.
        """
        return parse_timeout(self.parameters.get("timeout"), self.site.seconds)

    @property
    def origin(self) -> str:
        """The scheme and the host that the request was sent to, such as `https://example.org`."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    @property
    def variables(self) -> dict[str, str]:
        """The path variables by name. The file extension of a format is removed from the last one."""
        found = {name: value for name, value in self.request.path_params.items() if name != SUFFIX}
        if found and self.named_form:
            last = list(found)[-1]
            found[last] = found[last].removesuffix(f".{self.named_form.extension}")
        return found

    @property
    def named_form(self) -> Format | None:
        """The format whose file extension is at the end of the path, or None."""
        return split_suffix(self.path, self.forms)[1]

    @cached_property
    def form(self) -> Format:
        """The format to answer in: that of the file extension, or the one that the Accept header prefers.

        Raises HTTPException 404 for an unknown file extension.
        Raises NotAcceptableError if the header accepts none of `forms`.
        """
        if self.named_form is None and SUFFIX in self.request.path_params:
            raise HTTPException(404)
        return self.named_form or preferred_form(self.request, self.forms)

    @property
    def _path_with_language(self) -> str:
        path: str = self.request.scope["path"]
        root: str = self.request.scope.get("root_path", "")
        return path.removeprefix(root) if root and path.startswith(root + "/") else path

    def address(self, path: str) -> str:
        """Return the absolute address of the page at this path, in the language of the visitor."""
        return self.origin + self.links.page_address(self.language, path)

    def check_parameters(self, known: Collection[str] | None = None) -> None:
        """Raise HTTPException 400 for a repeated parameter or, if `known` is given, for a parameter not in it."""
        names = [name for name, _ in self.request.query_params.multi_items()]
        for place, name in enumerate(names):
            if known is not None and name not in known:
                listed = ", ".join(known)
                raise bad_request(
                    f"There is no parameter {name} here; there {f'are {listed}' if listed else 'is none at all'}.",
                    f"Aquí no existe el parámetro {name}; {f'existen {listed}' if listed else 'no existe ninguno'}.",
                )
            if name in names[:place]:
                raise bad_request(f"The parameter {name} is there twice.", f"El parámetro {name} está dos veces.")

    def respond_with_data(
        self, statements: str, rows: Iterable[Mapping[str, object]] | None = None, table: str | bytes = ""
    ) -> Response:
        """Return a response with the data of a page, in the format of the request.

        Arguments:
            statements: the CONSTRUCT query for the RDF syntaxes.
            rows: the rows of the page's table, for JSON; without them, the JSON contains the triples as JSON-LD.
            table: the page's table as CSV.
        """
        if self.form == CSV:
            return data_response(table, CSV.media_type, is_language_dependent=True)
        if self.form == JSON and rows is not None:
            # Some rows have texts in the visitor's language only.
            return json_response(list(rows), is_language_dependent=True)
        return data_response(self.site.answer(statements, rdf_syntax_of(self.form).media_type), self.form.media_type)

    def data_links(
        self, offers: Sequence[Format] = (), path: str | None = None, query: str | None = None
    ) -> dict[str, object]:
        """Return the template variables with links to the data of a page.

        `offers` are the links that the page shows, each with its label and address. `data_formats` are the links in
        the head of the page, each with its label, address and media type.

        Arguments:
            offers: the formats of the links that the page shows. The head also has the RDF syntaxes and JSON.
            path: the path of the data; None for that of the page.
            query: the query string of the data; None for that of the page.
        """
        path = split_suffix(self.path, self.forms)[0] if path is None else path
        query = self._query_string if query is None else query
        listed = [
            (form, self.links.data_address(f"{'/index' if path == '/' else path}.{form.extension}{query}"))
            for form in dict.fromkeys((*offers, *GRAPHS, JSON))
        ]
        return {
            "offers": [(form.label, address) for form, address in listed if form in offers],
            "data_formats": [(form.label, address, form.media_type) for form, address in listed],
        }

    @property
    def _query_string(self) -> str:
        return f"?{self.request.url.query}" if self.request.url.query else ""

    def render(
        self,
        template: str,
        context: Mapping[str, object] | None = None,
        status: int = 200,
        *,
        offers: Sequence[Format] = (),
        has_data: bool = True,
        editor: bool = False,
    ) -> Response:
        """Return a response with a page in HTML, in the language of the visitor, with the headers of every page.

        Arguments:
            template: the file name of the template.
            context: the variables of the template, besides those of every page.
            status: the HTTP status.
            offers: the formats of the links to data that the page shows (see `data_links`).
            has_data: whether the page links to its data; `context` may replace the links.
            editor: whether the page contains the query editor. The policy then allows style sheets with the nonce
                in the template variable `nonce`.
        """
        site, links, language, query = self.site, self.links, self.language, self._query_string
        sheet, source = inline_style_sheet("site.css")
        values: dict[str, object] = {
            "language": language,
            "languages": LANGUAGES,
            "links": links,
            "absolute": lambda address: self.origin + address,
            "href": lambda target: links.page_address(language, target),
            "first_sheet": sheet,
            "asset": lambda name: links.data_address(f"/static/{name}?v={fingerprint(name)}"),
            "tongue_of": site.language_of,
            "source_path": lambda iri: iri.removeprefix(site.names.id()),
            "path": self.path,
            "query": query,
            "query_in": lambda code: query if code == language else _without_language(query),
            "section": menu_path_of(self.path),
            "dataset": short_name_of(site.state),
            "citation": lambda address, title: citation_of(site, address, title, language),
            "is_as_built": site.is_as_built,
            "built_as": site.built_digest,
            "contact": site.contact,
        }
        if has_data:
            values |= self.data_links(offers)
        if editor:
            nonce = values["nonce"] = secrets.token_urlsafe(16)
            # The editor adds its own style sheet; browsers copy style attributes onto text that replaces other text.
            source += f" 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
        headers = {
            **REVALIDATE_HEADERS,
            "Content-Language": language,
            "Content-Security-Policy": _POLICY.format(sheets=source),
            "Referrer-Policy": "same-origin",
            "Vary": "Accept, Accept-Language",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(render_template(language, template, {**values, **(context or {})}), status, headers)


def _without_language(query: str) -> str:
    """Return the query string without `lang`, for links to the page in another language.

    An answer on that page is then in the language of the page.
    """
    kept = [part for part in query.removeprefix("?").split("&") if part and part.partition("=")[0] != "lang"]
    return "?" + "&".join(kept) if kept else ""


Handler = Callable[..., Response]
"""A function that answers a page request. Its arguments are the PageRequest and, by keyword, the path variables."""

_VARIABLE = re.compile(r"\{(\w+)(?::path)?\}")
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|igshid|mc_cid|mc_eid|msclkid", re.DOTALL)
"""The query parameters that newsletters and social networks add to track visitors."""


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
        suffix = {
            "name": SUFFIX,
            "in": "path",
            "required": True,
            "description": "The format",
            "schema": {"type": "string", "enum": [form.extension for form in self.forms]},
        }
        path = f"{'/index' if self.path == '/' else self.path}.{{{SUFFIX}}}"
        return self, replace(self, path=path, summary=f"{self.summary}, as data", parameters=(suffix, *self.parameters))

    @property
    def route_arguments(self) -> Mapping[str, Any]:
        """The description of the page in OpenAPI, as arguments of FastAPI's `add_api_route`."""
        examples = {name: {"examples": list(values)} for name, values in self.examples.items()}
        variables = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "title": name.title(), **examples.get(name, {})},
            }
            for name in _VARIABLE.findall(self.path)
            if name != SUFFIX
        ]
        return self.operation or {
            "summary": self.summary,
            "responses": {
                "200": {
                    "description": "The page, or what it shows as data.",
                    "content": response_content(media_types(self.forms)),
                },
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
            return Response(status_code=304, headers={**tag_headers(tag), "Vary": "Accept, Accept-Language"})
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
    return (
        str(request.url),
        request.scope.get("root_path", ""),
        HTML.media_type if wants_html else accept_header(request) or "",
        visit.language,
        datetime.now(UTC).date().isoformat(),
    )


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
        if tracking := [name for name in given if _TRACKING.fullmatch(name)]:
            return RedirectResponse(url.remove_query_params(tracking).replace(scheme="", netloc=""), 308)
        if not page.has_own_parameter_check:
            visit.check_parameters([each["name"] for each in page.parameters if each["in"] == "query"])
        make = partial(page.handler, visit, **visit.variables)
        return self._cache.answer(visit, make) if page.is_cacheable else make()
