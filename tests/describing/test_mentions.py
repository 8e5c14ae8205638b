"""Mentions: where a plan names a thing that is known, in the order of the text, each on its own words."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source
from tests.support.backgrounds import HEADINGS, NAMES, made_background, made_plan

ROWS = (
    "Honduras",
    "1. Uno\n\nNota: Vancouver es de Honduras",
    "1.1 La OIM, otra vez la OIM",
    "1.1.1 Referirse al plan de trabajo de la Red de Cosas; ver el objetivo 1",
    "1.1.1.1 La Organización  Mundial, en poimen",
    "HONDURAS",
    "2. Dos",
    "",
    "",
    "",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    cells = "".join(f"\t{cell}\n" for cell in (*HEADINGS, *ROWS))
    return read_plan_text(Source(f"PLAN DE HONDURAS\n\nOIM\n\n{cells}"), "made")


@pytest.fixture(scope="module")
def graph(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    background = made_background(tmp_path_factory.mktemp("annotations"))
    return describe_plan(plan, background).graph(URIRef(NAMES.graph("plan", "made")))


def found(graph: Graph, plan: Plan) -> list[tuple[str, str, str, str]]:
    """The mentions in the order of the text: their path, words, thing and form."""
    rows = []
    for mention in graph.subjects(RDF.type, CG.Mention):
        [passage] = graph.objects(mention, CG.passage)
        start, end = (int(part) for part in str(passage).rpartition("/")[2].split("-"))
        thing, form = (str(graph.value(mention, name)) for name in (CG.mentioned, CG.nameForm))
        words = plan.source.text[start:end]
        path = str(mention).removeprefix(NAMES.id("plan", "made", ""))
        rows.append((start, (path, words, thing.removeprefix(NAMES.id("")), form.removeprefix(f"{ONTOLOGY}/"))))
    return [row for _, row in sorted(rows)]


def test_each_place_where_a_thing_is_named(graph: Graph, plan: Plan) -> None:
    assert found(graph, plan) == [
        ("mention-1", "HONDURAS", "country/HND", "name-form#full-name"),
        ("mention-2", "OIM", "actor/oim", "name-form#acronym"),
        ("h/mention-1", "Honduras", "country/HND", "name-form#full-name"),
        ("h/1-a/mention-1", "Vancouver", "place/vancouver", "name-form#full-name"),
        ("h/1-a/mention-2", "Honduras", "country/HND", "name-form#full-name"),
        ("h/1.1/mention-1", "OIM", "actor/oim", "name-form#acronym"),
        ("h/1.1/mention-2", "OIM", "actor/oim", "name-form#acronym"),
        ("h/1.1.1/mention-1", "Red de Cosas", "network/red", "name-form#full-name"),
        ("h/1.1.1.1/mention-1", "Organización  Mundial", "actor/oim", "name-form#full-name"),
    ]


def test_element_and_mention_lead_to_each_other_and_to_the_thing(graph: Graph) -> None:
    element, oim = URIRef(NAMES.id("plan/made/h/1.1")), URIRef(NAMES.id("actor/oim"))
    assert list(graph.objects(element, CG.mentions)) == [oim]
    mentions = set(graph.objects(element, CG.mention))
    assert mentions == {URIRef(f"{element}/mention-{number}") for number in (1, 2)}
    assert {graph.value(mention, CG.inElement) for mention in mentions} == {element}
    root = URIRef(NAMES.id("plan/made"))
    assert set(graph.objects(root, CG.mentions)) == {oim, URIRef(NAMES.id("country/HND"))}


def test_words_within_an_element_are_mentioned_in_it_alone(graph: Graph) -> None:
    for kind in (CG.Referral, CG.CrossReference):
        [nested] = graph.subjects(RDF.type, kind)
        assert graph.value(nested, CG.mention) is None


def test_the_title_of_an_instrument_names_agents_in_turn(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    agreement = URIRef(NAMES.id("instrument", "agreement"))
    names = Graph()
    for triple in (
        (agreement, RDF.type, CG.Instrument),
        (agreement, RDFS.label, Literal("Acuerdo entre Honduras y la OIM sobre Vancouver", "es")),
    ):
        names.add(triple)
    names += background.dataset.graph(URIRef(NAMES.graph("reference")))
    plan = made_plan(("Tema", "1. Uno", "1.1 Cumplir el Acuerdo entre Honduras y la OIM sobre Vancouver", "", ""))
    said = describe_plan(plan, replace(background, named=Lexicon(names))).graph(URIRef(NAMES.graph("plan", "made")))
    [whole] = said.subjects(CG.mentioned, agreement)
    inner = {said.value(node, CG.mentioned) for node in said.subjects(CG.inMention, whole)}
    assert inner == {URIRef(NAMES.id("country", "HND")), URIRef(NAMES.id("actor", "oim"))}, "agents, not the place"
    assert set(said.objects(URIRef(NAMES.id("plan", "made")), CG.firstUse)) == {whole}
