"""Errors as problem documents in two languages."""

import socket
import time
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
from crmgraph.http.errors import add_problem_handlers, problem_of
from crmgraph.wording import Bilingual
from tests.support.clients import client_of

SAID = Bilingual("The reason.", "La razón.")
ERRORS: dict[str, Exception] = {
    "syntax": QuerySyntaxError(SAID, 3, 7),
    "refused": QueryRefusedError(SAID),
    "unacceptable": NotAcceptableError(SAID),
    "timeout": QueryTimeoutError(SAID),
    "unavailable": UnavailableError(SAID),
    "busy": BusyError(SAID),
    "engine": EngineError(SAID),
    "limit": LimitError(SAID),
    "usage": UsageError("no such name"),
    "table": TableError("wrong cell", Place(Path("a.csv"), 2, 5)),
    "teapot": HTTPException(418),
    "denied": HTTPException(403, SAID, {"X-Why": "because"}),
    "crash": ZeroDivisionError("secret"),
}
STATUS = {
    "syntax": 400,
    "refused": 403,
    "unacceptable": 406,
    "timeout": 503,
    "unavailable": 503,
    "busy": 503,
    "engine": 500,
    "limit": 422,
    "usage": 400,
    "table": 400,
    "teapot": 418,
    "denied": 403,
    "crash": 500,
}


def failing_app(page: bool) -> FastAPI:
    app = FastAPI()

    @app.get("/fail/{name}")
    def fail(name: str) -> Response:
        raise ERRORS[name]

    def show(request: Request, error: Exception) -> Response:
        problem = problem_of(error, "en")
        return HTMLResponse(f"<h1>{problem.title}</h1>{request.url.path}", problem.status)

    add_problem_handlers(app, show if page else None)
    return app


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    # The server closes a connection on which the application crashed, which is no other test's business.
    with client_of(failing_app(page=False), Connection="close") as client:
        yield client


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_a_problem_document_that_any_page_may_read(client: httpx.Client, name: str) -> None:
    response = client.get(f"/fail/{name}", headers={"Accept": "text/csv"})
    assert response.status_code == STATUS[name]
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["status"] == STATUS[name]
    assert response.json()["title"]


def test_faults_are_told_to_whoever_runs_the_server(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("limit", "timeout", "engine"):
        client.get(f"/fail/{name}")
    told = [record.getMessage() for record in caplog.records if record.name == "crmgraph.http.errors"]
    assert told == ["engine: The reason."]


@pytest.mark.parametrize(
    ("accepted", "language", "detail"),
    [("es", "es", "La razón."), ("en", "en", "The reason."), ("es-MX, en;q=0.5", "es", "La razón.")],
)
def test_it_speaks_the_language_of_whoever_asks(
    client: httpx.Client, accepted: str, language: str, detail: str
) -> None:
    response = client.get("/fail/syntax", headers={"Accept-Language": accepted})
    assert response.headers["content-language"] == language
    assert "accept-language" in response.headers["vary"].lower()
    problem = response.json()
    assert problem["detail"] == detail
    assert problem["title"] == {"es": "Esto no es SPARQL", "en": "This is not SPARQL"}[language]


def test_a_syntax_error_says_where(client: httpx.Client) -> None:
    problem = client.get("/fail/syntax").json()
    assert (problem["line"], problem["column"]) == (3, 7)
    assert problem["type"] == "https://w3id.org/crmgraph/problem/query-syntax"


def test_what_is_not_known_is_left_out(client: httpx.Client) -> None:
    assert set(client.get("/fail/timeout").json()) == {"status", "type", "title", "detail", "request"}
    assert set(client.get("/fail/teapot").json()) == {"status", "type", "title", "request"}


def test_headers_of_an_http_error_are_kept(client: httpx.Client) -> None:
    assert client.get("/fail/denied").headers["x-why"] == "because"
    assert client.post("/fail/denied").headers["allow"] == "GET, HEAD, OPTIONS"


def test_who_cannot_be_answered_now_may_ask_again_later(client: httpx.Client) -> None:
    for name in ("unavailable", "busy"):
        response = client.get(f"/fail/{name}")
        assert int(response.headers["retry-after"]) > 0
        assert "Retry-After" in response.headers["access-control-expose-headers"]
    assert "retry-after" not in client.get("/fail/timeout").headers


def test_nobody_hears_of_who_left_before_the_request_was_whole(caplog: pytest.LogCaptureFixture) -> None:
    app = failing_app(page=False)
    left = []

    @app.post("/body")
    async def body(request: Request) -> Response:
        try:
            return Response(await request.body())
        finally:
            left.append(True)

    with client_of(app) as client:
        with socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as connection:
            connection.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        patience = time.monotonic() + 5
        while not left and time.monotonic() < patience:
            time.sleep(0.01)
    assert left
    assert caplog.text == ""


def test_a_crash_tells_nothing_of_the_inside(client: httpx.Client) -> None:
    assert "secret" not in client.get("/fail/crash").text
    assert "ZeroDivision" not in client.get("/fail/crash").text


def test_an_unknown_address(client: httpx.Client) -> None:
    response = client.get("/nowhere", headers={"Accept-Language": "es"})
    assert response.status_code == 404
    assert response.json()["title"] == "No hay nada en esta dirección"


def test_those_who_like_html_better_see_a_page() -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}
    with client_of(failing_app(page=True)) as client:
        response = client.get("/fail/timeout", headers=browser)
        assert response.status_code == 503
        assert response.text == "<h1>This was stopped at its time limit</h1>/fail/timeout"
        for accept in ("*/*", "application/json", "application/sparql-results+json", "text/turtle"):
            response = client.get("/fail/timeout", headers={"Accept": accept})
            assert response.headers["content-type"] == "application/problem+json"


def test_a_page_has_the_headers_that_a_document_has() -> None:
    with client_of(failing_app(page=True), Accept="text/html", Connection="close") as client:
        for name, status in STATUS.items():
            response = client.get(f"/fail/{name}")
            assert (response.status_code, response.headers["content-type"]) == (status, "text/html; charset=utf-8")
            assert response.headers["access-control-allow-origin"] == "*"
            assert response.headers["cache-control"] == "no-store"
        assert client.get("/fail/denied").headers["x-why"] == "because"
        assert client.post("/fail/denied").headers["allow"] == "GET, HEAD, OPTIONS"


def test_where_the_page_fails_too_the_document_tells_of_the_error(caplog: pytest.LogCaptureFixture) -> None:
    app = failing_app(page=False)

    def fail(*_: object) -> Response:
        raise FileNotFoundError("secret")

    add_problem_handlers(app, fail)
    with client_of(app, Accept="text/html", Connection="close") as client:
        response = client.get("/fail/timeout")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"]
    assert "secret" not in response.text
    assert "could not be made" in caplog.text


def test_every_error_of_answering_has_a_kind_of_its_own() -> None:
    kinds = {*AnswerError.__subclasses__(), *PlacedError.__subclasses__(), AbandonedError, BusyError, LimitError} - {
        PlacedError
    }
    problems = [problem_of(kind("no"), "en") for kind in kinds]
    assert len({problem.type for problem in problems}) == len(problems) == 14
    assert "about:blank" not in {problem.type for problem in problems}


def test_a_place_in_a_file() -> None:
    problem = problem_of(ERRORS["table"], "en")
    assert (problem.line, problem.column) == (2, 5)
    assert "wrong cell" in problem.detail
