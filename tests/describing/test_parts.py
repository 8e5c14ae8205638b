"""The parts of the real plan as RDF: every word of the contract, and the cases that are easy to get wrong."""

import pytest
from rdflib import DCTERMS, RDF, RDFS, Dataset, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_background, describe_plan
from crmgraph.describing.vocabulary import ATTACHMENT, CG, STATUS
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.source import Source
from crmgraph.resources import resource

NAMES = Names()
ROOT = URIRef(NAMES.id("plan", "crm"))


def part(path: str) -> URIRef:
    return URIRef(NAMES.id("plan", "crm", path))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(resource("data") / "source" / "crm.txt")


@pytest.fixture(scope="module")
def background() -> Background:
    return describe_background(resource("ontology"), resource("data"), NAMES)


@pytest.fixture(scope="module")
def dataset(plan: Plan, background: Background) -> Dataset:
    return describe_plan(plan, background)


@pytest.fixture(scope="module")
def graph(dataset: Dataset) -> Graph:
    return dataset.graph(URIRef(NAMES.graph("plan", "crm")))


def test_two_graphs_and_no_more(dataset: Dataset) -> None:
    names = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
    assert names == {NAMES.graph("plan", "crm"), NAMES.graph("source", "crm")}


def test_every_part_has_parent_order_text_labels_and_passage(plan: Plan, graph: Graph) -> None:
    for read, parent in plan.walk():
        subject = part(read.id)
        assert (subject, RDF.type, CG[read.kind]) in graph
        above = part(parent.id) if parent else ROOT
        assert list(graph.objects(subject, DCTERMS.isPartOf)) == [above]
        assert (above, DCTERMS.hasPart, subject) in graph
        assert (subject, CG.within, above) in graph
        assert list(graph.objects(subject, CG.text)) == [Literal(read.text, "es")]
        assert {getattr(label, "language", None) for label in graph.objects(subject, RDFS.label)} == {"es", "en"}
        passage = URIRef(NAMES.id("source", "crm", f"{read.passage.start}-{read.passage.end}"))
        assert list(graph.objects(subject, CG.passage)) == [passage]


def test_orders_count_the_document(plan: Plan, graph: Graph) -> None:
    orders = sorted((int(str(order)), subject) for subject, order in graph.subject_objects(CG.order))
    assert [order for order, _ in orders] == list(range(1, len(orders) + 1))
    starts = {part(read.id): read.passage.start for read, _ in plan.walk()}
    assert [starts[URIRef(str(subject))] for _, subject in orders] == sorted(starts.values())


def test_numbers_are_strings_as_printed_and_never_made_up(graph: Graph) -> None:
    assert graph.value(part("pgm/7.1.1"), CG.number) == Literal(
        "7.1.1", datatype=URIRef("http://www.w3.org/2001/XMLSchema#string")
    )
    assert graph.value(part("pgm/10"), CG.number).toPython() == "10"  # type: ignore[union-attr]
    assert graph.value(part("pgm/4.1-a"), CG.number) is None
    assert graph.value(part("vmd/4-a"), CG.number) is None
    assert sum(1 for _ in graph.subject_objects(CG.number)) == 20 + 33 + 35 + 37


def test_how_a_parent_is_known(graph: Graph) -> None:
    assert graph.value(part("pgm/7.1.1"), CG.attachedBy) == ATTACHMENT["printed-number"]
    assert graph.value(part("dh/1.2.1.1"), CG.attachedBy) == ATTACHMENT["only-candidate"]
    assert graph.value(part("pgm/6.1-a"), CG.attachedBy) == ATTACHMENT.position


def test_each_schedule_entry_has_one_status(graph: Graph) -> None:
    expected = {
        "pgm/1.3.1.1": "to-be-scheduled", "pgm/2.1.2.1": "in-progress", "pgm/7.2.1.1": "by-agreement",
        "pgm/7.3.1.1": "done", "pgm/10.1.1.1": "launched", "dh/2.4.3.1": "pending",
    }  # fmt: skip
    entries = list(graph.subjects(RDF.type, CG.ScheduleEntry))
    assert len(entries) == 37
    for entry in entries:
        name = str(entry).removeprefix(str(ROOT) + "/")
        assert list(graph.objects(entry, CG.status)) == [STATUS[expected.get(name, "continuous")]]


