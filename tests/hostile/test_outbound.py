"""Nothing goes out: a server that every trick names is never asked."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from tests.support.cases import cases
from tests.support.elsewhere import Elsewhere, Reply, elsewhere
from tests.support.writable import BEARER, writable_client

REFUSALS = range(400, 500)


@pytest.fixture(scope="module")
def listener() -> Iterator[Elsewhere]:
    with elsewhere(lambda _: Reply(b"")) as listener:
        yield listener


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with writable_client(tmp_path_factory.mktemp("outbound")) as client:
        yield client


def tricks(case: str, listener: Elsewhere) -> list[tuple[str, str]]:
    """Return the media type and the text of each trick of this case, which names the listener."""
    rows = cases("hostile/outbound")
    return [(media_type, text.replace("THERE", f"{listener.url}/x")) for sort, media_type, text in rows if sort == case]


def test_queries(client: httpx.Client, listener: Elsewhere) -> None:
    for _, text in tricks("query", listener):
        for response in (client.get("/sparql", params={"query": text}), client.post("/sparql", data={"query": text})):
            assert response.status_code == 200 or response.status_code in REFUSALS, text
            assert "SERVICE" not in text or response.status_code == 403, text
    for name in ("default-graph-uri", "named-graph-uri"):
        assert client.get("/sparql", params={"query": "ASK {}", name: listener.url}).status_code == 200
    assert not listener.asked


def test_updates(client: httpx.Client, listener: Elsewhere) -> None:
    for _, text in tricks("update", listener):
        response = client.post("/sparql", data={"update": text}, headers=BEARER)
        assert response.status_code == 204 or response.status_code in REFUSALS, text
    using = {"using-graph-uri": listener.url}
    response = client.post("/sparql", params=using, data={"update": "CLEAR ALL"}, headers=BEARER)
    assert response.status_code == 204
    assert not listener.asked


def test_graphs(client: httpx.Client, listener: Elsewhere) -> None:
    for media_type, body in tricks("body", listener):
        headers = {**BEARER, "Content-Type": media_type}
        response = client.put("/graphs?graph=http://e/g", content=body, headers=headers)
        assert response.status_code in (201, 204) or response.status_code in REFUSALS, response.text
    for address in (f"/graphs?graph={quote(listener.url)}", f"/graphs/{quote(listener.url, safe='')}"):
        assert client.get(address).status_code == 404
    assert not listener.asked
    assert httpx.get(listener.url, trust_env=False, timeout=60).is_success
    assert len(listener.asked) == 1, "the listener takes notes"
    listener.asked.clear()
