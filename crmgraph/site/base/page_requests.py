"""A visit: a request for a page, with all that the answer depends on, and the answer in the form that it asks for."""

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
from crmgraph.site.base.addresses import Links, bad_request, section_of, without_language
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
"""The variable for the extension of a form, in paths that end in no other variable."""

_POLICY = (
    "default-src 'self'; style-src 'self' {sheets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The editor writes a style sheet of its own, and browsers give typed text the style attribute of what it replaces.
_EDITOR_SHEETS = "{sheet} 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
# Open Graph wants languages with their countries.
_LOCALES = {"es": "es_MX", "en": "en_GB"}


@dataclass(frozen=True)
class PageRequest:
    """A request for a page that has these forms, and the site as it is for the visitor."""

    request: Request
    site: Site
    forms: Sequence[Format] = (HTML,)

    @cached_property
    def links(self) -> Links:
        """The links of the site as it is mounted for this request."""
        return Links(self.site.names, self.request.scope.get("root_path", "").rstrip("/"))

    @cached_property
    def language(self) -> str:
        """The language that the path begins with, else the one that the visitor prefers."""
        first = self._whole_path.lstrip("/").split("/")[0]
        return first if first in LANGUAGES else preferred_language(self.request.headers.get("accept-language"))

    @property
    def path(self) -> str:
        """The path without the root and the language, such as `/findings`."""
        return without_language(self._whole_path)

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters."""
        return self.request.query_params

    @property
    def seconds(self) -> float:
        """The time limit that `timeout` asks for, at most the site's. Raises HTTPException 400 where it is none."""
        return parse_timeout(self.query.get("timeout"), self.site.seconds)

    @property
    def origin(self) -> str:
        """The scheme and the host that the request was sent to, such as `https://example.org`."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    @property
    def variables(self) -> dict[str, str]:
        """The variables of the path, the last of them without the extension of a form."""
        found = {name: value for name, value in self.request.path_params.items() if name != SUFFIX}
        if found and self.named_form:
            last = list(found)[-1]
            found[last] = found[last].removesuffix(f".{self.named_form.extension}")
        return found

    @property
    def named_form(self) -> Format | None:
        """The form whose extension the address ends in, if any."""
        return split_suffix(self.path, self.forms)[1]

    @cached_property
    def form(self) -> Format:
        """The form that the address names, else the one that the Accept header prefers.

        Raises HTTPException 404 for an extension that is none of theirs, NotAcceptableError where the header takes
        none.
        """
        if self.named_form is None and SUFFIX in self.request.path_params:
            raise HTTPException(404)
        return self.named_form or preferred_form(self.request, self.forms)

    @property
    def _whole_path(self) -> str:
        path: str = self.request.scope["path"]
        root: str = self.request.scope.get("root_path", "")
        return path.removeprefix(root) if root and path.startswith(root + "/") else path

    def address(self, path: str) -> str:
        """Return the whole address of the page at this path, in the language of the visitor."""
        return self.origin + self.links.page(self.language, path)

    def address_to(self, iri: str) -> str:
        """Return the whole address of the page about one of our IRIs, in the language of the visitor."""
        return self.origin + (self.links.target(iri, self.language) or "")

    def check_parameters(self, known: Collection[str] | None = None) -> None:
        """Raise HTTPException 400 for a parameter that is there twice, or is none of the `known`, if they are given."""
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

    def data(
        self, statements: str, rows: Iterable[Mapping[str, object]] | None = None, table: str | bytes = ""
    ) -> Response:
        """Return what a page shows as data, in the form that was asked for.

        Arguments:
            statements: the CONSTRUCT query for the forms of graphs.
            rows: those of its table, for JSON; without them, JSON has the statements.
            table: the text for CSV.
        """
        if self.form == CSV:
            return data_response(table, CSV.media_type, is_language_dependent=True)
        if self.form == JSON and rows is not None:
            return json_response(rows)
        return graph_response(self.site, statements, self.form)

    def data_links(
        self, offers: Sequence[Format] = (), path: str | None = None, query: str | None = None
    ) -> dict[str, object]:
        """Return the addresses of the data behind a page, as parts of its context.

        Those in the forms of `offers` are shown as links; those in these, those for graphs and JSON stand in the head.
        The data are at a path and with a query string; by default, those of the page.
        """
        path = split_suffix(self.path, self.forms)[0] if path is None else path
        query = self._query_string if query is None else query
        listed = [
            (form, self.links.data(f"{'/index' if path == '/' else path}.{form.extension}{query}"))
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
        """Return a page: a template in the language of the visitor, with its context and the headers of every page.

        Where the page `has_data`, it leads to them (see `data_links`), unless its context says where they are. A page
        with an `editor` lets it write a style sheet with the nonce that the template has as `nonce`.
        """
        site, links, language, query = self.site, self.links, self.language, self._query_string
        sheet, source = inline_style_sheet("site.css")
        values: dict[str, object] = {
            "language": language,
            "languages": LANGUAGES,
            "locales": _LOCALES,
            "links": links,
            "absolute": lambda address: self.origin + address,
            "href": lambda target: links.page(language, target),
            "first_sheet": sheet,
            "asset": lambda name: links.data(f"/static/{name}?v={fingerprint(name)}"),
            "tongue_of": site.language_of,
            "source_path": lambda iri: iri.removeprefix(site.names.id()),
            "path": self.path,
            "query": query,
            "query_in": lambda code: query if code == language else _without_language(query),
            "section": section_of(self.path),
            "dataset": short_name_of(site.state),
            "citation": lambda address, title: citation_of(site, address, title, language),
            "is_as_built": site.is_as_built,
            "built_as": site.origin,
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
    """Return the query string without `lang`, so that the page in another language has its answer in that too."""
    kept = [part for part in query.removeprefix("?").split("&") if part and part.partition("=")[0] != "lang"]
    return "?" + "&".join(kept) if kept else ""
