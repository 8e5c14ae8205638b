"""The catalogue of the dataset, and where an imported plan is from."""

from collections import Counter
from pathlib import Path

from rdflib import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, VOID, XSD, Dataset, Graph, Literal, URIRef

from crmgraph import __version__
from crmgraph.describing.vocabulary import add, labels
from crmgraph.namespaces import BASE, Names
from crmgraph.reading.source import Origin

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
    """Return the graph `catalog`: what a file says of the dataset, and what the dataset counts (DCAT-AP, VoID).

    It counts itself too, and does not say when it was built.

    Args:
        file: what is said of the dataset, in Turtle, with addresses relative to the base.
        dataset: all other graphs.
        names: the names of things and graphs.
    """
    turtle = file.read_text(encoding="utf-8").replace(f'"{BASE}', f'"{names.base}')
    graph = Graph().parse(data=turtle, format="turtle", publicID=names.base)
    whole, own = URIRef(names.id("dataset", "crmgraph")), URIRef(names.graph("catalog"))
    sizes = {URIRef(str(part.identifier)): len(part) for part in dataset.graphs() if len(part)}
    add(graph, whole, (OWL.versionInfo, Literal(__version__)), *((VOID.subset, part) for part in {*sizes, own}))
    for part in {*sizes, own}:
        titles = _titles(part.removeprefix(names.graph("")), dataset, names)
        named = ((name_of, title) for title in titles for name_of in (DCTERMS.title, RDFS.label))
        add(graph, part, (RDF.type, VOID.Dataset), *named)
    _describe_linksets(graph, whole, dataset, names)
    quads = list(dataset.quads())
    subjects = {*graph.subjects(), *(subject for subject, _, _, _ in quads)}
    properties = {*graph.predicates(), *(predicate for _, predicate, _, _ in quads)}
    properties |= {VOID.triples, VOID.distinctSubjects, VOID.properties}
    counted = (VOID.distinctSubjects, Literal(len(subjects))), (VOID.properties, Literal(len(properties)))
    add(graph, whole, *counted)
    for part, size in sizes.items():
        add(graph, part, (VOID.triples, Literal(size)))
    # The two statements that say how many statements there are, here and in all, are among them.
    sizes[own] = len(graph) + 2
    add(graph, own, (VOID.triples, Literal(sizes[own])))
    add(graph, whole, (VOID.triples, Literal(sum(sizes.values()))))
    return graph


def _titles(path: str, dataset: Dataset, names: Names) -> list[Literal]:
    """Return what the graph at a path is called: what it holds, and of which plan, by its short name or its title."""
    kind, _, id = path.partition("/")
    titles = dict(zip(("es", "en"), _GRAPHS[kind], strict=True))
    if id:
        short, long = (_called(dataset, names.id("plan", id), name) for name in (DCTERMS.alternative, RDFS.label))
        if short and kind == "plan":
            return [Literal(name, language) for language, name in short.items()]
        called = short or long
        usual = min(called.items(), key=lambda name: str(name[0]), default=("", ""))[1]
        titles = {language: f"{title}: {called.get(language, usual) or id}" for language, title in titles.items()}
    return [Literal(title, language) for language, title in titles.items()]


def _called(dataset: Dataset, iri: str, name: URIRef) -> dict[str | None, str]:
    quads = dataset.quads((URIRef(iri), name, None, None))
    return {label.language: str(label) for _, _, label, _ in quads if isinstance(label, Literal)}


def _describe_linksets(graph: Graph, whole: URIRef, dataset: Dataset, names: Names) -> None:
    """Add how many statements lead from our things to those of others, as VoID linksets."""
    links = Counter(
        (name, str(predicate))
        for subject, predicate, value, _ in dataset.quads()
        for name, (space, _) in _LINKED.items()
        if str(value).startswith(space) and str(subject).startswith(names.base)
    )
    for (name, predicate), count in links.items():
        (space, title), local = _LINKED[name], predicate.rpartition("#")[2].rpartition("/")[2]
        add(
            graph,
            URIRef(names.id("linkset", f"{name}-{local}")),
            (RDF.type, VOID.Linkset),
            (VOID.subjectsTarget, whole),
            (VOID.objectsTarget, URIRef(space)),
            (VOID.linkPredicate, URIRef(predicate)),
            (VOID.triples, Literal(count)),
            *labels(f"Enlaces a {title} ({local})", f"Links to {title} ({local})"),
        )
        add(graph, whole, (VOID.subset, URIRef(names.id("linkset", f"{name}-{local}"))))


def describe_origin(origin: Origin, id: str, names: Names) -> Graph:
    """Return what is added to the graph of the source of a plan that was imported from a file (PROV).

    Args:
        origin: the file, when it was imported, and by which mapping.
        id: the id of the plan.
        names: the names of things.
    """
    graph = Graph()
    source, file, work, mapping = (
        URIRef(names.id("source", id, *path)) for path in ((), ("file",), ("import",), ("mapping",))
    )
    tables = {URIRef(names.id("source", id, f"table-{place}")): table for place, table in enumerate(origin.tables, 1)}
    add(graph, source, (PROV.wasDerivedFrom, file), (PROV.wasGeneratedBy, work))
    add(
        graph,
        file,
        (RDF.type, PROV.Entity),
        *labels(origin.file, origin.file),
        (DCTERMS.identifier, Literal(f"sha256:{origin.sha256}")),
        (DCAT.mediaType, Literal(origin.media_type)),
        (DCTERMS.source, URIRef(origin.source) if origin.source else None),
    )
    for part, table in tables.items():
        name = f"{table} ({origin.file})"
        titles = (DCTERMS.title, Literal(table)), (DCTERMS.isPartOf, file)
        add(graph, part, (RDF.type, PROV.Entity), *labels(name, name), *titles)
    add(
        graph,
        work,
        (RDF.type, PROV.Activity),
        *labels(f"Importación de {origin.file}", f"Import of {origin.file}"),
        (DCTERMS.date, Literal(origin.imported, datatype=XSD.date)),
        *((PROV.used, each) for each in (file, *tables, mapping if origin.mapping else None)),
    )
    if origin.mapping:
        identifier = (DCTERMS.identifier, Literal(f"sha256:{origin.mapping_sha256}"))
        add(graph, mapping, (RDF.type, PROV.Entity), *labels(origin.mapping, origin.mapping), identifier)
    return graph
