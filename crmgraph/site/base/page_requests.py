"""The context of a page request, and responses to it as HTML or as data in the format that it asks for."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crmgraph.http.languages import LANGUAGES, preferred_language
from crmgraph.http.protocol import parse_timeout
from crmgraph.http.responses import REVALIDATE_HEADERS
from crmgraph.site.base.addresses import Links, bad_request, menu_path_of, without_language
from crmgraph.site.base.metadata import citation_of
from crmgraph.site.base.rendering import fingerprint, inline_style_sheet, render_template
from crmgraph.site.base.representations import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    data_response,
    graph_response,
    json_response,
    preferred_form,
    split_suffix,
)
from crmgraph.site.base.site import Site
from crmgraph.sparql import Format
from crmgraph.sparql.engine import short_name_of

SUFFIX = "suffix"
"""The path variable for the file extension of a format. Paths that end in another variable do not have it."""

_POLICY = (
    "default-src 'self'; style-src 'self' {sheets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The query editor adds its own style sheet, and browsers copy style attributes onto text that replaces other text.
_EDITOR_SHEETS = "{sheet} 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
# Open Graph requires languages with countries.
_LOCALES = {"es": "es_MX", "en": "en_GB"}


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

    def address_to(self, iri: str) -> str:
        """Return the absolute address of the page about an IRI of ours, in the language of the visitor."""
        return self.origin + (self.links.target(iri, self.language) or "")

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
            return json_response(rows)
        return graph_response(self.site, statements, self.form)

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
            "locales": _LOCALES,
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
            source = _EDITOR_SHEETS.format(sheet=source, nonce=nonce)
        page = render_template(language, template, {**values, **(context or {})})
        headers = {
            **REVALIDATE_HEADERS,
            "Content-Language": language,
            "Content-Security-Policy": _POLICY.format(sheets=source),
            "Referrer-Policy": "same-origin",
            "Vary": "Accept, Accept-Language",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(page, status, headers)


def _without_language(query: str) -> str:
    """Return the query string without `lang`, for links to the page in another language.

    An answer on that page is then in the language of the page.
    """
    kept = [part for part in query.removeprefix("?").split("&") if part and part.partition("=")[0] != "lang"]
    return "?" + "&".join(kept) if kept else ""
