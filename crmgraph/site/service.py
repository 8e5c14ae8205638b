"""The pages about the service: what it is, how to cite it, its downloads, its API, its state and its accessibility."""

import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from anyio import CapacityLimiter
from fastapi import APIRouter
from starlette.responses import Response
from starlette.routing import compile_path

from crmgraph import __version__
from crmgraph.errors import shortened
from crmgraph.exporting import FORMATS, text_of_leaves
from crmgraph.http.languages import marked, translations
from crmgraph.http.openapi import ERROR_DESCRIPTIONS
from crmgraph.library import LibraryQuestion
from crmgraph.site.base import (
    CITATION_FORMS,
    CSV,
    GRAPHS,
    HTML,
    JSON,
    SEVERITY_ORDER,
    TEXT,
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
    json_response,
    not_found,
    nothing_known,
    query_about,
    with_graph_forms,
    without_language,
)
from crmgraph.site.indexes.kinds import KINDS, PROCESSES
from crmgraph.site.questions.answers import ROWS_SHOWN
from crmgraph.site.questions.pages import question_sentence
from crmgraph.store import DUMP

TRANSLATED_TEXTS = frozenset(
    (
        # Addresses.
        marked("A concept scheme of the ontology, a version of it, or an alignment with another vocabulary"),
        marked("A named graph"),
        marked("A question of the library with its answer"),
        marked("A thing at a glance"),
        marked("Add to a graph, or make one with a new name where none is named"),
        marked("All actors, and their roles in the plan"),
        marked("All bodies and networks, and the objectives that refer to their work plan"),
        marked("All instruments, and what the plan does with them"),
        marked("All meetings, and whether they were in the years that the plan speaks of"),
        marked("All population groups, and the objectives that concern them"),
        marked("All States, and the processes that they take part in"),
        marked("All that can be downloaded"),
        marked("All topics, and the objectives that concern them"),
        marked("Run a query, or ask the endpoint what it is"),
        marked("Every address of this service, with examples"),
        marked("Everything that the graph says about a thing"),
        marked("Names in a query that the data do not have, and what was meant"),
        marked("Names of classes, as prefixed names or IRIs, with spaces between them"),
        marked("Names of properties, likewise"),
        marked("Names of other things and of graphs, likewise"),
        marked("IRIs of namespaces, likewise"),
        marked("all, if the query takes the parts of all plans together"),
        marked("Everything that the graph says about one of them"),
        marked("How a statement is known, down to its sources"),
        marked("Service status, and its limits"),
        marked("How to cite the dataset, a page or an answer"),
        marked("Kinds that match what was typed"),
        marked("Reconciling the names in a spreadsheet (OpenRefine)"),
        marked("Properties that match what was typed"),
        marked("Put a graph in the place of what is there"),
        marked("Read a graph"),
        marked("Remove a graph"),
        marked("Send a query or an update as the body"),
        marked("The consistency report"),
        marked("The consultative processes, and the States that they have in common"),
        marked("The findings of one kind"),
        marked("The library of questions"),
        marked("The ontology"),
        marked("The page of a thing"),
        marked("The plan as a tree"),
        marked("The properties of things of a kind"),
        marked("The whole dataset as N-Quads"),
        marked("Things that match what was typed"),
        marked("What became of each part of an earlier version of a plan"),
        marked("Correspondences with other plans, and how far the plans overlap"),
        marked("What corresponds to what in two plans, and why"),
        marked("What the dataset is and where to find it (VoID, DCAT)"),
        marked("What the server counts, for Prometheus"),
        marked("What this is, how it was made, and how far to trust it"),
        marked("What the site does for accessibility, and what is not right yet"),
        marked("Whether questions are answered"),
        marked("Whether the process runs"),
        marked("A part of the list of all pages"),
        marked("All pages, in each language, or the parts of such a list"),
        marked("All charts"),
        marked("Another plan as a tree, to browse"),
        marked("At most 20 passages, each as its source and its characters, with commas between them"),
        marked("How many to leave out from the beginning"),
        marked("How many to give at most"),
        marked("Only objectives of the theme with this id; leave empty for all"),
        marked("Only parts that say this actor; leave empty for all"),
        marked("Only parts that say this finding; leave empty for all"),
        marked("Only parts that say this group; leave empty for all"),
        marked("Only parts that say this network; leave empty for all"),
        marked("Only parts that say this status; leave empty for all"),
        marked("Only parts that say this topic; leave empty for all"),
        marked("Only questions that have these words, or the beginnings of them, in either language"),
        marked("Only things of this kind; leave empty for all"),
        marked("Only this role, or the roles of this family; leave empty for all"),
        marked("The format"),
        marked("The members of a process and their processes"),
        marked("The objectives whose parts are shown, with commas between them; all for all"),
        marked("The plan as a tree, to browse"),
        marked("The process whose members are shown"),
        marked("The rows alone, for another page to show"),
        marked("The schedule of the plan"),
        marked("The whole dataset, or the text of a plan"),
        marked("The words to look for, a phrase between quotation marks"),
        marked("What a query can name, for an editor to propose"),
        marked("What is found by words"),
        marked("What robots should not visit"),
        marked("What this is, the plan at a glance, and where to begin"),
        marked("Who does what in the plan"),
        marked("Words of a source in the row where they stand"),
        # Their parameters.
        marked("A batch of queries, as JSON."),
        marked("A graph that GRAPH may query in an update. May be repeated."),
        marked("A graph that GRAPH may query. May be repeated."),
        marked("A graph that makes up the default graph of an update. May be repeated."),
        marked("A graph that makes up the default graph. May be repeated."),
        marked("A SPARQL 1.1 query. Without one, the endpoint describes itself."),
        marked("Each last step that leads to the statement instead of the shortest way"),
        marked("How many at most."),
        marked("How many of them to skip."),
        marked("Only findings of this severity; leave empty for all"),
        marked("Only findings in the theme with this id"),
        marked("The graph without a name, instead of a named one; takes no value."),
        marked("The IRI of a kind of things."),
        marked("The IRI of a thing."),
        marked("The IRI of the graph."),
        marked("The longest that the answer may take, in seconds; never more than the server’s own limit."),
        marked("The longest that the query may take, in seconds; never more than the server’s own limit."),
        marked("The page to cite: its address or its path; leave empty for the dataset as a whole"),
        marked("The property, in the same way"),
        marked("The subject: a prefixed name, an IRI or what follows …/id/"),
        marked("The syntax of the answer, in place of the Accept header."),
        marked("The syntax of the answer, in place of the Accept header. Other names are ignored."),
        marked("The value, in the same way or as a literal in Turtle"),
        marked("Things and the properties whose values are wanted, as JSON."),
        marked("What was typed."),
        # Reasons for which there may be no answer.
        marked("The request cannot be understood, or a parameter or its value does not exist."),
        marked("There is nothing at this address."),
        marked("None of the syntaxes on offer matches the Accept header."),
        marked("The query needs more memory, or its answer more bytes, than is allowed."),
        marked("Too many requests come from the client’s address."),
        marked("The engine gave up on the query."),
        marked("The remote engine that holds the data did not answer."),
        marked("Stopped at its time limit, or too many queries are waiting, or the service cannot answer now."),
        marked("It cannot be stored on the disk."),
    )
)
"""The texts of the OpenAPI document that have translations. The page shows any other text in English."""