def test_referrals_and_what_holds_them_defer_to_the_network(graph: Graph) -> None:
    trata, consular, each = (
        URIRef(NAMES.id("network", name)) for name in ("red-trata", "red-proteccion-consular", "redes-enlace")
    )
    for path, network in (("pgm/3.1-a", trata), ("dh/2.3.1.1", consular), ("dh/3.1.1", each)):
        assert list(graph.objects(part(path), CG.deferredTo)) == [network]
        assert list(graph.objects(part(f"{path}/referral-1"), CG.deferredTo)) == [network]
    referrals = list(graph.subjects(RDF.type, CG.Referral))
    assert len(referrals) == 16
    assert all(graph.value(referral, CG.deferredTo) for referral in referrals)
    assert sum(1 for _ in graph.subject_objects(CG.deferredTo)) == 32


def test_what_a_referral_says_of_its_holder_stands_on_the_words_of_the_referral(graph: Graph) -> None:
    for path in ("pgm/3.1-a", "dh/2.3.1.1", "dh/3.1.1"):
        [statement] = set(graph.subjects(CG.subject, part(path))) & set(graph.subjects(CG.predicate, CG.deferredTo))
        assert graph.value(statement, CG.object) == graph.value(part(path), CG.deferredTo)
        assert graph.value(statement, CG.passage) == graph.value(part(f"{path}/referral-1"), CG.passage)


def test_a_cross_reference_that_leads_nowhere_refers_to_nothing(graph: Graph) -> None:
    reference = part("vmd/1.2.1/cross-reference-1")
    assert str(graph.value(reference, CG.targetNumber)) == "12"
    assert graph.value(reference, CG.targetTheme) == part("pgm")
    assert list(graph.subject_objects(CG.refersTo)) == []


def test_a_cross_reference_that_leads_somewhere(background: Background) -> None:
    cells = (
        "TEMAS",
        "OBJETIVOS",
        "ACCION",
        "ACTIVIDADES",
        "CALENDARIO",
        "Tema",
        "1. Uno",
        "1.1 A",
        "1.1.1 Ver la acción 1.1",
        "",
    )
    text = "".join(f"\t{cell}\n" for cell in cells)
    graph = describe_plan(read_plan_text(Source(text), "made"), background).graph(URIRef(NAMES.graph("plan", "made")))
    action = URIRef(NAMES.id("plan/made/t/1.1"))
    assert (URIRef(NAMES.id("plan/made/t/1.1.1")), CG.refersTo, action) in graph
    assert (URIRef(NAMES.id("plan/made/t/1.1.1/cross-reference-1")), CG.refersTo, action) in graph


def test_a_text_without_translation_has_a_spanish_label_alone(background: Background) -> None:
    text = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8").replace("Monitorear la", "Vigilar la")
    graph = describe_plan(read_plan_text(Source(text), "copia"), background).graph(URIRef(NAMES.graph("plan", "copia")))
    for part, languages in (("7.1.1", {"es"}), ("7.1.2", {"es", "en"})):
        labels = graph.objects(URIRef(NAMES.id("plan/copia/pgm", part)), RDFS.label)
        assert {getattr(label, "language", None) for label in labels} == languages


def test_another_base_moves_things_but_not_terms(plan: Plan) -> None:
    names = Names("https://example.org/kg/")
    background = describe_background(resource("ontology"), resource("data"), names)
    dataset = describe_plan(plan, background)
    for subject, predicate, value, graph in dataset.quads():
        assert str(graph).startswith("https://example.org/kg/graph/")
        assert str(subject).startswith("https://example.org/kg/id/")
        assert "w3id.org/crmgraph/id/" not in str(predicate) + str(value)
    assert any(predicate == CG.number for _, predicate, _, _ in dataset.quads())
