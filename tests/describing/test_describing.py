"""A plan and what readers saw in it, as two graphs: whatever the plan, each statement leads to true words."""

import csv
import hashlib
import io
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, BNode, Dataset, Graph, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.vocabulary import CG
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import Part
from crmgraph.reading.source import Source
from tests.support import tables
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

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
    """The graph of the plan and that of its source."""
    said, source = (dataset.graph(URIRef(NAMES.graph(name, plan.id))) for name in ("plan", "source"))
    return said, source


def assert_true_words(dataset: Dataset, plan: Plan) -> None:
    said, source = graphs(dataset, plan)
    leaves = set(source.subjects(RDF.type, CG.LeafPassage))
    for passage in source.subjects(RDF.type, CG.Passage):
        start, end = (int(str(source.value(passage, name))) for name in (CG.start, CG.end))
        assert plan.source.text[start:end] == str(source.value(passage, CG.exact))
        assert str(passage) == NAMES.id("source", plan.id, f"{start}-{end}")
        around = list(source.objects(passage, CG.inPassage))
        assert len(around) == (0 if passage in leaves else 1)
        for leaf in around:
            assert leaf in leaves
            assert int(str(source.value(leaf, CG.start))) <= start < end <= int(str(source.value(leaf, CG.end)))
    for predicate in (CG.passage, CG.repeatedIn, CG.targetPassage):
        for passage in said.objects(None, predicate):
            assert (passage, RDF.type, CG.Passage) in source
    for node in (*said.all_nodes(), *source.all_nodes()):
        assert not isinstance(node, BNode)


def occurrence(part: Part, first: int, last: int) -> tuple[str, int] | None:
    """The quote of some words of a part, and which of its occurrences they are; None where it overlaps another."""
    text = tidy(part.passage.exact)
    words = list(re.finditer(r"\S+", text))
    start, end = words[first].start(), words[last].end()
    quote = re.escape(text[start:end])
    before, after = (r"(?<![^\W_])" if text[start].isalnum() else "", r"(?![^\W_])" if text[end - 1].isalnum() else "")
    found = [match.start() for match in re.finditer(before + quote + after, text)]
    return (text[start:end], found.index(start) + 1) if start in found else None


@st.composite
def rows(draw: st.DrawFn, plan: Plan) -> dict[str, set[tuple[str, ...]]]:
    """Random annotations of a plan, by table."""
    parts = [part for part, _ in plan.walk()]
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=8)):
        part = draw(st.sampled_from(parts))
        count = len(tidy(part.passage.exact).split())
        first = draw(st.integers(0, count - 1))
        quoted = occurrence(part, first, draw(st.integers(first, count - 1)))
        if quoted:
            said = draw(st.sampled_from(KINDS[name][1]))
            found.setdefault(name, set()).add((part.id, *said, quoted[0], str(quoted[1]), "me"))
    return found


def as_csv(name: str, found: set[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([("element", *KINDS[name][0], "quote", "occurrence", "annotator"), *sorted(found)])
    return text.getvalue()


@settings(max_examples=25)
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


def test_the_same_input_gives_the_same_statements(background: Background) -> None:
    plan = made_plan(("Tema", "1. Uno", "1.1 La OIM", "1.1.1 Honduras", "1.1.1.1 Continuo"))
    once, again = (describe_plan(plan, background) for _ in range(2))
    assert set(once.quads()) == set(again.quads())
    assert_true_words(once, plan)


def test_a_plan_without_annotations_has_none(background: Background) -> None:
    plan = made_plan(("Tema", "1. Uno", "1.1 La OIM informa", "1.1.1 Honduras", "1.1.1.1 Continuo"))
    said, _ = graphs(describe_plan(plan, background), plan)
    for class_ in (CG.Participation, CG.InstrumentUse, CG.Translation, CG.PastEvent, CG.PlannedEvent):
        assert list(said.subjects(RDF.type, class_)) == []
    assert len(list(said.subjects(RDF.type, CG.Statement))) == 1, "the status that the calendar gives in words"


def test_annotations_are_those_of_their_plan_alone(background: Background, tmp_path: Path) -> None:
    here = replace(background, annotations=tmp_path)
    row = "t/1,topic,return,,Uno,,me\n"
    write_annotations(here, "topics", f"{TOPICS}{row}", "other")
    cells = ("Tema", "1. Uno", "1.1 Acción", "", "")
    for name, count in (("made", 0), ("other", 1)):
        plan = made_plan(cells, id=name)
        assert len(list(graphs(describe_plan(plan, here), plan)[0].subject_objects(CG.topic))) == count


def test_another_document_of_the_same_name_has_none_of_its_annotations(background: Background, tmp_path: Path) -> None:
    here = replace(background, annotations=tmp_path, sources=tmp_path)
    row = "t/1,topic,return,,Uno,,me\n"
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
