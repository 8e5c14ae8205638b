"""A fuzzed service answers fittingly, as its description says, and is as well as before."""

from pathlib import Path

import pytest

from crmgraph.building import Manifest
from tests.hostile.fuzz import fuzz
from tests.hostile.openapi import QUESTIONS, answered, ask_everything
from tests.support.servers import running_server, writable_server
from tests.support.writable import writable_client


@pytest.mark.parametrize("times", [100, pytest.param(2000, marks=pytest.mark.drill)])
def test_fuzzed(tmp_path: Path, times: int) -> None:
    with writable_client(tmp_path) as client:
        assert {200, 204, 400, 401, 403} <= set(fuzz(client, times))
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_few_requests_to_each_address(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    with writable_server(build_folder, tmp_path) as url:
        ask_everything(url, 1, "--exclude-path-regex", QUESTIONS, "--phases", "fuzzing")
        assert {200, 400, 404} <= set(answered(url))


@pytest.mark.drill
def test_a_server_that_only_reads(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder) as url:
        ask_everything(url, 20, "--exclude-path-regex", QUESTIONS)
        ask_everything(url, 5, "--include-path-regex", QUESTIONS, "--phases", "fuzzing")
        assert {200, 400, 403, 404, 405} <= set(answered(url))


@pytest.mark.drill
def test_a_server_that_is_written_to(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    with writable_server(build_folder, tmp_path) as url:
        ask_everything(url, 10, "--exclude-path-regex", QUESTIONS)
        assert {200, 201, 204, 400, 401, 403, 404, 405, 415} <= set(answered(url))
