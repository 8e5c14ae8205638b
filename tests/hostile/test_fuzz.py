"""A fuzzed service answers fittingly, as its description says, and is as well as before."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.hostile.fuzz import fuzz
from tests.support.servers import BEARER, running_server, writable_server
from tests.support.writable import writable_client

# The addresses of the questions of the library, which are many and much alike.
QUESTIONS = "^/queries/[a-z]"


def ask_everything(url: str, examples: int, *flags: str) -> None:
    """Have Schemathesis send up to so many random requests, right and wrong, to each address of /openapi.json."""
    settings = ["--config-file", str(Path(__file__).with_name("schemathesis.toml"))]
    command = [sys.executable, "-m", "schemathesis.cli", *settings, "run", f"{url}/openapi.json"]
    limits = ["--max-examples", str(examples), "--no-shrink", "--continue-on-failure", "--request-timeout", "60"]
    done = subprocess.run(
        [*command, *limits, "--header", f"Authorization: {BEARER['Authorization']}", "--no-color", *flags],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def answered(url: str) -> set[int]:
    """The statuses that were answered so far, as the server itself has counted."""
    metrics = httpx.get(f"{url}/metrics", trust_env=False, timeout=60).text
    return set(map(int, re.findall(r'^crmgraph_requests_total\{.*status="(\d+)"\}', metrics, re.MULTILINE)))


@pytest.mark.parametrize("times", [100, pytest.param(2000, marks=pytest.mark.drill)])
def test_fuzzed(tmp_path: Path, times: int) -> None:
    with writable_client(tmp_path) as client:
        assert {200, 204, 400, 401, 403} <= set(fuzz(client, times))
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


@pytest.mark.drill
def test_a_server_that_only_reads(build_folder: Path) -> None:
    with running_server(build_folder, "--timeout", "20") as url:
        ask_everything(url, 20, "--exclude-path-regex", QUESTIONS)
        ask_everything(url, 5, "--include-path-regex", QUESTIONS, "--phases", "fuzzing")
        assert {200, 400, 403, 404, 405} <= answered(url)


@pytest.mark.drill
def test_a_server_that_is_written_to(build_folder: Path, tmp_path: Path) -> None:
    with writable_server(build_folder, tmp_path) as url:
        ask_everything(url, 10, "--exclude-path-regex", QUESTIONS)
        assert {200, 201, 204, 400, 401, 403, 404, 405, 415} <= answered(url)
