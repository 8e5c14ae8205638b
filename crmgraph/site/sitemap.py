"""Which pages there are, by their paths without language or root, and which are written much like a mistyped one."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

from fastapi import FastAPI
from rapidfuzz import fuzz, process
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crmgraph.http.caching import FRESH
from crmgraph.http.languages import LANGUAGES
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.graphs import graph_names
from crmgraph.site.base.links import Links, links_of, origin_of
from crmgraph.site.base.site import Site
from crmgraph.site.findings import SHAPES, checks
from crmgraph.site.plans import compared, name_of_plan, pair_path

__all__ = ["known_paths", "near_paths", "robots", "sitemap", "sitemap_part"]

_THINGS = 'SELECT DISTINCT ?x { GRAPH ?any { ?x a ?class } FILTER (STRSTARTS(STR(?x), "%s")) } ORDER BY ?x'
_SCHEMES = "SELECT DISTINCT ?x { ?x a skos:ConceptScheme } ORDER BY ?x"
_VERSIONS = "SELECT DISTINCT ?x { ?x dcterms:isVersionOf ?plan . ?next prov:wasRevisionOf ?x } ORDER BY ?x"
_PLANS = "SELECT DISTINCT ?x { ?x a cg:Plan } ORDER BY ?x"
_CONCEPTS = 'SELECT DISTINCT ?x { ?x skos:inScheme ?any FILTER (STRSTARTS(STR(?x), "%s#")) } ORDER BY ?x'
_OF_CONCEPTS = {"topics": f"{ONTOLOGY}/topic", "population-groups": f"{ONTOLOGY}/population-group"}
"""The folders with a page for each concept of a scheme."""

_ACRONYMS = """
SELECT DISTINCT ?x ?name {
  ?x skos:altLabel ?name FILTER (STRSTARTS(STR(?x), "%s") && REGEX(?name, "^[A-Z][A-Z0-9-]{1,11}$"))
} ORDER BY ?x"""
_NO_PAGES = (".txt", ".xml", ".svg", ".json")
_LEAST_LIKE = 70
"""How like an address has to be to be named in the place of another, of 100."""

_LONGEST = 200
"""Nobody meant an address of more characters than this."""


def known_paths(request: Request, site: Site) -> tuple[str, ...]:
    """The paths of all pages: of those of the application that take no parameter, and of all that the graph knows."""
    return tuple(dict.fromkeys((*_fixed(request.scope.get("app")), *_told(site))))


def near_paths(request: Request, site: Site, path: str) -> list[str]:
    """Up to three paths that are written much like this one, the likest first."""
    if len(path) > _LONGEST:
        return []
    by_name = _by_acronym(site) | {unquote(known).casefold(): known for known in known_paths(request, site)}
    found = process.extract(
        unquote(path).casefold(), by_name.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_LEAST_LIKE
    )
    return list(dict.fromkeys(by_name[name] for name, _, _ in found))


def _by_acronym(site: Site) -> dict[str, str]:
    """The paths of things with an acronym, by what they would be if that were their name in the address."""
    links = Links(site.names)
    found = ((links.path(row["x"].value), row["name"].value) for row in site.recall(_ACRONYMS % site.names.id()))
    return {f"{unquote(path).rpartition('/')[0]}/{name}".casefold(): path for path, name in found if path}


def _fixed(app: object) -> Sequence[str]:
    """The paths without a parameter, from the description of the application."""
    if not isinstance(app, FastAPI):
        return ()
    described = app.openapi()["paths"].items()
    pages = [path for path, operations in described if "site" in operations.get("get", {}).get("tags", ())]
    return [path for path in pages if "{" not in path and not path.endswith(_NO_PAGES)]


def _told(site: Site) -> Sequence[str]:
    """The paths of the pages about what the graph tells of, and of the questions."""
    links = Links(site.names)
    shown = [row["x"].value for row in site.recall(_SCHEMES)]
    shown += [SHAPES, *graph_names(site), *(row["x"].value for row in site.recall(_THINGS % site.names.id()))]
    return [
        *(f"/queries/{quote(name)}" for name in site.library),
        *(f"/findings/{check.code}" for check in checks(site, "en")),
        *(pair_path(plan, other) for plan, other in compared(site)),
        *(f"/versions/{name_of_plan(row['x'].value)}" for row in site.recall(_VERSIONS)),
        *(f"/plan/{name_of_plan(row['x'].value)}" for row in site.recall(_PLANS)),
        *(
            f"/{folder}/{row['x'].value.rpartition('#')[2]}"
            for folder, scheme in _OF_CONCEPTS.items()
            for row in site.recall(_CONCEPTS % scheme)
        ),
        *(path for path in map(links.path, shown) if path),
    ]


# What takes work to answer and is no page to be found by, with all that begins so: tools, and data as a whole.
_TOOLS = ("/sparql", "/explain", "/search", "/passages", "/reconcile")
_BULK = ("/graphs", "/dump.nq.gz")

_MOST = 2000
"""How many addresses a part of the sitemap has at most, in each language (sitemaps.org: 50,000 in all)."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def robots(request: Request, site: Site) -> Response:
    """What robots are to leave alone (RFC 9309), and where the sitemap is."""
    links = links_of(request, site)
    listed = [links.data(path) for path in (*_TOOLS, *_BULK)]
    listed += [links.page(language, path) for language in LANGUAGES for path in _TOOLS]
    rules = "".join(f"Disallow: {path}\n" for path in listed)
    where = f"Sitemap: {origin_of(request)}{links.data('/sitemap.xml')}\n"
    return PlainTextResponse(f"User-agent: *\n{rules}\n{where}", headers=FRESH)


def sitemap(request: Request, site: Site) -> Response:
    """The sitemap: of all pages, or of its parts where there are many."""
    paths = _listed(request, site)
    links, origin = links_of(request, site), origin_of(request)
    parts = ceil(len(paths) / _MOST)
    if parts == 1:
        return _xml(_pages(tuple(paths), links, origin))
    addresses = [f"{origin}{links.data(f'/sitemap-{number}.xml')}" for number in range(1, parts + 1)]
    listed = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return _xml(f'<sitemapindex xmlns="{_SPACE}">\n{listed}</sitemapindex>\n')


def sitemap_part(request: Request, site: Site, number: str) -> Response:
    """The part of the sitemap with this number, from 1 on. Raises HTTPException 404 where there is none."""
    paths = _listed(request, site)
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= ceil(len(paths) / _MOST):
        raise HTTPException(404)
    first = (int(number) - 1) * _MOST
    return _xml(_pages(tuple(paths[first : first + _MOST]), links_of(request, site), origin_of(request)))


def _listed(request: Request, site: Site) -> Sequence[str]:
    return [path for path in known_paths(request, site) if not path.startswith(_TOOLS)]


@lru_cache(maxsize=4)
def _pages(paths: tuple[str, ...], links: Links, origin: str) -> str:
    listed = "".join(_page(path, links, origin) for path in paths)
    return f'<urlset xmlns="{_SPACE}" xmlns:xhtml="{_XHTML}">\n{listed}</urlset>\n'


def _page(path: str, links: Links, origin: str) -> str:
    """The page in each language, each time with all of them, as sitemaps have it."""
    addresses = {language: origin + links.page(language, path) for language in LANGUAGES}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
        for language, address in addresses.items()
    )
    return "".join(f"<url><loc>{escape(address)}</loc>{others}</url>\n" for address in addresses.values())


def _xml(text: str) -> Response:
    headers = {**FRESH, "Content-Type": "application/xml; charset=utf-8"}
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', headers=headers)
