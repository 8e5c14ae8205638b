"""Dates in figures of plans in English and in Spanish."""

import pytest
from rdflib import Graph

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.times import planned_times
from tests.support.backgrounds import NAMES, made_plan


@pytest.mark.parametrize(
    ("activity", "schedule", "values"),
    [
        ("Write to the officers of the border and to the States that are by it", "03/04/2027", []),
        (
            "Write to the officers of the border and to the States that are by it by 12/31/2027",
            "03/04/2027",
            ["2027-12-31", "2027-03-04"],
        ),
        (
            "Write to the officers of the border and to the States that are by it by 31/12/2027",
            "03/04/2027",
            ["2027-12-31", "2027-04-03"],
        ),
        ("Escribir a los oficiales de la frontera", "03/04/2027", ["2027-04-03"]),
    ],
)
def test_which_comes_first(activity: str, schedule: str, values: list[str]) -> None:
    plan = made_plan(("Border", "1. Border", "1.1 Border", f"1.1.1 {activity}", f"1.1.1.1 {schedule}"))
    found = planned_times(plan, Lexicon(Graph()), NAMES)
    assert [moment.value for _, _, moment in found] == values
