"""Pages that say why there is no page."""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.building.manifest import Manifest
from crmgraph.files import resource
from crmgraph.http.messages import add_problem_handlers
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.site import pages_router
from crmgraph.site.base.site import Site
from crmgraph.site.router import error_page
from crmgraph.sparql.pool import Pool
from crmgraph.store import STORE
from tests.support.clients import client_of
from tests.support.pages import links, read_page, text, written
from tests.support.visiting import Visitor, heading


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


def test_a_page_that_is_not_there_leads_to_a_search(visit: Visitor) -> None:
    found = links(visit.page("/en/id/process/sudamericana", 404))
    assert found["Search for “sudamericana”"] == "/en/search?q=sudamericana"
    assert "South American Conference on Migration" in text(visit.page(found["Search for “sudamericana”"]))
