"""The scribe: what it writes, and the passages that it keeps for the source."""

import pytest
from rdflib import PROV, RDFS, Literal, URIRef

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.plan import Leaf, Passage
from tests.support.backgrounds import NAMES, made_plan

THING = URIRef("https://example.org/thing")


@pytest.fixture
def scribe() -> Scribe:
    return Scribe(made_plan(("Tema", "1. Uno", "", "", "")), NAMES)


def test_the_names_of_the_plan_and_of_what_is_in_it(scribe: Scribe) -> None:
    assert str(scribe.root) == NAMES.id("plan/made")
    assert str(scribe.iri("t/1")) == NAMES.id("plan/made/t/1")
    assert str(scribe.iri("t/1", "mention-1")) == NAMES.id("plan/made/t/1/mention-1")


def test_labels(scribe: Scribe) -> None:
    scribe.label(THING, "cosa")
    assert set(scribe.graph) == {(THING, RDFS.label, Literal("cosa", "es"))}
    scribe.label(THING, "cosa", "thing")
    assert (THING, RDFS.label, Literal("thing", "en")) in scribe.graph


def test_what_stands_on_words_keeps_them(scribe: Scribe) -> None:
    scribe.stand(THING, Leaf(0, 4, "PLAN", 0, None))
    scribe.stand(THING, Passage(0, 4, "PLAN"), CG.repeatedIn)
    words = URIRef(NAMES.id("source/made/0-4"))
    assert set(scribe.graph) == {(THING, CG.passage, words), (THING, CG.repeatedIn, words)}
    assert scribe.quoted == {Passage(0, 4, "PLAN")}


def test_what_is_stated_is_said_and_said_of(scribe: Scribe) -> None:
    statement = scribe.state(THING, CG.status, THING, Passage(5, 7, "DE"), "me")
    assert (THING, CG.status, THING) in scribe.graph
    assert scribe.graph.value(statement, CG.passage) == URIRef(NAMES.id("source/made/5-7"))
    assert scribe.graph.value(statement, PROV.wasAttributedTo) == URIRef(NAMES.id("annotator/me"))
    assert scribe.quoted == {Passage(5, 7, "DE")}
