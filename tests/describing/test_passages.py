"""The source as RDF: what is quoted is what stands there, and the leaves leave nothing out."""

from hypothesis import given, settings
from rdflib import DCTERMS, RDF, Graph, URIRef

from crmgraph.describing.passages import describe_source
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan, read_plan_text
from crmgraph.reading.plan import Passage
from crmgraph.reading.source import Source
from crmgraph.resources import resource
from tests.support import tables

NAMES = Names()


def spans(graph: Graph, kind: URIRef) -> dict[tuple[int, int], str]:
    return {
        (int(str(graph.value(node, CG.start))), int(str(graph.value(node, CG.end)))): str(graph.value(node, CG.exact))
        for node in graph.subjects(RDF.type, kind)
    }


def test_the_document() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    graph = describe_source(plan, NAMES)
    source = URIRef(NAMES.id("source", "crm"))
    assert str(graph.value(source, DCTERMS.identifier)) == "sha256:" + plan.source.sha256
    assert str(graph.value(source, DCTERMS.extent)) == "14202"
    assert str(graph.value(source, DCTERMS.language)).endswith("/authority/language/SPA")
    passages, leaves = spans(graph, CG.Passage), spans(graph, CG.LeafPassage)
    assert len(leaves) == len(plan.leaves) == 2 + 5 + 5 + 20 + 1 + 33 + 41 + 37
    for (start, end), exact in passages.items():
        assert plan.source.text[start:end] == exact
    for node in graph.subjects(RDF.type, CG.Passage):
        assert str(node).endswith(f"/{graph.value(node, CG.start)}-{graph.value(node, CG.end)}")
        assert graph.value(node, CG.source) == source


def test_the_quoted_number_is_within_its_line() -> None:
    graph = describe_source(read_plan(resource("data") / "source" / "crm.txt"), NAMES)
    [number] = [node for node in graph.subjects(CG.exact) if str(graph.value(node, CG.exact)) == "12"]
    around = graph.value(number, CG.inPassage)
    assert str(graph.value(around, CG.exact)).startswith("1.2.1 Ver actividades del objetivo 12")
    assert (number, RDF.type, CG.LeafPassage) not in graph


def test_what_is_quoted_is_within_its_leaf() -> None:
    plan = read_plan(resource("data") / "source" / "crm.txt")
    text = plan.source.text
    start = text.index("Vancouver")
    quoted = (Passage(start, start + 9, "Vancouver"), Passage(1, 15, text[1:15]))
    without, graph = describe_source(plan, NAMES), describe_source(plan, NAMES, quoted=quoted)
    assert spans(graph, CG.Passage).items() - spans(without, CG.Passage).items() == {((start, start + 9), "Vancouver")}
    node = URIRef(NAMES.id("source", "crm", f"{start}-{start + 9}"))
    assert str(graph.value(graph.value(node, CG.inPassage), CG.exact)).startswith("7.3.1.1 OIM preparó")
    assert list(graph.objects(URIRef(NAMES.id("source/crm/1-15")), CG.inPassage)) == [], "a leaf is in no other"


def test_rows_and_columns_are_those_of_the_table() -> None:
    graph = describe_source(read_plan(resource("data") / "source" / "crm.txt"), NAMES)
    places = {
        str(graph.value(node, CG.exact)): (graph.value(node, CG.row), graph.value(node, CG.column))
        for node in graph.subjects(RDF.type, CG.LeafPassage)
    }
    as_numbers = {words: tuple(int(str(n)) if n is not None else None for n in at) for words, at in places.items()}
    assert as_numbers["PLAN DE ACCION"] == (0, None)
    assert as_numbers["CALENDARIO"] == (1, 5)
    assert as_numbers["2.1.2.1 En progreso"] == (3, 5)
    assert as_numbers["2.1.2 Manual de OIM sobre detección de documentos fraudulentos."] == (3, 4)


@settings(max_examples=30)
@given(tables.plans(), tables.STYLES)
def test_leaves_share_out_every_character_of_random_plans(made: tuple[tables.Theme, ...], style: tables.Style) -> None:
    text = tables.write_table(made, style).decode("utf-8-sig")
    leaves = spans(describe_source(read_plan_text(Source(text), "random"), NAMES), CG.LeafPassage)
    covered = [i for start, end in leaves for i in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)
