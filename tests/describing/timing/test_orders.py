"""Dates in figures that may have the day or the month first."""

import pytest

from crmgraph.describing.timing.orders import in_order


@pytest.mark.parametrize(
    ("others", "text"),
    [
        ([], "by           "),
        (["5/6/2027"], "by           "),
        (["13/04/2027", "04/13/2027"], "by           "),
        (["13/04/2027"], "by 03/04/2027"),
        (["04/13/2027"], "by 04/03/2027"),
    ],
)
def test_another_date_of_the_plan_tells_which_it_is(others: list[str], text: str) -> None:
    assert in_order(["by 03/04/2027", *others])[0] == text


@pytest.mark.parametrize("text", ["04/04/2027", "12/31/2027", "31/12/2027", "2027-03-04", "03/2027", "32/14/2027"])
def test_what_can_be_no_other_stays(text: str) -> None:
    assert in_order([text]) == [text]
