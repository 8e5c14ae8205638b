"""Outlines, which are no table of a plan."""

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import Grid, guess
from tests.importing.made import FILE

HEADER = ("No.", "Description", "Deadline")


def refusal(*numbers: str) -> str:
    rows = (HEADER, *((number, "Borders", "2027") for number in numbers))
    with pytest.raises(SourceError) as refused:
        guess([Grid("x", (), rows)], FILE)
    return str(refused.value)


def test_an_outline_is_told_what_to_do() -> None:
    assert "write themes, objectives, actions, activities and the calendar into columns of their own" in refusal(
        "1", "1.1", "1.1.1", "1.1.2", "2"
    )


@pytest.mark.parametrize("numbers", [("1", "2", "3"), ("1.1.1", "1.1.2", "1.2.1"), ("1", "1.1.1")])
def test_a_list_is_none(numbers: tuple[str, ...]) -> None:
    assert "Say in a mapping which is which" in refusal(*numbers)
