"""What a finding says of its place, of the second place, and of what is named there, in both languages."""

import pytest
from rdflib import DCTERMS, RDFS, Graph, Literal, URIRef

from crmgraph.checking.catalogue import Check, Group
from crmgraph.checking.telling import find
from crmgraph.checking.validating import Result
from crmgraph.describing.vocabulary import CG
from crmgraph.wording import Bilingual
from tests.checking.sample import ACTION, MENTION, NAMES, OTHER, REFERENCE, iri, small_graph


@pytest.fixture
def graph() -> Graph:
    return small_graph()


def check(message: str) -> Check:
    said = Bilingual(message, message)
    return Check("x", "warning", Group(1, "g", said), said, said, said, said, said)


MESSAGE = check("{number}|{exact}|{label}|{name}|{other}|{other_number}")


@pytest.mark.parametrize(
    ("focus", "value", "message"),
    [
        (ACTION, None, "7.1|7.1 La OIM y la OIM|Acción|||"),
        (MENTION, None, "7.1|OIM|Acción|OIM||"),
        (REFERENCE, None, "7.1|OIM|Acción|||"),
        (ACTION, Literal("la OIM"), "7.1|la OIM|Acción|||"),
        (iri("source/p/17-20"), None, "“OIM”|OIM||||"),
    ],
)
def test_the_words_in_braces(focus: URIRef, value: Literal | None, message: str, graph: Graph) -> None:
    [found] = find([Result(MESSAGE, focus, value)], graph, NAMES)
    assert found.message_en == message


def test_the_second_place_is_called_by_its_words_and_number(graph: Graph) -> None:
    [found] = find([Result(MESSAGE, ACTION, OTHER)], graph, NAMES)
    assert found.message_en.endswith("|7.2|7.2")


def test_a_message_speaks_of_the_number_before(graph: Graph) -> None:
    assert find([Result(check("{number_before}"), ACTION, OTHER)], graph, NAMES)[0].message_en == "7.0"


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


def test_the_part_itself_too(graph: Graph) -> None:
    graph.remove((OTHER, CG.number, None))
    [found] = find([Result(check("{number}"), OTHER, None)], graph, NAMES)
    assert (found.message_es, found.message_en) == ("«7.2»", "“7.2”")


def test_a_part_has_a_key_whether_it_has_a_number_or_not(graph: Graph) -> None:
    said = check("{other_key}")
    assert find([Result(said, ACTION, OTHER)], graph, NAMES)[0].message_en == "t/7.2"
    graph.remove((OTHER, CG.number, None))
    assert find([Result(said, ACTION, OTHER)], graph, NAMES)[0].message_en == "t/7.2"


def test_quotes_within_those_of_a_message_are_others(graph: Graph) -> None:
    graph.set((ACTION, RDFS.label, Literal("El «agua» y la “tierra”", "es")))
    [found] = find([Result(check("{label}"), ACTION, OTHER)], graph, NAMES)
    assert (found.message_es, found.message_en) == ("El “agua” y la ‘tierra’", "El «agua» y la ‘tierra’")


def test_a_word_that_is_written_otherwise_than_it_should_be_says_as_what_it_is_read(graph: Graph) -> None:
    said = check("{exact}{read_as}")
    assert find([Result(said, MENTION, None)], graph, NAMES)[0].message_en == "OIM"
    graph.set((MENTION, CG.nameUsed, Literal("OIMM")))
    [found] = find([Result(said, MENTION, None)], graph, NAMES)
    assert (found.message_es, found.message_en) == ("OIM (léase «OIMM»)", "OIM (read “OIMM”)")


def test_what_stands_on_no_words_is_called_by_its_address(graph: Graph) -> None:
    [found] = find([Result(MESSAGE, iri("country/MEX"), None)], graph, NAMES)
    assert found.message_en == "|country/MEX||||"


def test_the_same_result_twice_is_one_finding(graph: Graph) -> None:
    two = [Result(MESSAGE, ACTION, None, "MinCountConstraintComponent"), Result(MESSAGE, ACTION, None)]
    assert len(find(two, graph, NAMES)) == 1


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
