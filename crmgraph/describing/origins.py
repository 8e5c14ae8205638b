"""Where an imported plan is from, as RDF: the file that its text was derived from, when and by which mapping (PROV)."""

from rdflib import DCAT, DCTERMS, PROV, RDF, RDFS, XSD, Graph, Literal, URIRef

from crmgraph.namespaces import Names
from crmgraph.reading.origin import Origin

__all__ = ["describe_origin"]


def describe_origin(origin: Origin, id: str, names: Names) -> Graph:
    """What is added to the graph of the source of the plan `id`, which was imported from that file."""
    graph = Graph()
    source, file, work = (URIRef(names.id("source", id, *path)) for path in ((), ("file",), ("import",)))
    graph.add((source, PROV.wasDerivedFrom, file))
    graph.add((source, PROV.wasGeneratedBy, work))
    graph.add((file, RDF.type, PROV.Entity))
    _label(graph, file, origin.file, origin.file)
    graph.add((file, DCTERMS.identifier, Literal(f"sha256:{origin.sha256}")))
    graph.add((file, DCAT.mediaType, Literal(origin.media_type)))
    for place, table in enumerate(origin.tables, 1):
        part = URIRef(names.id("source", id, f"table-{place}"))
        graph.add((part, RDF.type, PROV.Entity))
        _label(graph, part, f"{table} ({origin.file})", f"{table} ({origin.file})")
        graph.add((part, DCTERMS.title, Literal(table)))
        graph.add((part, DCTERMS.isPartOf, file))
        graph.add((work, PROV.used, part))
    if origin.source:
        graph.add((file, DCTERMS.source, URIRef(origin.source)))
    graph.add((work, RDF.type, PROV.Activity))
    _label(graph, work, f"Importación de {origin.file}", f"Import of {origin.file}")
    graph.add((work, PROV.used, file))
    graph.add((work, DCTERMS.date, Literal(origin.imported, datatype=XSD.date)))
    if origin.mapping:
        mapping = URIRef(names.id("source", id, "mapping"))
        graph.add((work, PROV.used, mapping))
        graph.add((mapping, RDF.type, PROV.Entity))
        _label(graph, mapping, origin.mapping, origin.mapping)
        graph.add((mapping, DCTERMS.identifier, Literal(f"sha256:{origin.mapping_sha256}")))
    return graph


def _label(graph: Graph, thing: URIRef, spanish: str, english: str) -> None:
    graph.add((thing, RDFS.label, Literal(spanish, "es")))
    graph.add((thing, RDFS.label, Literal(english, "en")))
