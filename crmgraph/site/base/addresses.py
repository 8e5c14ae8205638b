"""Addresses of pages and their parameters, and the representations of a page between which a request chooses.

A page is available as HTML, in each RDF syntax and as JSON. The Accept header selects one (RFC 9110, section 12), or a
file extension at the end of the address. The RDF contains the triples that the page shows. The JSON contains the rows
of the page's table; for a page without a table, it contains the triples as JSON-LD. The RDF of prose pages, such as
`/about`, is the catalogue's description of the dataset."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote, urlencode

from pyoxigraph import RdfFormat, Triple, parse, serialize
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import Bilingual, UsageError, shortened
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.messages import DATA_HEADERS, REVALIDATE_HEADERS, accept_header, choose_media_type, not_acceptable
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names, abbreviate_iri
from crmgraph.site.base.rendering import QUESTION_GROUPS
from crmgraph.site.base.site import Site, T, grouped, iri_ref
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, content_type

_UNQUOTED = "/:@!$&'()*+,;=-._~"
_ACTORS_PATH = "/actors"
_MENU_PATHS = {
    "/plan/crm": "/plan",
    "/plan/": "/crosswalk",
    "/versions/": "/crosswalk",
    "/passages": "/id/source/crm",
    "/ontology/shapes": "/findings",
    "/id/plan/crm": "/plan",
    "/id/plan/": "/crosswalk",
    "/id/source/crm": "/id/source/crm",
    "/id/finding/": "/findings",
    **dict.fromkeys(("/id/process/", "/id/membership/", "/id/presidency/"), "/processes"),
    **dict.fromkeys(
        ("/networks", "/instruments", "/meetings", "/states", "/topics", "/population-groups"), _ACTORS_PATH
    ),
    **dict.fromkeys(("/id/actor/", "/id/country/", "/id/network/", "/id/instrument/", "/id/meeting/"), _ACTORS_PATH),
}
"""Maps the beginning of a path to the path of its entry in the main menu. The first entry that matches applies."""


@dataclass(frozen=True)
class Links:
    """Converts IRIs and paths to addresses of this site.

    Attributes:
        names: the namespaces of the dataset.
        root: the path that the site is mounted under, or its whole base address; without a slash at its end.
    """

    names: Names
    root: str = ""

    def page_address(self, language: str, path: str) -> str:
        """Return the address of a page in a language: `page_address("es", "/findings")` is `/es/findings`."""
        return f"{self.root}/{language}{path}"

    def data_address(self, path: str) -> str:
        """Return the address of a file that is the same in all languages, such as a dump or a style sheet."""
        return self.root + path

    def path(self, iri: str) -> str | None:
        """Return the path of the page about an IRI of ours, without language and root; None for any other IRI."""
        if iri.startswith((self.names.id(), self.names.graph())):
            return "/" + quote(unquote(iri.removeprefix(self.names.base)), safe=_UNQUOTED)
        is_ours = iri == ONTOLOGY or iri.startswith((ONTOLOGY + "#", ONTOLOGY + "/"))
        return "/ontology" + iri.removeprefix(ONTOLOGY) if is_ours else None

    def target(self, iri: str, language: str) -> str | None:
        """Return the address that a link to this IRI leads to: a page of this site for an IRI of ours.

        Any other IRI is its own address. Return None if that is no web address.
        """
        path = self.path(iri)
        if path is not None:
            return self.page_address(language, path)
        if iri.startswith(self.names.base):
            return self.data_address("/" + iri.removeprefix(self.names.base))
        return iri if iri.startswith(("http://", "https://")) else None

    def prefixed_name(self, iri: str) -> str:
        """Return the IRI as a prefixed name, such as `cg:Plan` (see `abbreviate_iri`)."""
        return abbreviate_iri(iri, self.names.prefixes())

    def thing_iri(self, path: str) -> str:
        """Return the IRI of the thing whose page is at `/id/` followed by `path`. The path is percent-decoded."""
        return self.names.id(quote(path, safe=_UNQUOTED))


def menu_path_of(path: str) -> str:
    """Return the path of the entry of the main menu that a page belongs to.

    For most pages this is the first segment of their own path: `/findings` for `/findings/some-code`.
    """
    return next((section for begin, section in _MENU_PATHS.items() if path.startswith(begin)), "/" + path.split("/")[1])


def without_language(path: str) -> str:
    """Return a path without its language: `/findings` for `/es/findings`, `/` for `/es`."""
    for code in LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}") or "/"
    return path


def query_string(values: Mapping[str, str], safe: str = "") -> str:
    """Return these parameters as a query string that begins with a question mark; "" if there are none.

    The characters in `safe` are not percent-encoded.
    """
    return f"?{urlencode(values, safe=safe)}" if values else ""


LANGUAGE_PARAMETER = "lang"
"""The name of the parameter for the language of an answer, in questions of the library."""

_MAX_LISTED = 12
_MAX_SHOWN_LENGTH = 60


def bad_request(english: str, spanish: str) -> HTTPException:
    """Return an error with status 400 and this message in English and Spanish."""
    return HTTPException(400, Bilingual(english, spanish))


def not_found(english: str, spanish: str) -> HTTPException:
    """Return an error with status 404 and this message in English and Spanish."""
    return HTTPException(404, Bilingual(english, spanish))


def check_choice(parameter: str, noun: Bilingual, value: str, choices: Mapping[str, str]) -> None:
    """Raise UsageError if the value of a parameter is not among its choices.

    Arguments:
        parameter: the name of the parameter.
        noun: what the parameter chooses, as the message names it, such as "theme".
        value: the value to check.
        choices: the values that the parameter accepts, each with its label, or "" if it has none.
    """
    if value in choices:
        return
    options = [f"{label} ({name})" if label else name for name, label in choices.items() if name] or ["–"]
    shown = shortened(value, _MAX_SHOWN_LENGTH)
    listed = ", ".join(options[:_MAX_LISTED]) + (" …" if len(options) > _MAX_LISTED else ".")
    raise UsageError(
        Bilingual(
            f"“{shown}” is no {noun} here. The parameter {parameter} takes: {listed}",
            f"«{shown}» no es aquí valor de {noun.spanish}. El parámetro {parameter} admite: {listed}",
        )
    )


def language_value(question: LibraryQuestion, language: str) -> dict[str, str]:
    """Return the value of a question's language parameter that selects this language, such as `{"lang": "es"}`.

    Return an empty dictionary if the question has no such parameter or does not offer the language.
    """
    return {
        each.name: language
        for each in question.parameters
        if each.name == LANGUAGE_PARAMETER and language in each.choices
    }


def question_path(question: LibraryQuestion, values: Mapping[str, str]) -> str:
    """Return the path and query string of the page of a question with these values, without the language."""
    return f"/queries/{question.name}{query_string(values)}"


def query_in_language(question: LibraryQuestion, language: str) -> str:
    """Return the SPARQL query of a question with its language parameter set to this language."""
    return question.with_values(language_value(question, language))


def questions_by_group(site: Site) -> dict[str, list[LibraryQuestion]]:
    """Return the questions of the library by group: first the groups of QUESTION_GROUPS, in that order."""
    found = grouped(site.library.values(), lambda question: question.group)
    return {group: found[group] for group in (*QUESTION_GROUPS, *found) if group in found}


GRAPHS = GRAPH_FORMATS
TABLES = RESULT_FORMATS
HTML = Format("html", "HTML", "text/html", "html", "")
JSON = Format("json", "JSON", "application/json", "json", "")
CSV = next(form for form in TABLES if form.short == "csv")
QUERY = Format("rq", "SPARQL", "application/sparql-query", "rq", "")
PAGE_FORMS = (HTML, *GRAPHS, JSON)
"""The formats that most pages have."""


def nothing_known(named: str) -> HTTPException:
    """Return an error with status 404: the dataset contains nothing about the subject with this IRI or path."""
    return not_found(f"Nothing is known about {named}.", f"No se sabe nada de {named}.")


def known(found: T | None, named: str) -> T:
    """Return what was found. Raises HTTPException 404 (see `nothing_known`) if that is None."""
    if found is None:
        raise nothing_known(named)
    return found


def split_suffix(path: str, forms: Iterable[Format]) -> tuple[str, Format | None]:
    """Split a file extension from the end of a path, and return the rest and the format with this extension.

    Return the whole path and None if the path has no extension of one of these formats.
    """
    form = next((each for each in forms if path.endswith("." + each.extension)), None)
    return (path.removesuffix("." + form.extension) if form else path), form


def preferred_form(request: Request, forms: Sequence[Format]) -> Format:
    """Return the format that the Accept header prefers; of several with equal quality, the first.

    If the header names an alias of the format's media type, the format returned has the alias as its media type.
    Raises NotAcceptableError if the header accepts none of the formats.
    """
    best = preferred_media_type(request, forms)
    if best is None:
        raise not_acceptable([form.media_type for form in forms])
    return replace(_by_media_type(forms)[best], media_type=best)


def preferred_media_type(request: Request, forms: Iterable[Format]) -> str | None:
    """Return the media type that the Accept header prefers among these formats, or None if it accepts none of them."""
    return choose_media_type(accept_header(request), tuple(_by_media_type(forms)))


def _by_media_type(forms: Iterable[Format]) -> dict[str, Format]:
    return {media_type: form for form in forms for media_type in (form.media_type, *form.aliases)}


def data_response(
    body: bytes | str, media_type: str, *, is_language_dependent: bool = False, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a response with data that web pages of any origin may read.

    `is_language_dependent` adds Accept-Language to the Vary header; `headers` are further headers.
    """
    vary = "Accept, Accept-Language" if is_language_dependent else "Accept"
    own = {**DATA_HEADERS, **REVALIDATE_HEADERS, "Content-Type": content_type(media_type), "Vary": vary}
    return Response(body, headers={**own, **(headers or {})})


