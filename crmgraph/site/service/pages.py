"""The pages about the service: what it is, how to cite it, its downloads, its API, its state and its accessibility."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from anyio import CapacityLimiter
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from crmgraph import __version__
from crmgraph.errors import Bilingual, shortened
from crmgraph.exporting import FORMATS, text_of_leaves
from crmgraph.http.languages import marked, translations
from crmgraph.site.base import (
    CITATION_FORMS,
    CITE_FORMS,
    CSV,
    GRAPHS,
    HTML,
    JSON,
    SEVERITY_ORDER,
    TEXT,
    NothingKnownError,
    Page,
    PageRequest,
    PageRoutes,
    Site,
    bad_request,
    catalog,
    citation_of,
    count_triples,
    data_response,
    graph_names,
    in_language,
    iri_ref,
    query_about,
    with_graph_forms,
    without_language,
)
from crmgraph.site.indexes.kinds import KINDS, PROCESSES
from crmgraph.site.questions.answers import ROWS_SHOWN
from crmgraph.site.questions.pages import question_sentence
from crmgraph.site.service.api import api_context
from crmgraph.store import DUMP

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
  UNION { ?x a cg:Finding ; cg:severity ?grade BIND (STRAFTER(STR(?grade), "#") AS ?what) }
} GROUP BY ?what"""
# The number of characters other than white space.
_CHARACTERS = r"""
SELECT (SUM(STRLEN(REPLACE(?exact, "\\s", ""))) AS ?n) { ?x a cg:LeafPassage ; cg:source %s ; cg:exact ?exact }"""
_SOURCE_COUNTS = """
SELECT ?source (COUNT(DISTINCT ?x) AS ?n) { ?x dcterms:source ?source FILTER ISIRI(?source) } GROUP BY ?source"""
_TITLED_SOURCES = """
SELECT ?iri ?label ?page {
  ?iri a dcterms:BibliographicResource ; rdfs:label ?label . OPTIONAL { ?iri foaf:page ?page }
}"""
_ANNOTATORS = """
SELECT ?iri ?label ?text { ?iri a cg:Annotator ; rdfs:label ?label OPTIONAL { ?iri dcterms:description ?text } }
ORDER BY ?iri"""
_LEAVES = """
SELECT ?row ?column ?exact {
  GRAPH %s {
    ?leaf a cg:LeafPassage ; cg:start ?start ; cg:row ?row ; cg:exact ?exact . OPTIONAL { ?leaf cg:column ?column }
  }
} ORDER BY ?start"""

_DATASET_NAME = "crmgraph"
_ALL_TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_DATASET_FORMS = tuple(next(form for form in GRAPHS if form.short == short) for short in ("ttl", "nt", "rdf", "jsonld"))
_OTHER_TABLES = ((marked("Processes"), "/processes"), (marked("Findings"), "/findings"))
_FORMAT_PURPOSES = {
    "ttl": marked("reading it directly, and most programs for RDF"),
    "nt": marked("programs that read line by line"),
    "nq": marked("other SPARQL engines, each statement with its graph"),
    "trig": marked("reading it with its graph"),
    "rdf": marked("older programs for RDF, and XML tools"),
    "jsonld": marked("JavaScript, and programs that read JSON"),
    "render": marked("comparing it with the document: the plan as a text table again, from the graph alone"),
}

_CITE_PARAMETERS = (
    {
        "name": "page",
        "in": "query",
        "description": "The page to cite: its address or its path; leave empty for the dataset as a whole",
        "schema": {"type": "string", "maxLength": 20_000},
        "example": "/id/country/MEX",
    },
)
_MAX_PATH_LENGTH = 20_000
_MAX_SHOWN_LENGTH = 200
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
"""The English titles of pages, marked for translation, by path."""

_NO_STORE = {"Cache-Control": "no-store"}


def service_pages(limiter: CapacityLimiter) -> Iterator[Page]:
    """Yield the pages about the service, except the status page.

    `limiter` limits how many requests for slow pages run at a time.
    """
    yield _prose_page("/about", "What this is, how it was made, and how far to trust it", _about_context)
    summary = "How to cite the dataset, a page or an answer"
    yield with_graph_forms(
        Page("/cite", summary, _cite_page, CITE_FORMS, _CITE_PARAMETERS), partial(query_about, "catalog")
    )
    yield _prose_page("/downloads", "All that can be downloaded", _downloads_context)
    yield Page(
        "/downloads/{name}",
        "The whole dataset, or the text of a plan, as a file",
        _download,
        (TEXT, *GRAPHS),
        limiter=limiter,
        examples={"name": ["crm.txt", "crmgraph.ttl"]},
    )
    yield _prose_page("/api", "Every address of this service, with examples", api_context)
    summary = "What the site does for accessibility, and what is not right yet"
    yield _prose_page("/accessibility", summary, lambda _: {"version": __version__})