TRANSLATED_SUFFIXES = (marked(", as data"), marked(", as a file"))
"""Suffixes that may follow these texts. They are translated separately."""

TAGS = {
    "SPARQL": marked("Queries in SPARQL"),
    "site": marked("Pages, and the data behind them"),
    "library": marked("Questions of the library"),
    "data": marked("The whole dataset"),
    "Graph Store": marked("Graphs, one at a time"),
    "reconciliation": marked("Reconciling the names in a spreadsheet (OpenRefine)"),
    "operations": marked("For those who run the service"),
}
"""The English labels of the tags in the OpenAPI document, marked for translation, in display order."""


def api_context(visit: PageRequest) -> dict[str, Any]:
    """Return the template variables of the page of the API: the operations of the OpenAPI document, by tag."""
    site, language = visit.site, visit.language
    home = str(visit.request.base_url).rstrip("/")
    groups: dict[str, list[dict[str, Any]]] = {tag: [] for tag in TAGS}
    for path, methods in visit.request.app.openapi()["paths"].items():
        question = site.library.get(path.removeprefix("/queries/")) if path.startswith("/queries/") else None
        for method, described in methods.items():
            if method != "parameters":
                tag = "library" if question else next(iter(described.get("tags", ())), "site")
                every = {**described, "parameters": [*methods.get("parameters", []), *described.get("parameters", [])]}
                groups.setdefault(tag, []).append(_operation(method, path, every, question, home, language))
    return {
        "groups": [(TAGS.get(tag, tag), tag, listed) for tag, listed in groups.items() if listed],
        "refusals": [(status, *_translated(text, language)) for status, text in ERROR_DESCRIPTIONS.items()],
        "home": home,
    }


