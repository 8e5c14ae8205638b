"""The catalogue: it counts what there is, says where it can be had, and is what DCAT-AP asks for."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, RDFS, SH, SKOS, VOID, Dataset, Graph, URIRef
from rdflib import Literal as Text

from crmgraph.building.dataset import describe_catalog
from crmgraph.building.manifest import Manifest
from crmgraph.building.parts import as_n_quads
from crmgraph.files import resource
from crmgraph.namespaces import BASE, Names
from crmgraph.store import DUMP
from tests.support.literal_triples import graph_as_written
from tests.support.suites import suite

DATA = resource("data")
WHOLE = URIRef(BASE + "id/dataset/crmgraph")
BASELESS = Names("https://example.org/")

# What DCAT-AP would like better, and why the catalogue does not have it.
WISHES_NOT_MET = {
    str(DCTERMS.publisher): "the EU's list of corporate bodies has no crmgraph",
    str(DCAT.contactPoint): "the project has no address to write to",
    str(DCTERMS.issued): "the dataset says it; a build of it bears no date, so that the same data are the same bytes",
    str(DCTERMS.modified): "a build bears no date, so that the same data are the same bytes",
    str(DCTERMS.type): "adms:publishertype has no kind for a project like this one",
    str(DCAT.bbox): "the States are named by the EU's table of countries, which has their shapes",
    str(DCAT.centroid): "the States are named by the EU's table of countries, which has their shapes",
}


def catalog_of(names: Names, folder: Path) -> Graph:
    """Return the catalogue of a small dataset."""
    dataset = Dataset()
    plan = dataset.graph(URIRef(names.graph("plan", "x")))
    for number in range(3):
        plan.add((URIRef(names.id("plan", "x", str(number))), RDFS.label, Text(str(number))))
    state = URIRef(names.id("country", "MEX"))
    dataset.graph(URIRef(names.graph("reference"))).add(
        (state, SKOS.exactMatch, URIRef("http://www.wikidata.org/entity/Q96"))
    )
    # What is said of a link is none.
    plan.add((URIRef(names.id("statement", "1")), RDF.object, URIRef("http://www.wikidata.org/entity/Q96")))
    (folder / DUMP).write_text(as_n_quads(dataset), encoding="utf-8")
    lines = describe_catalog(DATA, folder / DUMP, names)
    return graph_as_written("\n".join(lines), RdfFormat.N_QUADS)


@pytest.fixture(scope="module")
def catalog(store: Store) -> Graph:
    graph = Graph()
    for quad in store.quads_for_pattern(None, None, None, NamedNode(Names().graph("catalog"))):
        graph.parse(data=f"{quad.triple} .", format="nt")
    return graph


def test_the_real_catalogue_counts_the_real_graphs(store: Store, manifest: Manifest) -> None:
    catalog = NamedNode(Names().graph("catalog"))
    for name, size in manifest.graphs.items():
        [quad] = store.quads_for_pattern(NamedNode(name), NamedNode(str(VOID.triples)), None, catalog)
        assert isinstance(quad.object, Literal)
        assert int(quad.object.value) == size
    assert count(store, VOID.triples) == len(store) == sum(manifest.graphs.values())
    assert count(store, VOID.distinctSubjects) == len({quad.subject for quad in store})
    assert count(store, VOID.properties) == len({quad.predicate for quad in store})


def count(store: Store, what: URIRef) -> int:
    [quad] = store.quads_for_pattern(NamedNode(str(WHOLE)), NamedNode(str(what)), None, None)
    assert isinstance(quad.object, Literal)
    return int(quad.object.value)


def test_graphs_and_links_to_others_are_named_and_counted(tmp_path: Path) -> None:
    names = Names()
    graph = catalog_of(names, tmp_path)
    part, linkset = URIRef(names.graph("plan", "x")), URIRef(BASE + "id/linkset/wikidata-exactMatch")
    assert set(graph.objects(part, DCTERMS.title)) == {Text("Plan de acción: x", "es"), Text("Plan of action: x", "en")}
    assert (WHOLE, VOID.subset, part) in graph
    assert set(graph.objects(part, VOID.triples)) == {Text(4)}
    assert list(graph.subjects(RDF.type, VOID.Linkset)) == [linkset]
    assert set(graph.objects(linkset, VOID.triples)) == {Text(1)}
    assert set(graph.objects(linkset, VOID.linkPredicate)) == {SKOS.exactMatch}


def test_links_to_the_2030_agenda_are_counted_and_the_plan_is_no_work_of_ours(store: Store, catalog: Graph) -> None:
    ours, agenda = NamedNode(Names().graph("links")), "http://metadata.un.org/sdg/"
    links = [
        quad
        for quad in store.quads_for_pattern(None, None, None, ours)
        if quad.predicate.value.endswith("Match") and str(quad.object).startswith(f"<{agenda}")
    ]
    sets = catalog.subjects(VOID.objectsTarget, URIRef(agenda))
    assert sum(int(str(catalog.value(each, VOID.triples))) for each in sets) == len(links) > 20
    rights = catalog.value(URIRef(Names().id("source", "crm")), DCTERMS.rights)
    assert len(list(catalog.objects(rights, RDFS.label))) == 2
    assert catalog.value(WHOLE, DCTERMS.publisher) != URIRef(Names().id("annotator", "crmgraph"))


def test_another_base_moves_all_that_is_ours(tmp_path: Path) -> None:
    graph = catalog_of(BASELESS, tmp_path)
    text = graph.serialize(format="nt")
    assert "https://example.org/sparql" in text
    assert '"https://example.org/id/"' in text
    assert BASE + "id/" not in text
    assert "<https://w3id.org/crmgraph/ontology#>" in text


def test_examples_exist_and_all_that_is_ours_has_a_label_in_both_languages(store: Store, catalog: Graph) -> None:
    examples = list(catalog.objects(WHOLE, VOID.exampleResource))
    assert len(examples) == 3
    for example in examples:
        assert any(store.quads_for_pattern(NamedNode(str(example)), None, None, None)), example
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, VOID.Linkset, VOID.Dataset):
        labels = [{str(each.language) for each in catalog.objects(thing, RDFS.label) if isinstance(each, Text)}
                  for thing in catalog.subjects(RDF.type, kind)]  # fmt: skip
        assert labels, kind
        assert all(each == {"es", "en"} for each in labels), kind


def test_the_catalogue_is_valid_dcat_ap(catalog: Graph) -> None:
    folder = suite("semic-dcat-ap") / "releases" / "3.0.0" / "html" / "shacl"
    shapes = Graph()
    for name in ("shapes", "shapes_recommended", "range", "mdr-vocabularies.shape", "deprecateduris"):
        shapes.parse(folder / f"{name}.ttl", format="turtle")
    _, report, _ = validate(catalog, shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, Graph)
    violations, wishes = [], set()
    # Results that stand below another one are its details.
    for result in report.objects(None, SH.result):
        path = str(report.value(result, SH.resultPath))
        if report.value(result, SH.resultSeverity) == SH.Violation:
            violations.append((str(report.value(result, SH.focusNode)), path, str(report.value(result, SH.value))))
        else:
            wishes.add(path)
    assert violations == []
    assert wishes == set(WISHES_NOT_MET)
