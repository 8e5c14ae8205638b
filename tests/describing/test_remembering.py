"""What was read in a sentence holds wherever the same sentence stands."""

from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.remembering import known_documents, same_sentences
from crmgraph.describing.vocabulary import CG
from crmgraph.reading import Plan, read_plan
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

ROWS = (
    ("Tema", "1. Uno", "1.1 Acción", "1.1.1 La OIM informa\n\n1.1.2 Talleres", "1.1.1.1 Continuo\n\n1.1.2.1 Continuo"),
    ("", "2. Dos", "2.1 Otra", "2.1.1 Talleres", "2.1.1.1 Continuo"),
)
KNOWN = made_plan(*ROWS, id="known")


def places(plan: Plan) -> dict[str, list[str]]:
    return {id_: [part.id for part in parts] for id_, parts in same_sentences(KNOWN, plan).items()}


def test_every_part_of_a_plan_is_where_it_is_in_itself() -> None:
    assert all(parts == [id_] for id_, parts in places(KNOWN).items())


def test_a_sentence_is_found_under_another_number_and_not_where_it_changed() -> None:
    moved = made_plan(("Tema", "1. Otro", "1.1 Acción", "1.1.1 Talleres\n\n1.1.2 La OIM  informa", ""))
    found = places(moved)
    assert found["t/1.1.1"] == ["t/1.1.2"]
    assert found["t/1.1"] == ["t/1.1"]
    assert found["t/1"] == []


def test_of_several_that_say_the_same_the_first_is_the_first_and_those_left_over_are_as_the_last() -> None:
    activities = "1.1.1 Talleres\n\n1.1.2 Talleres\n\n1.1.3 Talleres"
    found = places(made_plan(("Tema", "1. Uno", "1.1 Acción", activities, "")))
    assert (found["t/1.1.2"], found["t/2.1.1"]) == (["t/1.1.1"], ["t/1.1.2", "t/1.1.3"])


@pytest.fixture
def background(tmp_path: Path) -> Background:
    background = made_background(tmp_path)
    (tmp_path / "known.txt").write_text(KNOWN.source.text, encoding="utf-8")
    rows = "element,agent,role,confidence,quote,occurrence,annotator\nt/1.1.1,actor/oim,reports,,La OIM informa,,me\n"
    write_annotations(background, "participations", rows, "known")
    write_annotations(background, "translations", "es,en,translator\nDos,Two,me\n", "known")
    return background


def graph(plan: Plan, background: Background) -> Graph:
    return describe_plan(plan, background).graph(URIRef(NAMES.graph("plan", plan.id)))


def test_a_new_version_keeps_what_was_read_in_the_sentences_that_stayed(background: Background) -> None:
    plan = made_plan(*(tuple(cell.replace("Otra", "Otra nueva") for cell in row) for row in ROWS), id="new")  # type: ignore[arg-type]
    said = graph(plan, background)
    element = URIRef(NAMES.id("plan", "new", "t", "1.1.1"))
    [participation] = said.objects(element, CG.participation)
    assert said.value(participation, CG.agent) == URIRef(NAMES.id("actor", "oim"))
    labels = {str(label) for label in said.objects(URIRef(NAMES.id("plan", "new", "t", "2")))}
    assert "Two" in labels
    read = {str(part).rpartition("/t/")[2] for part in said.subjects(CG.readIn, URIRef(NAMES.id("plan", "known")))}
    assert "2" in read
    assert "2.1" not in read


def test_a_sentence_that_changed_loses_what_was_read_in_it(background: Background) -> None:
    plan = made_plan(*(tuple(cell.replace("informa", "no informa") for cell in row) for row in ROWS), id="new")  # type: ignore[arg-type]
    assert list(graph(plan, background).subject_objects(CG.participation)) == []


def test_a_known_document_is_known_by_itself_alone(background: Background) -> None:
    (background.sources / "other.txt").write_text(KNOWN.source.text + "\n", encoding="utf-8")
    plan = read_plan(background.sources / "known.txt")
    [own] = known_documents(plan, background.sources, background.annotations)
    assert (own.plan, own.folder) == (plan, background.annotations / "known")
    stranger = made_plan(*ROWS, id="stranger")
    known = known_documents(stranger, background.sources, background.annotations)
    assert [each.plan.id for each in known] == ["known", "other"]
