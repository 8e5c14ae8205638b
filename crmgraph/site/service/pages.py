"""The page that says what this is, how it was made, and how far it can be trusted, in figures from the graph."""

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from anyio import CapacityLimiter
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from crmgraph import __version__
from crmgraph.exporting import FORMATS
from crmgraph.exporting.render import text_of_leaves
from crmgraph.http.cors import DATA_HEADERS
from crmgraph.http.errors import problem_of
from crmgraph.http.health import Look
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.site.base.citation import CITATIONS, OFFERED, TEXT, Entry, catalog, cited
from crmgraph.site.base.graphs import graph_names, summary
from crmgraph.site.base.labels import SEVERITIES
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    asked,
    by_suffix,
    chosen,
    data,
)
from crmgraph.site.base.routing import Addresses, Handler, Page, made_of
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.indexes.kinds import KINDS, PROCESSES
from crmgraph.site.questions.answers import ROWS_SHOWN
from crmgraph.site.questions.pages import what_is_asked
from crmgraph.site.service.api import api_page
from crmgraph.site.statements import about_catalog
from crmgraph.sparql import Format
from crmgraph.store import DUMP
from crmgraph.wording import Bilingual

__all__ = [
    "PARAMETERS",
    "Cited",
    "Export",
    "about_page",
    "accessibility_page",
    "cite_page",
    "download",
    "downloads_page",
    "service_pages",
    "status_router",
]

_COUNTS = """
SELECT ?what (COUNT(DISTINCT ?x) AS ?n) {
  { ?x a cg:LeafPassage ; cg:source %(source)s BIND ("leaves" AS ?what) }
  UNION { ?x a cg:Passage ; cg:source %(source)s BIND ("passages" AS ?what) }
  UNION { ?x a cg:Mention ; cg:inElement/cg:within? %(plan)s BIND ("mentions" AS ?what) }
  UNION { ?x a cg:Translation BIND ("translations" AS ?what) }
  UNION { ?x a cg:Check BIND ("checks" AS ?what) }
  UNION { ?x a cg:Membership BIND ("memberships" AS ?what) }
  UNION { ?x a cg:AbridgedPlan BIND ("abridged" AS ?what) }
  UNION { ?x a cg:Meeting BIND ("meetings" AS ?what) }
  UNION { ?x a cg:Meeting FILTER NOT EXISTS { ?x cg:startDate|cg:endDate ?when } BIND ("undated" AS ?what) }
  UNION { ?x a cg:ConsultativeProcess BIND ("processes" AS ?what) }
  UNION { ?x a cg:ConsultativeProcess FILTER NOT EXISTS { ?x cg:participant/a cg:State } BIND ("stateless" AS ?what) }
} GROUP BY ?what"""
# What is not blank.
_CHARACTERS = r"""
SELECT (SUM(STRLEN(REPLACE(?exact, "\\s", ""))) AS ?n) { ?x a cg:LeafPassage ; cg:source %s ; cg:exact ?exact }"""
_INFERRED = "SELECT (COUNT(*) AS ?n) { GRAPH %s { ?s ?p ?o } }"
_FINDINGS = "SELECT ?severity (COUNT(DISTINCT ?x) AS ?n) { ?x a cg:Finding ; cg:severity ?severity } GROUP BY ?severity"
_SOURCES = """
SELECT ?source (COUNT(DISTINCT ?x) AS ?n) { ?x dcterms:source ?source FILTER ISIRI(?source) } GROUP BY ?source"""
_NAMED = """
SELECT ?x ?label ?page { ?x a dcterms:BibliographicResource ; rdfs:label ?label . OPTIONAL { ?x foaf:page ?page } }"""
_ANNOTATORS = """
SELECT ?x ?label ?text { ?x a cg:Annotator ; rdfs:label ?label .
  OPTIONAL { ?x dcterms:description ?text FILTER (LANG(?text) = LANG(?label)) } }"""


@dataclass(frozen=True)
class Cited:
    """A source that tables of the project cite: its IRI, its name and the language of it, its page (empty where it has
    none), and how many things or statements cite it."""

    iri: str
    label: str
    language: str
    page: str
    times: int


