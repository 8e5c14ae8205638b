"""A fuzzed service answers fittingly and is as well as before."""

from pathlib import Path

from tests.hostile.fuzz import fuzz
from tests.support.writable import writable_client


def test_fuzzed(tmp_path: Path) -> None:
    with writable_client(tmp_path) as client:
        answered = fuzz(client, 400)
        assert {200, 204, 400, 401, 403} <= set(answered)
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
