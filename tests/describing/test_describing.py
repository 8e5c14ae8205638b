"""The two graphs of a plan and its annotations: for random plans, each passage has the right text."""

import csv
import hashlib
import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.vocabulary import ANALYSIS, CG
from crmgraph.extraction import Gazetteer
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Source
from tests.support import tables
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations
from tests.support.phrases import HEADINGS, rows_of

KINDS: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    "participations": (
        ("agent", "role", "confidence"),
        [("actor/oim", "reports", ""), ("country/HND", "hosts", "low")],
    ),
    "instrument-uses": (("instrument", "use", "confidence"), [("mou", "cited", "medium")]),
    "topics": (("property", "value", "confidence"), [("topic", "return", "")]),
    "times": (
        ("property", "value", "confidence"),
        [("since", "2003-06", ""), ("recurrence", "P6M", ""), ("recurs-with", "actor/foro", "low")],
    ),
    "statuses": (("property", "value", "confidence"), [("status", "pending", "")]),
}


TOPICS = "element,property,value,confidence,quote,occurrence,annotator\n"


@pytest.fixture(scope="module")
def background() -> Background:
    return made_background(Path("nowhere"))


def graphs(dataset: Dataset, plan: Plan) -> tuple[Graph, Graph]:
    said, source = (dataset.graph(URIRef(NAMES.graph(name, plan.id))) for name in ("plan", "source"))
    return said, source


def assert_true_words(dataset: Dataset, plan: Plan) -> None:
    said, source = graphs(dataset, plan)
    leaves = [(leaf.start, leaf.end) for leaf in plan.leaves]
    for passage in source.subjects(RDF.type, CG.Passage):
        start, end = (int(str(source.value(passage, name))) for name in (CG.start, CG.end))
        assert plan.source.text[start:end] == str(source.value(passage, CG.exact))
        assert str(passage) == NAMES.id("source", plan.id, f"{start}-{end}")
        assert ((passage, CG.row, None) in source) is ((start, end) in leaves)
        assert sum(first <= start < end <= last for first, last in leaves) == 1
    for predicate in (CG.passage, CG.repeatedIn, ANALYSIS.targetPassage):
        for passage in said.objects(None, predicate):
            assert (passage, RDF.type, CG.Passage) in source
    for node in (*said.all_nodes(), *source.all_nodes()):
        assert not isinstance(node, BNode)


@st.composite
def rows(draw: st.DrawFn, plan: Plan) -> dict[str, set[tuple[str, ...]]]:
    parts = [part for part, _ in plan.walk()]
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=8)):
        part = draw(st.sampled_from(parts))
        words = tidy(part.passage.exact).split()
        first = draw(st.integers(0, len(words) - 1))
        quote = " ".join(words[first : draw(st.integers(first, len(words) - 1)) + 1])
        if " ".join(words).count(quote) == 1:
            found.setdefault(name, set()).add((part.id, *draw(st.sampled_from(KINDS[name][1])), quote, "", "me"))
    return found


def as_csv(name: str, found: set[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("element", *KINDS[name][0], "quote", "occurrence", "annotator"), *sorted(found)])
    return text.getvalue()


@settings(max_examples=15)
@given(tables.plans(), tables.STYLES, st.data())
def test_random_annotations_of_random_plans_stand_on_true_words(
    background: Background, made: tuple[tables.Theme, ...], style: tables.Style, data: st.DataObject
) -> None:
    text = tables.write_table(made, style).decode("utf-8-sig")
    plan = read_plan_text(Source(text.replace("Texto", "Texto OIM", 1)), "made")
    found = data.draw(rows(plan))
    with tempfile.TemporaryDirectory() as folder:
        here = replace(background, annotations=Path(folder))
        for name, of_table in found.items():
            write_annotations(here, name, as_csv(name, of_table))
        dataset = describe_plan(plan, here)
    assert_true_words(dataset, plan)
    said, source = graphs(dataset, plan)
    nodes = {*said.subjects(RDF.type, CG.Participation), *said.subjects(RDF.type, CG.InstrumentUse)}
    assert len(nodes) == sum(len(found.get(name, ())) for name in ("participations", "instrument-uses"))
    quoted = sorted(tidy(str(source.value(said.value(node, CG.passage), CG.exact))) for node in nodes)
    assert quoted == sorted(row[-3] for name in ("participations", "instrument-uses") for row in found.get(name, ()))
    assert set(said.subjects(RDF.type, CG.Mention))