def about_page(request: Request, site: Site) -> Response:
    """What this is, how it was made, how to trust it, what it does not know, and who stands behind it."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    language = language_of(request)
    source, plan = reference(site.names.id("source", "crm")), reference(site.names.id("plan", "crm"))
    counted = site.recall(_COUNTS % {"source": source, "plan": plan})
    counts = Counter({row["what"].value: int(row["n"].value) for row in counted})
    severities = {row["severity"].value.rpartition("#")[2]: int(row["n"].value) for row in site.select(_FINDINGS)}
    cited = {row["source"].value: int(row["n"].value) for row in site.recall(_SOURCES)}
    about = catalog(site, language)
    context = {
        "catalog": about,
        "counts": counts,
        "characters": _number(site.recall(_CHARACTERS % source)),
        "inferred": _number(site.recall(_INFERRED % reference(site.names.graph("inferred")))),
        "findings": [(name, severities.get(name, 0)) for name in SEVERITIES],
        "named": _named(site.select(_NAMED), cited, language),
        "hosts": _hosts(iri for iri in cited if not iri.startswith(site.names.base)),
        "annotators": _annotators(site.select(_ANNOTATORS), language),
        "questions": len(site.library),
        "document": site.names.id("source", "crm"),
    }
    return render(request, site, "about.html", context=context)


def _number(rows: tuple[Row, ...]) -> int:
    return int(rows[0]["n"].value) if rows and "n" in rows[0] else 0


def _named(rows: Iterable[Row], cited: dict[str, int], language: str) -> list[Cited]:
    labels: dict[str, dict[str, str]] = {}
    pages: dict[str, str] = {}
    for row in rows:
        labels.setdefault(row["x"].value, {})[row["label"].language] = row["label"].value
        pages[row["x"].value] = row["page"].value if "page" in row else ""
    found = [Cited(iri, *in_language(labels[iri], language), pages[iri], cited.get(iri, 0)) for iri in labels]
    return sorted(found, key=lambda source: (-source.times, source.label))


def _hosts(addresses: Iterable[str]) -> list[tuple[str, int]]:
    """The sites that pages were read on, each with how many pages, the most first."""
    hosts = Counter((urlsplit(address).hostname or address).removeprefix("www.") for address in addresses)
    return sorted(hosts.items(), key=lambda each: (-each[1], each[0]))


def _annotators(rows: Iterable[Row], language: str) -> list[tuple[str, str, str]]:
    """The IRI, the name and the description of those who read the plan."""
    said: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows:
        text = row["text"].value if "text" in row else ""
        said.setdefault(row["x"].value, {})[row["label"].language] = (row["label"].value, text)
    return [(iri, *(texts.get(language) or next(iter(texts.values())))) for iri, texts in sorted(said.items())]


def accessibility_page(request: Request, site: Site) -> Response:
    """What the pages are held to, how that was tried, what is known not to be right, and whom to tell."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    return render(request, site, "accessibility.html", context={"version": __version__})


WHOLE = "crmgraph"
"""The name of the files that hold the whole dataset."""

_WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_MADE = ("ttl", "nt", "rdf", "jsonld")
_LEAVES = """
SELECT ?row ?column ?exact {
  GRAPH %s {
    ?leaf a cg:LeafPassage ; cg:start ?start ; cg:row ?row ; cg:exact ?exact . OPTIONAL { ?leaf cg:column ?column }
  }
} ORDER BY ?start"""
_OTHER_TABLES = ((marked("Processes"), "/processes"), (marked("Findings"), "/findings"))
_GOOD_FOR = {
    "ttl": marked("reading it directly, and most programs for RDF"),
    "nt": marked("programs that read line by line"),
    "nq": marked("other SPARQL engines, each statement with its graph"),
    "trig": marked("reading it with its graph"),
    "rdf": marked("older programs for RDF, and XML tools"),
    "jsonld": marked("JavaScript, and programs that read JSON"),
    "render": marked("comparing it with the document: the plan as a text table again, from the graph alone"),
}


@dataclass(frozen=True)
class Export:
    """A file that can be had: its name, what it is good for (in English, marked for translation), and its bytes, 0
    where it is made when somebody asks."""

    address: str
    form: Format
    good_for: str
    size: int = 0


def downloads_page(request: Request, site: Site) -> Response:
    """Everything that can be downloaded, in which format, and what each is good for."""
    check_parameters(request, ())
    chosen(request, (HTML,))
    about = catalog(site, language_of(request))
    known = {entry.iri: entry for entry in about.graphs} if about else {}
    links = links_of(request, site)
    names = graph_names(site)
    labels = site.labels(names)
    graphs = [
        (iri, iri.removeprefix(site.names.graph("")), labels.get(iri, {}), _statements(site, iri, known))
        for iri in names
    ]
    context = {
        "whole": [
            Export(links.data("/dump.nq.gz"), _form("nq"), _GOOD_FOR["nq"], _size(site)),
            *(Export(links.data(f"/downloads/{WHOLE}.{name}"), _form(name), _GOOD_FOR[name]) for name in _MADE),
        ],
        "plans": _plans(site),
        "graphs": graphs,
        "forms": GRAPHS,
        "tables": [*((kind.title, kind.path) for kind in KINDS), *_OTHER_TABLES],
        "table_forms": (CSV, JSON, _form("ttl")),
        "ontology_forms": GRAPHS,
        "commands": [(name, _GOOD_FOR.get(name, "")) for name in FORMATS],
        "questions": len(site.library),
    }
    return render(request, site, "downloads.html", context=context)


