"""Runs commands of crmgraph in this process, in a folder of their own."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from crmgraph.checks import plans
from crmgraph.cli import app, command, main
from crmgraph.describing import Background
from crmgraph.namespaces import Names
from tests.support.dataset import real_background

LISTED = typer.main.get_group(app).commands
COMMANDS: dict[str, Any] = {name: command(name) for name in LISTED}
"""The commands by their names, as the help lists them and in full."""


@dataclass(frozen=True)
class Outcome:
    """The result of a command: exit status, standard output and standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@contextmanager
def commands_in(folder: Path, build: Path) -> Iterator[Run]:
    """Yield a function that runs crmgraph in this folder. The environment variable for the built dataset is set."""
    describe = plans.background

    def known(names: Names) -> Background:
        return real_background() if names == Names() else describe(names)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "background", known)
        patch.chdir(folder)
        for name, value in {"CRMGRAPH_BUILD": str(build), "COLUMNS": "200", "NO_COLOR": "1"}.items():
            patch.setenv(name, value)
        yield _run


def _run(*arguments: str, stdin: str = "") -> Outcome:
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="") for data in (stdin.encode(), b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["crmgraph", *arguments])
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as ended:
            main()
    told = []
    for stream in streams[1:]:
        stream.flush()
        stream.seek(0)
        # As a text file is read: tables in CSV have the line ends of CSV.
        told.append(io.TextIOWrapper(stream.detach(), encoding="utf-8").read())
    return Outcome(int(ended.value.code or 0), *told)
