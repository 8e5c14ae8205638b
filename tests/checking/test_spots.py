"""Where the result of a check is to be seen: in which element, in which words, and in which second place."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.catalogue import Check, Group
from crmgraph.checking.spots import spot_of, spots_of, theme_of
from crmgraph.checking.validating import Result
from crmgraph.wording import Bilingual
from tests.checking.sample import ACTION, MENTION, NAMES, OTHER, REFERENCE, TEXT, THEME, iri, small_graph

SAID = Bilingual("", "")
CHECK = Check("x", "warning", Group(1, "g", SAID), SAID, SAID, SAID, SAID, SAID)


@pytest.fixture
def graph() -> Graph:
    return small_graph()


@pytest.mark.parametrize(
    ("focus", "value", "element", "words"),
    [
        (ACTION, None, ACTION, (10, 30)),
        (MENTION, None, ACTION, (17, 20)),
        (REFERENCE, None, ACTION, (17, 20)),
        (ACTION, Literal("la OIM"), ACTION, (24, 30)),
        (ACTION, Literal("y la OIM"), ACTION, (21, 30)),
        (ACTION, Literal("nowhere"), ACTION, (10, 30)),
        (ACTION, iri("source/p/17-20"), ACTION, (17, 20)),
        (iri("source/p/17-20"), None, iri("source/p"), (17, 20)),
    ],
)
def test_the_element_and_the_words(
    focus: Node, value: Node | None, element: URIRef, words: tuple[int, int], graph: Graph
) -> None:
    spot, other = spots_of(Result(CHECK, focus, value), graph)
    assert (spot.element, other) == (str(element), None)
    assert (spot.start, spot.end) == words
    assert spot.exact == TEXT[words[0] - 10 : words[1] - 10]
    assert spot.passage == NAMES.id(f"source/p/{words[0]}-{words[1]}")


def test_the_second_place_is_that_of_another_element(graph: Graph) -> None:
    spot, other = spots_of(Result(CHECK, ACTION, OTHER), graph)
    assert (spot, other) == (spot_of(ACTION, graph), spot_of(OTHER, graph))
    assert other is not None
    assert (other.name, other.number, other.theme, other.exact) == ("t/7.2", "7.2", "t", "7.2")
    assert spots_of(Result(CHECK, ACTION, ACTION), graph)[1] is None


def test_what_stands_on_no_words_has_its_address_alone(graph: Graph) -> None:
    spot = spot_of(iri("country/MEX"), graph)
    assert (spot.element, spot.start, spot.theme) == (NAMES.id("country/MEX"), None, None)


def test_the_theme_is_that_which_holds_the_element(graph: Graph) -> None:
    assert theme_of(ACTION, graph) == theme_of(THEME, graph) == THEME
    assert theme_of(MENTION, graph) is None
