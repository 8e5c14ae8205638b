"""Content negotiation: the media type that is chosen for an Accept header."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from crmgraph.http.negotiation import accept_header, choose_media_type

JSON, XML, CSV, HTML = "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/html"
OFFERED = (JSON, XML, CSV, HTML)
CHOSEN: tuple[tuple[str | None, str | None], ...] = (
    (None, JSON),
    ("", JSON),
    ("*/*", JSON),
    ("*", JSON),
    ("Text/CSV", CSV),
    ("text/*", CSV),
    ("text/csv; charset=utf-8", CSV),
    (f"{XML}, text/csv", XML),
    (f"text/csv, {XML}", XML),
    ("text/csv, */*", CSV),
    ("text/csv;q=0.9, */*", JSON),
    (f"text/csv;q=0.4, {XML};q=0.5", XML),
    ("image/png, text/csv;q=0.1", CSV),
    ("text/csv;q=0, */*", JSON),
    ("text/*;q=0.5, text/csv;q=0", HTML),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ("garbage, text/csv", CSV),
    ('text/html;x="a,b";q=0.1, text/csv', CSV),
    ("text/csv;q=much", CSV),
    (",,text/csv,,", CSV),
    *((none, None) for none in ("image/png", "text/csv;q=0", "*/*;q=0", "garbage", "/", "*/csv", "a/b/c", "text/")),
    # Only the first ranges of a very long header are read.
    ("image/png," * 99 + "text/csv", CSV),
    ("image/png," * 100 + "text/csv", None),
)


def test_wish_of_the_client_decides_and_then_our_order() -> None:
    assert [each for each in CHOSEN if choose_media_type(each[0], OFFERED) != each[1]] == []


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
