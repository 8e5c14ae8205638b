"""Which form of a page's content a request gets."""

import pytest
from starlette.requests import Request

from crmgraph.errors import NotAcceptableError
from crmgraph.site.representations import GRAPHS, HTML, JSON, TABLES, by_suffix, chosen, data


def _request(accept: str | None) -> Request:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


@pytest.mark.parametrize(
    ("path", "rest", "short"),
    [
        ("plan/crm/pgm/7.1.1.ttl", "plan/crm/pgm/7.1.1", "ttl"),
        ("plan/crm/pgm/7.1.1", "plan/crm/pgm/7.1.1", None),
        ("x.jsonld", "x", "jsonld"),
        ("x.html", "x", "html"),
        (".nq", "", "nq"),
        ("x.csv", "x.csv", None),
        ("ttl", "ttl", None),
    ],
)
def test_a_suffix_names_a_form(path: str, rest: str, short: str | None) -> None:
    left, form = by_suffix(path, (HTML, *GRAPHS))
    assert (left, form and form.short) == (rest, short)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.5", "application/rdf+xml"),
        ("text/html;q=0.2, application/ld+json", "application/ld+json"),
    ],
)
def test_the_accept_header_chooses(accept: str | None, media_type: str) -> None:
    assert chosen(_request(accept), (HTML, *GRAPHS)).media_type == media_type


def test_a_form_that_is_chosen_by_an_alias_is_labelled_with_it() -> None:
    form = chosen(_request("application/json"), (HTML, *TABLES))
    assert (form.short, form.media_type) == ("json", "application/json")


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0", "nonsense"])
def test_nothing_fits(accept: str) -> None:
    with pytest.raises(NotAcceptableError, match="text/html, application/json"):
        chosen(_request(accept), (HTML, JSON))


def test_data_is_labelled_and_open_to_every_page() -> None:
    answer = data("a,b\r\n", "text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "Accept"
