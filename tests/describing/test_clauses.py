"""How what says a status stands in its sentence."""

import time

import pytest

from crmgraph.describing.clauses import (
    has_no_other_subject,
    is_condition,
    is_main_clause,
    is_of_a_part,
    speaks_of_all,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("nota: ", " actividades concretas en la tematica"),
        ("nota: por falta de fondos, ", "."),
        ("nota: la st propone eliminarlo debido a que ", " actividades"),
        ("note: to date, all activities under this objective ", " in 2025"),
        ("1.1.1.1 continuo. ", ""),
        ("este ", ""),
    ],
)
def test_said_of_all(before: str, after: str) -> None:
    assert speaks_of_all(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nota: los talleres ", ""),
        ("nota: en honduras ", " actividades"),
        ("nota: ", " otras actividades"),
        ("nota: ", " actividades de capacitacion"),
        ("nota: ", " dos talleres"),
        ("1.1.1.1 two courses ", ""),
    ],
)
def test_said_of_something_in_particular(before: str, after: str) -> None:
    assert not speaks_of_all(before, after)


@pytest.mark.parametrize(
    ("after", "part"),
    [
        (" actividades en honduras", True),
        (" in the capital", True),
        (", salvo en honduras", True),
        (" actividades en el marco del plan", False),
        (" in this regard", False),
        (" por la pandemia", False),
        ("", False),
    ],
)
def test_of_a_place_alone(after: str, part: bool) -> None:
    assert is_of_a_part(after) is part


@pytest.mark.parametrize(
    ("before", "own"),
    [
        ("; evaluation ", False),
        (" en marzo de 2022, ", True),
        (" y ", True),
        ("", True),
        ("; la licitacion ", False),
        (". esta actividad esta ", True),
    ],
)
def test_whose_status_it_is(before: str, own: bool) -> None:
    assert has_no_other_subject(before) is own


@pytest.mark.parametrize(
    ("before", "condition", "main"),
    [
        ("1.1.1.1 the report ", False, True),
        ("1.1.1.1 ", False, True),
        ("1.1.1.1 once the report ", True, False),
        ("1.1.1.1 una vez que ", True, False),
        ("1.1.1.1 cuando llegue. el informe ", False, True),
        ("1.1.1.1 segun el informe ", False, False),
        ("1.1.1.1 el taller no ", False, False),
    ],
)
def test_told_or_waited_for(before: str, condition: bool, main: bool) -> None:
    assert (is_condition(before), is_main_clause(before)) == (condition, main)


@pytest.mark.parametrize(
    "piece", ["ya ", "por falta de fondos, ", "se informa que ", "however, ", "esta actividad de ", ". "]
)
def test_a_long_text_takes_time_in_proportion(piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        speaks_of_all((piece * length)[:length], "")
        return time.process_time() - start

    assert min(seconds(80_000) for _ in range(3)) < 8 * max(seconds(20_000), 0.05)
