"""What and whom the words of a plan name, where nobody has read it."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import PROV, SKOS, URIRef

from crmgraph.describing import Background, describe_plan
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations

HEADER = "element,property,value,confidence,quote,occurrence,annotator\n"
ROWS = (("Retorno", "1. Facilitar el retorno", "1.1 Cuidar a la niñez", "1.1.1 Talleres", "1.1.1.1 Continuo"),)


@pytest.fixture
def background(tmp_path: Path) -> Background:
    made = made_background(tmp_path)
    concepts = made.dataset.graph(URIRef(NAMES.graph("ontology")))
    return replace(made, named=Lexicon(concepts, (SKOS.Concept,)))


def said(background: Background) -> set[tuple[str, str, str]]:
    """The element, the concept and the reader of each statement of a topic or group."""
    graph = describe_plan(made_plan(*ROWS), background).graph(URIRef(NAMES.graph("plan", "made")))
    return {
        (
            str(graph.value(statement, CG.subject)).rpartition("/made/")[2],
            str(graph.value(statement, CG.object)).rpartition("#")[2],
            str(graph.value(statement, PROV.wasAttributedTo)).rpartition("/")[2],
        )
        for predicate in (CG.topic, CG.populationGroup)
        for statement in graph.subjects(CG.predicate, predicate)
    }


def test_a_plan_that_nobody_read_concerns_what_its_words_name(background: Background) -> None:
    assert said(background) == {
        ("r", "return", "recogniser"),
        ("r/1", "return", "recogniser"),
        ("r/1.1", "children", "recogniser"),
    }


def test_where_a_reader_noted_topics_only_these_are_said_and_groups_are_recognised(background: Background) -> None:
    write_annotations(background, "topics", f"{HEADER}r/1,topic,return,,retorno,,me\n")
    assert said(background) == {("r/1", "return", "me"), ("r/1.1", "children", "recogniser")}
