"""What the endpoint says of itself."""

import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

from crmgraph.http.service_description import describe_service
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
ENDPOINT = URIRef("http://localhost:8000/sparql")
SIZES = {"http://e/b": 3, "http://e/a?x=1&y=é": 4}


@pytest.fixture(scope="module")
def description() -> Graph:
    return Graph().parse(data=describe_service(str(ENDPOINT), SIZES, "text/turtle"), format="turtle")


def test_it_is_about_the_address_that_was_asked(description: Graph) -> None:
    assert (ENDPOINT, RDF.type, SD.Service) in description
    assert (ENDPOINT, SD.endpoint, ENDPOINT) in description


def test_it_speaks_sparql_1_1_over_the_union_of_the_graphs(description: Graph) -> None:
    assert set(description.objects(ENDPOINT, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(description.objects(ENDPOINT, SD.feature)) == {SD.UnionDefaultGraph}


def test_it_names_every_syntax(description: Graph) -> None:
    formats = set(description.objects(ENDPOINT, SD.resultFormat))
    assert formats == {URIRef(each.iri) for each in RESULT_FORMATS + GRAPH_FORMATS}
    assert URIRef("http://www.w3.org/ns/formats/SPARQL_Results_JSON") in formats


def test_it_names_every_graph_with_its_size(description: Graph) -> None:
    dataset = description.value(ENDPOINT, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in description
    assert (description.value(dataset, SD.defaultGraph), RDF.type, SD.Graph) in description
    sizes = {}
    for named_graph in description.objects(dataset, SD.namedGraph):
        assert (named_graph, RDF.type, SD.NamedGraph) in description
        graph = description.value(named_graph, SD.graph)
        sizes[str(description.value(named_graph, SD.name))] = description.value(graph, VOID.triples)
    assert sizes == {iri: Literal(size) for iri, size in SIZES.items()}


def test_every_node_has_a_name(description: Graph) -> None:
    assert not [term for triple in description for term in triple if isinstance(term, BNode)]


@pytest.mark.parametrize(
    ("media_type", "parser"),
    [("application/n-triples", "nt"), ("application/rdf+xml", "xml")],
)
def test_it_is_the_same_in_every_syntax(description: Graph, media_type: str, parser: str) -> None:
    other = Graph().parse(data=describe_service(str(ENDPOINT), SIZES, media_type), format=parser)
    assert set(other) == set(description)


def test_it_is_the_same_every_time() -> None:
    assert describe_service(str(ENDPOINT), SIZES, "text/turtle") == describe_service(
        str(ENDPOINT), dict(reversed(SIZES.items())), "text/turtle"
    )
