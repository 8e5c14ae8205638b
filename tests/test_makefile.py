"""The commands of the Makefile."""

import os
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


def last_command(*arguments: str, **environment: str) -> str:
    """What `make` would run at last."""
    command = ["make", "--no-print-directory", "--dry-run", *arguments]
    given = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "HOST", "PORT")}
    shown = subprocess.run(command, cwd=TOP, env=given | environment, capture_output=True, text=True, check=True).stdout
    return " ".join(shown.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("arguments", "flags"),
    [
        ((), ""),
        (("PORT=8231",), " --port 8231"),
        (("HOST=0.0.0.0",), " --host 0.0.0.0"),
        (("PORT=8231", "HOST=::1"), " --host ::1 --port 8231"),
    ],
)
def test_where_to_serve_can_be_said(arguments: tuple[str, ...], flags: str) -> None:
    assert last_command("serve", *arguments) == f".venv/bin/crmgraph serve{flags}"


def test_what_a_shell_keeps_for_itself_says_nothing() -> None:
    assert last_command("serve", HOST="machine", PORT="1") == ".venv/bin/crmgraph serve"