def rdf_syntax_of(form: Format) -> Format:
    """Return the RDF syntax of a graph in this format: JSON-LD for plain JSON, else the format itself."""
    return next(each for each in GRAPHS if each.short == "jsonld") if form == JSON else form


def serialize_triples(triples: Iterable[Triple], form: Format, prefixes: Mapping[str, str]) -> bytes:
    """Return these triples in the RDF syntax of a format (see `rdf_syntax_of`)."""
    return (
        serialize(triples, format=RdfFormat.from_extension(rdf_syntax_of(form).extension), prefixes=dict(prefixes))
        or b""
    )


def turtle_response(turtle: bytes, form: Format) -> Response:
    """Return a response with the content of a Turtle file in an RDF syntax. Turtle is unchanged, with its comments."""
    if form.short != "ttl":
        turtle = serialize_triples((quad.triple for quad in parse(turtle, RdfFormat.TURTLE)), form, PREFIXES)
    return data_response(turtle, form.media_type)


def json_response(document: object, *, is_language_dependent: bool = False, indent: int = 2) -> Response:
    """Return a response with a document as JSON (see `data_response`)."""
    body = json.dumps(document, ensure_ascii=False, indent=indent) + "\n"
    return data_response(body, JSON.media_type, is_language_dependent=is_language_dependent)


