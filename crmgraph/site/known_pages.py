"""The sitemap, `robots.txt`, and the error pages, which suggest existing pages with a similar address."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape, quoteattr

from fastapi import FastAPI
from rapidfuzz import fuzz, process
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crmgraph.errors import AnswerError
from crmgraph.http.context import context_of
from crmgraph.http.errors import problem_of
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.http.responses import REVALIDATE_HEADERS
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import Links, NothingKnownError, PageRequest, Site, graph_names, in_language
from crmgraph.site.findings import SHAPES, read_checks
from crmgraph.site.plans import compared_pairs, comparison_path, name_of_plan

_THINGS = 'SELECT DISTINCT ?x { GRAPH ?any { ?x a ?class } FILTER (STRSTARTS(STR(?x), "%s")) } ORDER BY ?x'
_SCHEMES = "SELECT DISTINCT ?x { ?x a skos:ConceptScheme } ORDER BY ?x"
_VERSIONS = "SELECT DISTINCT ?x { ?x dcterms:isVersionOf ?plan . ?next prov:wasRevisionOf ?x } ORDER BY ?x"
_PLANS = "SELECT DISTINCT ?x { ?x a cg:Plan } ORDER BY ?x"
_CONCEPTS = f"""
SELECT DISTINCT ?x {{
  ?x skos:inScheme ?any FILTER (STRSTARTS(STR(?x), "{ONTOLOGY}/%s#"))
}} ORDER BY ?x"""
_ACRONYMS = """
SELECT DISTINCT ?x ?name {
  ?x skos:altLabel ?name FILTER (STRSTARTS(STR(?x), "%s") && REGEX(?name, "^[A-Z][A-Z0-9-]{1,11}$"))
} ORDER BY ?x"""
_FILE_SUFFIXES = (".txt", ".xml", ".svg", ".json")
_LEAST_SIMILARITY = 70
"""The least similarity, from 0 to 100, of an unknown path to a page that is suggested for it."""

_LONGEST_PATH = 200
"""The length in characters up to which similar pages are suggested for an unknown path."""

# Crawlers should not visit tools, whose answers are costly and no use as search results, nor downloads of all data.
_TOOL_PATHS = ("/sparql", "/explain", "/search", "/passages", "/reconcile")
_BULK_DATA_PATHS = ("/graphs", "/dump.nq.gz")
_PART_SIZE = 2000
"""The most pages in a part of the sitemap; each has an address per language (sitemaps.org allows 50,000 addresses)."""

_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"


def known_paths(visit: PageRequest) -> tuple[str, ...]:
    """Return the paths of all pages, without language.

    These are the routes without variables, and one page for each question, check, compared pair of plans, version,
    plan, topic, population group, concept scheme, thing and named graph.
    """
    site, app = visit.site, visit.request.scope.get("app")
    links = Links(site.names)
    described = app.openapi()["paths"] if isinstance(app, FastAPI) else {}
    paths = [
        path
        for path, methods in described.items()
        if "site" in methods.get("get", {}).get("tags", ()) and "{" not in path and not path.endswith(_FILE_SUFFIXES)
    ]
    paths += (f"/queries/{quote(name)}" for name in site.library)
    paths += (f"/findings/{check.code}" for check in read_checks(site, "en"))
    paths += (comparison_path(plan, other) for plan, other in compared_pairs(site))
    by_query: dict[str, Callable[[str], str | None]] = {
        _VERSIONS: lambda iri: f"/versions/{name_of_plan(iri)}",
        _PLANS: lambda iri: f"/plan/{name_of_plan(iri)}",
        _CONCEPTS % "topic": lambda iri: f"/topics/{iri.rpartition('#')[2]}",
        _CONCEPTS % "population-group": lambda iri: f"/population-groups/{iri.rpartition('#')[2]}",
        _SCHEMES: links.path,
        _THINGS % site.names.id(): links.path,
    }
    found = [path(row["x"].value) for query, path in by_query.items() for row in site.select_cached(query)]
    return tuple(dict.fromkeys(filter(None, (*paths, *found, *map(links.path, (SHAPES, *graph_names(site)))))))


def similar_paths(visit: PageRequest) -> list[str]:
    """Return up to three paths of existing pages that are spelt like the path of the request, the most similar first.

    A thing with an acronym is also found if the acronym replaces the name: `/id/actor/iom` finds `/id/actor/oim`.
    """
    site, path = visit.site, visit.path
    if len(path) > _LONGEST_PATH:
        return []
    links = Links(site.names)
    by_name: dict[str, str] = {}
    for row in site.select_cached(_ACRONYMS % site.names.id()):
        if known := links.path(row["x"].value):
            by_name[f"{unquote(known).rpartition('/')[0]}/{row['name'].value}".casefold()] = known
    by_name |= {unquote(known).casefold(): known for known in known_paths(visit)}
    name = unquote(path).casefold()
    found = process.extract(name, by_name.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_LEAST_SIMILARITY)
    return list(dict.fromkeys(by_name[like] for like, _, _ in found))


def robots(visit: PageRequest) -> Response:
    """Return `robots.txt` (RFC 9309): the paths that crawlers should not visit, and the address of the sitemap."""
    links = visit.links
    listed = [links.data_address(path) for path in (*_TOOL_PATHS, *_BULK_DATA_PATHS)]
    listed += [links.page_address(language, path) for language in LANGUAGES for path in _TOOL_PATHS]
    rules = "".join(f"Disallow: {path}\n" for path in listed)
    where = f"Sitemap: {visit.origin}{links.data_address('/sitemap.xml')}\n"
    return PlainTextResponse(f"User-agent: *\n{rules}\n{where}", headers=REVALIDATE_HEADERS)


def sitemap(visit: PageRequest) -> Response:
    """Return the sitemap index, which lists the addresses of the parts of the sitemap."""
    parts = ceil(len(_sitemap_paths(visit)) / _PART_SIZE)
    links, origin = visit.links, visit.origin
    addresses = [f"{origin}{links.data_address(f'/sitemap-{number}.xml')}" for number in range(1, parts + 1)]
    listed = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return _xml_response(f'<sitemapindex xmlns="{_SITEMAP_NAMESPACE}">\n{listed}</sitemapindex>\n')


def sitemap_part(visit: PageRequest, number: str) -> Response:
    """Return the part of the sitemap with this number, from 1 on. Raises HTTPException 404 for any other number."""
    paths = _sitemap_paths(visit)
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= ceil(len(paths) / _PART_SIZE):
        raise HTTPException(404)
    links, origin = visit.links, visit.origin
    first = (int(number) - 1) * _PART_SIZE
    listed = []
    for path in paths[first : first + _PART_SIZE]:
        # Search engines want each address to list its page in all languages, including its own.
        addresses = {language: origin + links.page_address(language, path) for language in LANGUAGES}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
            for language, address in addresses.items()
        )
        listed += [f"<url><loc>{escape(address)}</loc>{others}</url>\n" for address in addresses.values()]
    return _xml_response(
        f'<urlset xmlns="{_SITEMAP_NAMESPACE}" xmlns:xhtml="{_XHTML_NAMESPACE}">\n{"".join(listed)}</urlset>\n'
    )


def _sitemap_paths(visit: PageRequest) -> Sequence[str]:
    return [path for path in known_paths(visit) if not path.startswith(_TOOL_PATHS)]


def _xml_response(text: str) -> Response:
    headers = {**REVALIDATE_HEADERS, "Content-Type": "application/xml; charset=utf-8"}
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', headers=headers)


_ADVICE = {
    404: marked("The address may be mistyped, or what you are looking for may never have been part of this dataset."),
    500: marked(
        "The mistake is ours; you did nothing wrong. Try again; if it happens again, tell those who run this service "
        "what you were looking for, and the name of the request."
    ),
    502: marked("Try again in a moment."),
    503: marked("Try again in a moment."),
}
"""What the visitor can do about an error, by HTTP status."""


def error_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page for an error in the visitor's language, with the HTTP status of the error."""
    visit = PageRequest(request, site)
    language = visit.language
    problem = replace(problem_of(error, language), request=context_of(request).id)
    advice = translations(language).gettext(_ADVICE[problem.status]) if problem.status in _ADVICE else ""
    near: Sequence[tuple[str, str]] = ()
    if isinstance(error, NothingKnownError):
        problem, near = replace(problem, detail=""), error.near
    if problem.status == 404 and not near:
        near = _suggest_pages(visit)
    context = {"problem": problem, "explanation": advice, "near": near}
    return visit.render("error.html", context, problem.status, has_data=False)


def brief_error_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page for the error of a refused request, in the visitor's language.

    The page needs no query, because a rate limit may refuse many requests.
    """
    visit = PageRequest(request, site)
    problem = problem_of(error, visit.language)
    return visit.render("refused.html", {"problem": problem}, problem.status, has_data=False)


def _suggest_pages(visit: PageRequest) -> list[tuple[str, str]]:
    """Return the titles and paths of pages with a similar address; none if the data cannot be queried."""
    site, language = visit.site, visit.language
    try:
        paths = similar_paths(visit)
        labels = site.labels(site.names.base + path[1:] for path in paths)
    except AnswerError:
        return []
    titles = {f"/queries/{name}": question.title[language] for name, question in site.library.items()}
    titles |= {f"/findings/{check.code}": check.title for check in read_checks(site, language)}
    named = ((in_language(labels.get(site.names.base + path[1:], {}), language)[0], path) for path in paths)
    return [(titles.get(path) or label or path, path) for label, path in named]