def download(request: Request, site: Site, name: str) -> Response:
    """The file with this name: the dataset without its graphs, or the text of a plan from the graph of its source.

    It is made of the data as they are now, within the time limit of a query.
    """
    check_parameters(request, ())
    made = tuple(_form(each) for each in _MADE)
    stem, form = by_suffix(name, (*made, TEXT))
    if stem == WHOLE and form in made:
        assert form is not None
        return _file(site.construct(_WHOLE, form.media_type), form, name)
    if form == TEXT and stem in _plans(site):
        rows = site.select(_LEAVES % reference(site.names.graph("source", stem)))
        leaves = (
            (int(row["row"].value), int(row["column"].value) if "column" in row else None, row["exact"].value)
            for row in rows
        )
        return _file(text_of_leaves(leaves), form, name)
    raise NothingKnownError(f"/downloads/{name}")


def _file(body: bytes | str, form: Format, name: str) -> Response:
    response = data(body, form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plans(site: Site) -> tuple[str, ...]:
    """The ids of the plans of whose document the graph has the words."""
    space = site.names.graph("source", "")
    return tuple(iri.removeprefix(space) for iri in graph_names(site) if iri.startswith(space))


def _statements(site: Site, graph: str, known: Mapping[str, Entry]) -> int:
    """How many statements a graph has: as the catalogue says, where it still holds."""
    return known[graph].triples if graph in known and site.is_as_built else summary(site, graph).total


def _form(short: str) -> Format:
    return next(form for form in GRAPHS if form.short == short)


def _size(site: Site) -> int:
    """The bytes of the dump, where it is the one that was built; 0 where nobody knows before it is made."""
    if site.report is None or not site.is_as_built:
        return 0
    file = site.report.parent / f"{DUMP}.gz"
    return file.stat().st_size if file.is_file() else 0


PARAMETERS = (
    {
        "name": "page",
        "in": "query",
        "description": "The page to cite: its address or its path; leave empty for the dataset as a whole",
        "schema": {"type": "string", "maxLength": 20_000},
        "example": "/id/country/MEX",
    },
)
"""What can be asked for a citation of."""

_LONGEST = 20_000
_LONGEST_SHOWN = 200
_SAFE = "/:?#[]@!$&'()*+,;=%~-._"
_TITLES = {
    "/findings": marked("Findings"),
    "/crosswalk": marked("Correspondences with other plans"),
    "/queries": marked("Questions you can ask"),
    "/sparql": marked("Answer to a query in SPARQL"),
    "/ontology": marked("Ontology"),
    "/void": marked("What this dataset is"),
    "/.well-known/void": marked("What this dataset is"),
    "/explain": marked("How a statement is known"),
    "/about": marked("About crmgraph"),
    PROCESSES[0]: PROCESSES[1],
    **{kind.path: kind.title for kind in KINDS},
}
"""The titles of pages, in English, by their paths."""


def cite_page(request: Request, site: Site) -> Response:
    """How to cite the dataset, or the page that the parameter `page` names, as a page or in one of the forms.

    What is no address here, or that of no page, is told above the form that keeps it; where data were asked for,
    HTTPException 400 or 404 is raised.
    """
    check_parameters(request, ("page",))
    _, form = asked(request, forms=OFFERED)
    language = language_of(request)
    try:
        path = _path(request, site)
        part = _title(request, site, path, language) if path else ""
        if path and not part:
            raise HTTPException(404, _not_here(path))
    except HTTPException as error:
        if form in CITATIONS:
            raise
        problem = problem_of(error, language)
        whole = cited(site, "", "", language)
        context = {"page": request.query_params["page"], "problem": problem, "license": whole.license}
        return render(request, site, "cite.html", problem.status, context, has_data=False)
    citation = cited(site, path, part, language)
    if form in CITATIONS:
        return data(citation.write(form), form.media_type)
    query = f"?page={quote(path, safe='')}" if path else ""
    context = {
        "page": path,
        "problem": None,
        "part": part,
        "written": [(written.label, written.extension, citation.write(written)) for written in CITATIONS],
        "license": citation.license,
        **offers(request, site, "/cite", CITATIONS, query),
    }
    return render(request, site, "cite.html", context=context)


def _not_here(path: str) -> Bilingual:
    shown = path if len(path) <= _LONGEST_SHOWN else path[: _LONGEST_SHOWN - 1] + "…"
    return Bilingual(
        f"The page {shown} does not exist here. Copy the address of a page as the browser shows it.",
        f"La página {shown} no existe aquí. Copie la dirección de una página tal como la muestra el navegador.",
    )


def _path(request: Request, site: Site) -> str:
    """The path of the page that is asked for, without a language; empty for the whole dataset."""
    given = request.query_params.get("page", "").strip()
    if not given:
        return ""
    home = str(request.base_url)
    for base in (home, site.names.base):
        if given.startswith(base):
            given = "/" + given.removeprefix(base)
    if len(given) > _LONGEST or not given.startswith("/") or given.startswith("//"):
        raise HTTPException(
            400,
            Bilingual(
                "The parameter page is the address of a page here, or its path, such as /id/country/MEX.",
                "El parámetro page es la dirección de una página de este sitio, o su ruta, como /id/country/MEX.",
            ),
        )
    given = quote(given, safe=_SAFE)
    for code in LANGUAGES:
        if given == f"/{code}" or given.startswith(f"/{code}/"):
            given = given.removeprefix(f"/{code}") or "/"
    return "" if given == "/" else given


def _title(request: Request, site: Site, path: str, language: str) -> str:
    """What the page at a path is called; nothing where there is none."""
    address, _, query = path.partition("#")[0].partition("?")
    gettext = translations(language).gettext
    if address.startswith("/id/"):
        iri = links_of(request, site).thing(unquote(address.removeprefix("/id/")))
        label = in_language(site.labels([iri]).get(iri, {}), language)[0]
        is_known = label or site.select(f"SELECT ?p {{ {reference(iri)} ?p ?o }} LIMIT 1")
        # A passage, say, has no name but its address.
        return (label or links_of(request, site).short(iri)) if is_known else ""
    if address.startswith("/graph/"):
        if site.names.base + address.removeprefix("/") not in graph_names(site):
            return ""
        return str(gettext(marked("Graph %(name)s")) % {"name": address.removeprefix("/graph/")})
    if address.startswith("/queries/"):
        return what_is_asked(request, site, address.removeprefix("/queries/"), dict(parse_qsl(query)))
    return str(gettext(_TITLES.get(address) or _summary(request, address)))


def _summary(request: Request, address: str) -> str:
    """What the address is for, as OpenAPI says; nothing where there is none."""
    paths: dict[str, dict[str, dict[str, str]]] = request.app.openapi()["paths"]
    known = (methods["get"].get("summary", "") for path, methods in paths.items() if _is_at(address, path, methods))
    return next(known, "")


def _is_at(address: str, path: str, methods: Container[str]) -> bool:
    return "get" in methods and compile_path(path)[0].match(unquote(address)) is not None


_FORMS = (HTML, JSON)
_FRESH = {"Cache-Control": "no-store"}


def status_router(site: Site, look: Look) -> APIRouter:
    """The routes of the page, which shows what is seen at a `look` at the service."""
    router = APIRouter(tags=["operations"])
    summary = "Service status, and its limits"
    page = Page("/status", summary, partial(_status, look=look), _FORMS, lasts=False)
    Addresses(router, site).add(made_of(page, about_catalog))
    return router


def _status(request: Request, site: Site, look: Look) -> Response:
    check_parameters(request, ())
    _, form = asked(request, forms=_FORMS)
    standing = look(request.scope.get("state", {}))
    if form != HTML:
        headers = {**DATA_HEADERS, **_FRESH, "Vary": "Accept"}
        return Response(json.dumps(asdict(standing), indent=2) + "\n", headers=headers, media_type=JSON.media_type)
    context = {"standing": standing, "rows_shown": ROWS_SHOWN}
    response = render(request, site, "status.html", context=context)
    response.headers.update(_FRESH)
    return response


def service_pages(limiter: CapacityLimiter) -> Iterator[Page]:
    """The page of each; what takes long minds the `limiter`."""
    yield _prose("/about", "What this is, how it was made, and how far to trust it", about_page)
    summary = "How to cite the dataset, a page or an answer"
    yield made_of(Page("/cite", summary, cite_page, OFFERED, PARAMETERS), about_catalog)
    yield _prose("/downloads", "All that can be downloaded", downloads_page)
    yield Page(
        "/downloads/{name}",
        "The whole dataset, or the text of a plan, as a file",
        download,
        (TEXT, *GRAPHS),
        limiter=limiter,
        examples={"name": ["crm.txt", "crmgraph.ttl"]},
    )
    yield _prose("/api", "Every address of this service, with examples", api_page)
    yield _prose(
        "/accessibility", "What the site does for accessibility, and what is not right yet", accessibility_page
    )


def _prose(path: str, summary: str, handler: Handler) -> Page:
    return made_of(Page(path, summary, handler, (HTML,)), about_catalog)
