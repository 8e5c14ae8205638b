"""Answers as they travel: compressed, and without a body."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from crmgraph.http.encoding import Encoding
from tests.support.clients import client_of

TEXT = "Plan de Acción " * 1000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("encoding") / "script.js"
    file.write_text(TEXT, encoding="utf-8")
    with client_of(Starlette(routes=routes(file), middleware=[Middleware(Encoding)])) as client:
        yield client


def routes(file: Path) -> list[Route]:
    def text(_: Request) -> Response:
        return Response(TEXT, headers={"Vary": "Accept", "ETag": 'W/"tag"'}, media_type="text/csv")

    return [
        Route("/text", text),
        Route("/short", lambda _: Response("short")),
        Route("/same", lambda _: Response(status_code=304, headers={"ETag": 'W/"tag"', "Vary": "Accept"})),
        Route("/file", lambda _: FileResponse(file)),
        Route("/dump", lambda _: FileResponse(file, media_type="application/gzip")),
    ]


def get(client: httpx.Client, path: str, accepted: str = "gzip, br", method: str = "GET") -> httpx.Response:
    return client.request(method, path, headers={"Accept-Encoding": accepted})


def test_text_is_compressed_for_who_takes_that(client: httpx.Client) -> None:
    ways = (("/text", "gzip, br"), ("/file", "br , gzip ; q=0.5"), ("/text", "gzip;q=1.000"), ("/text", "GZip"))
    for path, accepted in ways:
        response = get(client, path, accepted)
        assert response.headers["content-encoding"] == "gzip"
        assert int(response.headers.get("content-length", 0)) < 500
        assert response.text == TEXT


@pytest.mark.parametrize(
    "accepted", ["identity", "br", "gzip;q=0", "gzipped, notgzip", "gzip;q=x", "br, GZIP; q=0.0 , *", ""]
)
def test_and_not_for_who_does_not(client: httpx.Client, accepted: str) -> None:
    response = get(client, "/text", accepted)
    assert "content-encoding" not in response.headers
    assert response.headers["content-length"] == str(len(TEXT.encode()))
    assert response.text == TEXT


@pytest.mark.parametrize("accepted", ["gzip", "identity", "gzip;q=0"])
@pytest.mark.parametrize("path", ["/text", "/short", "/same", "/file"])
def test_every_answer_says_that_it_may_differ(client: httpx.Client, path: str, accepted: str) -> None:
    varies = get(client, path, accepted).headers["vary"]
    assert varies.count("Accept-Encoding") == 1
    assert varies.startswith("Accept, ") or path not in ("/text", "/same")


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
@pytest.mark.parametrize("path", ["/text", "/short", "/file", "/dump"])
def test_head_has_the_headers_of_get(client: httpx.Client, path: str, accepted: str) -> None:
    whole, head = (dict(get(client, path, accepted, method).headers) for method in ("GET", "HEAD"))
    for headers in (whole, head):
        headers.pop("date")
        headers.pop("transfer-encoding", None)
    assert head == whole
    assert get(client, path, accepted, "HEAD").content == b""


def test_a_tag_holds_for_both_forms(client: httpx.Client) -> None:
    assert get(client, "/text").headers["etag"] == 'W/"tag"'
    tags = {get(client, "/file", accepted).headers["etag"] for accepted in ("gzip", "identity")}
    assert len(tags) == 1
    assert tags.pop().startswith('W/"')


def test_what_is_compressed_already_stays_as_it_is(client: httpx.Client) -> None:
    response = get(client, "/dump")
    assert response.content == TEXT.encode()
    assert "content-encoding" not in response.headers
    assert response.headers["etag"].startswith('"')
    assert "vary" not in response.headers
    part = client.get("/dump", headers={"Range": "bytes=0-3", "Accept-Encoding": "gzip"})
    assert (part.status_code, part.content) == (206, b"Plan")


def test_a_large_answer_comes_whole(client: httpx.Client) -> None:
    with client.stream("GET", "/text", headers={"Accept-Encoding": "gzip"}) as response:
        assert gzip.decompress(b"".join(response.iter_raw())).decode() == TEXT
