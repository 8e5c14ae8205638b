"""The catalogue of the dataset, and where an imported plan is from."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rdflib import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, VOID, XSD, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph import __version__
from crmgraph.namespaces import BASE, Names
from crmgraph.reading.origin import Origin

__all__ = ["describe_catalog", "describe_origin"]

_GRAPHS = {
    "plan": ("Plan de acción", "Plan of action"),
    "source": ("Documento fuente", "Source document"),
    "reference": ("Datos de referencia", "Reference data"),
    "processes": ("Procesos consultivos", "Consultative processes"),
    "links": ("Correspondencias con otros planes", "Correspondences with other plans"),
    "ontology": ("Ontología y vocabularios", "Ontology and vocabularies"),
    "inferred": ("Afirmaciones inferidas", "Inferred statements"),
    "findings": ("Hallazgos", "Findings"),
    "versions": ("Versiones anteriores", "Earlier versions"),
    "catalog": ("Catálogo", "Catalogue"),
}
_LINKED = {
    "wikidata": ("http://www.wikidata.org/entity/", "Wikidata"),
    "geonames": ("https://sws.geonames.org/", "GeoNames"),
    "eu-authority": ("http://publications.europa.eu/resource/authority/", "EU Vocabularies"),
    "eurovoc": ("http://eurovoc.europa.eu/", "EuroVoc"),
}


def describe_catalog(file: Path, dataset: Dataset, names: Names) -> Graph:
    """The `catalog` graph: what `file` (Turtle, addresses relative to the base) says, and what `dataset` counts.

    It counts itself too, and does not say when it was built.
    """
    graph = Graph()
    turtle = file.read_text(encoding="utf-8").replace(f'"{BASE}', f'"{names.base}')
    graph.parse(data=turtle, format="turtle", publicID=names.base)
    whole = URIRef(names.id("dataset", "crmgraph"))
    graph.add((whole, OWL.versionInfo, Literal(__version__)))
    sizes = {str(part.identifier): len(part) for part in dataset.graphs() if len(part)}
    own = names.graph("catalog")
    for name in sorted({*sizes, own}):
        path = name.removeprefix(names.graph(""))
        titles = _titles(path, dataset, names)
        _describe_graph(graph, whole, URIRef(name), titles)
    _describe_links(graph, whole, dataset, names)
    _count(graph, whole, dataset, sizes, own)
    return graph


def _titles(path: str, dataset: Dataset, names: Names) -> list[Literal]:
    """What the graph at this path is called: what it holds, and of which plan, by its short name or its title."""
    kind, _, id = path.partition("/")
    titles = zip(_GRAPHS.get(kind, (path, path)), ("es", "en"), strict=True)
    if not id:
        return [Literal(title, language) for title, language in titles]
    short, long = (_called(dataset, names.id("plan", id), name) for name in (DCTERMS.alternative, RDFS.label))
    if short and kind == "plan":
        return [Literal(name, language) for language, name in short.items()]
    called = short or long
    usual = next((called[language] for language in sorted(called, key=str)), "")
    return [Literal(f"{title}: {called.get(language, usual) or id}", language) for title, language in titles]


def _called(dataset: Dataset, iri: str, name: URIRef) -> dict[str | None, str]:
    quads = dataset.quads((URIRef(iri), name, None, None))
    return {label.language: str(label) for _, _, label, _ in quads if isinstance(label, Literal)}


def _describe_graph(graph: Graph, whole: URIRef, part: URIRef, titles: Iterable[Literal]) -> None:
    graph.add((whole, VOID.subset, part))
    graph.add((part, RDF.type, VOID.Dataset))
    for title in titles:
        for name_of in (DCTERMS.title, RDFS.label):
            graph.add((part, name_of, title))


def _describe_links(graph: Graph, whole: URIRef, dataset: Dataset, names: Names) -> None:
    """How many statements lead from our things to those of others, as VoID linksets."""
    ours = names.base
    for key, (space, title) in _LINKED.items():
        links = [p for s, p, o, _ in dataset.quads() if str(s).startswith(ours) and str(o).startswith(space)]
        for predicate in sorted(set(links), key=str):
            local = str(predicate).rpartition("#")[2].rpartition("/")[2]
            linkset = URIRef(names.id("linkset", f"{key}-{local}"))
            graph.add((whole, VOID.subset, linkset))
            graph.add((linkset, RDF.type, VOID.Linkset))
            graph.add((linkset, VOID.subjectsTarget, whole))
            graph.add((linkset, VOID.objectsTarget, URIRef(space)))
            graph.add((linkset, VOID.linkPredicate, predicate))
            graph.add((linkset, VOID.triples, Literal(links.count(predicate))))
            graph.add((linkset, RDFS.label, Literal(f"Enlaces a {title} ({local})", "es")))
            graph.add((linkset, RDFS.label, Literal(f"Links to {title} ({local})", "en")))


def _count(graph: Graph, whole: URIRef, dataset: Dataset, sizes: Mapping[str, int], own: str) -> None:
    subjects: set[Node] = set(graph.subjects())
    predicates: set[Node] = set(graph.predicates())
    for subject, predicate, _, _ in dataset.quads():
        subjects.add(subject)
        predicates.add(predicate)
    counted = {VOID.triples, VOID.distinctSubjects, VOID.properties}
    graph.add((whole, VOID.distinctSubjects, Literal(len(subjects))))
    graph.add((whole, VOID.properties, Literal(len(predicates | counted))))
    for name, size in sizes.items():
        graph.add((URIRef(name), VOID.triples, Literal(size)))
    # The two statements that say how many statements there are, here and in all, are among them.
    size = len(graph) + 2
    graph.add((URIRef(own), VOID.triples, Literal(size)))
    graph.add((whole, VOID.triples, Literal(sum(sizes.values()) + size)))


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
