"""The plan of the CRM as RDF: its parts, the words that they stand on, whom it names, and what readers saw in it."""

import csv
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from rdflib import DCTERMS, PROV, RDF, RDFS, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.describing import describe_background, describe_plan
from crmgraph.describing.vocabulary import ATTACHMENT, CG, RECOGNISER, describe_source
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from crmgraph.reading import read_plan, read_plan_text
from crmgraph.reading.model import Passage
from crmgraph.reading.source import Source
from crmgraph.resources import resource
from tests.support import tables
from tests.support.dataset import real_background
from tests.support.phrases import table_of

NAMES = Names()
ROOT = URIRef(NAMES.id("plan", "crm"))
GOLD = Path(__file__).parent / "mentions" / "crm.csv"
PLAN = read_plan(resource("data") / "source" / "crm.txt")
USE, TOPIC, ROLE = (Namespace(PREFIXES[name]) for name in ("instrument-use", "topic", "participation-role"))
THE_PLAN_ITSELF = URIRef(NAMES.id("instrument", "plan-accion-crm"))
DIRECT = (CG.topic, CG.populationGroup, CG.place, CG.meeting, CG.recursWith, CG.deferredTo)
READ = (CG.Participation, CG.InstrumentUse, CG.PastEvent, CG.PlannedEvent)


@cache
def dataset() -> Dataset:
    return describe_plan(PLAN, real_background())


@cache
def graph() -> Graph:
    return dataset().graph(URIRef(NAMES.graph("plan", "crm")))


@cache
def source() -> Graph:
    return dataset().graph(URIRef(NAMES.graph("source", "crm")))


def part(path: str) -> URIRef:
    return URIRef(f"{ROOT}/{path}")


def path_of(node: Node | None) -> str:
    return str(node).removeprefix(f"{ROOT}").lstrip("/")


def span(node: Node) -> tuple[int, int]:
    start, _, end = str(graph().value(node, CG.passage)).rpartition("/")[2].partition("-")
    return int(start), int(end)


def words(node: Node) -> str:
    return PLAN.source.text[slice(*span(node))]


def test_every_part_has_parent_order_text_labels_and_passage() -> None:
    assert {str(each.identifier) for each in dataset().graphs() if len(each)} == {
        NAMES.graph("plan", "crm"),
        NAMES.graph("source", "crm"),
    }
    for read, parent in PLAN.walk():
        subject = part(read.id)
        assert (subject, RDF.type, CG[read.kind]) in graph()
        above = part(parent.id) if parent else ROOT
        assert list(graph().objects(subject, DCTERMS.isPartOf)) == [above]
        assert (above, DCTERMS.hasPart, subject) in graph()
        assert (subject, CG.within, above) in graph()
        assert list(graph().objects(subject, CG.text)) == [Literal(read.text, "es")]
        assert {getattr(label, "language", None) for label in graph().objects(subject, RDFS.label)} == {"es", "en"}
        assert span(subject) == (read.passage.start, read.passage.end)
        # Numbers are strings as printed and never made up.
        number = graph().value(subject, CG.number)
        assert number == (Literal(read.number, datatype=URIRef(PREFIXES["xsd"] + "string")) if read.number else None)
        attached = list(graph().objects(subject, CG.attachedBy))
        assert attached == ([ATTACHMENT[read.attached_by.value]] if attached else [])
    assert graph().value(part("dh/1.2.1.1"), CG.attachedBy) == ATTACHMENT["only-candidate"]
    orders = sorted((int(str(order)), span(subject)[0]) for subject, order in graph().subject_objects(CG.order))
    assert [order for order, _ in orders] == list(range(1, len(orders) + 1))
    assert [start for _, start in orders] == sorted(start for _, start in orders)


def test_a_cross_reference_leads_to_its_part() -> None:
    made = table_of(("Tema", "1. Uno", "1.1 A", "1.1.1 Ver la acción 1.1", ""), id="made")
    found = describe_plan(made, real_background()).graph(URIRef(NAMES.graph("plan", "made")))
    action = URIRef(NAMES.id("plan/made/t/1.1"))
    for path in ("t/1.1.1", "t/1.1.1/cross-reference-1"):
        assert (URIRef(NAMES.id("plan/made", path)), CG.refersTo, action) in found


