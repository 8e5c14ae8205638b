"""The commands of the Makefile."""

import os
import subprocess
from pathlib import Path

TOP = Path(__file__).parents[1]


def last_command(*arguments: str, **environment: str) -> str:
    command = ["make", "--no-print-directory", "--dry-run", *arguments]
    given = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "HOST", "PORT")}
    shown = subprocess.run(command, cwd=TOP, env=given | environment, capture_output=True, text=True, check=True).stdout
    return " ".join(shown.splitlines()[-1].split())


def test_where_to_serve() -> None:
    for arguments, flags in (
        ((), ""),
        (("PORT=8231",), " --port 8231"),
        (("PORT=8231", "HOST=::1"), " --host ::1 --port 8231"),
    ):
        assert last_command("serve", *arguments) == f".venv/bin/crmgraph serve{flags}"


def test_variables_of_the_shell_are_ignored() -> None:
    assert last_command("serve", HOST="machine", PORT="1") == ".venv/bin/crmgraph serve"
