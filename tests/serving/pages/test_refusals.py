"""Pages that say why there is no page."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Client
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.building import Manifest
from crmgraph.http.errors import add_problem_handlers
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from crmgraph.site import pages_router
from crmgraph.site.refusals import brief_page, error_page, nothing
from crmgraph.site.representations import GRAPHS, HTML
from crmgraph.site.site import Site
from crmgraph.sparql import Pool
from crmgraph.storing import STORE
from crmgraph.wording import Bilingual
from tests.support.clients import client_of
from tests.support.pages import having, links, read_page, text, written


def _request(path: str, query: bytes = b"") -> Request:
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": path, "query_string": query}
    return Request({**scope, "headers": [(b"host", b"x")]})


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
        root = read_page(written(page))
        assert page.status_code == status
        assert text(next(iter(root.iter("h1")))) == title


@pytest.mark.parametrize(("language", "again"), [("es", "Volver a intentarlo"), ("en", "Try again")])
def test_whoever_is_turned_away_is_told_in_brief_and_may_try_again(site: Site, language: str, again: str) -> None:
    error = HTTPException(429, Bilingual("Too <often>.", "Demasiadas <veces>."))
    page = brief_page(_request(f"/{language}/findings", b"severity=warning"), site, error)
    assert page.status_code == 429
    root = read_page(written(page))
    assert root.get("lang") == language
    assert ("<often>" if language == "en" else "<veces>") in text(root)
    assert links(root) == {again: f"/{language}/findings?severity=warning"}
    assert "<script" not in written(brief_page(_request("/en/x"), site, error))


def test_the_detail_is_shown_as_text(site: Site) -> None:
    page = error_page(_request("/en/x"), site, HTTPException(400, "the value <b>x</b> does not fit"))
    assert "the value <b>x</b> does not fit" in text(read_page(written(page)))


def test_nothing_is_a_page_or_an_exception(site: Site) -> None:
    assert nothing(_request("/en/x"), site, HTML, "http://example.org/x").status_code == 404
    with pytest.raises(HTTPException, match=re.escape("http://example.org/x")) as caught:
        nothing(_request("/x"), site, GRAPHS[0], "http://example.org/x")
    assert caught.value.status_code == 404


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("/es/procesess", "/es/processes"),
        ("/en/Findings/", "/en/findings"),
        ("/es/id/country/MEXX", "/es/id/country/MEX"),
        ("/en/id/actor/oimm", "/en/id/actor/oim"),
        ("/en/ontology/statuss", "/en/ontology/status"),
        ("/es/queries/theme-count", "/es/queries/theme-counts"),
        ("/en/crosswalk/crm/gmc", "/en/crosswalk/crm/gcm"),
        ("/es/graph/plan/crn", "/es/graph/plan/crm"),
    ],
)
def test_a_mistyped_address_leads_to_what_may_have_been_meant(client: Client, mistyped: str, meant: str) -> None:
    answer = client.get(mistyped)
    assert answer.status_code == 404
    assert meant in links(read_page(answer.text)).values()
    assert client.get(meant).status_code == 200


def test_what_may_have_been_meant_has_its_name_in_the_language_of_the_page(client: Client) -> None:
    for language, name in (("es", "México"), ("en", "Mexico")):
        found = links(read_page(client.get(f"/{language}/id/country/MEXX").text))
        assert found[name] == f"/{language}/id/country/MEX"


def test_what_is_like_nothing_leads_to_nothing_else(client: Client) -> None:
    for path in ("/es/wp-login.php", "/en/" + "x" * 5000):
        answer = client.get(path)
        assert answer.status_code == 404
        assert not list(having(read_page(answer.text), "index-list"))


@pytest.mark.parametrize(("language", "advice"), [("es", "El error es nuestro"), ("en", "The mistake is ours")])
def test_what_fails_is_told_without_the_data_and_with_the_name_of_the_request(
    build_folder: Path, manifest: Manifest, language: str, advice: str
) -> None:
    names = Names()
    pool = Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30)
    app = FastAPI()
    closed = Site(pool, names, manifest.dataset, load_library(resource("queries"), names), 5.0, contact="ana@x.org")
    app.include_router(pages_router(closed))

    @app.get("/{language}/fails")
    def fails() -> None:
        raise ZeroDivisionError

    add_problem_handlers(app, lambda request, error: error_page(request, closed, error))
    pool.close()
    with client_of(app, root_path="/crm", accept="text/html") as client:
        for path, status in (
            (f"/{language}/fails", 500),
            (f"/{language}/nothing", 404),
            (f"/{language}/findings", 503),
        ):
            # The server closes the connection of what failed.
            answer = client.get(path, headers={"X-Request-ID": "seven", "Connection": "close"})
            root = read_page(answer.text)
            assert answer.status_code == status
            assert root.get("lang") == language
            assert f"/crm/{language}/" in links(root).values()
            assert (advice in text(root)) == (status == 500)
            assert ("seven" in text(root)) == (status >= 500)
            reached = [a for a in root.iter("a") if a.get("href") == "mailto:ana@x.org"]
            assert len(reached) == (2 if status >= 500 else 1)
            assert [meta.get("content") for meta in root.iter("meta") if meta.get("name") == "robots"] == ["noindex"]


def test_an_error_page_leads_back(client: Client) -> None:
    answer = client.get("/es/id/plan/crm/pgm/99")
    assert answer.status_code == 404
    assert links(read_page(answer.text))["Al plan"] == "/es/"


def test_a_question_that_may_be_meant_is_told_by_its_words(site: Site) -> None:
    page = error_page(_request("/es/queries/findingss"), site, HTTPException(404))
    assert "¿Qué falta o no concuerda en el plan?" in text(read_page(written(page)))
