"""Numbers that a file prints before objectives stay theirs, whether they begin anew in each theme or run on."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.importing import Grid, as_text_table, guess, numbered_otherwise
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.plan import Objective
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.csv")
APART = ("Tema", "No.", "Objetivo", "Acción", "Actividad", "Calendario")
WITHIN = ("Tema", "Objetivo", "Acción", "Actividad", "Calendario")
RESULTS = ("Tema", "No.", "Resultado", "Acción", "Actividad", "Calendario")


def plan_of(header: tuple[str, ...], *rows: tuple[str, ...]) -> Plan:
    grids = [Grid("x", (), (header, *(row + ("",) * (len(header) - len(row)) for row in rows)))]
    return read_plan_text(Source(as_text_table(grids, guess(grids, FILE), FILE), FILE), "plan")


def numbered(plan: Plan) -> list[tuple[str | None, str]]:
    """The printed numbers and the words of the objectives."""
    return [(part.number, part.text) for part, _ in plan.walk() if isinstance(part, Objective)]


def tree(plan: Plan) -> list[tuple[str | None, str]]:
    return [(counted(part), part.text) for part, _ in plan.walk()]


@settings(max_examples=30)
@given(
    st.lists(st.integers(1, 45), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(["{}", "{}.", "{})", "({})", "{}.º"]),
    st.sampled_from([APART, RESULTS]),
)
def test_numbers_in_a_column_of_their_own(sizes: list[int], runs_on: bool, style: str, header: tuple[str, ...]) -> None:
    rows, expected = table_of(sizes, runs_on)
    plan = plan_of(header, *((theme, style.format(number), text, "Hacer", "Algo") for theme, number, text in rows))
    assert numbered(plan) == expected
    assert numbered_otherwise(plan) is None


@settings(max_examples=30)
@given(
    st.lists(st.integers(1, 45), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(["{} {}", "{}. {}", "{}) {}", "{}.- {}", "{}: {}", "{} – {}", "{}.{}"]),
)
def test_numbers_within_the_cell(sizes: list[int], runs_on: bool, style: str) -> None:
    rows, expected = table_of(sizes, runs_on)
    plan = plan_of(WITHIN, *((theme, style.format(number, text), "Hacer", "Algo") for theme, number, text in rows))
    assert numbered(plan) == expected
    assert numbered_otherwise(plan) is None


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=15), min_size=1, max_size=4), st.booleans())
def test_numbers_of_actions_alone(sizes: list[list[int]], runs_on: bool) -> None:
    """The objectives have none, and the numbers of their actions say how they are counted."""
    rows: list[tuple[str, ...]] = []
    expected = []
    count = 0
    for at, theme in enumerate(sizes):
        count = count if runs_on else 0
        for place, actions in enumerate(theme):
            count += 1
            for action in range(1, actions + 1):
                begins = f"Tema {'ABCDE'[at]}" if not place and action == 1 else ""
                objective = f"Meta {'ABCDE'[at]} {place}" if action == 1 else ""
                rows.append((begins, objective, f"{count}.{action} Hacer", "Algo"))
                expected.append((f"{count}.{action}", "Hacer"))
    plan = plan_of(WITHIN, *rows)
    assert [(part.number, part.text) for part, _ in plan.walk() if part.kind == "Action"] == expected


def table_of(sizes: list[int], runs_on: bool) -> tuple[list[tuple[str, int, str]], list[tuple[str | None, str]]]:
    """Rows of a theme, a number and an objective, for themes with so many; and the objectives with their numbers."""
    rows = []
    count = 0
    for at, size in enumerate(sizes):
        count = count if runs_on else 0
        for place in range(size):
            count += 1
            rows.append((f"Tema {'ABCDE'[at]}" if place == 0 else "", count, f"Proteger {'ABCDE'[at]} {place}"))
    return rows, [(str(number), text) for _, number, text in rows]


def test_numbers_of_a_column_may_be_any() -> None:
    rows = [("A", "101", "Uno"), ("", "103", "Dos"), ("B", "201", "Tres"), ("", "", "Cuatro"), ("", "201", "Cinco")]
    assert numbered(plan_of(APART, *((*row, "Hacer", "Algo") for row in rows))) == [
        ("101", "Uno"), ("103", "Dos"), ("201", "Tres"), (None, "Cuatro"), ("201", "Cinco"),
    ]  # fmt: skip


def test_a_number_of_people_or_days_is_none_of_objectives() -> None:
    counts = [("Salud", "100 enfermeras"), ("", "5 protocolos"), ("Trabajo", "30 becas"), ("", "12 acuerdos")]
    assert [number for number, _ in numbered(plan_of(WITHIN, *((*row, "Hacer", "Algo") for row in counts)))] == [
        None
    ] * 4
    among = [("Salud", "1 Formar"), ("", "90 días de estancia"), ("", "2 Atender"), ("", "3 Ver"), ("", "4 Oír")]
    assert numbered(plan_of(WITHIN, *((*row, "Hacer", "Algo") for row in among)))[:3] == [
        ("1", "Formar"), (None, "90 días de estancia"), ("2", "Atender"),
    ]  # fmt: skip


def test_what_has_no_number_gets_none_that_another_has() -> None:
    rows = [("A", "Cero"), ("", "1. Uno"), ("", "2. Dos"), ("", "Otro")]
    assert [each for each in tree(plan_of(WITHIN, *((*row, "Hacer") for row in rows))) if each[1] != "Hacer"] == [
        (None, "A"), ("3", "Cero"), ("1", "Uno"), ("2", "Dos"), ("4", "Otro"),
    ]  # fmt: skip
    actions = [("A", "1. Uno", "Cero", "a"), ("", "", "1.1 Primera", "b"), ("", "", "1.1 Segunda", "c")]
    plan = plan_of(WITHIN, *actions)
    assert tree(plan)[2:] == [
        ("1.2", "Cero"), ("1.2.1", "a"), ("1.1", "Primera"), ("1.1.1", "b"), ("1.3", "1.1 Segunda"), ("1.3.1", "c"),
    ]  # fmt: skip
    # Of the second 1.1 it would not be known what is below it; its number is in its words, and that is told.
    told = numbered_otherwise(plan)
    assert told is not None
    assert told.text == "1.1 Segunda"


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (("Tema", "No.", "Objetivo", "Acción"), ("A", "1001", "Proteger", "Hacer"), "1001. Proteger"),
        (("Tema", "No.", "Objetivo", "Acción"), ("A", "1.0", "Proteger", "Hacer"), "1.0 Proteger"),
        (("Tema", "Objetivo", "No.", "Acción"), ("A", "Proteger", "3", "Hacer"), "3. Hacer"),
        (("Tema", "Objetivo", "Acción", "No.", "Actividad"), ("A", "Proteger", "Hacer", "7", "Viajar"), "7. Viajar"),
        (("Tema", "Objetivo", "Acción", "Actividad"), ("A", "Proteger", "Hacer", "1 Viajar"), "1 Viajar"),
        (("Tema", "Objetivo", "Acción", "Actividad"), ("A", "1.a Proteger", "Hacer", "Viajar"), "1.a Proteger"),
    ],
)
def test_a_number_that_a_plan_cannot_hold_is_told(header: tuple[str, ...], row: tuple[str, ...], words: str) -> None:
    told = numbered_otherwise(plan_of(header, row))
    assert told is not None
    assert told.text == words


def test_a_theme_has_the_number_in_the_column_before_it() -> None:
    plan = plan_of(("N°", "Eje", "Objetivo", "Acción"), ("1", "Salud", "Formar", "x"), ("2", "Trabajo", "Ver", "y"))
    assert [(theme.number, theme.text) for theme in plan.themes] == [("1", "Salud"), ("2", "Trabajo")]
