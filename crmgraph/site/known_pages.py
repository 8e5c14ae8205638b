"""The pages that there are, as a sitemap for crawlers, and the pages of errors, with those that may be meant."""

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
from crmgraph.site.base import Links, NothingKnownError, Site, Visit, graph_names, in_language
from crmgraph.site.findings import SHAPES, checks
from crmgraph.site.plans import compared, name_of_plan, pair_path

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
_NO_PAGES = (".txt", ".xml", ".svg", ".json")
_LEAST_LIKE = 70
"""The least likeness of an address to one that is suggested for it, of 100."""

_LONGEST = 200
"""The most characters of an address that may be mistyped."""

# Crawlers need not visit what takes work to answer and is no page to be found by: tools, and data as a whole.
_TOOLS = ("/sparql", "/explain", "/search", "/passages", "/reconcile")
_BULK = ("/graphs", "/dump.nq.gz")
_MOST = 2000
"""The most addresses in a part of the sitemap, in each language (sitemaps.org: 50,000 in all)."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def known_paths(visit: Visit) -> tuple[str, ...]:
    """Return the paths of all pages: of those whose paths have no variable, and of all that the graph knows."""
    site, app = visit.site, visit.request.scope.get("app")
    links = Links(site.names)
    described = app.openapi()["paths"] if isinstance(app, FastAPI) else {}
    paths = [
        path
        for path, methods in described.items()
        if "site" in methods.get("get", {}).get("tags", ()) and "{" not in path and not path.endswith(_NO_PAGES)
    ]
    paths += (f"/queries/{quote(name)}" for name in site.library)
    paths += (f"/findings/{check.code}" for check in checks(site, "en"))
    paths += (pair_path(plan, other) for plan, other in compared(site))
    by_query: dict[str, Callable[[str], str | None]] = {
        _VERSIONS: lambda iri: f"/versions/{name_of_plan(iri)}",
        _PLANS: lambda iri: f"/plan/{name_of_plan(iri)}",
        _CONCEPTS % "topic": lambda iri: f"/topics/{iri.rpartition('#')[2]}",
        _CONCEPTS % "population-group": lambda iri: f"/population-groups/{iri.rpartition('#')[2]}",
        _SCHEMES: links.path,
        _THINGS % site.names.id(): links.path,
    }
    found = [path(row["x"].value) for query, path in by_query.items() for row in site.recall(query)]
    return tuple(dict.fromkeys(filter(None, (*paths, *found, *map(links.path, (SHAPES, *graph_names(site)))))))


def near_paths(visit: Visit) -> list[str]:
    """Return up to three paths that are written much like that of the visit, the likest first.

    A thing with an acronym is found by that in the place of its name, too.
    """
    site, path = visit.site, visit.path
    if len(path) > _LONGEST:
        return []
    links = Links(site.names)
    by_name: dict[str, str] = {}
    for row in site.recall(_ACRONYMS % site.names.id()):
        if known := links.path(row["x"].value):
            by_name[f"{unquote(known).rpartition('/')[0]}/{row['name'].value}".casefold()] = known
    by_name |= {unquote(known).casefold(): known for known in known_paths(visit)}
    name = unquote(path).casefold()
    found = process.extract(name, by_name.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=_LEAST_LIKE)
    return list(dict.fromkeys(by_name[like] for like, _, _ in found))


def robots(visit: Visit) -> Response:
    """Answer with what crawlers need not visit (RFC 9309), and the address of the sitemap."""
    links = visit.links
    listed = [links.data(path) for path in (*_TOOLS, *_BULK)]
    listed += [links.page(language, path) for language in LANGUAGES for path in _TOOLS]
    rules = "".join(f"Disallow: {path}\n" for path in listed)
    where = f"Sitemap: {visit.origin}{links.data('/sitemap.xml')}\n"
    return PlainTextResponse(f"User-agent: *\n{rules}\n{where}", headers=REVALIDATE_HEADERS)


def sitemap(visit: Visit) -> Response:
    """Answer with the sitemap, which leads to the parts of the list of all pages."""
    parts = ceil(len(_listed(visit)) / _MOST)
    links, origin = visit.links, visit.origin
    addresses = [f"{origin}{links.data(f'/sitemap-{number}.xml')}" for number in range(1, parts + 1)]
    listed = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return _xml(f'<sitemapindex xmlns="{_SPACE}">\n{listed}</sitemapindex>\n')


def sitemap_part(visit: Visit, number: str) -> Response:
    """Answer with the part of the sitemap with this number, from 1 on. Raises HTTPException 404 where there is none."""
    paths = _listed(visit)
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= ceil(len(paths) / _MOST):
        raise HTTPException(404)
    links, origin = visit.links, visit.origin
    first = (int(number) - 1) * _MOST
    listed = []
    for path in paths[first : first + _MOST]:
        # Each page names itself in all languages.
        addresses = {language: origin + links.page(language, path) for language in LANGUAGES}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(address)}/>'
            for language, address in addresses.items()
        )
        listed += [f"<url><loc>{escape(address)}</loc>{others}</url>\n" for address in addresses.values()]
    return _xml(f'<urlset xmlns="{_SPACE}" xmlns:xhtml="{_XHTML}">\n{"".join(listed)}</urlset>\n')


def _listed(visit: Visit) -> Sequence[str]:
    return [path for path in known_paths(visit) if not path.startswith(_TOOLS)]


def _xml(text: str) -> Response:
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
"""What to do about an error, by its status."""


def error_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page that tells of an error in the visitor's language, with its HTTP status."""
    visit = Visit(request, site)
    language = visit.language
    problem = replace(problem_of(error, language), request=context_of(request).id)
    advice = translations(language).gettext(_ADVICE[problem.status]) if problem.status in _ADVICE else ""
    near: Sequence[tuple[str, str]] = ()
    if isinstance(error, NothingKnownError):
        problem, near = replace(problem, detail=""), error.near
    if problem.status == 404 and not near:
        near = _near(visit)
    context = {"problem": problem, "explanation": advice, "near": near}
    return visit.render("error.html", context, problem.status, has_data=False)


def brief_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page that tells a visitor who is turned away of the error, made in no time, for they may be many."""
    visit = Visit(request, site)
    problem = problem_of(error, visit.language)
    return visit.render("refused.html", {"problem": problem}, problem.status, has_data=False)


def _near(visit: Visit) -> list[tuple[str, str]]:
    """Return the titles and paths of pages that may be meant by the address; none where the data cannot be had."""
    site, language = visit.site, visit.language
    try:
        paths = near_paths(visit)
        labels = site.labels(site.names.base + path[1:] for path in paths)
    except AnswerError:
        return []
    titles = {f"/queries/{name}": question.title[language] for name, question in site.library.items()}
    titles |= {f"/findings/{check.code}": check.title for check in checks(site, language)}
    named = ((in_language(labels.get(site.names.base + path[1:], {}), language)[0], path) for path in paths)
    return [(titles.get(path) or label or path, path) for label, path in named]
