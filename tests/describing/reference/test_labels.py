import pytest
from rdflib import RDFS, SKOS, Dataset, Literal, URIRef

from crmgraph.describing.reference.labels import Labels

ONE, OTHER = URIRef("http://example.org/one"), URIRef("http://example.org/other")


def test_names_are_found_in_whatever_graph_they_are() -> None:
    dataset = Dataset()
    dataset.graph(URIRef("http://example.org/a")).add((ONE, RDFS.label, Literal("uno", "es")))
    dataset.graph(URIRef("http://example.org/b")).add((ONE, RDFS.label, Literal("one", "en")))
    dataset.graph(URIRef("http://example.org/b")).add((OTHER, SKOS.altLabel, Literal("another", "en")))
    labels = Labels(dataset)
    assert (labels.of(ONE, "es"), labels.of(ONE, "en")) == ("uno", "one")
    with pytest.raises(KeyError):
        labels.of(OTHER, "en")
