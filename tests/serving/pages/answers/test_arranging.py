"""The order and the parts in which rows are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from crmgraph.site.answers.arranging import Arrangement
from crmgraph.site.site import Row, Term

XSD = "http://www.w3.org/2001/XMLSchema#"


def words(*texts: str) -> list[Row]:
    return [{"x": Term("literal", text)} for text in texts]


def numbers(*texts: str) -> list[Row]:
    return [{"x": Term("literal", text, datatype=XSD + "integer")} for text in texts]


def shown(rows: list[Row], is_descending: bool = False) -> list[str]:
    found = Arrangement("x", is_descending).shown(("x", "y"), rows)
    return [row["x"].value if "x" in row else "" for row in found]


def test_numbers_go_by_their_size_and_words_as_people_sort_them() -> None:
    assert shown(numbers("10", "9", "-1")) == ["-1", "9", "10"]
    assert shown(words("Zeta", "árbol", "Belice", "abeja")) == ["abeja", "árbol", "Belice", "Zeta"]
    assert shown(words("2.10", "2.9", "2", "10.1")) == ["2", "2.9", "2.10", "10.1"]
    assert shown([*words("a"), *numbers("5")]) == ["5", "a"]


def test_what_has_no_value_comes_last_either_way() -> None:
    rows: list[Row] = [{"y": Term("literal", "z")}, *words("a", "b")]
    assert shown(rows) == ["a", "b", ""]
    assert shown(rows, is_descending=True) == ["b", "a", ""]


def test_equal_rows_stay_in_their_order() -> None:
    rows: list[Row] = [{"x": Term("literal", "a"), "y": Term("literal", str(place))} for place in range(5)]
    for is_descending in (False, True):
        found = Arrangement("x", is_descending).shown(("x", "y"), rows)
        assert [row["y"].value for row in found] == ["0", "1", "2", "3", "4"]


@given(st.lists(st.text(max_size=8), max_size=12), st.booleans())
def test_no_row_is_lost_whatever_is_in_it(texts: list[str], is_descending: bool) -> None:
    assert sorted(shown([*words(*texts), *numbers(*texts)], is_descending)) == sorted([*texts, *texts])


def test_rows_are_shown_in_parts() -> None:
    rows = numbers(*map(str, range(7)))
    parts = [Arrangement(page=page, size=3).shown(("x",), rows) for page in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [row for part in parts for row in part] == rows
    assert Arrangement(size=3).pages(7) == 3
    assert Arrangement(size=3).pages(0) == 1
    with pytest.raises(HTTPException, match="3 pages"):
        Arrangement(page=4, size=3).shown(("x",), rows)


def test_addresses_say_what_is_not_as_it_comes() -> None:
    assert Arrangement().query({}) == "?"
    assert Arrangement().query({"lang": "es"}) == "?lang=es"
    assert Arrangement("x", True, 2).query({"lang": "es"}) == "?lang=es&sort=x&order=desc&page=2"
    assert Arrangement("x", page=2).by("x").query({}) == "?sort=x&order=desc"
    assert Arrangement("x", True).by("x").query({}) == "?sort=x"
    assert Arrangement("x", True).by("y").query({}) == "?sort=y"


def test_they_are_read_again() -> None:
    assert Arrangement.read({"sort": "x", "order": "desc", "page": "2"}) == Arrangement("x", True, 2)
    assert Arrangement.read({}) == Arrangement()