def test_another_document_of_the_same_name_has_none_of_its_annotations(background: Background, tmp_path: Path) -> None:
    here = replace(background, annotations=tmp_path, sources=tmp_path)
    row = "1,topic,return,,Uno,,me\n"
    write_annotations(here, "topics", f"{TOPICS}{row}", "made")
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción", "", ""))
    document = tmp_path / "made.txt"
    for text, count in ((plan.source.text.replace("Uno", "Dos"), 0), (plan.source.text, 1)):
        document.write_text(text, encoding="utf-8")
        (tmp_path / "made" / "topics.csv").write_text(
            TOPICS + row.replace("Uno", "Uno" if count else "Dos"), encoding="utf-8"
        )
        told = replace(plan, source=replace(plan.source, sha256=hashlib.sha256(document.read_bytes()).hexdigest()))
        other = plan if not count else told
        assert len(list(graphs(describe_plan(other, here), other)[0].subject_objects(CG.topic))) == count


def test_parts_out_of_order(background: Background) -> None:
    """The part out of order is the one without which the others are in order; repeated numbers are not reported."""
    for numbers, told in (
        ((1, 3, 7), set()), ((2, 1), {("1", "2")}), ((1, 3, 2, 4), {("2", "3")}), ((3, 1, 2), {("3", "1")}),
        ((77, 2, 3, 4), {("77", "2")}), ((1, 3, 4, 2), {("2", "4")}), ((1, 2, 1, 3), set()),
    ):  # fmt: skip
        activities = "\n\n".join(f"1.1.{number} Algo" for number in numbers)
        plan = made_plan(("Tema", "1. Uno", "1.1 Acción", activities, "1.1.1.1 Continuo"))
        pairs = graphs(describe_plan(plan, background), plan)[0].subject_objects(ANALYSIS.outOfOrderWith)
        assert {tuple(str(each).rpartition(".")[2] for each in pair) for pair in pairs} == told, numbers


def test_each_place_where_a_thing_is_named(background: Background) -> None:
    cells = (
        *HEADINGS, "Honduras", "1. Uno\n\nNota: Vancouver es de Honduras", "1.1 La OIM, otra vez la OIM",
        "1.1.1 Referirse al plan de trabajo de la Red de Cosas; ver el objetivo 1",
        "1.1.1.1 La Organización  Mundial, en poimen", "HONDURAS", "2. Dos", "", "", "",
    )  # fmt: skip
    plan = read_plan_text(Source("PLAN DE HONDURAS\n\nOIM\n\n" + "".join(f"\t{cell}\n" for cell in cells)), "made")
    graph, source = graphs(describe_plan(plan, background), plan)
    rows = []
    for mention in graph.subjects(RDF.type, CG.Mention):
        words = graph.value(mention, CG.passage)
        thing, form = (str(graph.value(mention, name)) for name in (CG.mentioned, CG.nameForm))
        quoted = str(source.value(words, CG.exact)).replace(" ", "·")
        path = str(mention).removeprefix(NAMES.id("plan", "made", ""))
        row = [path, quoted, thing.removeprefix(NAMES.id("")), form.partition("#")[2]]
        rows.append((int(str(source.value(words, CG.start))), row))
    assert [row for _, row in sorted(rows)] == rows_of("mentioned")
    # An element leads to its mentions and to the thing.
    element, oim = URIRef(NAMES.id("plan/made/1.1")), URIRef(NAMES.id("actor/oim"))
    assert list(graph.objects(element, CG.mentions)) == [oim]
    mentions = {URIRef(f"{element}/mention-{number}") for number in (1, 2)}
    assert set(graph.objects(element, CG.mention)) == mentions
    assert set(graph.objects(URIRef(NAMES.id("plan/made")), CG.mentions)) == {oim, URIRef(NAMES.id("country/HND"))}
    # Words within an element are mentioned in it alone.
    for kind in (CG.Referral, CG.CrossReference):
        [nested] = graph.subjects(RDF.type, kind)
        assert graph.value(nested, CG.mention) is None


def test_the_title_of_an_instrument_names_agents_in_turn(background: Background) -> None:
    agreement, words = URIRef(NAMES.id("instrument", "agreement")), "Acuerdo entre Honduras y la OIM sobre Vancouver"
    names = Graph()
    names.add((agreement, RDF.type, CG.Instrument))
    names.add((agreement, RDFS.label, Literal(words, "es")))
    names += background.dataset.graph(URIRef(NAMES.graph("reference")))
    plan = made_plan(("Tema", "1. Uno", f"1.1 Cumplir el {words}", "", ""))
    said = graphs(describe_plan(plan, replace(background, gazetteer_for=lambda _: Gazetteer(names))), plan)[0]
    [whole] = said.subjects(CG.mentioned, agreement)
    inner = {said.value(node, CG.mentioned) for node in said.subjects(RDF.type, CG.Mention)}
    assert inner - {agreement} == {URIRef(NAMES.id("country", "HND")), URIRef(NAMES.id("actor", "oim"))}, (
        "agents, not the place"
    )
    assert set(said.objects(URIRef(NAMES.id("plan", "made")), ANALYSIS.firstUse)) == {whole}