_QUERIES = {
    # A thing, the triples that have it as their object, and its passages.
    "thing": """
CONSTRUCT {{ {iri} ?p ?o . ?s ?q {iri} . ?passage ?r ?v }} WHERE {{
  {{ {iri} ?p ?o }} UNION {{ ?s ?q {iri} }} UNION {{ {iri} cg:passage ?passage . ?passage ?r ?v }}
}}""",
    # A concept scheme or the ontology, and the terms whose IRIs begin with its IRI and `#`.
    "vocabulary": """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  GRAPH {ontology} {{ ?x ?p ?o }}
  FILTER (?x = {iri} || STRSTARTS(STR(?x), CONCAT(STR({iri}), "#")))
}}""",
    "catalog": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {catalog} {{ ?s ?p ?o }} }}",
    "graph": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri} {{ ?s ?p ?o }} }}",
    "findings": "CONSTRUCT {{ ?x ?p ?o }} WHERE {{ VALUES ?x {{ {iri} }} GRAPH {findings} {{ ?x ?p ?o }} }}",
    # The dataset, and the parts of the plan with their numbers, labels and statuses.
    "plan": """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  {{ GRAPH {catalog} {{ ?x a dcat:Dataset ; ?p ?o }} }}
  UNION {{
    GRAPH {plan_graph} {{ ?x ?p ?o }}
    VALUES ?p {{ rdf:type rdfs:label dcterms:isPartOf cg:number cg:order cg:status }}
    FILTER EXISTS {{ ?x dcterms:isPartOf|a [] . FILTER (?x = {plan} || STRSTARTS(STR(?x), CONCAT(STR({plan}), "/"))) }}
  }}
}}""",
    "processes": """
CONSTRUCT {{ ?process ?p ?o }} WHERE {{
  ?process a cg:ConsultativeProcess ; ?p ?o .
  VALUES ?p {{ rdf:type rdfs:label skos:altLabel skos:notation cg:processLevel cg:since cg:member }}
}}""",
    "responsibilities": """
CONSTRUCT {{ ?element cg:participation ?part . ?part ?p ?o }} WHERE {{
  ?element cg:within {plan} ; cg:participation ?part . ?part ?p ?o
}}""",
    "schedule": "CONSTRUCT {{ ?x ?p ?o }} WHERE {{ ?x a cg:ScheduleEntry ; cg:within {plan} ; ?p ?o }}",
    "comparisons": "CONSTRUCT {{ ?comparison ?p ?o }} WHERE {{ ?comparison cg:comparedWith ?other ; ?p ?o }}",
    # The correspondences between two plans, in both directions.
    "comparison": """
CONSTRUCT {{ ?comparison ?p ?o }} WHERE {{
  VALUES (?plan ?other) {{ ({iri} {other}) ({other} {iri}) }}
  ?comparison cg:comparedWith ?other ; rdf:subject ?subject . ?subject cg:within ?plan . ?comparison ?p ?o
}}""",
}


