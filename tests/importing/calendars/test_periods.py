"""Columns for a beginning and an end are the calendar together."""

import pytest

from crmgraph.importing import Mapping, as_text_table, guess
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.importing.made import FILE, left, of, table, tree

PARTS = ("Theme", "Objective", "Action", "Activity")
ROW = ("T", "O", "A", "B")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Start date", "End date"),
        ("Start", "End"),
        ("Planned start date", "Expected completion date"),
        ("Fecha de inicio", "Fecha de término"),
        ("Fecha de inicio", "Fecha de fin"),
        ("Fecha prevista de inicio", "Fecha prevista de finalización"),
        ("Inicio", "Fin"),
        ("Mes de inicio (mes/año)", "Mes de término (mes/año)"),
        ("Date de début", "Date de fin"),
        ("Data de início", "Data de término"),
        ("Início", "Fim"),
        ("Start date / Fecha de inicio", "End date / Fecha de fin"),
    ],
)
def test_both_are_taken_and_say_which_is_which(first: str, last: str) -> None:
    grids = table((*ROW, "2027-01-01", "2027-12-31", "x"), header=(*PARTS, first, last, "Status"))
    assert guess(grids, FILE).columns.schedule == (first, last)
    assert of("ScheduleEntry", tree(grids)) == [f"{first}: 2027-01-01; {last}: 2027-12-31"]
    assert left(grids) == [
        f'“Status” (a mapping has it in the calendar with schedule = ["{first}", "{last}", "Status"])'
    ]


def test_a_row_with_one_of_them_says_that_alone() -> None:
    rows = ((*ROW, "01/2027", ""), (*ROW[:3], "C", "-", "06/2028"), (*ROW[:3], "D", "", ""))
    found = tree(table(*rows, header=(*PARTS, "Start", "End")))
    assert of("ScheduleEntry", found) == ["Start: 01/2027", "End: 06/2028"]


def test_only_a_column_of_beginnings() -> None:
    assert of("ScheduleEntry", tree(table((*ROW, "2027"), header=(*PARTS, "Start date")))) == ["Start date: 2027"]


def test_they_may_be_mapped_by_hand() -> None:
    grids = table((*ROW, "01/2027", "06/2028"), header=("W", "X", "Y", "Z", "Start date", "End date"))
    columns = {
        **dict(zip(("themes", "objectives", "actions", "activities"), "WXYZ", strict=True)),
        "schedule": ["Start date", "End date"],
    }
    text = as_text_table(grids, Mapping.model_validate({"numbers": "add", "columns": columns}), FILE)
    found = [part.text for part, _ in read_plan_text(Source(text), "plan").walk() if part.kind == "ScheduleEntry"]
    assert found == ["Start date: 01/2027; End date: 06/2028"]


@pytest.mark.parametrize(
    ("header", "calendar"),
    [
        (("Timeline", "Start", "End"), ["2027"]),
        (("Start", "Status", "Timeline"), ["2029"]),
        (("Fin", "Propósito", "Plazo"), ["2029"]),
    ],
)
def test_another_calendar_stays_the_calendar(header: tuple[str, ...], calendar: list[str]) -> None:
    assert of("ScheduleEntry", tree(table((*ROW, "2027", "2028", "2029"), header=(*PARTS, *header)))) == calendar
