"""What the endpoint says of itself (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from crmgraph.namespaces import PREFIXES
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.sparql.results import write_graph

__all__ = ["describe_service"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_TRIPLES = NamedNode(PREFIXES["void"] + "triples")
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")


def describe_service(
    endpoint: str, graphs: Mapping[str, int], media_type: str, takes_updates: bool = False, federates: bool = False
) -> bytes:
    """The description of the endpoint at this URL, in a graph syntax; no node is without a name.

    `graphs` gives the number of triples of each named graph in the store by its IRI, `takes_updates` whether some
    may write, and `federates` whether it answers SERVICE.
    """
    prefixes = {"sd": _SD, "void": PREFIXES["void"], "formats": "http://www.w3.org/ns/formats/"}
    return write_graph(_triples(endpoint, graphs, takes_updates, federates), media_type, prefixes)


def _triples(endpoint: str, graphs: Mapping[str, int], takes_updates: bool, federates: bool) -> Iterator[Triple]:
    # The URL itself is the service: clients look for statements about the address that they asked.
    service = NamedNode(endpoint)
    dataset, default_graph = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default-graph")
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if takes_updates:
        yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    if federates:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    for each in RESULT_FORMATS + GRAPH_FORMATS:
        yield Triple(service, _sd("resultFormat"), NamedNode(each.iri))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default_graph)
    named_graphs = {iri: NamedNode(f"{endpoint}#graph-{quote(iri, safe='')}") for iri in sorted(graphs)}
    for named_graph in named_graphs.values():
        yield Triple(dataset, _sd("namedGraph"), named_graph)
    yield Triple(default_graph, _TYPE, _sd("Graph"))
    for iri, named_graph in named_graphs.items():
        graph = NamedNode(iri)
        yield Triple(named_graph, _TYPE, _sd("NamedGraph"))
        yield Triple(named_graph, _sd("name"), graph)
        yield Triple(named_graph, _sd("graph"), graph)
        yield Triple(graph, _TYPE, _sd("Graph"))
        yield Triple(graph, _TRIPLES, Literal(str(graphs[iri]), datatype=_INTEGER))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
