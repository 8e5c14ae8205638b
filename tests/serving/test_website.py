"""The website: what it offers beside the pages."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.serving.website import create_website
from crmgraph.settings import read_settings
from crmgraph.storing.disk import DUMP, STORE
from tests.support.clients import client_of


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    with Pool(build_folder / STORE) as pool:
        website = create_website(read_settings(build=build_folder), manifest, pool)
        with client_of(website.app) as client:
            yield client


def test_the_dump_is_the_dataset(client: httpx.Client, build_folder: Path) -> None:
    answer = client.get("/dump.nq.gz")
    assert answer.headers["content-type"] == "application/gzip"
    assert gzip.decompress(answer.content) == (build_folder / DUMP).read_bytes()


def test_it_lives(client: httpx.Client) -> None:
    assert client.get("/live").text == "live\n"


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/nothing.js"]
)
def test_static_files_are_those_of_the_site_alone(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_documentation_page_that_loads_from_elsewhere(client: httpx.Client) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
