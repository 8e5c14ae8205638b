"""Which part breaks the order of its neighbours, and the row that a part is printed in."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import URIRef

from crmgraph.describing import describe_plan
from crmgraph.describing.neighbours import _longest_rise
from crmgraph.describing.vocabulary import CG
from tests.support.backgrounds import NAMES, made_background, made_plan

BEGINNING = NAMES.id("plan", "made", "t", "")
ROWS = (
    ("Tema", "1. Uno", "1.1 Acción\n\n1.3 Otra", "1.1.2 Dos\n\nSin número\n\n1.1.1 Uno", "1.1.2.1 Continuo"),
    ("", "2. Dos", "2.1 Acción", "1.1.3 Fuera de su fila\n\n2.1.1 Tres", "2.1.1.1 Continuo"),
    ("", "", "", "2.1.2 Sigue", "2.1.2.1 Continuo"),
    ("Tercero", "1. Uno", "1.1 Acción", "", ""),
)


def pairs(folder: Path, predicate: URIRef) -> set[tuple[str, str]]:
    graph = describe_plan(made_plan(*ROWS), made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))
    return {
        (str(one).removeprefix(BEGINNING), str(other).removeprefix(BEGINNING))
        for one, other in graph.subject_objects(predicate)
    }


def test_the_part_that_breaks_the_order_of_its_neighbours_is_told(tmp_path: Path) -> None:
    assert pairs(tmp_path, CG.outOfOrderWith) == {("1.1.1", "1.1.2")}


def test_only_what_belongs_to_another_objective_says_in_whose_row_it_is(tmp_path: Path) -> None:
    assert pairs(tmp_path, CG.inRowOf) == {("1.1.3", "2")}


def test_what_belongs_to_a_later_action_stands_behind_what_belongs_to_an_earlier_one(tmp_path: Path) -> None:
    activities = "1.2.1 Dos\n\n1.2.2 Tres\n\n1.1.1 Uno\n\n7.1.1 Fuera"
    entries = "1.1.1.1 Continuo\n\n1.2.2.1 Continuo\n\n1.2.1.1 Continuo\n\n1.2.2.2 Continuo"
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción\n\n1.2 Otra", activities, entries))
    graph = describe_plan(plan, made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
    found = {
        (str(one).removeprefix(BEGINNING), str(other).removeprefix(BEGINNING))
        for one, other in graph.subject_objects(CG.outOfOrderWith)
    }
    assert found == {("1.1.1", "1.2.1"), ("1.2.2.1", "1.2.1.1")}


def out_of_order(folder: Path, *numbers: int) -> set[tuple[str, str]]:
    activities = "\n\n".join(f"1.1.{number} Algo" for number in numbers)
    plan = made_plan(("Tema", "1. Uno", "1.1 Acción", activities, "1.1.1.1 Continuo"))
    graph = describe_plan(plan, made_background(folder)).graph(URIRef(NAMES.graph("plan", "made")))
    return {
        (str(one).rpartition(".")[2], str(other).rpartition(".")[2])
        for one, other in graph.subject_objects(CG.outOfOrderWith)
    }


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((1, 2, 3), set()),
        ((1, 3, 7), set()),
        ((2, 1), {("1", "2")}),
        ((1, 3, 2, 4), {("2", "3")}),
        ((3, 1, 2), {("3", "1")}),
        ((77, 2, 3, 4), {("77", "2")}),
        ((1, 3, 4, 2), {("2", "4")}),
        ((1, 2, 1, 3), set()),  # a number that is there twice is wrong for that, and not for its place
    ],
)
def test_of_several_numbers_the_one_is_told_without_which_the_rest_are_in_order(
    numbers: tuple[int, ...], told: set[tuple[str, str]], tmp_path: Path
) -> None:
    assert out_of_order(tmp_path, *numbers) == told


def test_what_stands_in_the_row_of_another_puts_nobody_out_of_order(tmp_path: Path) -> None:
    rows = (
        ("Tema", "1. Uno", "1.1 Acción\n\n2.2 Fuera de su fila", "1.1.1 Algo", "1.1.1.1 Continuo"),
        ("", "2. Dos", "2.1 Acción", "2.1.1 Algo", "2.1.1.1 Continuo"),
    )
    graph = describe_plan(made_plan(*rows), made_background(tmp_path)).graph(URIRef(NAMES.graph("plan", "made")))
    assert list(graph.subject_objects(CG.outOfOrderWith)) == []
    assert len(list(graph.subject_objects(CG.inRowOf))) == 1


@given(st.lists(st.integers(0, 9), max_size=8))
def test_no_rise_is_longer_and_of_those_as_long_none_comes_before(numbers: list[int]) -> None:
    rises = [
        list(places)
        for size in range(len(numbers) + 1)
        for places in combinations(range(len(numbers)), size)
        if all(numbers[one] < numbers[other] for one, other in pairwise(places))
    ]
    assert _longest_rise(numbers) == min(rises, key=lambda places: (-len(places), places))
