"""The commands of the Makefile."""

import os
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("said", "flags"),
    [("", ""), ("PORT=8231", " --port 8231"), ("PORT=8231 HOST=::1", " --host ::1 --port 8231")],
)
def test_where_to_serve(said: str, flags: str) -> None:
    """What the shell has in its environment is ignored."""
    command = ["make", "--no-print-directory", "--dry-run", "serve", *said.split()]
    given = {**os.environ, "MAKEFLAGS": "", "HOST": "machine", "PORT": "1"}
    shown = subprocess.run(command, cwd=TOP, env=given, capture_output=True, text=True, check=True).stdout
    assert " ".join(shown.splitlines()[-1].split()) == f".venv/bin/crmgraph serve{flags}"
