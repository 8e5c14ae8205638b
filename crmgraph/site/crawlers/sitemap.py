"""What crawlers are told: which pages there are, in which languages, and which they are to leave alone."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crmgraph.http.caching import FRESH
from crmgraph.http.languages import LANGUAGES
from crmgraph.site.base.links import Links, links_of, origin_of
from crmgraph.site.base.site import Site
from crmgraph.site.paths import known_paths

__all__ = ["robots", "sitemap", "sitemap_part"]

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
