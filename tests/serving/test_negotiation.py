"""Which syntax a client gets for its Accept header."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from crmgraph.http.negotiation import accepted, choose

OFFERED = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/html")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("  ", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("*", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("Text/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("application/sparql-results+xml, text/csv", "application/sparql-results+xml"),
        ("text/csv, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv, */*", "text/csv"),
        ("text/csv;q=0.9, */*", "application/sparql-results+json"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", "application/sparql-results+xml"),
        ("image/png, text/csv;q=0.1", "text/csv"),
        ("text/csv;q=0, */*", "application/sparql-results+json"),
        ("text/*;q=0.5, text/csv;q=0", "text/html"),
        ("application/sparql-results+json;q=0, text/csv;q=0.3", "text/csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("garbage, text/csv", "text/csv"),
        ('text/html;x="a,b";q=0.1, text/csv', "text/csv"),
        ("text/csv;q=much", "text/csv"),
        (",,text/csv,,", "text/csv"),
    ],
)
def test_the_client_s_wish_decides_and_then_our_order(accept: str | None, expected: str) -> None:
    assert choose(accept, OFFERED) == expected


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/csv;q=0", "*/*;q=0", "garbage", "/", "*/csv", "a/b/c", "text/", "image/png;q=1, garbage"],
)
def test_nothing_fits(accept: str) -> None:
    assert choose(accept, OFFERED) is None


@given(st.text())
def test_no_header_breaks_it(accept: str) -> None:
    assert choose(accept, OFFERED) in (*OFFERED, None)


@given(st.sampled_from(OFFERED), st.floats(0.001, 1))
def test_the_only_thing_named_is_what_one_gets(media_type: str, quality: float) -> None:
    assert choose(f"image/png, {media_type};q={quality:.3f}", OFFERED) == media_type


def request(*accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", line.encode()) for line in accept]})


def test_several_lines_of_accept_are_one_header() -> None:
    assert accepted(request()) is None
    assert accepted(request("text/csv")) == "text/csv"
    assert accepted(request("text/csv;q=0.1", "text/html")) == "text/csv;q=0.1, text/html"


def test_a_header_of_endless_ranges_is_read_so_far_and_no_further() -> None:
    assert choose("image/png," * 99 + "text/csv", OFFERED) == "text/csv"
    assert choose("image/png," * 100 + "text/csv", OFFERED) is None
    began = time.perf_counter()
    assert choose("image/png;q=0.1;a=b," * 100_000, OFFERED) is None
    assert time.perf_counter() - began < 0.5
