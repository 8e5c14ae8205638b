"""An address answers by its methods and by no others."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from crmgraph.http.cors import Resource
from crmgraph.http.errors import add_problem_handlers
from crmgraph.wording import Bilingual
from tests.support.clients import client_of


async def said(request: Request) -> Response:
    return PlainTextResponse(request.method)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    read = Resource(said, why=Bilingual("It is only read.", "Solo se lee."))
    # As in the service, where the site takes whatever nobody else does.
    app = Starlette(routes=[Route("/read", read), Route("/written", Resource(said, "GET, PUT")), Mount("", read)])
    add_problem_handlers(app)
    with client_of(app) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_it_answers_by_its_methods(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/written").text == method


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PROPFIND"])
def test_it_refuses_all_others_and_says_why(client: httpx.Client, method: str) -> None:
    refused = client.request(method, "/read", headers={"Accept-Language": "es"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused.json()["detail"] == "Solo se lee."


def test_it_tells_which_they_are(client: httpx.Client) -> None:
    told = client.options("/read")
    assert (told.status_code, told.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert told.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
