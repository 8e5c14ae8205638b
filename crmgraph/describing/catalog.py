"""The catalogue: what the dataset is, by whom, under which licence, and how large each of its graphs is."""

from collections.abc import Mapping

from rdflib import DCAT, DCTERMS, OWL, RDF, RDFS, VOID, Graph, Literal, URIRef

from crmgraph import __version__
from crmgraph.namespaces import ONTOLOGY, Names

__all__ = ["describe_catalog"]

_LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
_TITLE = {
    "es": "Grafo de conocimiento del Plan de Acción de la Conferencia Regional sobre Migración",
    "en": "Knowledge graph of the Plan of Action of the Regional Conference on Migration",
}
_GRAPHS = {
    "plan": ("Plan de acción", "Plan of action"),
    "source": ("Documento fuente", "Source document"),
    "reference": ("Datos de referencia", "Reference data"),
    "processes": ("Procesos consultivos", "Consultative processes"),
    "ontology": ("Ontología y vocabularios", "Ontology and vocabularies"),
    "inferred": ("Enunciados inferidos", "Inferred statements"),
    "findings": ("Hallazgos", "Findings"),
}


def describe_catalog(sizes: Mapping[str, int], names: Names) -> Graph:
    """The `catalog` graph, from the number of statements of each other graph, by IRI. It bears no date of its own."""
    graph = Graph()
    dataset = URIRef(names.graph("catalog"))
    for kind in (DCAT.Dataset, VOID.Dataset):
        graph.add((dataset, RDF.type, kind))
    for language, title in _TITLE.items():
        graph.add((dataset, DCTERMS.title, Literal(title, language)))
        graph.add((dataset, RDFS.label, Literal(title, language)))
    graph.add((dataset, DCTERMS.license, _LICENCE))
    graph.add((dataset, DCTERMS.creator, Literal("The crmgraph founders")))
    graph.add((dataset, OWL.versionInfo, Literal(__version__)))
    graph.add((dataset, VOID.vocabulary, URIRef(ONTOLOGY)))
    for name, size in sizes.items():
        _describe_graph(graph, dataset, URIRef(name), size, names)
    # The catalogue itself: what it has now, and the statement that says how many statements there are in all.
    graph.add((dataset, VOID.triples, Literal(sum(sizes.values()) + len(graph) + 1)))
    return graph


def _describe_graph(graph: Graph, dataset: URIRef, part: URIRef, size: int, names: Names) -> None:
    path = part.removeprefix(names.graph(""))
    title_es, title_en = _GRAPHS.get(path.partition("/")[0], (path, path))
    which = f" ({path.partition('/')[2]})" if "/" in path else ""
    graph.add((dataset, VOID.subset, part))
    graph.add((part, RDF.type, VOID.Dataset))
    graph.add((part, VOID.triples, Literal(size)))
    graph.add((part, DCTERMS.title, Literal(title_es + which, "es")))
    graph.add((part, DCTERMS.title, Literal(title_en + which, "en")))
