"""The statements that the pages with tables and drawings are made of, as queries."""

from collections.abc import Iterable

from crmgraph.site.base.graphs import whole_graph
from crmgraph.site.base.site import Site, reference

__all__ = [
    "about_catalog",
    "about_comparison",
    "about_comparisons",
    "about_found",
    "about_plan",
    "about_processes",
    "about_responsibilities",
    "about_schedule",
]

_PLAN = """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  {{ GRAPH {catalog} {{ ?x a dcat:Dataset ; ?p ?o }} }}
  UNION {{
    GRAPH {plan} {{ ?x ?p ?o }}
    VALUES ?p {{ rdf:type rdfs:label dcterms:isPartOf cg:number cg:order cg:status }}
    FILTER EXISTS {{ ?x dcterms:isPartOf|a [] . FILTER (?x = {iri} || STRSTARTS(STR(?x), "{start}/")) }}
  }}
}}"""
_PROCESSES = """
CONSTRUCT { ?process ?p ?o } WHERE {
  ?process a cg:ConsultativeProcess ; ?p ?o .
  VALUES ?p { rdf:type rdfs:label skos:altLabel skos:notation cg:processLevel cg:since cg:member }
}"""
_RESPONSIBILITIES = """
CONSTRUCT { ?element cg:participation ?part . ?part ?p ?o } WHERE {
  ?element cg:within %s ; cg:participation ?part . ?part ?p ?o
}"""
_SCHEDULE = "CONSTRUCT { ?x ?p ?o } WHERE { ?x a cg:ScheduleEntry ; cg:within %s ; ?p ?o }"
_COMPARISONS = "CONSTRUCT { ?said ?p ?o } WHERE { ?said cg:comparedWith ?other ; ?p ?o }"
_COMPARISON = """
CONSTRUCT {{ ?said ?p ?o }} WHERE {{
  VALUES (?plan ?other) {{ ({plan} {other}) ({other} {plan}) }}
  ?said cg:comparedWith ?other ; cg:subject ?subject . ?subject cg:within ?plan . ?said ?p ?o
}}"""
_FOUND = """
CONSTRUCT {{ ?x ?p ?o }} WHERE {{
  VALUES ?x {{ {found} }}
  VALUES ?p {{ rdf:type rdfs:label skos:prefLabel skos:altLabel cg:number cg:status dcterms:isPartOf }}
  ?x ?p ?o
}}"""


def about_catalog(site: Site) -> str:
    """The query for what the dataset is and where it is to be had; pages in prose about it are made of nothing else."""
    return whole_graph(site.names.graph("catalog"))


def about_responsibilities(site: Site) -> str:
    """The query for who takes part in what the plan foresees, in which role, and by which words."""
    return _RESPONSIBILITIES % reference(site.names.id("plan", "crm"))


def about_schedule(site: Site) -> str:
    """The query for all that is said of the schedule entries of the plan."""
    return _SCHEDULE % reference(site.names.id("plan", "crm"))


def about_plan(site: Site) -> str:
    """The query for what the dataset is, and for the parts of the plan with their numbers, names and statuses."""
    plan = site.names.id("plan", "crm")
    return _PLAN.format(
        catalog=reference(site.names.graph("catalog")),
        plan=reference(site.names.graph("plan", "crm")),
        iri=reference(plan),
        start=plan,
    )


def about_processes(_: Site) -> str:
    """The query for what the consultative processes are called, of which level and age they are, and their members."""
    return _PROCESSES


def about_comparisons() -> str:
    """The query for all that was said of what corresponds in other plans."""
    return _COMPARISONS


def about_comparison(plan: str, other: str) -> str:
    """The query for what was said, from either side, of what corresponds in two plans, by the IRIs of both."""
    return _COMPARISON.format(plan=reference(plan), other=reference(other))


def about_found(iris: Iterable[str]) -> str:
    """The query for what these things are, what they are called, and what they are parts of."""
    return _FOUND.format(found=" ".join(map(reference, iris)))
