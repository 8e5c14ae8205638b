"""What the address of the search page asks for."""

from urllib.parse import urlencode

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.site.search.address import Wanted


def wanted(*given: tuple[str, str]) -> Wanted:
    return Wanted.read(Request({"type": "http", "query_string": urlencode(given).encode(), "headers": []}))


def test_nothing_is_wanted_where_nothing_is_said() -> None:
    assert wanted() == Wanted("")
    assert wanted(("q", ""), ("kind", ""), ("start", ""), ("limit", "")) == Wanted("")


def test_all_that_can_be_said() -> None:
    asked = wanted(("q", " retorno  digno"), ("kind", "part"), ("start", "20"), ("limit", "5"))
    assert asked == Wanted("retorno digno", "part", 20, 5)


@pytest.mark.parametrize(
    "given",
    [
        [("kind", "nothing")],
        [("start", "-1")],
        [("start", "many")],
        [("start", "1" * 5000)],
        [("start", "٣")],
        [("limit", "0")],
        [("limit", "101")],
        [("q", "a"), ("q", "b")],
        [("query", "a")],
    ],
)
def test_what_cannot_be_asked_is_refused_in_both_languages(given: list[tuple[str, str]]) -> None:
    with pytest.raises(HTTPException) as refused:
        wanted(*given)
    assert refused.value.status_code == 400
    assert refused.value.detail.spanish  # type: ignore[attr-defined]


def test_the_address_of_the_same_elsewhere() -> None:
    asked = wanted(("q", "año & más"), ("kind", "part"), ("start", "20"))
    assert asked.query() == "?q=a%C3%B1o+%26+m%C3%A1s&kind=part"
    assert asked.query(kind="", start=40) == "?q=a%C3%B1o+%26+m%C3%A1s&start=40"
    assert wanted(("q", "a"), ("limit", "5")).query() == "?q=a&limit=5"
