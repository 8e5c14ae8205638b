"""The catalogue counts what there is."""

from pyoxigraph import Literal, NamedNode, Store

from crmgraph.building import Manifest
from crmgraph.describing.catalog import describe_catalog
from crmgraph.namespaces import Names

VOID = "http://rdfs.org/ns/void#"


def test_the_real_catalogue_counts_the_real_graphs(store: Store, manifest: Manifest) -> None:
    catalog = NamedNode(Names().graph("catalog"))
    for name, size in manifest.graphs.items():
        if name == catalog.value:
            continue
        [quad] = store.quads_for_pattern(NamedNode(name), NamedNode(VOID + "triples"), None, catalog)
        assert isinstance(quad.object, Literal)
        assert int(quad.object.value) == size
    [total] = store.quads_for_pattern(catalog, NamedNode(VOID + "triples"), None, catalog)
    assert isinstance(total.object, Literal)
    assert int(total.object.value) == len(store) == sum(manifest.graphs.values())


def test_every_graph_is_named_in_both_languages() -> None:
    names = Names()
    graph = describe_catalog({names.graph("plan", "x"): 3, names.graph("findings"): 1}, names)
    titles = sorted(str(title.n3()) for title in graph.objects(predicate=None) if getattr(title, "language", None))
    assert '"Plan de acción (x)"@es' in titles
    assert '"Plan of action (x)"@en' in titles
    assert '"Hallazgos"@es' in titles
    totals = [int(str(value)) for _, _, value in graph.triples((None, None, None)) if str(value).isdigit()]
    assert sorted(totals) == [1, 3, 4 + len(graph)]