def _operation(
    method: str,
    path: str,
    described: Mapping[str, Any],
    question: LibraryQuestion | None,
    home: str,
    language: str,
) -> dict[str, Any]:
    parameters = [_parameter(each, question, language) for each in described["parameters"]]
    media_types = tuple(described["responses"].get("200", {}).get("content", {}))
    summary = (question.title[language], language) if question else _translated(described.get("summary", ""), language)
    return {
        "method": method.upper(),
        "path": path,
        "anchor": f"{method}{path}".replace("/", "-").translate({ord(sign): None for sign in "{}"}),
        "summary": summary[0],
        "language": summary[1],
        "parameters": parameters,
        "media_types": media_types,
        "example": _example(method, path, described, parameters, media_types, home),
    }


def _parameter(described: Mapping[str, Any], question: LibraryQuestion | None, language: str) -> dict[str, Any]:
    schema = described.get("schema", {})
    own = next((each for each in question.parameters if each.name == described["name"]), None) if question else None
    text = (own.description[language], language) if own else _translated(described.get("description", ""), language)
    examples = [
        described.get("example"),
        *described.get("examples", ()),
        *schema.get("examples", ()),
        schema.get("example"),
    ]
    choices = next((each["enum"] for each in (schema, *schema.get("anyOf", ())) if "enum" in each), ())
    return {
        "name": described["name"],
        "is_in_path": described["in"] == "path",
        "is_needed": bool(described.get("required")),
        "description": text[0],
        "language": text[1],
        "choices": [str(each) for each in choices if each != ""],
        "default": str(schema.get("default", "")),
        "example": str(next((each for each in examples if each is not None), "")),
    }


def _example(
    method: str,
    path: str,
    described: Mapping[str, Any],
    parameters: Sequence[Mapping[str, Any]],
    media_types: Sequence[str],
    home: str,
) -> str:
    """Return a `curl` command that runs an operation with example values.

    Return "" if an operation has no example for a path variable or for its body, or needs a token.
    """
    values = {
        each["name"]: each["example"] or next((choice for choice in each["choices"] if choice != HTML.extension), "")
        for each in parameters
        if each["is_in_path"]
    }
    if not all(values.values()):
        return ""
    address = home + path.format(**{name: quote(value, safe="/:") for name, value in values.items()})
    words = ["curl", "--location"] if "303" in described["responses"] else ["curl"]
    accepted = next((each for each in media_types if each != HTML.media_type), "")
    if accepted and "{suffix}" not in path:
        words += ["-H", f"Accept: {accepted}"]
    if method == "get":
        # Required parameters or else only one, because the examples of several may not go together.
        offered = [each for each in parameters if not each["is_in_path"] and each["example"]]
        given = [each for each in offered if each["is_needed"]] or offered[:1]
        query = urlencode({each["name"]: each["example"] for each in given})
        return shlex.join([*words, f"{address}?{query}" if query else address])
    bodies = described.get("requestBody", {}).get("content", {}).items() if method == "post" else ()
    commands = (
        shlex.join([*words, "-H", f"Content-Type: {media_type}", "--data", body["schema"]["example"], address])
        for media_type, body in bodies
        if "example" in body["schema"]
    )
    return next(commands, "")


def _translated(text: str, language: str) -> tuple[str, str]:
    """Return the translation of a text in the OpenAPI document and its language; the English text if there is none."""
    ending = next((each for each in TRANSLATED_SUFFIXES if text.endswith(each)), "")
    stem = text.removesuffix(ending)
    if stem not in TRANSLATED_TEXTS:
        return text, "en"
    messages = translations(language)
    return messages.gettext(stem) + (messages.gettext(ending) if ending else ""), language


