"""The page that says how to cite the dataset, a page of it, or an answer."""

from collections.abc import Container
from urllib.parse import parse_qsl, quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from crmgraph.http.errors import problem_of
from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.site.base.citation import CITATIONS, OFFERED, cited
from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import asked, data
from crmgraph.site.base.site import Site, in_language, reference
from crmgraph.site.dataset.graphs import graph_names
from crmgraph.site.indexes.kinds import KINDS, PROCESSES
from crmgraph.site.questions.page import what_is_asked
from crmgraph.wording import Bilingual

__all__ = ["PARAMETERS", "cite_page"]

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
