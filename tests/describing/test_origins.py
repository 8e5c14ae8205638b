"""Where an imported plan is from, in the graph of its source."""

from rdflib import DCAT, DCTERMS, PROV, XSD, Literal, URIRef

from crmgraph.describing.origins import describe_origin
from crmgraph.namespaces import Names
from crmgraph.reading.origin import Origin

NAMES = Names()


def test_a_source_is_derived_from_its_file() -> None:
    origin = Origin("a.xlsx", "ab", "text/x", ("One", "Two"), "2026-11-28", "m.toml", "cd", "http://e/plan")
    graph = describe_origin(origin, "other", NAMES)
    source = URIRef(NAMES.id("source", "other"))
    file, work = graph.value(source, PROV.wasDerivedFrom), graph.value(source, PROV.wasGeneratedBy)
    assert file is not None
    assert str(graph.value(file, DCTERMS.identifier)) == "sha256:ab"
    assert str(graph.value(file, DCAT.mediaType)) == "text/x"
    assert graph.value(file, DCTERMS.source) == URIRef("http://e/plan")
    assert graph.value(work, DCTERMS.date) == Literal("2026-11-28", datatype=XSD.date)
    assert {str(graph.value(part, DCTERMS.title)) for part in graph.subjects(DCTERMS.isPartOf, file)} == {"One", "Two"}
    used = {str(graph.value(each, DCTERMS.identifier)) for each in graph.objects(work, PROV.used)}
    assert used == {"sha256:ab", "sha256:cd", "None"}
