"""The names of the curated tables, found by themselves and told apart from what only looks like them."""

import pytest
from rdflib import RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing import describe_background
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.resources import resource

KINDS = (
    "State",
    "Organ",
    "Organisation",
    "AgentGroup",
    "Network",
    "ConsultativeProcess",
    "Instrument",
    "Meeting",
    "Place",
)


@pytest.fixture(scope="module")
def names() -> Graph:
    dataset = describe_background(resource("ontology"), resource("data"), Names()).dataset
    return sum((dataset.graph(URIRef(Names().graph(graph))) for graph in ("reference", "processes")), Graph())


@pytest.fixture(scope="module")
def lexicon(names: Graph) -> Lexicon:
    return Lexicon(names, [str(CG[kind]) for kind in KINDS])


def test_every_spanish_name_leads_to_its_thing(names: Graph, lexicon: Lexicon) -> None:
    wanted = {thing for kind in KINDS for thing in names.subjects(predicate=None, object=CG[kind])}
    missed = []
    for predicate in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel):
        for thing, name in names.subject_objects(predicate):
            if thing in wanted and isinstance(name, Literal) and name.language == "es":
                whole = {each.iri for each in lexicon.find(name) if (each.start, each.end) == (0, len(name))}
                if str(thing) not in whole:
                    missed.append((thing, name))
    assert missed == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("COIMBRA, OIMa, oim, st, can, sv, ppt", []),
        ("un cartel red, la red de agua, en la red", []),
        ("Nuevo México, el Golfo de Guinea, mexicanos", []),
        ("PPT/ST", ["PPT", "ST"]),
        ("los ONG’s, la CRM’s", ["ONG’s", "CRM’s"]),
        ("Estados Unidos Mexicanos y Estados Unidos", ["Estados Unidos Mexicanos", "Estados Unidos"]),
        ("el FYBEMID, la Presidencia Pro Tempore", ["FYBEMID", "Presidencia Pro Tempore"]),
    ],
)
def test_traps(lexicon: Lexicon, text: str, words: list[str]) -> None:
    assert [text[each.start : each.end] for each in lexicon.find(text)] == words
