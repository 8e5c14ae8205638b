"""A server with an empty store that may be written to, and a client with a token for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import httpx

from crmgraph.storing.generations import Generations
from crmgraph.updating import digest_of
from tests.support.servers import running_server

__all__ = ["writable_server"]

TOKEN = re.sub(r"\W", "", "a token of these tests")


@contextmanager
def writable_server(build: Path, folder: Path) -> Iterator[httpx.Client]:
    """A client of a `crmgraph serve` whose store is in the new `folder`; it ends with the context."""
    Generations.create(folder)
    writers = f'[{{"name": "tester", "token": "{digest_of(TOKEN)}"}}]'
    with (
        patch.dict("os.environ", CRMGRAPH_WRITERS=writers),
        httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=60) as client,
        running_server(build, "--store", str(folder), "--workers", "1") as url,
    ):
        client.base_url = httpx.URL(url)
        yield client