_COUNTS = """
SELECT ?what (COUNT(DISTINCT ?x) AS ?n) {
  { ?x cg:source %(source)s ; cg:row ?row BIND ("leaves" AS ?what) }
  UNION { ?x a cg:Passage ; cg:source %(source)s BIND ("passages" AS ?what) }
  UNION { ?x a cg:Mention ; ^cg:mention/cg:within? %(plan)s BIND ("mentions" AS ?what) }
  UNION { ?x a cg:Translation BIND ("translations" AS ?what) }
  UNION { ?x a cg:Check BIND ("checks" AS ?what) }
  UNION { ?x a cg:Membership BIND ("memberships" AS ?what) }
  UNION { ?x a cg:AbridgedPlan BIND ("abridged" AS ?what) }
  UNION { ?x a cg:Meeting BIND ("meetings" AS ?what) }
  UNION { ?x a cg:Meeting FILTER NOT EXISTS { ?x cg:startDate|cg:endDate ?when } BIND ("undated" AS ?what) }
  UNION { ?x a cg:ConsultativeProcess BIND ("processes" AS ?what) }
  UNION {
    ?x a cg:ConsultativeProcess FILTER NOT EXISTS { ?x ^org:organization/org:member/a cg:State }
    BIND ("stateless" AS ?what)
  }
  UNION { ?x a cg:Finding ; cg:severity ?grade BIND (STRAFTER(STR(?grade), "#") AS ?what) }
} GROUP BY ?what"""
# The number of characters other than white space.
_CHARACTERS = r"""
SELECT (SUM(STRLEN(REPLACE(?exact, "\\s", ""))) AS ?n) { ?x cg:source %s ; cg:row ?row ; cg:exact ?exact }"""
_SOURCE_COUNTS = """
SELECT ?source (COUNT(DISTINCT ?x) AS ?n) { ?x dcterms:source ?source FILTER ISIRI(?source) } GROUP BY ?source"""
_TITLED_SOURCES = """
SELECT ?iri ?label ?page {
  ?iri a dcterms:BibliographicResource ; rdfs:label ?label . OPTIONAL { ?iri foaf:page ?page }
}"""
_ANNOTATORS = """
SELECT ?iri ?label ?text {
  ?iri a prov:Agent ; dcterms:source id:source\\/crmgraph ; rdfs:label ?label
  OPTIONAL { ?iri dcterms:description ?text }
}
ORDER BY ?iri"""
_LEAVES = """
SELECT ?row ?column ?exact {
  GRAPH %s {
    ?leaf cg:start ?start ; cg:row ?row ; cg:exact ?exact . OPTIONAL { ?leaf cg:column ?column }
  }
} ORDER BY ?start"""

