"""Pages that say why there is no page."""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.building.manifest import Manifest
from crmgraph.errors import Bilingual
from crmgraph.files import resource
from crmgraph.http.messages import add_problem_handlers
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.site import pages_router
from crmgraph.site.base.site import Site
from crmgraph.site.router import brief_error_page, error_page
from crmgraph.sparql import Pool
from crmgraph.store import STORE
from tests.support.cases import cases
from tests.support.clients import client_of
from tests.support.pages import having, links, read_page, text, written
from tests.support.visiting import Visitor, heading, main_text


def _request(path: str, query: bytes = b"") -> Request:
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": path, "query_string": query}
    return Request({**scope, "headers": [(b"host", b"x")]})


def test_errors_are_told_in_both_languages(site: Site) -> None:
    for status, spanish, english in (
        (400, "No se entiende la petición", "The request cannot be understood"),
        (404, "No hay nada en esta dirección", "There is nothing at this address"),
        (406, "No disponible en el formato solicitado", "Not available in the requested format"),
        (503, "No disponible en este momento", "Not available right now"),
        (500, "Algo falló de nuestro lado", "Something went wrong on our side"),
        (418, "I'm a Teapot", "I'm a Teapot"),
    ):
        for language, title in (("es", spanish), ("en", english)):
            page = error_page(_request(f"/{language}/x"), site, HTTPException(status, "the value <b>x</b> is odd"))
            root = read_page(written(page))
            assert page.status_code == status
            assert heading(root) == title
            assert "the value <b>x</b> is odd" in text(root)


def test_the_brief_page_of_too_many_requests(site: Site) -> None:
    error = HTTPException(429, Bilingual("Too <often>.", "Demasiadas <veces>."))
    for language, again, said in (("es", "Volver a intentarlo", "<veces>"), ("en", "Try again", "<often>")):
        page = brief_error_page(_request(f"/{language}/findings", b"severity=warning"), site, error)
        assert page.status_code == 429
        root = read_page(written(page))
        assert root.get("lang") == language
        assert said in text(root)
        assert links(root) == {again: f"/{language}/findings?severity=warning"}
    assert "<script" not in written(brief_error_page(_request("/en/x"), site, error))


def test_a_mistyped_address_leads_to_what_may_have_been_meant(visit: Visitor) -> None:
    for mistyped, meant in cases("site/mistyped"):
        found = visit.page(mistyped, 404)
        near = [each.get("href") for listed in having(found, "index-list") for each in listed.iter("a")]
        assert near[0] == meant


def test_what_may_have_been_meant_has_its_name(visit: Visitor) -> None:
    for language, name in (("es", "México"), ("en", "Mexico")):
        assert links(visit.page(f"/{language}/id/country/MEXX", 404))[name] == f"/{language}/id/country/MEX"
    assert "¿Qué falta o no concuerda en el plan?" in text(visit.page("/es/queries/findingss", 404))
    for path in ("/es/wp-login.php", "/en/cgi-bin/luci", "/en/" + "x" * 5000):
        assert not list(having(visit.page(path, 404), "index-list"))


def test_failures_without_data(build_folder: Path, manifest: Manifest) -> None:
    """A page tells of a failure, by the name of the request, though the data are not to be had."""
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
        for path, status in (("fails", 500), ("nothing", 404), ("findings", 503)):
            # The server closes the connection of what failed.
            answer = client.get(f"/es/{path}", headers={"X-Request-ID": "seven", "Connection": "close"})
            root = read_page(answer.text)
            assert answer.status_code == status
            assert root.get("lang") == "es"
            assert "/crm/es/" in links(root).values()
            assert ("El error es nuestro" in text(root)) == (status == 500)
            assert ("seven" in text(root)) == (status >= 500)
            reached = [a for a in root.iter("a") if a.get("href") == "mailto:ana@x.org"]
            assert len(reached) == (2 if status >= 500 else 1)
            assert [meta.get("content") for meta in root.iter("meta") if meta.get("name") == "robots"] == ["noindex"]


def test_a_finding_that_the_plan_cites_in_vain(visit: Visitor) -> None:
    """Who looks for an objective that the plan names, though there is none, is led to the finding about that."""
    said = "no hay ningún objetivo 12"
    found = links(visit.page("/es/id/plan/crm/pgm/12", 404))
    [(words, path)] = [(words, path) for words, path in found.items() if said in words]
    assert path == "/es/findings/unresolved-cross-reference"
    assert words in main_text(visit.page(path))
    for other in ("pgm/99", "dh/12"):
        assert said not in visit.get(f"/es/id/plan/crm/{other}").text
