"""The description in /openapi.json is true: all that it tells of is answered as it says, and nothing else is."""

from pathlib import Path

from crmgraph.building import Manifest
from tests.hostile.openapi import QUESTIONS, answered, ask_everything
from tests.support.servers import running_server, writable_server


def test_a_server_that_only_reads(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with running_server(build_folder) as url:
        ask_everything(url, 20, "--exclude-path-regex", QUESTIONS)
        ask_everything(url, 5, "--include-path-regex", QUESTIONS, "--phases", "fuzzing")
        assert {200, 400, 403, 404, 405} <= set(answered(url))


def test_a_server_that_is_written_to(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    with writable_server(build_folder, tmp_path) as url:
        ask_everything(url, 10, "--exclude-path-regex", QUESTIONS)
        assert {200, 201, 204, 400, 401, 403, 404, 405, 415} <= set(answered(url))
