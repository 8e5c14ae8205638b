"""The server that the suites about SPARQL ask."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conformance.servers import writable_server


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, build_folder: Path) -> Iterator[httpx.Client]:
    """A client with a token, of a server whose store is empty and may be written to."""
    with writable_server(build_folder, tmp_path_factory.mktemp("suites") / "store") as client:
        yield client