def _prose_page(path: str, summary: str, context: Callable[[PageRequest], Mapping[str, object]]) -> Page:
    """Return a prose page, rendered from the template with the name of its path.

    Its RDF is the catalogue's description of the dataset. `context` returns the variables of the template.
    """

    def answer(visit: PageRequest) -> Response:
        return visit.render(f"{path[1:]}.html", context(visit))

    return with_graph_forms(Page(path, summary, answer, (HTML,)), partial(query_about, "catalog"))


def status_router(site: Site, read_status: Callable[[Mapping[str, Any]], dict[str, Any]]) -> APIRouter:
    """Return the routes of the status page. `read_status` returns the status from the ASGI lifespan state."""
    router = APIRouter(tags=["operations"])
    summary = "Service status, and its limits"
    page = Page("/status", summary, partial(_status, read_status=read_status), (HTML, JSON), is_cacheable=False)
    PageRoutes(router, site).add(with_graph_forms(page, partial(query_about, "catalog")))
    return router


def _status(visit: PageRequest, read_status: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Response:
    status = read_status(visit.request.scope.get("state", {}))
    if visit.form == JSON:
        response = data_response(json.dumps(status, indent=2) + "\n", JSON.media_type)
    else:
        response = visit.render("status.html", {"service_status": status, "rows_shown": ROWS_SHOWN})
    response.headers.update(_NO_STORE)
    return response


def _about_context(visit: PageRequest) -> dict[str, Any]:
    """Return the template variables of the page `/about`, mainly statistics about the data and their sources."""
    site, language = visit.site, visit.language
    source, plan = iri_ref(site.names.id("source", "crm")), iri_ref(site.names.id("plan", "crm"))
    counts = {
        row["what"].value: int(row["n"].value) for row in site.select_cached(_COUNTS % {"source": source, "plan": plan})
    }
    cited = {row["source"].value: int(row["n"].value) for row in site.select_cached(_SOURCE_COUNTS)}
    read_on = (iri for iri in cited if not iri.startswith(site.names.base))
    hosts = Counter((urlsplit(iri).hostname or iri).removeprefix("www.") for iri in read_on)
    named = site.records(_TITLED_SOURCES, "iri", language=language, texts=("label",), is_cached=True)
    for each in named:
        each.times = cited.get(each.iri, 0)
    texts = ("label", "text")
    return {
        "catalog": catalog(site, language),
        "counts": Counter(counts),
        "characters": site.records(_CHARACTERS % source, is_cached=True)[0].n,
        "inferred": count_triples(site, site.names.graph("inferred")),
        "findings": [(name, counts.get(name, 0)) for name in SEVERITY_ORDER],
        "named": sorted(named, key=lambda each: (-each.times, each.label)),
        "hosts": sorted(hosts.items(), key=lambda each: (-each[1], each[0])),
        "annotators": site.records(_ANNOTATORS, "iri", language=language, texts=texts, is_cached=True),
        "questions": len(site.library),
        "document": site.names.id("source", "crm"),
    }


def _downloads_context(visit: PageRequest) -> dict[str, Any]:
    """Return the template variables of the page of downloads.

    Among them are the files, with their formats, the purposes of these, and sizes in bytes (0 if unknown).
    """
    site, links = visit.site, visit.links
    names = graph_names(site)
    labels = site.labels(names)
    dump = site.report.parent / f"{DUMP}.gz" if site.report and site.is_as_built else None
    size = dump.stat().st_size if dump and dump.is_file() else 0
    quads = next(form for form in GRAPHS if form.short == "nq")
    whole = [(links.data_address("/dump.nq.gz"), quads, size)]
    whole += [(links.data_address(f"/downloads/{_DATASET_NAME}.{form.extension}"), form, 0) for form in _DATASET_FORMS]
    return {
        "whole": [
            {"address": address, "form": form, "good_for": _FORMAT_PURPOSES[form.short], "size": bytes_}
            for address, form, bytes_ in whole
        ],
        "plans": _plans_with_source(site),
        "graphs": [
            (
                iri,
                iri.removeprefix(site.names.graph("")),
                labels.get(iri, {}),
                count_triples(site, iri),
            )
            for iri in names
        ],
        "forms": GRAPHS,
        "tables": [*((kind.title, kind.path) for kind in KINDS), *_OTHER_TABLES],
        "table_forms": (CSV, JSON, _DATASET_FORMS[0]),
        "ontology_forms": GRAPHS,
        "commands": [(name, _FORMAT_PURPOSES.get(name, "")) for name in FORMATS],
        "questions": len(site.library),
    }


def _download(visit: PageRequest, name: str) -> Response:
    """Return a file to download, made from the current data within the time limit of a query.

    It contains all triples of the dataset, without the names of their graphs, or the text of the plan `name`, from the
    graph of its source document. Raises NothingKnownError for any other file.
    """
    site, form = visit.site, visit.named_form
    body: bytes | str
    if form in _DATASET_FORMS and name == _DATASET_NAME:
        body = site.answer(_ALL_TRIPLES, form.media_type)
    elif form == TEXT and name in _plans_with_source(site):
        rows = site.select(_LEAVES % iri_ref(site.names.graph("source", name)))
        body = text_of_leaves(
            (int(row["row"].value), int(row["column"].value) if "column" in row else None, row["exact"].value)
            for row in rows
        )
    else:
        raise NothingKnownError(visit.path)
    response = data_response(body, form.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.extension}"'
    return response


def _plans_with_source(site: Site) -> list[str]:
    """Return the ids of the plans whose source document is in a graph."""
    space = site.names.graph("source", "")
    return [iri.removeprefix(space) for iri in graph_names(site) if iri.startswith(space)]


def _cite_page(visit: PageRequest) -> Response:
    """Return the citation of the dataset, or of the page in the parameter `page`, as a page or in a citation format.

    Raises HTTPException 400 if the parameter is no address or path of this site, 404 if the page does not exist.
    """
    site, form, language = visit.site, visit.form, visit.language
    path = _cited_path(visit)
    part = _page_title(visit, path) if path else ""
    if path and not part:
        shown = shortened(path, _MAX_SHOWN_LENGTH)
        raise HTTPException(
            404,
            Bilingual(
                f"The page {shown} does not exist here. Copy the address of a page as the browser shows it.",
                f"La página {shown} no existe aquí. Copie la dirección de una página tal como la muestra el navegador.",
            ),
        )
    citation = citation_of(site, path, part, language)
    if form in CITATION_FORMS:
        return data_response(citation.write(form), form.media_type)
    query = f"?page={quote(path, safe='')}" if path else ""
    context = {
        "page": path,
        "part": part,
        "written": [(each.label, each.extension, citation.write(each)) for each in CITATION_FORMS],
        "license": citation.license,
        **visit.data_links(CITATION_FORMS, query=query),
    }
    return visit.render("cite.html", context)


def _cited_path(visit: PageRequest) -> str:
    """Return the path of the page to cite, without a language; "" for the whole dataset.

    Raises HTTPException 400 if the parameter `page` is no address or path of this site.
    """
    given = visit.parameters.get("page", "").strip()
    for base in (str(visit.request.base_url), visit.site.names.base):
        if given.startswith(base):
            given = "/" + given.removeprefix(base)
    if given and (len(given) > _MAX_PATH_LENGTH or not given.startswith("/") or given.startswith("//")):
        raise bad_request(
            "The parameter page is the address of a page here, or its path, such as /id/country/MEX.",
            "El parámetro page es la dirección de una página de este sitio, o su ruta, como /id/country/MEX.",
        )
    path = without_language(quote(given, safe=_SAFE))
    return "" if path == "/" else path


def _page_title(visit: PageRequest, path: str) -> str:
    """Return the title of the page at a path, or "" if there is no such page."""
    site, links, language = visit.site, visit.links, visit.language
    address, _, query = path.partition("#")[0].partition("?")
    messages = translations(language)
    if address.startswith("/id/"):
        iri = links.thing_iri(unquote(address.removeprefix("/id/")))
        label = in_language(site.labels([iri]).get(iri, {}), language)[0]
        # Some things, such as passages, have no label.
        is_known = bool(label or site.select(f"SELECT ?p {{ {iri_ref(iri)} ?p ?o }} LIMIT 1"))
        return (label or links.prefixed_name(iri)) if is_known else ""
    if address.startswith("/graph/"):
        name = address.removeprefix("/graph/")
        is_known = site.names.base + address.removeprefix("/") in graph_names(site)
        return str(messages.gettext("Graph %(name)s") % {"name": name}) if is_known else ""
    if address.startswith("/queries/"):
        return question_sentence(visit, address.removeprefix("/queries/"), dict(parse_qsl(query)))
    if address in _TITLES:
        return str(messages.gettext(_TITLES[address]))
    paths: dict[str, dict[str, Any]] = visit.request.app.openapi()["paths"]
    known = (
        methods["get"].get("summary", "")
        for path, methods in paths.items()
        if "get" in methods and compile_path(path)[0].match(unquote(address))
    )
    summary = next(known, "")
    return str(messages.gettext(summary)) if summary else ""
