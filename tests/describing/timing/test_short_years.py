"""Months with two figures of their year, which may also be a day: mar-27."""

import pytest
from rdflib import Graph

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.times import planned_times
from crmgraph.describing.timing.short_years import undecided
from crmgraph.reading.plan import Plan, ScheduleEntry
from tests.support.backgrounds import NAMES, made_plan

IN_2028 = "Segundo semestre de 2028"


def plan_of(*calendar: str) -> Plan:
    return made_plan(
        ("Salud", "1. Atender", "1.1 Formar", "\n".join(f"1.1.{at} Taller" for at, _ in enumerate(calendar, 1)),
         "\n".join(f"1.1.{at}.1 {when}" for at, when in enumerate(calendar, 1)))
    )  # fmt: skip


def read(*calendar: str) -> list[tuple[str, str, str]]:
    """The words, properties and values of what is read of the first entry."""
    found = list(planned_times(plan_of(*calendar), Lexicon(Graph()), NAMES))
    return [(passage.exact, moment.property, moment.value) for part, passage, moment in found if "1.1.1.1" in part.id]


def unsure(*calendar: str) -> list[str]:
    plan = plan_of(*calendar)
    return list(undecided([part.text for part, _ in plan.walk() if isinstance(part, ScheduleEntry)], plan.title))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mar-27", [("mar-27", "date", "2027-03")]),
        ("Dic-28", [("Dic-28", "date", "2028-12")]),
        ("sept.-27", [("sept.-27", "date", "2027-09")]),
        ("Jan-27, dec/28", [("Jan-27, dec/28", "date", "2027-01"), ("Jan-27, dec/28", "date", "2028-12")]),
        (
            "Inicio: mar-27; Término: dic-28; Pendiente",
            [
                ("Inicio: mar-27; Término: dic-28", "since", "2027-03"),
                ("Inicio: mar-27; Término: dic-28", "until", "2028-12"),
            ],
        ),
        ("mar–27", [("mar–27", "date", "2027-03")]),
        ("Mar-27, 2028", []),
        ("27-mar", []),
    ],
)
def test_months_in_a_calendar_with_years(text: str, found: list[tuple[str, str, str]]) -> None:
    assert read(text, IN_2028) == found


def test_a_figure_that_no_day_has_is_a_year() -> None:
    assert read("Fin: dic-32") == [("Fin: dic-32", "until", "2032-12")]
    assert read("dic-98") == [("dic-98", "date", "1998-12")]
    assert unsure("dic-32") == []


def test_what_may_be_a_day_is_not_read_and_told() -> None:
    assert read("mar-27") == []
    assert unsure("mar-27", "Dic–15") == ["mar-27", "Dic–15"]
    # The 15th, as 2015 would be far from the years of this calendar.
    assert read("mar-27", "abr-15", IN_2028) == []
    assert unsure("mar-27", "abr-15", IN_2028) == ["mar-27", "abr-15"]
    assert unsure("mar-27", IN_2028) == []


def test_in_other_columns_such_figures_are_no_years() -> None:
    plan = made_plan(("Salud", "1. Atender", "1.1 Formar", "1.1.1 Taller de mar-27", f"1.1.1.1 {IN_2028}"))
    found = planned_times(plan, Lexicon(Graph()), NAMES)
    assert [part.number for part, _, _ in found] == ["1.1.1.1"]