def test_another_text_and_another_base() -> None:
    text = PLAN.source.text.replace("Monitorear la", "Vigilar la")
    said = describe_plan(read_plan_text(Source(text), "copia"), real_background())
    for number, languages in (("7.1.1", {"es"}), ("7.1.2", {"es", "en"})):
        labels = said.graph(URIRef(NAMES.graph("plan", "copia"))).objects(
            URIRef(NAMES.id("plan/copia/pgm", number)), RDFS.label
        )
        assert {getattr(label, "language", None) for label in labels} == languages, (
            "a text without translation has none"
        )
    names = Names("https://example.org/kg/")
    moved = describe_plan(PLAN, describe_background(resource("ontology"), resource("data"), names))
    assert len(moved) == len(dataset())
    for subject, predicate, value, of in moved.quads():
        assert str(of).startswith("https://example.org/kg/graph/")
        assert str(subject).startswith("https://example.org/kg/id/")
        assert "w3id.org/crmgraph/id/" not in str(predicate) + str(value)


def test_the_source_is_quoted_as_it_stands() -> None:
    document = URIRef(NAMES.id("source", "crm"))
    assert str(source().value(document, DCTERMS.identifier)) == "sha256:" + PLAN.source.sha256
    assert str(source().value(document, DCTERMS.extent)) == "14202"
    assert str(source().value(document, DCTERMS.language)).endswith("/authority/language/SPA")
    leaves = {(leaf.start, leaf.end): leaf for leaf in PLAN.leaves}
    seen = 0
    for node in source().subjects(RDF.type, CG.Passage):
        start, end = (int(str(source().value(node, each))) for each in (CG.start, CG.end))
        assert str(source().value(node, CG.exact)) == PLAN.source.text[start:end]
        assert str(node).endswith(f"/{start}-{end}")
        assert source().value(node, CG.source) == document
        around = [str(each).rpartition("/")[2].split("-") for each in source().objects(node, CG.inPassage)]
        if (node, RDF.type, CG.LeafPassage) in source():
            leaf, seen = leaves[start, end], seen + 1
            assert around == []
            assert str(source().value(node, CG.row)) == str(leaf.row)
            assert str(source().value(node, CG.column)) == str(leaf.column)
        else:
            [(first, last)] = around
            assert (int(first), int(last)) in leaves
            assert int(first) <= start < end <= int(last)
    assert seen == len(leaves) == 2 + 5 + 5 + 20 + 1 + 33 + 41 + 37
    # What is quoted is within its leaf, and a leaf in no other.
    start = PLAN.source.text.index("Vancouver")
    quoted = (Passage(start, start + 9, "Vancouver"), Passage(1, 15, PLAN.source.text[1:15]))
    found = describe_source(PLAN, NAMES, quoted=quoted)
    around_it = found.value(URIRef(NAMES.id("source", "crm", f"{start}-{start + 9}")), CG.inPassage)
    assert str(found.value(around_it, CG.exact)).startswith("7.3.1.1 OIM preparó")
    assert list(found.objects(URIRef(NAMES.id("source/crm/1-15")), CG.inPassage)) == []


@settings(max_examples=20)
@given(tables.plans(), tables.STYLES)
def test_leaves_share_out_every_character_of_random_plans(made: tuple[tables.Theme, ...], style: tables.Style) -> None:
    text = tables.write_table(made, style).decode("utf-8-sig")
    found = describe_source(read_plan_text(Source(text), "random"), NAMES)
    covered = [
        i for leaf in found.subjects(RDF.type, CG.LeafPassage)
        for i in range(*(int(str(found.value(leaf, each))) for each in (CG.start, CG.end)))
    ]  # fmt: skip
    assert len(covered) == len(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)


def test_the_mentions_are_those_that_a_reader_found() -> None:
    with GOLD.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(PLAN.source.text[int(row["start"]) : int(row["end"])] == row["exact"] for row in rows)
    read = {(int(row["start"]), row["exact"], row["iri"]) for row in rows}
    mentions = graph().subject_objects(CG.mentioned)
    assert {(span(mention)[0], words(mention), str(thing)) for mention, thing in mentions} == read


