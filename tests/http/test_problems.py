"""Error responses: problem documents and pages, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crmgraph.errors import (
    AbandonedError,
    AnswerError,
    Bilingual,
    BusyError,
    EngineError,
    LimitError,
    NotAcceptableError,
    Place,
    PlacedError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    TableError,
    UnavailableError,
    UsageError,
)
from crmgraph.http.messages import add_problem_handlers, problem_of
from tests.support.clients import client_of

SAID = Bilingual("The reason.", "La razón.")
ERRORS: dict[str, tuple[Exception, int]] = {
    "syntax": (QuerySyntaxError(SAID, 3, 7), 400),
    "refused": (QueryRefusedError(SAID), 403),
    "unacceptable": (NotAcceptableError(SAID), 406),
    "timeout": (QueryTimeoutError(SAID), 503),
    "unavailable": (UnavailableError(SAID), 503),
    "busy": (BusyError(SAID), 503),
    "engine": (EngineError(SAID), 500),
    "limit": (LimitError(SAID), 422),
    "usage": (UsageError("no such name"), 400),
    "table": (TableError("wrong cell", Place(Path("a.csv"), 2, 5)), 400),
    "teapot": (HTTPException(418), 418),
    "denied": (HTTPException(403, SAID, {"X-Why": "because"}), 403),
    "crash": (ZeroDivisionError("secret"), 500),
}
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def failing_app(page: bool) -> FastAPI:
    app = FastAPI()

    @app.get("/fail/{name}")
    def fail(name: str) -> Response:
        raise ERRORS[name][0]

    def show(request: Request, error: Exception) -> Response:
        problem = problem_of(error, "en")
        return HTMLResponse(f"<h1>{problem.title}</h1>{request.url.path}", problem.status)

    add_problem_handlers(app, show if page else None)
    return app


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    # A client of its own, because the server closes the connection when the application crashes.
    with client_of(failing_app(page=False), Connection="close") as client:
        yield client


def test_every_error_is_a_problem_document_that_any_page_may_read(client: httpx.Client) -> None:
    for name, (_, status) in ERRORS.items():
        response = client.get(f"/fail/{name}", headers={"Accept": "text/csv"})
        assert (response.status_code, response.json()["status"]) == (status, status), name
        assert response.headers["content-type"] == "application/problem+json"
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cache-control"] == "no-store"
        assert response.json()["title"]
        assert "secret" not in response.text
        assert "ZeroDivision" not in response.text
        assert ("retry-after" in response.headers) is (name in ("unavailable", "busy"))
    assert "Retry-After" in response.headers["access-control-expose-headers"]


def test_what_problem_documents_say(client: httpx.Client) -> None:
    problem = client.get("/fail/syntax").json()
    assert (problem["line"], problem["column"]) == (3, 7)
    assert problem["type"] == "https://w3id.org/crmgraph/problem/query-syntax"
    assert set(client.get("/fail/timeout").json()) == {"status", "type", "title", "detail", "request"}
    assert set(client.get("/fail/teapot").json()) == {"status", "type", "title", "request"}
    assert client.get("/fail/denied").headers["x-why"] == "because"
    assert client.post("/fail/denied").headers["allow"] == "GET, HEAD, OPTIONS"
    for accepted, language, title, detail in (
        ("en", "en", "This is not SPARQL", "The reason."),
        ("es-MX, en;q=0.5", "es", "Esto no es SPARQL", "La razón."),
    ):
        response = client.get("/fail/syntax", headers={"Accept-Language": accepted})
        assert response.headers["content-language"] == language
        assert "accept-language" in response.headers["vary"].lower()
        assert (response.json()["title"], response.json()["detail"]) == (title, detail)
    unknown = client.get("/nowhere", headers={"Accept-Language": "es"})
    assert (unknown.status_code, unknown.json()["title"]) == (404, "No hay nada en esta dirección")
    table = problem_of(ERRORS["table"][0], "en")
    assert (table.line, table.column, "wrong cell" in table.detail) == (2, 5, True)


def test_only_faults_are_logged(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("limit", "timeout", "engine"):
        client.get(f"/fail/{name}")
    told = [record.getMessage() for record in caplog.records if record.name == "crmgraph.http.messages"]
    assert told == ["engine: The reason."]


def test_pages_for_browsers() -> None:
    with client_of(failing_app(page=True), Connection="close") as client:
        response = client.get("/fail/timeout", headers={"Accept": BROWSER, "Accept-Language": "en"})
        assert response.text == "<h1>This was stopped at its time limit</h1>/fail/timeout"
        for accept in ("*/*", "application/json", "application/sparql-results+json", "text/turtle"):
            other = client.get("/fail/timeout", headers={"Accept": accept})
            assert other.headers["content-type"] == "application/problem+json"
        client.headers["Accept"] = "text/html"
        for name, (_, status) in ERRORS.items():
            page = client.get(f"/fail/{name}")
            assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
            assert page.headers["access-control-allow-origin"] == "*"
            assert page.headers["cache-control"] == "no-store"
        assert client.get("/fail/denied").headers["x-why"] == "because"
        assert client.post("/fail/denied").headers["allow"] == "GET, HEAD, OPTIONS"


def test_where_the_page_fails_the_document_tells_of_the_error(caplog: pytest.LogCaptureFixture) -> None:
    app = failing_app(page=False)

    def fail(*_: object) -> Response:
        raise FileNotFoundError("secret")

    add_problem_handlers(app, fail)
    with client_of(app, Accept="text/html", Connection="close") as client:
        response = client.get("/fail/timeout")
    assert (response.status_code, response.headers["content-type"]) == (503, "application/problem+json")
    assert response.json()["title"]
    assert "secret" not in response.text
    assert "could not be made" in caplog.text


def test_every_error_of_answering_has_a_type_of_its_own() -> None:
    kinds = {*AnswerError.__subclasses__(), *PlacedError.__subclasses__(), AbandonedError, BusyError, LimitError}
    types = {problem_of(kind("no"), "en").type for kind in kinds - {PlacedError}}
    assert len(types) == len(kinds - {PlacedError}) == 14
    assert "about:blank" not in types
