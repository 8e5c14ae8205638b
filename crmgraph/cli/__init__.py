"""The command line. Results go to standard output, messages to standard error; 0 done, 1 falls short, 2 bad input."""

import errno
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from crmgraph import __version__
from crmgraph.errors import CrmgraphError

__all__ = ["app", "main"]

_TAKES_NO_MORE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_MODULES = {
    "build": "data",
    "check": "check",
    "query": "query",
    "explain": "data",
    "import": "importing",
    "diff": "diff",
    "link": "link",
    "serve": "serve",
    "export": "data",
    "load": "store",
    "dump": "store",
    "backup": "store",
    "restore": "store",
    "snapshot": "serve",
    "token": "serve",
}
"""The commands in the order of the help, each with the module that has it."""


class _Commands(TyperGroup):
    """The group of all commands, whose modules are imported when a command is called or listed."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**{**attrs, "commands": dict.fromkeys(_MODULES)})

    def get_command(self, _: Any, name: str) -> Any:
        """Return the command with this name, or None."""
        if name not in _MODULES:
            return None
        module = import_module(f"crmgraph.cli.{_MODULES[name]}")
        info = CommandInfo(name, callback=getattr(module, f"{name}_command"))
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode="markdown")


app = typer.Typer(
    name="crmgraph",
    cls=_Commands,
    help="The Plan de Acción of the Regional Conference on Migration as a knowledge graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def main() -> None:
    """Run the command line; an error that crmgraph raises on purpose becomes one clear message and exit status 2.

    So does one of the system, such as a disk that is full.
    """
    try:
        try:
            sys.exit(app(standalone_mode=False))
        finally:
            sys.stdout.flush()
    except typer.TyperException as error:
        # Whoever gives no command is shown the help, which typer has printed by then.
        if said := error.format_message().replace("Value error, ", ""):
            typer.echo(f"crmgraph: {said}", err=True)
        sys.exit(error.exit_code)
    except CrmgraphError as error:
        typer.echo(f"crmgraph: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # What is left in the buffer would be tried again, and fail again, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Of two files it is about the one to be written where the disk is full.
        place = error.filename2 if error.filename2 and error.errno in _TAKES_NO_MORE else error.filename
        typer.echo(f"crmgraph: {place or 'standard output'}: {error.strerror or error}", err=True)
        sys.exit(2)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crmgraph {__version__}")
        raise typer.Exit


@app.callback()
def _crmgraph(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take `--version` before any command."""
