"""Turns templates into pages: the language, the links and the security headers that every page has."""

import secrets
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crmgraph.http.caching import FRESH
from crmgraph.http.languages import (
    LANGUAGES,
    format_day,
    format_days,
    format_duration,
    format_number,
    marked,
    preferred,
    translations,
)
from crmgraph.site.assets import fingerprint, inlined
from crmgraph.site.charts.layout import outline_of, turned
from crmgraph.site.citing.citation import cited
from crmgraph.site.links import Links
from crmgraph.site.representations import GRAPHS, JSON
from crmgraph.site.sections import section_of
from crmgraph.site.site import Site, in_language
from crmgraph.site.source.excerpt import language_at
from crmgraph.site.streaming import StreamedPage
from crmgraph.site.vocabulary.property_names import PROPERTY_NAMES
from crmgraph.sparql import Format
from crmgraph.storing.states import name_of

__all__ = [
    "GROUPS",
    "address_of",
    "address_to",
    "language_of",
    "links_of",
    "offers",
    "origin_of",
    "path_of",
    "render",
    "written",
]

_FIRST_SHEET = "site.css"
_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = (
    "default-src 'self'; style-src 'self' {sheets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The editor writes a style sheet of its own, and browsers give typed text the style attribute of what it replaces.
_EDITOR_SHEETS = "{sheet} 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
# Whose Spanish and whose English it is, as Open Graph wants it said.
_LOCALES = {"es": "es_MX", "en": "en_GB"}
_SEVERITIES = {"violation": marked("error"), "warning": marked("warning"), "info": marked("information")}
GROUPS = {
    "actors": marked("Who does what"),
    "time": marked("When, where and how far"),
    "themes-and-groups": marked("Topics and population groups"),
    "instruments": marked("Instruments, programmes and funds"),
    "networks": marked("Networks and their work plans"),
    "gaps": marked("What is missing or inconsistent"),
    "correspondences": marked("Correspondences with other plans"),
    "processes": marked("Consultative processes and who takes part"),
    "structure": marked("How the plan is structured"),
    "names": marked("How the plan names things"),
    "provenance": marked("Where an answer comes from"),
}


def links_of(request: Request, site: Site) -> Links:
    """The links of the site as it is mounted for this request."""
    return Links(site.names, request.scope.get("root_path", "").rstrip("/"))


def language_of(request: Request) -> str:
    """The language that the path of the request begins with, else the one that the visitor likes best."""
    first = _path(request).lstrip("/").split("/")[0]
    return first if first in LANGUAGES else preferred(request.headers.get("accept-language"))


def path_of(request: Request) -> str:
    """The path of the request without the root and the language, such as `/findings`."""
    path = _path(request)
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    return path


def origin_of(request: Request) -> str:
    """The scheme and the host that the request was sent to, such as `https://example.org`."""
    return f"{request.url.scheme}://{request.url.netloc}"


def address_of(request: Request, site: Site, path: str) -> str:
    """The whole address of the page at this path, in the language of the request."""
    return origin_of(request) + links_of(request, site).page(language_of(request), path)


def address_to(request: Request, site: Site, iri: str) -> str:
    """The whole address of the page about one of our IRIs, in the language of the request."""
    return origin_of(request) + (links_of(request, site).target(iri, language_of(request)) or "")


def offers(
    request: Request,
    site: Site,
    path: str,
    forms: Sequence[Format] = GRAPHS,
    query: str = "",
    also: Sequence[Format] = (*GRAPHS, JSON),
) -> dict[str, object]:
    """The addresses of the data behind a page: in some `forms` as links to show, in these and `also` others for the
    head of the page."""
    links = links_of(request, site)
    listed = [(form, links.data(f"{path}.{form.extension}{query}")) for form in dict.fromkeys((*forms, *also))]
    return {
        "offers": [(form.label, address) for form, address in listed if form in forms],
        "data_formats": [(form.label, address, form.media_type) for form, address in listed],
    }


def render(
    request: Request,
    site: Site,
    template: str,
    status: int = 200,
    context: Mapping[str, object] | None = None,
    editor: bool = False,
    has_data: bool = True,
) -> Response:
    """A page: the template in the language of the request, with `context`, and the headers that every page has.

    Where it `has_data`, its head leads to them by the suffixes of its address. A page with an `editor` lets it write a
    style sheet, with the word that the template has as `nonce`.
    """
    language = language_of(request)
    links = links_of(request, site)
    path = path_of(request)
    asked_for = f"?{request.url.query}" if request.url.query else ""
    nonce = secrets.token_urlsafe(16) if editor else ""
    sheet = inlined(_FIRST_SHEET)
    pieces = (
        _environment(language)
        .get_template(template)
        .generate(
            {
                "language": language,
                "languages": LANGUAGES,
                "locales": _LOCALES,
                "links": links,
                "absolute": lambda address: origin_of(request) + address,
                "href": lambda target: links.page(language, target),
                "first_sheet": sheet.text,
                "asset": lambda name: links.data(f"/static/{name}?v={fingerprint(name)}"),
                "tongue_of": partial(language_at, site),
                "source_path": lambda iri: iri.removeprefix(site.names.id()),
                "path": path,
                "query": asked_for,
                "query_in": lambda code: asked_for if code == language else _without_language(asked_for),
                "section": section_of(path),
                **({"nonce": nonce} if editor else {}),
                "dataset": name_of(site.state),
                "citation": lambda address, title: cited(site, address, title, language),
                "is_as_built": site.is_as_built,
                "built_as": site.origin,
                "contact": site.contact,
                **(offers(request, site, "/index" if path == "/" else path, (), asked_for) if has_data else {}),
                **(context or {}),
            }
        )
    )
    sheets = _EDITOR_SHEETS.format(sheet=sheet.source, nonce=nonce) if editor else sheet.source
    headers = {
        **FRESH,
        "Content-Language": language,
        "Content-Security-Policy": _POLICY.format(sheets=sheets),
        "Referrer-Policy": "same-origin",
        "Vary": "Accept, Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
    # Where nothing is kept, a page that is written may still have to ask for something.
    if site.may_keep and request.scope["http_version"] != "1.0":  # which has no way to say that a page broke off
        return StreamedPage(pieces, partial(written, language, "broken-off.html", {}), status, headers)
    return HTMLResponse("".join(pieces), status, headers)


def _without_language(query: str) -> str:
    """The query string without `lang`, so that the page at it speaks its own language in its answer too."""
    kept = [part for part in query.removeprefix("?").split("&") if part and part.partition("=")[0] != "lang"]
    return "?" + "&".join(kept) if kept else ""


def written(language: str, template: str, context: Mapping[str, object]) -> str:
    """What a template that is no page writes in a language, with nothing but `context`."""
    return _environment(language).get_template(template).render({"language": language, **context})


def read_templates() -> None:
    """Read all templates, in about a second, so that no visitor waits for one."""
    for environment in map(_environment, LANGUAGES):
        for name in environment.list_templates():
            environment.get_template(name)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    messages = translations(language)
    environment.install_gettext_translations(messages, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        in_language=in_language,
        number=lambda value: format_number(value, language),
        duration=lambda value: format_duration(value, language),
        day=lambda value: format_day(value, language),
        days=lambda first, last: format_days(first, last, language),
        common_label=lambda iri: messages.gettext(PROPERTY_NAMES.get(iri, "")),
        severity_label=lambda name: messages.gettext(_SEVERITIES[name]) if name in _SEVERITIES else name,
        outline_of=outline_of,
        turned=turned,
        group_label=lambda name: messages.gettext(GROUPS[name]) if name in GROUPS else name,
    )
    return environment


def _path(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(root + "/") else path
