"""The representations of a page, and the choice among them (RFC 9110, section 12).

Every page is at its address as HTML, in each syntax of RDF, and as JSON: by the Accept header, or by the extension of
the form at the end of the address. The RDF is the statements that the page is made of. The JSON is the rows of its
table where the page is a table, and otherwise the same statements, as JSON-LD. Pages in prose about the service are
made of what the catalogue says of the dataset."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import RdfFormat, Triple, parse, serialize
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import Bilingual, NotAcceptableError
from crmgraph.http.negotiation import accept_header, choose_media_type
from crmgraph.http.responses import DATA_HEADERS, REVALIDATE_HEADERS
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base.site import Site, reference
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.sparql.formats import content_type

GRAPHS = GRAPH_FORMATS
TABLES = RESULT_FORMATS
HTML = Format("html", "HTML", "text/html", "html", "")
JSON = Format("json", "JSON", "application/json", "json", "")
CSV = next(form for form in TABLES if form.short == "csv")
QUERY = Format("rq", "SPARQL", "application/sparql-query", "rq", "")
PAGE_FORMS = (HTML, *GRAPHS, JSON)
"""The forms that every page has."""


class NothingKnownError(HTTPException):
    """Nothing is known about what an address names.

    Arguments:
        named: what that is, an IRI or a path.
        near: the names and paths of pages that may be meant.
    """

    def __init__(self, named: str, near: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(404, Bilingual(f"Nothing is known about {named}.", f"No se sabe nada de {named}."))
        self.near = near


def split_suffix(path: str, forms: Iterable[Format]) -> tuple[str, Format | None]:
    """Return the path without the extension of one of these forms, and that form; the path and None without one."""
    form = next((each for each in forms if path.endswith("." + each.extension)), None)
    return (path.removesuffix("." + form.extension) if form else path), form


def preferred_form(request: Request, forms: Sequence[Format]) -> Format:
    """Return the form that the Accept header prefers, the earlier of two that it likes equally.

    A form that goes by an alias has that as its media type. Raises NotAcceptableError where the header takes none.
    """
    best = preferred_media_type(request, forms)
    if best is None:
        offered = ", ".join(form.media_type for form in forms)
        raise NotAcceptableError(
            Bilingual(
                f"None of the available formats matches the Accept header. Available: {offered}.",
                f"Ninguno de los formatos disponibles corresponde al encabezado Accept. Disponibles: {offered}.",
            )
        )
    return replace(_by_media_type(forms)[best], media_type=best)


def preferred_media_type(request: Request, forms: Iterable[Format]) -> str | None:
    """Return the media type of these forms that the Accept header prefers, or None where it takes none."""
    return choose_media_type(accept_header(request), tuple(_by_media_type(forms)))


def _by_media_type(forms: Iterable[Format]) -> dict[str, Format]:
    return {media_type: form for form in forms for media_type in (form.media_type, *form.aliases)}


def data_response(body: bytes | str, media_type: str, *, is_language_dependent: bool = False) -> Response:
    """Return a page as data that any page on the web may read; it `speaks` where it is in one language."""
    vary = "Accept, Accept-Language" if is_language_dependent else "Accept"
    return Response(
        body, headers={**DATA_HEADERS, **REVALIDATE_HEADERS, "Content-Type": content_type(media_type), "Vary": vary}
    )


def syntax_of(form: Format) -> Format:
    """Return the syntax of RDF that a graph is written in for a form: JSON-LD for plain JSON."""
    return next(each for each in GRAPHS if each.short == "jsonld") if form == JSON else form


def serialize_triples(triples: Iterable[Triple], form: Format, prefixes: Mapping[str, str]) -> bytes:
    """Return these statements in the syntax of a form for graphs."""
    return (
        serialize(triples, format=RdfFormat.from_extension(syntax_of(form).extension), prefixes=dict(prefixes)) or b""
    )


def convert_turtle(turtle: bytes, form: Format) -> bytes:
    """Return the statements of a file in Turtle in one of the forms for graphs; in Turtle as it is, with comments."""
    if form.short == "ttl":
        return turtle
    return serialize_triples((quad.triple for quad in parse(turtle, RdfFormat.TURTLE)), form, PREFIXES)


def graph_response(site: Site, query: str, form: Format) -> Response:
    """Return the graph of a CONSTRUCT query of ours, in a form for graphs or as plain JSON."""
    return data_response(site.answer(query, syntax_of(form).media_type), form.media_type)


def json_response(rows: Iterable[Mapping[str, object]]) -> Response:
    """Return the rows of a page's table as a JSON list. What they have in one language alone is in the visitor's."""
    return data_response(
        json.dumps(list(rows), ensure_ascii=False, indent=2) + "\n", JSON.media_type, is_language_dependent=True
    )


_ABOUT = {
    # A thing, what points to it, and its passages.
    "thing": """
