"""The plans of others that are only a graph, and what these link to here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmgraph.decisions import AGENDA
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Site, reference
from crmgraph.site.dataset.graphs import graph_names
from crmgraph.site.plans.plans import Plan, name_of_plan

__all__ = ["Guest", "Link", "guests", "links_from"]

_SOURCES = """
SELECT DISTINCT ?graph ?source {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:source <http://purl.org/dc/elements/1.1/source> prov:hadPrimarySource prov:wasDerivedFrom }
  GRAPH ?graph { ?any ?property ?source }
}
ORDER BY ?source"""
_TITLES = """
SELECT DISTINCT ?graph ?thing ?title {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:title <http://purl.org/dc/elements/1.1/title> }
  GRAPH ?graph { ?thing ?property ?title }
}
ORDER BY ?title"""
# What is here is never a subject in the graph of others; and of which class a thing is, is no link.
_LINKS = """
  GRAPH ?graph { ?thing ?property ?other }
  FILTER (?property != rdf:type && isIRI(?other)
    && (STRSTARTS(STR(?other), "%s") || STRSTARTS(STR(?other), "%s/") || STRSTARTS(STR(?other), "%s/")))
  FILTER NOT EXISTS { GRAPH ?graph { ?other ?any ?value } }"""
_COUNTS = "SELECT ?graph (COUNT(*) AS ?links) { VALUES ?graph { %s } %s } GROUP BY ?graph"
_LISTED = "SELECT ?thing ?property ?other { VALUES ?graph { %s } %s } ORDER BY ?thing ?property ?other LIMIT %s"
_MOST = 400


@dataclass(frozen=True)
class Guest:
    """The plan of others in RDF: the IRI of its graph, its title by language, where it says that it is from, and how
    many links it has to what is here.
    """

    iri: str
    titles: Mapping[str, str]
    sources: tuple[str, ...]
    links: int


@dataclass(frozen=True)
class Link:
    """That a thing in the graph of others has to do with one that is here, by which property (all IRIs)."""

    thing: str
    property: str
    other: str


def guests(site: Site, known: Sequence[Plan]) -> tuple[Guest, ...]:
    """The plans of others in RDF: the graphs of plans that are none of those that are `known`."""
    start = site.names.graph("plan", "")
    taken = {site.names.graph("plan", name_of_plan(plan.iri)) for plan in known}
    found = [name for name in graph_names(site) if name.startswith(start) and name not in taken]
    if not found:
        return ()
    listed = " ".join(map(reference, found))
    sources: dict[str, list[str]] = {}
    for row in site.select(_SOURCES % listed):
        sources.setdefault(row["graph"].value, []).append(row["source"].value)
    titles: dict[str, dict[str, dict[str, str]]] = {}
    for row in site.select(_TITLES % listed):
        of_graph = titles.setdefault(row["graph"].value, {})
        of_graph.setdefault(row["thing"].value, {}).setdefault(row["title"].language, row["title"].value)
    counts = {row["graph"].value: int(row["links"].value) for row in site.select(_COUNTS % (listed, _links(site)))}
    return tuple(
        Guest(name, _title(site, name, titles.get(name, {})), tuple(sources.get(name, ())), counts.get(name, 0))
        for name in found
    )


def links_from(site: Site, guest: str) -> tuple[tuple[Link, ...], bool]:
    """What in the graph of others with this IRI is linked to what is here, and whether that is all of it."""
    rows = site.select(_LISTED % (reference(guest), _links(site), _MOST + 1))
    found = tuple(Link(*(row[name].value for name in ("thing", "property", "other"))) for row in rows[:_MOST])
    return found, len(rows) <= _MOST


def _links(site: Site) -> str:
    return _LINKS % (site.names.id(), ONTOLOGY, AGENDA)


def _title(site: Site, graph: str, titles: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The title of what is called as the graph is, or else of the only thing in it that has any.

    Where several have one, each may be that of a part.
    """
    for iri in (site.names.id("plan", name_of_plan(graph)), graph):
        if iri in titles:
            return titles[iri]
    return next(iter(titles.values())) if len(titles) == 1 else {}
