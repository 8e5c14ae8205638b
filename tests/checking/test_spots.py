"""Where the result of a check is to be seen: in which element, in which words, and in which second place."""

import pytest
from rdflib import DCTERMS, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.catalogue import Check, Group
from crmgraph.checking.spots import find, shortened
from crmgraph.checking.validating import Result
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.wording import Bilingual

NAMES = Names()
TEXT = "7.1 La OIM y\n la OIM"


def iri(path: str) -> URIRef:
    return URIRef(NAMES.id(path))


THEME, ACTION, OTHER, MENTION = (iri(f"plan/p/{path}") for path in ("t", "t/7.1", "t/7.2", "t/7.1/mention-1"))
REFERENCE = iri("plan/p/t/7.1/reference-1")


def passage(graph: Graph, start: int, end: int, exact: str) -> URIRef:
    node = iri(f"source/p/{start}-{end}")
    for triple in (
        (node, RDF.type, CG.Passage), (node, CG.source, iri("source/p")), (node, CG.start, Literal(start)),
        (node, CG.end, Literal(end)), (node, CG.exact, Literal(exact)),
    ):  # fmt: skip
        graph.add(triple)
    return node


@pytest.fixture
def graph() -> Graph:
    graph = Graph()
    whole, other, name = passage(graph, 10, 30, TEXT), passage(graph, 40, 43, "7.2"), passage(graph, 17, 20, "OIM")
    for triple in (
        (THEME, RDF.type, CG.Theme), (ACTION, DCTERMS.isPartOf, THEME), (ACTION, CG.number, Literal("7.1")),
        (ACTION, CG.passage, whole), (ACTION, RDFS.label, Literal("Acción", "es")), (OTHER, CG.number, Literal("7.2")),
        (OTHER, CG.passage, other), (OTHER, DCTERMS.isPartOf, THEME), (MENTION, CG.inElement, ACTION),
        (MENTION, CG.passage, name), (MENTION, CG.mentioned, iri("actor/oim")),
        (iri("actor/oim"), RDFS.label, Literal("IOM", "en")), (iri("actor/oim"), RDFS.label, Literal("OIM", "es")),
        (REFERENCE, RDF.type, CG.CrossReference), (REFERENCE, DCTERMS.isPartOf, ACTION), (REFERENCE, CG.passage, whole),
        (REFERENCE, CG.targetPassage, name),
    ):  # fmt: skip
        graph.add(triple)
    return graph


def check(message: str) -> Check:
    said = Bilingual(message, message)
    return Check("x", "warning", Group(1, "g", said), said, said, said, said, said)


MESSAGE = check("{number}|{exact}|{label}|{name}|{other}|{other_number}")


@pytest.mark.parametrize(
    ("focus", "value", "element", "words", "message"),
    [
        (ACTION, None, ACTION, (10, 30), "7.1|7.1 La OIM y la OIM|Acción|||"),
        (MENTION, None, ACTION, (17, 20), "7.1|OIM|Acción|OIM||"),
        (REFERENCE, None, ACTION, (17, 20), "7.1|OIM|Acción|||"),
        (ACTION, Literal("la OIM"), ACTION, (24, 30), "7.1|la OIM|Acción|||"),
        (ACTION, Literal("y la OIM"), ACTION, (21, 30), "7.1|y la OIM|Acción|||"),
        (ACTION, Literal("nowhere"), ACTION, (10, 30), "7.1|7.1 La OIM y la OIM|Acción|||"),
        (ACTION, iri("source/p/17-20"), ACTION, (17, 20), "7.1|OIM|Acción|||"),
        (iri("source/p/17-20"), None, iri("source/p"), (17, 20), "|OIM||||"),
    ],
)
def test_the_element_and_the_words(
    focus: Node, value: Node | None, element: URIRef, words: tuple[int, int], message: str, graph: Graph
) -> None:
    [found] = find([Result(MESSAGE, focus, value)], graph, NAMES)
    assert (found.spot.element, found.other) == (str(element), None)
    assert (found.spot.start, found.spot.end) == words
    assert found.spot.exact == TEXT[words[0] - 10 : words[1] - 10]
    assert found.spot.passage == NAMES.id(f"source/p/{words[0]}-{words[1]}")
    assert found.message_en == message


def test_the_second_place_is_that_of_another_element(graph: Graph) -> None:
    [found] = find([Result(MESSAGE, ACTION, OTHER)], graph, NAMES)
    assert found.other is not None
    assert (found.other.name, found.other.number, found.other.theme, found.other.exact) == ("t/7.2", "7.2", "t", "7.2")
    assert found.message_en.endswith("|7.2|7.2")
    assert find([Result(MESSAGE, ACTION, ACTION)], graph, NAMES)[0].other is None


def test_a_message_speaks_of_the_number_before_and_of_the_theme_of_the_second_place(graph: Graph) -> None:
    graph.add((THEME, RDFS.label, Literal("Tema", "es")))
    said = check("{number_before}, {other_theme}")
    assert find([Result(said, ACTION, OTHER)], graph, NAMES)[0].message_en == "7.0, Tema"


@pytest.mark.parametrize(
    ("date", "spanish", "english"),
    [
        ("2006", "2006", "2006"),
        ("2006-05", "mayo de 2006", "May 2006"),
        ("2004-05-21", "21 de mayo de 2004", "May 21, 2004"),
    ],
)
def test_a_message_speaks_of_the_date_of_what_the_second_place_mentions(
    date: str, spanish: str, english: str, graph: Graph
) -> None:
    graph.add((iri("actor/oim"), DCTERMS.date, Literal(date)))
    [found] = find([Result(check("{other_date}"), ACTION, MENTION)], graph, NAMES)
    assert (found.message_es, found.message_en) == (spanish, english)


def test_a_part_without_a_number_is_called_by_its_words(graph: Graph) -> None:
    graph.remove((OTHER, CG.number, None))
    [found] = find([Result(check("{other_number}"), ACTION, OTHER)], graph, NAMES)
    assert (found.message_es, found.message_en) == ("«7.2»", "“7.2”")


def test_what_stands_on_no_words_is_called_by_its_address(graph: Graph) -> None:
    [found] = find([Result(MESSAGE, iri("country/MEX"), None)], graph, NAMES)
    assert (found.spot.element, found.spot.start, found.spot.theme) == (NAMES.id("country/MEX"), None, None)
    assert found.message_en == "|country/MEX||||"


def test_the_same_result_twice_is_one_finding(graph: Graph) -> None:
    two = [Result(MESSAGE, ACTION, None, "MinCountConstraintComponent"), Result(MESSAGE, ACTION, None)]
    assert len(find(two, graph, NAMES)) == 1


def test_long_words_are_cut_and_put_on_one_line() -> None:
    assert shortened("uno\n  dos") == "uno dos"
    assert shortened("a" * 200, 10) == "a" * 9 + "…"


@pytest.mark.parametrize(
    ("way", "name", "message"),
    [
        (CG.nameUsed, "OIM", "OIM, OIM"),
        (CG.nameUsed, "IOM", "IOM, IOM"),
        (CG.letters, "IOM", "IOM, IOM"),
        (CG.nameUsed, "nowhere", "nowhere, OIM"),
    ],
)
def test_the_name_used_and_the_thing_in_its_language(way: URIRef, name: str, message: str, graph: Graph) -> None:
    graph.add((MENTION, way, Literal(name)))
    [found] = find([Result(check("{name_used}, {name}"), MENTION, None)], graph, NAMES)
    assert found.message_es == message