CONSTRUCT {{ {iri} ?p ?o . ?s ?q {iri} . ?passage ?r ?v }} WHERE {{
  {{ {iri} ?p ?o }} UNION {{ ?s ?q {iri} }} UNION {{ {iri} cg:passage ?passage . ?passage ?r ?v }}
}}""",
    # A concept scheme, or the ontology itself, and everything named within it.
    "vocabulary": """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  GRAPH {ontology} {{ ?x ?p ?o }}
  FILTER (?x = {iri} || STRSTARTS(STR(?x), CONCAT(STR({iri}), "#")))
}}""",
    "catalog": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {catalog} {{ ?s ?p ?o }} }}",
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
    "comparisons": "CONSTRUCT {{ ?said ?p ?o }} WHERE {{ ?said cg:comparedWith ?other ; ?p ?o }}",
    # What corresponds in two plans, from either side.
    "comparison": """
CONSTRUCT {{ ?said ?p ?o }} WHERE {{
  VALUES (?plan ?other) {{ ({iri} {other}) ({other} {iri}) }}
  ?said cg:comparedWith ?other ; cg:subject ?subject . ?subject cg:within ?plan . ?said ?p ?o
}}""",
}


def query_about(subject: str, site: Site, iri: str | Iterable[str] = "", other: str = "") -> str:
    """Return the query for the statements about a subject: the name of one of those above, with its IRI or IRIs.

    Raises ValueError for what is no IRI.
    """
    iris = [iri] if isinstance(iri, str) else iri
    return _ABOUT[subject].format(
        iri=" ".join(map(reference, iris)),
        other=reference(other),
        plan=reference(site.names.id("plan", "crm")),
        plan_graph=reference(site.names.graph("plan", "crm")),
        **{name: reference(site.names.graph(name)) for name in ("catalog", "findings", "ontology")},
    )


def whole_graph_query(iri: str) -> str:
    """Return the query for every statement of a named graph. Raises ValueError for what is no IRI."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {reference(iri)} {{ ?s ?p ?o }} }}"


def graph_names(site: Site) -> tuple[str, ...]:
    """Return the IRIs of all named graphs."""
    rows = site.select_cached("SELECT ?graph { GRAPH ?graph {} } ORDER BY ?graph")
    return tuple(row["graph"].value for row in rows)


def count_triples(site: Site, graph: str) -> int:
    """Return the number of statements in a named graph; 0 where there is no such graph."""
    rows = site.select(f"SELECT (COUNT(*) AS ?total) {{ GRAPH {reference(graph)} {{ ?s ?p ?o }} }}")
    return int(rows[0]["total"].value)


def is_ontology_version(site: Site, iri: str) -> bool:
    """Return whether the ontology names this IRI as that of its version."""
    return bool(site.select(f"SELECT ?x {{ ?x owl:versionIRI {reference(iri)} FILTER (?x = <{ONTOLOGY}>) }}"))