_DATASET_NAME = "crmgraph"
_DATASET_FORMS = tuple(next(form for form in GRAPHS if form.short == short) for short in ("ttl", "nt", "rdf", "jsonld"))
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
_PAGE_TITLES = {
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


def service_pages(limiter: CapacityLimiter) -> tuple[Page, ...]:
    """Return the pages about the service, except the status page.

    `limiter` limits how many requests for slow pages run at a time.
    """
    return (
        _prose_page("/about", "What this is, how it was made, and how far to trust it", _about_context),
        with_graph_forms(
            Page(
                "/cite",
                "How to cite the dataset, a page or an answer",
                _cite_page,
                (HTML, *CITATION_FORMS),
                _CITE_PARAMETERS,
            ),
            partial(query_about, "catalog"),
        ),
        _prose_page("/downloads", "All that can be downloaded", _downloads_context),
        Page(
            "/downloads/{name}",
            "The whole dataset, or the text of a plan, as a file",
            _download,
            (TEXT, *GRAPHS),
            limiter=limiter,
            examples={"name": ["crm.txt", "crmgraph.ttl"]},
        ),
        _prose_page("/api", "Every address of this service, with examples", api_context),
        _prose_page(
            "/accessibility",
            "What the site does for accessibility, and what is not right yet",
            lambda _: {"version": __version__},
        ),
    )


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
    page = Page(
        "/status",
        "Service status, and its limits",
        partial(_status, read_status=read_status),
        (HTML, JSON),
        is_cacheable=False,
    )
    PageRoutes(router, site).add(with_graph_forms(page, partial(query_about, "catalog")))
    return router


def _status(visit: PageRequest, read_status: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Response:
    status = read_status(visit.request.scope.get("state", {}))
    response = (
        json_response(status)
        if visit.form == JSON
        else visit.render("status.html", {"service_status": status, "rows_shown": ROWS_SHOWN})
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _about_context(visit: PageRequest) -> dict[str, Any]:
    """Return the template variables of the page `/about`, mainly statistics about the data and their sources."""
    site, language = visit.site, visit.language
    source, plan = iri_ref(site.names.id("source", "crm")), iri_ref(site.names.id("plan", "crm"))
    counts = {
        row["what"].value: int(row["n"].value)
        for row in site.select(_COUNTS % {"source": source, "plan": plan}, is_cached=True)
    }
    cited = {row["source"].value: int(row["n"].value) for row in site.select(_SOURCE_COUNTS, is_cached=True)}
    hosts = Counter(
        (urlsplit(iri).hostname or iri).removeprefix("www.") for iri in cited if not iri.startswith(site.names.base)
    )
    named = site.records(_TITLED_SOURCES, "iri", language=language, texts=("label",), is_cached=True)
    for each in named:
        each.times = cited.get(each.iri, 0)
    return {
        "catalog": catalog(site, language),
        "counts": Counter(counts),
        "characters": site.records(_CHARACTERS % source, is_cached=True)[0].n,
        "inferred": count_triples(site, site.names.graph("inferred")),
        "findings": [(name, counts.get(name, 0)) for name in SEVERITY_ORDER],
        "named": sorted(named, key=lambda each: (-each.times, each.label)),
        "hosts": sorted(hosts.items(), key=lambda each: (-each[1], each[0])),
        "annotators": site.records(_ANNOTATORS, "iri", language=language, texts=("label", "text"), is_cached=True),
        "questions": len(site.library),
        "document": site.names.id("source", "crm"),
    }


def _downloads_context(visit: PageRequest) -> dict[str, Any]:
    """Return the template variables of the page of downloads.

    Among them are the files, with their formats, the purposes of these, and sizes in bytes (0 if unknown).
    """
    site = visit.site
    names = graph_names(site)
    labels = site.labels(names)
    dump = site.report.parent / f"{DUMP}.gz" if site.report and site.is_as_built else None
    size = dump.stat().st_size if dump and dump.is_file() else 0
    whole = [
        ("/dump.nq.gz", next(form for form in GRAPHS if form.short == "nq"), size),
        *((f"/downloads/{_DATASET_NAME}.{form.extension}", form, 0) for form in _DATASET_FORMS),
    ]
    return {
        "whole": [
            {
                "address": visit.links.data_address(path),
                "form": form,
                "good_for": _FORMAT_PURPOSES[form.short],
                "size": bytes_,
            }
            for path, form, bytes_ in whole
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
        "tables": [
            *((kind.title, kind.path) for kind in KINDS),
            (marked("Processes"), "/processes"),
            (marked("Findings"), "/findings"),
        ],
        "table_forms": (CSV, JSON, _DATASET_FORMS[0]),
        "ontology_forms": GRAPHS,
        "commands": [(name, _FORMAT_PURPOSES.get(name, "")) for name in FORMATS],
        "questions": len(site.library),
    }


def _download(visit: PageRequest, name: str) -> Response:
    """Return a file to download, made from the current data within the time limit of a query.

    It contains all triples of the dataset, without the names of their graphs, or the text of the plan `name`, from the
    graph of its source document. Raises HTTPException 404 for any other file.
    """
    site, form = visit.site, visit.named_form
    if form in _DATASET_FORMS and name == _DATASET_NAME:
        body = site.answer("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", form.media_type)
    elif form == TEXT and name in _plans_with_source(site):
        body = text_of_leaves(
            (int(row["row"].value), int(row["column"].value) if "column" in row else None, row["exact"].value)
            for row in site.select(_LEAVES % iri_ref(site.names.graph("source", name)))
        ).encode()
    else:
        raise nothing_known(visit.path)
    disposition = f'attachment; filename="{name}.{form.extension}"'
    return data_response(body, form.media_type, headers={"Content-Disposition": disposition})


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
        raise not_found(
            f"The page {shown} does not exist here. Copy the address of a page as the browser shows it.",
            f"La página {shown} no existe aquí. Copie la dirección de una página tal como la muestra el navegador.",
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
    if address.startswith("/id/"):
        iri = links.thing_iri(unquote(address.removeprefix("/id/")))
        label = in_language(site.labels([iri]).get(iri, {}), language)[0]
        # Some things, such as passages, have no label.
        is_known = bool(label or site.select(f"SELECT ?p {{ {iri_ref(iri)} ?p ?o }} LIMIT 1"))
        return (label or links.prefixed_name(iri)) if is_known else ""
    if address.startswith("/graph/"):
        name = address.removeprefix("/graph/")
        is_known = site.names.base + address.removeprefix("/") in graph_names(site)
        return visit.gettext("Graph %(name)s") % {"name": name} if is_known else ""
    if address.startswith("/queries/"):
        return question_sentence(visit, address.removeprefix("/queries/"), dict(parse_qsl(query)))
    if address in _PAGE_TITLES:
        return visit.gettext(_PAGE_TITLES[address])
    summaries = (
        methods["get"].get("summary", "")
        for path, methods in visit.request.app.openapi()["paths"].items()
        if "get" in methods and compile_path(path)[0].match(unquote(address))
    )
    return visit.gettext(next(summaries, ""))