# The mentions that no annotation explains: in the title of the plan, of a theme, a memorandum or a programme, and
# whose Virtual Secretariat publishes, which takes no part itself.
UNEXPLAINED = {
    ("", "CONFERENCIA REGIONAL SOBRE MIGRACION"), ("", "CRM"), ("vmd/1.2.1", "Gestión Migratoria"),
    ("pgm/11.1.1.1", "CRM"), ("pgm/7.1.1", "Gobiernos"), ("pgm/7.2.1", "Conferencia Regional sobre Migración"),
    ("pgm/7.2.1", "CRM"), ("pgm/7.2.1", "Proceso Puebla"),
}  # fmt: skip


def explained(element: Node | None) -> set[Node]:
    """Return what the annotations of an element name."""
    named = {thing for predicate in DIRECT for thing in graph().objects(element, predicate)}
    for node in graph().objects(element, CG.participation):
        named |= set(graph().objects(node, CG.agent))
    for node in graph().objects(element, CG.instrumentUse):
        named |= set(graph().objects(node, CG.instrument))
    for event in graph().subjects(CG.toldIn, element):
        for predicate in (CG.eventAgent, CG.place, CG.meeting):
            named |= set(graph().objects(event, predicate))
    return named


def test_every_mention_is_explained_and_every_annotation_there() -> None:
    reference = real_background().dataset.graph(URIRef(NAMES.graph("reference")))
    left = set()
    for mention, thing in graph().subject_objects(CG.mentioned):
        element = graph().value(mention, CG.inElement)
        members = set(reference.objects(thing, CG.member))
        if thing not in explained(element) and not (members and members <= explained(element)):
            left.add((path_of(element), words(mention)))
    assert left == UNEXPLAINED
    for name, classes in (("participations", READ[:1]), ("instrument-uses", READ[1:2]), ("events", READ[2:])):
        rows = (resource("data") / "annotations" / "crm" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert sum(1 for each in classes for _ in graph().subjects(RDF.type, each)) == len(rows) - 1 > 0
    for class_ in READ:
        for node in graph().subjects(RDF.type, class_):
            assert {getattr(label, "language", None) for label in graph().objects(node, RDFS.label)} == {"es", "en"}
            assert len(list(graph().objects(node, CG.passage))) == 1
            assert len(list(graph().objects(node, PROV.wasAttributedTo))) == 1
    known = set(real_background().dataset.graph(URIRef(NAMES.graph("ontology"))).subjects())
    assert {term for triple in graph() for term in triple if str(term).startswith(ONTOLOGY)} <= known


def test_every_direct_statement_of_an_element_has_its_ground() -> None:
    said = {
        (graph().value(node, CG.subject), graph().value(node, CG.predicate),
         graph().value(node, CG.object) or graph().value(node, CG.literal))
        for node in graph().subjects(RDF.type, CG.Statement)
    }  # fmt: skip
    parts = {ROOT} | set(graph().subjects(CG.order))
    for predicate in (
        CG.topic, CG.populationGroup, CG.place, CG.meeting, CG.recursWith, CG.date, CG.since, CG.recurrence, CG.delay,
        CG.status,
    ):  # fmt: skip
        triples = {triple for triple in graph().triples((None, predicate, None)) if triple[0] in parts}
        assert triples <= said
        assert triples
    for subject, label in graph().subject_objects(RDFS.label):
        is_own = subject in parts and graph().value(subject, RDF.type) not in (CG.Referral, CG.CrossReference)
        if is_own and getattr(label, "language", None) == "en":
            assert (subject, RDFS.label, label) in said


def test_who_read_the_plan_is_described() -> None:
    known = set(real_background().dataset.graph(URIRef(NAMES.graph("reference"))).subjects(RDF.type, CG.Annotator))
    assert set(graph().objects(None, PROV.wasAttributedTo)) <= known
    assert {URIRef(NAMES.id("annotator", name)) for name in ("crmgraph", RECOGNISER)} <= known
