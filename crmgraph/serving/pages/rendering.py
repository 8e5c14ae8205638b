"""Turns templates into pages: the language, the links and the security headers that every page has."""

import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.serving.assets import fingerprint
from crmgraph.serving.i18n import LANGUAGES, format_number, marked, preferred, translations
from crmgraph.serving.pages.links import Links
from crmgraph.serving.pages.site import Site, in_language

__all__ = ["GROUPS", "language_of", "links_of", "render"]

_TEMPLATES = Path(__file__).parent.parent / "templates"
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# The editor writes a style sheet of its own, and browsers give typed text the style attribute of what it replaces.
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
    "http://www.w3.org/2002/07/owl#disjointWith": marked("shares no members with"),
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
    "http://www.w3.org/ns/prov#wasQuotedFrom": marked("was quoted from"),
    "http://www.w3.org/2004/02/skos/core#prefLabel": marked("label"),
    "http://www.w3.org/2004/02/skos/core#altLabel": marked("also called"),
    "http://www.w3.org/2004/02/skos/core#hiddenLabel": marked("also recognised as"),
    "http://www.w3.org/2004/02/skos/core#definition": marked("definition"),
    "http://www.w3.org/2004/02/skos/core#note": marked("note"),
    "http://www.w3.org/2004/02/skos/core#editorialNote": marked("editorial note"),
    "http://www.w3.org/2004/02/skos/core#scopeNote": marked("scope note"),
    "http://www.w3.org/2004/02/skos/core#example": marked("example"),
    "http://www.w3.org/2004/02/skos/core#inScheme": marked("is in the scheme"),
    "http://www.w3.org/2004/02/skos/core#topConceptOf": marked("is a top concept of"),
    "http://www.w3.org/2004/02/skos/core#hasTopConcept": marked("has top concept"),
    "http://www.w3.org/2004/02/skos/core#exactMatch": marked("is exactly equivalent to"),
    "http://www.w3.org/2004/02/skos/core#closeMatch": marked("is nearly equivalent to"),
    "http://www.w3.org/2004/02/skos/core#broadMatch": marked("is narrower than"),
    "http://www.w3.org/2004/02/skos/core#relatedMatch": marked("is related to"),
    "http://www.w3.org/2004/02/skos/core#notation": marked("notation"),
    "https://schema.org/position": marked("position"),
    "https://schema.org/text": marked("text"),
    "https://schema.org/startDate": marked("start date"),
    "https://schema.org/about": marked("is about"),
    "https://schema.org/mentions": marked("mentions"),
    "https://schema.org/sameAs": marked("is the same as"),
    "http://www.w3.org/ns/org#hasMember": marked("has member"),
    "http://www.w3.org/ns/org#hasMembership": marked("has membership"),
    "http://www.w3.org/ns/org#memberOf": marked("is a member of"),
    "http://www.w3.org/ns/org#organization": marked("organisation"),
    "http://www.w3.org/ns/org#member": marked("member"),
    "http://www.w3.org/ns/org#role": marked("role"),
    "http://www.w3.org/ns/oa#start": marked("start"),
    "http://www.w3.org/ns/oa#end": marked("end"),
    "http://www.w3.org/ns/oa#exact": marked("exact text"),
    "http://xmlns.com/foaf/0.1/page": marked("web page"),
    "http://purl.org/vocab/vann/preferredNamespacePrefix": marked("preferred prefix"),
    "http://purl.org/vocab/vann/preferredNamespaceUri": marked("preferred namespace"),
    "http://rdfs.org/ns/void#triples": marked("number of triples"),
    "http://rdfs.org/ns/void#subset": marked("has subset"),
    "http://rdfs.org/ns/void#vocabulary": marked("uses the vocabulary"),
}
_SEVERITIES = {"violation": marked("violation"), "warning": marked("warning"), "info": marked("information")}
GROUPS = {
    "structure": marked("How the plan is structured"),
    "references": marked("What refers to what"),
    "schedule": marked("Status of the activities"),
    "instruments": marked("Agreements and their parties"),
    "gaps": marked("What is missing or inconsistent"),
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
    request: Request,
    site: Site,
    template: str,
    status: int = 200,
    context: Mapping[str, object] | None = None,
    editor: bool = False,
) -> HTMLResponse:
    """A page: the template in the language of the request, with `context`, and the headers that every page has.

    A page with an `editor` lets it write a style sheet, with the word that the template has as `nonce`.
    """
    language = language_of(request)
    links = links_of(request, site)
    path = _path(request)
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    nonce = secrets.token_urlsafe(16) if editor else ""
    body = (
        _environment(language)
        .get_template(template)
        .render(
            {
                "language": language,
                "languages": LANGUAGES,
                "links": links,
                "href": lambda target: links.page(language, target),
                "asset": lambda name: links.data(f"/static/{name}?v={fingerprint(name)}"),
                "source_path": lambda iri: iri.removeprefix(site.names.id()),
                "path": path,
                "query": f"?{request.url.query}" if request.url.query else "",
                "section": "/" + path.split("/")[1],
                **({"nonce": nonce} if editor else {}),
                "digest": site.digest,
                **(context or {}),
            }
        )
    )
    policy = f"{_POLICY}; {_EDITOR_POLICY.format(nonce=nonce)}" if editor else _POLICY
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


def _path(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(root + "/") else path
