"""Pages that say why there is no page."""

import re

import pytest
from httpx import Client
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.serving.pages.refusals import error_page, nothing
from crmgraph.serving.pages.representations import GRAPHS, HTML
from crmgraph.serving.pages.site import Site
from tests.support.pages import links, read_page, text


def _request(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [(b"host", b"x")]})


@pytest.mark.parametrize(
    ("status", "spanish", "english"),
    [
        (400, "No se entiende la petición", "The request cannot be understood"),
        (404, "No hay nada en esta dirección", "There is nothing at this address"),
        (406, "No disponible en el formato solicitado", "Not available in the requested format"),
        (503, "No disponible en este momento", "Not available right now"),
        (500, "Algo falló de nuestro lado", "Something went wrong on our side"),
        (418, "I'm a Teapot", "I'm a Teapot"),
    ],
)
def test_errors_are_told_in_both_languages(site: Site, status: int, spanish: str, english: str) -> None:
    for language, title in (("es", spanish), ("en", english)):
        page = error_page(_request(f"/{language}/x"), site, HTTPException(status))
        root = read_page(bytes(page.body).decode())
        assert page.status_code == status
        assert text(next(iter(root.iter("h1")))) == title


def test_the_detail_is_shown_as_text(site: Site) -> None:
    page = error_page(_request("/en/x"), site, HTTPException(400, "the value <b>x</b> does not fit"))
    assert "the value <b>x</b> does not fit" in text(read_page(bytes(page.body).decode()))


def test_nothing_is_a_page_or_an_exception(site: Site) -> None:
    assert nothing(_request("/en/x"), site, HTML, "http://example.org/x").status_code == 404
    with pytest.raises(HTTPException, match=re.escape("http://example.org/x")) as caught:
        nothing(_request("/x"), site, GRAPHS[0], "http://example.org/x")
    assert caught.value.status_code == 404


def test_an_error_page_leads_back(client: Client) -> None:
    answer = client.get("/es/id/plan/crm/pgm/99")
    assert answer.status_code == 404
    assert links(read_page(answer.text))["Al plan"] == "/es/"
