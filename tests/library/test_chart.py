"""What front matter says of the picture of an answer."""

from typing import Any

import pytest

from crmgraph.errors import UsageError
from crmgraph.library import Chart
from crmgraph.library.chart import read_chart

COLUMNS = ("theme", "theme_label", "status", "entries", "others")


def test_a_chart_names_its_columns() -> None:
    given = {"kind": "bars", "of": ["theme", "theme_label"], "by": "status", "count": "entries", "tone": "status"}
    assert read_chart(given, COLUMNS) == Chart(
        "bars", ("theme", "theme_label"), ("status",), ("entries",), (), "status"
    )


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "pie", "of": "theme"}, "a kind that is none of bars, shares, matrix, network"),
        ({"of": "theme"}, "a kind that is none of"),
        ({"kind": "bars"}, "a chart of the kind bars has of, and may have by, count, tone"),
        ({"kind": "bars", "of": "theme", "colour": "red"}, "a chart of the kind bars has of"),
        ({"kind": "network", "of": "theme"}, "a chart of the kind network has by, of"),
        ({"kind": "bars", "of": "nothing"}, "a column nothing that the question does not have"),
        ({"kind": "bars", "of": "theme", "tone": "colour"}, "a column colour"),
        (
            {"kind": "shares", "of": "theme", "count": ["entries", "others"], "whole": "others"},
            "a whole for each count",
        ),
        ({"kind": "bars", "of": "theme", "by": "status", "count": ["entries", "others"]}, "in pieces has one count"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_chart(given, COLUMNS)
    assert says in str(caught.value)
