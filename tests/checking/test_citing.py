"""What a reference cites that is not there, in words."""

import pytest
from rdflib import RDF, XSD, Graph, Literal

from crmgraph.checking.citing import cited
from crmgraph.describing.vocabulary import CG
from tests.checking.sample import ACTION, OTHER, REFERENCE, THEME, passage


def graph_of(words: str, number: str) -> Graph:
    graph = Graph()
    start = words.index(number)
    for triple in (
        (REFERENCE, CG.targetNumber, Literal(number, datatype=XSD.string)), (REFERENCE, CG.targetTheme, THEME),
        (REFERENCE, CG.passage, passage(graph, 50, 50 + len(words), words)),
        (REFERENCE, CG.targetPassage, passage(graph, 50 + start, 50 + start + len(number), number)),
        (OTHER, CG.number, Literal("1.1.1.1", datatype=XSD.string)), (OTHER, CG.within, THEME),
        (OTHER, RDF.type, CG.ScheduleEntry),
    ):  # fmt: skip
        graph.add(triple)
    return graph


def test_a_passage_that_is_gone_breaks_nothing() -> None:
    graph = graph_of("Ver el objetivo 12", "12")
    graph.remove((None, CG.start, None))
    assert cited(REFERENCE, graph, "en") == "no objective 12"


@pytest.mark.parametrize(
    ("words", "number", "spanish", "english"),
    [
        ("Ver objetivo 12", "12", "ningún objetivo 12", "no objective 12"),
        ("Ver la acción 1.1 y el objetivo 3", "3", "ningún objetivo 3", "no objective 3"),
        ("See action 4.2", "4.2", "ninguna acción 4.2", "no action 4.2"),
        ("Ver act. 1.1.9", "1.1.9", "ninguna actividad 1.1.9", "no activity 1.1.9"),
        ("Véase 8.1", "8.1", "ninguna acción 8.1", "no action 8.1"),
        ("Véase 8.1.1.1", "8.1.1.1", "ninguna entrada de calendario 8.1.1.1", "no schedule entry 8.1.1.1"),
        ("Ver la actividad 1.1.1.1", "1.1.1.1",
         "ninguna actividad 1.1.1.1: la 1.1.1.1 es una entrada de calendario",
         "no activity 1.1.1.1: 1.1.1.1 is a schedule entry"),
    ],
)  # fmt: skip
def test_the_kind_and_the_number(words: str, number: str, spanish: str, english: str) -> None:
    graph = graph_of(words, number)
    assert (cited(REFERENCE, graph, "es"), cited(REFERENCE, graph, "en")) == (spanish, english)


def test_what_is_no_reference_cites_nothing() -> None:
    assert cited(ACTION, Graph(), "es") == ""
