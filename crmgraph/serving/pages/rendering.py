"""Turns templates into pages: the language, the links and the security headers that every page has."""

import hashlib
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.serving.i18n import LANGUAGES, format_number, marked, preferred, translations
from crmgraph.serving.pages.links import Links
from crmgraph.serving.pages.site import Site, in_language

__all__ = ["GROUPS", "STATIC", "language_of", "links_of", "render"]

_SERVING = Path(__file__).parent.parent
STATIC = _SERVING / "static"
_TEMPLATES = _SERVING / "templates"
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# The editor writes a style sheet of its own, and browsers give typed text the style attribute of what it replaces.
_EDITOR_PAGE = "workbench.html"
_EDITOR_POLICY = "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_COMMON = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": marked("is a"),
    _RDFS + "label": marked("label"),
    _RDFS + "comment": marked("comment"),
    _RDFS + "seeAlso": marked("see also"),
    _RDFS + "domain": marked("domain"),
    _RDFS + "range": marked("range"),
    _RDFS + "subClassOf": marked("is a kind of"),
    _RDFS + "subPropertyOf": marked("is a special case of"),
    _RDFS + "isDefinedBy": marked("is defined by"),
    "http://www.w3.org/2002/07/owl#inverseOf": marked("is the inverse of"),
    "http://www.w3.org/2002/07/owl#disjointWith": marked("has nothing in common with"),
    "http://www.w3.org/2002/07/owl#differentFrom": marked("is different from"),
    "http://www.w3.org/2002/07/owl#sameAs": marked("is the same as"),
    "http://www.w3.org/2002/07/owl#versionIRI": marked("version"),
    "http://www.w3.org/2002/07/owl#versionInfo": marked("version number"),
    "http://purl.org/dc/terms/isPartOf": marked("is part of"),
    "http://purl.org/dc/terms/hasPart": marked("has part"),
    "http://purl.org/dc/terms/source": marked("source"),
    "http://purl.org/dc/terms/title": marked("title"),
    "http://purl.org/dc/terms/description": marked("description"),
    "http://purl.org/dc/terms/identifier": marked("identifier"),
    "http://purl.org/dc/terms/extent": marked("extent"),
    "http://purl.org/dc/terms/license": marked("licence"),
    "http://purl.org/dc/terms/creator": marked("creator"),
    "http://purl.org/dc/terms/created": marked("created on"),
    "http://purl.org/dc/terms/modified": marked("modified on"),
    "http://purl.org/dc/terms/issued": marked("issued on"),
    "http://purl.org/dc/terms/date": marked("date"),
    "http://purl.org/dc/terms/references": marked("refers to"),
    "http://www.w3.org/ns/prov#wasDerivedFrom": marked("was derived from"),
    "http://www.w3.org/2004/02/skos/core#prefLabel": marked("label"),
    "http://www.w3.org/2004/02/skos/core#altLabel": marked("also called"),
    "http://www.w3.org/2004/02/skos/core#hiddenLabel": marked("also spelled"),
    "http://www.w3.org/2004/02/skos/core#definition": marked("definition"),
    "http://www.w3.org/2004/02/skos/core#note": marked("note"),
    "http://www.w3.org/2004/02/skos/core#scopeNote": marked("scope note"),
    "http://www.w3.org/2004/02/skos/core#example": marked("example"),
    "http://www.w3.org/2004/02/skos/core#inScheme": marked("is in the scheme"),
    "http://www.w3.org/2004/02/skos/core#topConceptOf": marked("is a top concept of"),
    "http://www.w3.org/2004/02/skos/core#exactMatch": marked("means exactly"),
    "http://www.w3.org/2004/02/skos/core#closeMatch": marked("means nearly"),
    "http://www.w3.org/2004/02/skos/core#broadMatch": marked("is narrower than"),
    "http://www.w3.org/2004/02/skos/core#relatedMatch": marked("is related to"),
    "http://www.w3.org/2004/02/skos/core#notation": marked("notation"),
    "https://schema.org/position": marked("position"),
    "https://schema.org/text": marked("text"),
    "http://www.w3.org/ns/org#hasMember": marked("has member"),
    "http://www.w3.org/ns/org#hasMembership": marked("has membership"),
    "http://www.w3.org/ns/org#memberOf": marked("is a member of"),
}
_SEVERITIES = {"violation": marked("violation"), "warning": marked("warning"), "info": marked("remark")}
GROUPS = {
    "structure": marked("How the plan is built"),
    "references": marked("What refers to what"),
    "schedule": marked("How things stand"),
    "instruments": marked("Agreements and their parties"),
    "gaps": marked("What is missing or does not fit"),
    "provenance": marked("Where an answer comes from"),
}


def links_of(request: Request, site: Site) -> Links:
    """The links of the site as it is mounted for this request."""
    return Links(site.names, request.scope.get("root_path", "").rstrip("/"))


def language_of(request: Request) -> str:
    """The language that the path of the request begins with, else the one that the visitor likes best."""
    first = _path(request).lstrip("/").split("/")[0]
    return first if first in LANGUAGES else preferred(request.headers.get("accept-language"))


def render(
    request: Request, site: Site, template: str, status: int = 200, context: Mapping[str, object] | None = None
) -> HTMLResponse:
    """A page: the template in the language of the request, with `context`, and the headers that every page has."""
    language = language_of(request)
    links = links_of(request, site)
    path = _path(request)
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    nonce = secrets.token_urlsafe(16)
    body = (
        _environment(language)
        .get_template(template)
        .render(
            {
                "language": language,
                "languages": LANGUAGES,
                "links": links,
                "href": lambda target: links.page(language, target),
                "asset": lambda name: links.data(f"/static/{name}?v={_fingerprint(name)}"),
                "source_path": lambda iri: iri.removeprefix(site.names.id()),
                "path": path,
                "query": f"?{request.url.query}" if request.url.query else "",
                "section": "/" + path.split("/")[1],
                "nonce": nonce,
                "digest": site.digest,
                **(context or {}),
            }
        )
    )
    policy = _POLICY if template != _EDITOR_PAGE else f"{_POLICY}; {_EDITOR_POLICY.format(nonce=nonce)}"
    return HTMLResponse(
        body,
        status,
        headers={
            "Content-Language": language,
            "Content-Security-Policy": policy,
            "Referrer-Policy": "same-origin",
            "Vary": "Accept, Accept-Language",
            "X-Content-Type-Options": "nosniff",
        },
    )


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
        common_label=lambda iri: messages.gettext(_COMMON[iri]) if iri in _COMMON else "",
        severity_label=lambda name: messages.gettext(_SEVERITIES[name]) if name in _SEVERITIES else name,
        group_label=lambda name: messages.gettext(GROUPS[name]) if name in GROUPS else name,
    )
    return environment


@cache
def _fingerprint(name: str) -> str:
    """What changes in the address of an asset when its bytes do, so that browsers may keep it."""
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


def _path(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(root + "/") else path
