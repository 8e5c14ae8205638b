"""Which item belongs to which: numbers first, then places and neighbours, each case on a small table."""

import re
from collections.abc import Callable

import pytest

from crmgraph.reading import read_plan_text
from crmgraph.reading.plan import Attachment
from crmgraph.reading.source import Source
from tests.support.growth import growth

NUMBER, POSITION, ONLY = Attachment.PRINTED_NUMBER, Attachment.POSITION, Attachment.ONLY_CANDIDATE


def parents(*rows: tuple[str, str, str, str]) -> dict[str, tuple[str | None, Attachment]]:
    """The parent of each part and how it is known, of a plan of one theme; rows are objectives to calendar."""
    cells = ["TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO"]
    for index, row in enumerate(rows):
        cells += ["" if index else "Tema", *row]
    plan = read_plan_text(Source("".join(f"\t{cell}\n" for cell in cells)), "plan")
    return {part.id[2:]: (parent.id[2:] if parent else None, part.attached_by) for part, parent in plan.walk()}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # One action: an activity without a number can belong nowhere else.
        (("1. O", "1.1 A", "suelta", ""), {"1.1-a": ("1.1", ONLY)}),
        # Before the activities of 1.2: it is of 1.1, which has none.
        (("1. O", "1.1 A\n1.2 B", "suelta\n\n1.2.1 C", ""), {"1.1-a": ("1.1", POSITION)}),
        # After those of 1.1: it is of 1.2, which has none.
        (("1. O", "1.1 A\n1.2 B", "1.1.1 C\n\nsuelta", ""), {"1.2-a": ("1.2", POSITION)}),
        # Between two neighbours with nothing in between: it goes with the one before.
        (("1. O", "1.1 A\n1.2 B", "1.1.1 C\n\nsuelta\n\n1.2.1 D", ""), {"1.1-a": ("1.1", POSITION)}),
        # Two lines for two actions without any: each its own.
        (("1. O", "1.1 A\n1.2 B", "una\n\notra", ""), {"1.1-a": ("1.1", POSITION), "1.2-a": ("1.2", POSITION)}),
        # More lines than actions: the last action has the rest.
        (("1. O", "1.1 A\n1.2 B", "a\n\nb\n\nc", ""), {"1.2-a": ("1.2", POSITION), "1.2-b": ("1.2", POSITION)}),
        # A schedule whose activity is not printed: the line without a number of that action.
        (("1. O", "1.1 A\n1.2 B", "1.1.1 C\n\nsuelta", "1.2.1.1 D"), {"1.2.1.1": ("1.2-a", ONLY)}),
        # … and where there is none, the action that its number names.
        (("1. O", "1.1 A", "", "1.1.1.1 D"), {"1.1.1.1": ("1.1", NUMBER)}),
        (("1. O", "", "", "1.1.1.1 D"), {"1.1.1.1": ("1", NUMBER)}),
        # A number that begins like no part's: the only part there is.
        (("1. O", "9.1 A", "", ""), {"9.1": ("1", ONLY)}),
        (("1. O", "1.1 A", "9.9.9 B", ""), {"9.9.9": ("1.1", ONLY)}),
        # A schedule without a number or an activity.
        (("1. O", "1.1 A", "", "Continuo"), {"1.1-a": ("1.1", ONLY)}),
        (("1. O", "", "", "Continuo"), {"1-a": ("1", ONLY)}),
    ],
)  # fmt: skip
def test_one_row(row: tuple[str, str, str, str], expected: dict[str, tuple[str, Attachment]]) -> None:
    found = parents(row)
    assert {name: found[name] for name in expected} == expected


def test_a_number_finds_its_parent_in_another_row() -> None:
    found = parents(("1. O", "1.1 A", "", ""), ("2. P", "2.1 B", "1.1.1 C", ""))
    assert found["1.1.1"] == ("1.1", NUMBER)


def test_the_parent_in_the_same_row_goes_first() -> None:
    found = parents(("1. O", "1.1 A", "", ""), ("1. P", "1.1 B", "1.1.1 C", ""))
    assert found["1.1-2"] == ("1-2", NUMBER)
    assert found["1.1.1"] == ("1.1-2", NUMBER)


def test_two_objectives_in_a_row_part_their_actions_by_number() -> None:
    found = parents(("1. O\n2. P", "1.1 A\n2.1 B", "", ""))
    assert (found["1.1"], found["2.1"]) == (("1", NUMBER), ("2", NUMBER))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # One of each in each row: nothing else can be meant.
        ([("O", "A", "B", "C"), ("", "D", "E", "F")],
         {"a-a-a": ("a-a", ONLY), "a-b-a": ("a-b", ONLY), "a-b-a-a": ("a-b-a", ONLY)}),
        # Two of each in the second row: shared out by their order.
        ([("O", "A", "B", ""), ("", "D\n\nE", "F\n\nG", "")],
         {"a-a-a": ("a-a", ONLY), "a-b-a": ("a-b", POSITION), "a-c-a": ("a-c", POSITION)}),
        # A row without an action goes on with the last one that has some.
        ([("O", "A", "B", ""), ("", "D", "E", ""), ("", "", "F", "")],
         {"a-b-a": ("a-b", ONLY), "a-b-b": ("a-b", POSITION)}),
    ],
)  # fmt: skip
def test_where_an_objective_goes_on_each_row_of_the_table_has_its_own(
    rows: list[tuple[str, str, str, str]], expected: dict[str, tuple[str, Attachment]]
) -> None:
    found = parents(*rows)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.drill
def test_thousands_of_rows_of_one_objective_take_no_longer_each() -> None:
    def attach(size: int) -> None:
        found = parents(("O", "A", "B", ""), *[("", "A", "B", "C")] * size)
        assert sum(how is ONLY for _, how in found.values()) > 2 * size

    assert growth(attach, 1000) < 6


@pytest.mark.drill
@pytest.mark.parametrize(
    "cells",
    [
        lambda size: ("1.1 A\n1.2 B\n", "a\n\n" * size),
        lambda size: ("a\n\n" * size, "b\n\n" * size),
        lambda size: (
            "".join(f"1.{n} A\n" for n in range(size)),
            "".join(f"1.{n}.1 B\n\nb\n\n" for n in range(size)),
        ),
        lambda size: ("1.1 A\n1.2 B\n", "".join(f"{n % 900 + 2}.9.{n // 900} B\n" for n in range(size))),
    ],
)
def test_thousands_of_lines_are_attached_in_one_go(cells: Callable[[int], tuple[str, str]]) -> None:
    def attach(size: int) -> None:
        actions, activities = cells(size)
        found = parents(("1. O", actions, activities, ""))
        assert len(found) == 2 + len(re.findall(r"\w\n", actions + activities))

    assert growth(attach, 240) < 6


def test_a_note_is_about_the_item_above_it() -> None:
    found = parents(("1. O\nNota: x", "1.1 A\nNota: y\n1.2 B", "1.1.1 C", "1.1.1.1 D\nNota: z"))
    assert found["1-a"] == ("1", POSITION)
    assert found["1.1-a"] == ("1.1", POSITION)
    assert found["1.1.1.1-a"] == ("1.1.1.1", POSITION)


def test_a_note_that_opens_a_cell_is_about_what_the_cell_belongs_to() -> None:
    assert parents(("1. O", "Nota: x\n1.1 A", "", ""))["1-a"] == ("1", POSITION)