def query_about(subject: str, site: Site, iri: str | Iterable[str] = "", other: str = "") -> str:
    """Return the CONSTRUCT query for the triples that a page of a certain kind shows.

    Arguments:
        subject: the kind of page, a key of _QUERIES, such as "thing" or "findings".
        site: the site, whose namespaces name the plan and the graphs.
        iri: the IRI that the page is about; for "findings", those of all findings; for "comparison", the first plan.
        other: the IRI of the second plan of a "comparison".

    Raises ValueError if an IRI contains a character that IRIs may not contain.
    """
    iris = [iri] if isinstance(iri, str) else iri
    return _QUERIES[subject].format(
        iri=" ".join(map(iri_ref, iris)),
        other=iri_ref(other),
        plan=iri_ref(site.names.id("plan", "crm")),
        plan_graph=iri_ref(site.names.graph("plan", "crm")),
        **{name: iri_ref(site.names.graph(name)) for name in ("catalog", "findings", "ontology")},
    )


def graph_names(site: Site) -> tuple[str, ...]:
    """Return the IRIs of all named graphs, sorted."""
    return tuple(
        row["graph"].value for row in site.select("SELECT ?graph { GRAPH ?graph {} } ORDER BY ?graph", is_cached=True)
    )


def count_triples(site: Site, graph: str) -> int:
    """Return the number of triples in a named graph; 0 if there is no such graph."""
    rows = site.select(f"SELECT (COUNT(*) AS ?total) {{ GRAPH {iri_ref(graph)} {{ ?s ?p ?o }} }}")
    return int(rows[0]["total"].value)


def is_ontology_version(site: Site, iri: str) -> bool:
    """Return whether this IRI is the version IRI (owl:versionIRI) of the ontology."""
    return bool(site.select(f"SELECT ?x {{ ?x owl:versionIRI {iri_ref(iri)} FILTER (?x = <{ONTOLOGY}>) }}"))
