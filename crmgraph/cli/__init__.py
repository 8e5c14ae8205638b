"""The command line. Results go to standard output, messages to standard error; 0 done, 1 falls short, 2 bad input."""

import errno
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from crmgraph import __version__
from crmgraph.errors import CrmgraphError

_TAKES_NO_MORE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_COMMANDS = {
    "build": ("data", "Make the whole dataset from the document, the tables and the ontology."),
    "check": ("plans", "Report what is inconsistent or missing, in the built dataset or in the plans of some files."),
    "query": (
        "data",
        "Answer a question: one of the library by its name, or any in SPARQL. Without one, list the library.",
    ),
    "explain": (
        "data",
        "Say how a statement is known: by which rule and from what, down to the words or the page of its source.",
    ),
    "import": ("plans", "Make a plan of a file in another format: a text table, which all other commands read."),
    "diff": (
        "plans",
        "Say what changed between two versions of a plan, part by part. The exit status is 1 where anything did.",
    ),
    "link": (
        "link",
        "Propose what corresponds: parts of two plans, or the names in a table and the things of the graph.",
    ),
    "serve": ("serve", "Serve the site and the SPARQL endpoint, building the dataset first where need be."),
    "export": (
        "data",
        "Write the dataset for other programs: Turtle, N-Quads, JSON-LD, or the plan as a text table again.",
    ),
    "load": ("data", "Load files into the store while nobody serves it: all of them, or none."),
    "dump": ("data", "Write all that the store holds as N-Quads; it may be in use meanwhile."),
    "backup": ("data", "Copy the store as it is now; it may be in use meanwhile."),
    "restore": (
        "data",
        "Put a backup in the place of what the store holds, while nobody serves it; a store that is not there is made.",
    ),
    "snapshot": (
        "serve",
        "Copy what another endpoint has, to stand in for it where it does not answer. The last copy is forgotten.",
    ),
    "token": ("serve", "Make a token for somebody who may write, and print the lines of crmgraph.toml that let it in."),
}
"""The commands in the order of the help: the module of each, and what it does."""


class _Commands(TyperGroup):
    """The group of all commands, whose modules are imported when a command is called."""

    def __init__(self, **attrs: Any) -> None:
        commands = {name: TyperCommand(name, help=does) for name, (_, does) in _COMMANDS.items()}
        super().__init__(**{**attrs, "commands": commands})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of the command, itself, and its arguments."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and command(name), rest


def command(name: str) -> Any:
    """Return the command with this name, with its options."""
    module = import_module(f"crmgraph.cli.{_COMMANDS[name][0]}")
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
