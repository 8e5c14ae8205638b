"""Queries for named graphs, and for the statements that pages are made of."""

from collections.abc import Iterable

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Site, reference

__all__ = ["about", "graph_names", "is_ontology_version", "triples_in", "whole_graph"]

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


def about(subject: str, site: Site, iri: str | Iterable[str] = "", other: str = "") -> str:
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


def whole_graph(iri: str) -> str:
    """Return the query for every statement of a named graph. Raises ValueError for what is no IRI."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {reference(iri)} {{ ?s ?p ?o }} }}"


def graph_names(site: Site) -> tuple[str, ...]:
    """Return the IRIs of all named graphs."""
    rows = site.recall("SELECT ?graph { GRAPH ?graph {} } ORDER BY ?graph")
    return tuple(row["graph"].value for row in rows)


def triples_in(site: Site, graph: str) -> int:
    """Return the number of statements in a named graph; 0 where there is no such graph."""
    rows = site.select(f"SELECT (COUNT(*) AS ?total) {{ GRAPH {reference(graph)} {{ ?s ?p ?o }} }}")
    return int(rows[0]["total"].value)


def is_ontology_version(site: Site, iri: str) -> bool:
    """Return whether the ontology names this IRI as that of its version."""
    return bool(site.select(f"SELECT ?x {{ ?x owl:versionIRI {reference(iri)} FILTER (?x = <{ONTOLOGY}>) }}"))
