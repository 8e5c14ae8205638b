"""Content encoding of responses, and responses to HEAD."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from crmgraph.http.operations import CompressionMiddleware
from tests.support.clients import client_of

TEXT = "Plan de Acción " * 1000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("encoding") / "script.js"
    file.write_text(TEXT, encoding="utf-8")

    def text(_: Request) -> Response:
        return Response(TEXT, headers={"Vary": "Accept", "ETag": 'W/"tag"'}, media_type="text/csv")

    routes = [
        Route("/text", text),
        Route("/short", lambda _: Response("short")),
        Route("/file", lambda _: FileResponse(file)),
        Route("/dump", lambda _: FileResponse(file, media_type="application/gzip")),
    ]
    with client_of(Starlette(routes=routes, middleware=[Middleware(CompressionMiddleware)])) as client:
        yield client


def get(client: httpx.Client, path: str, accepted: str = "gzip, br", method: str = "GET") -> httpx.Response:
    return client.request(method, path, headers={"Accept-Encoding": accepted})


def test_text_is_compressed_for_clients_that_take_it(client: httpx.Client) -> None:
    ways = (("/text", "gzip, br"), ("/file", "br , gzip ; q=0.5"), ("/text", "gzip;q=1.000"))
    for path, accepted in ways:
        response = get(client, path, accepted)
        assert response.headers["content-encoding"] == "gzip"
        assert int(response.headers.get("content-length", 0)) < 500
        assert response.text == TEXT
    for accepted in ("identity", "br", "gzip;q=0", "br, GZIP; q=0.0 , *", ""):
        response = get(client, "/text", accepted)
        assert "content-encoding" not in response.headers
        assert response.headers["vary"] == "Accept, Accept-Encoding"
        assert response.headers["content-length"] == str(len(TEXT.encode()))
        assert response.text == TEXT


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_headers_of_each_form(client: httpx.Client, accepted: str) -> None:
    assert get(client, "/text", accepted).headers["vary"] == "Accept, Accept-Encoding"
    assert get(client, "/file", accepted).headers["vary"] == "Accept-Encoding"
    for path in ("/text", "/short", "/file", "/dump"):
        whole, head = (dict(get(client, path, accepted, method).headers) for method in ("GET", "HEAD"))
        for headers in (whole, head):
            headers.pop("date")
            headers.pop("transfer-encoding", None)
        assert head == whole
        assert get(client, path, accepted, "HEAD").content == b""
    assert get(client, "/text", accepted).headers["etag"] == 'W/"tag"'


def test_compressed_files_stay_as_they_are(client: httpx.Client) -> None:
    response = get(client, "/dump")
    assert response.content == TEXT.encode()
    assert "content-encoding" not in response.headers
    part = client.get("/dump", headers={"Range": "bytes=0-3", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.content) == (206, b"Plan")
