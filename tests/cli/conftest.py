"""A built dataset and an empty folder for every command."""

import os
import subprocess
from pathlib import Path

import pytest

from crmgraph.building import Manifest
from tests.support.commands import Outcome, Run
from tests.support.servers import crmgraph_command


@pytest.fixture
def run(build_folder: Path, manifest: Manifest, tmp_path: Path) -> Run:
    """Run crmgraph in an empty folder, with the built dataset named in the environment."""
    assert manifest.graphs

    def run(*arguments: str, stdin: str = "") -> Outcome:
        environment = {**os.environ, "CRMGRAPH_BUILD": str(build_folder), "COLUMNS": "200", "NO_COLOR": "1"}
        done = subprocess.run(
            [*crmgraph_command(), *arguments],
            input=stdin, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, env=environment, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run
