"""Content negotiation: the media type that is chosen for an Accept header."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from crmgraph.http.messages import accept_header, choose_media_type
from tests.support.cases import cases

JSON, XML, CSV, HTML = "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/html"
OFFERED = (JSON, XML, CSV, HTML)


def test_wish_of_the_client_decides_and_then_our_order() -> None:
    rows = cases("http/accept")
    assert [[accept, choose_media_type(accept, OFFERED) or ""] for accept, _ in rows] == rows
    assert choose_media_type(None, OFFERED) == JSON


@given(st.text())
def test_no_header_breaks_it(accept: str) -> None:
    assert choose_media_type(accept, OFFERED) in (*OFFERED, None)


@given(st.sampled_from(OFFERED), st.floats(0.001, 1))
def test_the_only_type_named_is_chosen(media_type: str, quality: float) -> None:
    assert choose_media_type(f"image/png, {media_type};q={quality:.3f}", OFFERED) == media_type


def test_several_lines_of_accept_are_one_header() -> None:
    def request(*accept: str) -> Request:
        return Request({"type": "http", "headers": [(b"accept", line.encode()) for line in accept]})

    assert accept_header(request()) is None
    assert accept_header(request("text/csv;q=0.1", "text/html")) == "text/csv;q=0.1, text/html"
