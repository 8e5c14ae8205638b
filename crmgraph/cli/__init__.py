"""The command-line interface.

Commands write results to standard output and messages to standard error. Exit status: 0 for success, 1 if the data has
findings or differences, 2 for bad input or usage.
"""

import errno
import gc
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

_WRITE_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
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
    "serve": ("data", "Serve the site and the SPARQL endpoint, building the dataset first where need be."),
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
        "data",
        "Copy what another endpoint has, to stand in for it where it does not answer. The last copy is forgotten.",
    ),
    "token": ("data", "Make a token for somebody who may write, and print the lines of crmgraph.toml that let it in."),
}
"""The commands in the order of the help: the module that implements each command, and its one-line help."""


class _Commands(TyperGroup):
    """The group of all commands.

    A command's module is imported only when the command is called, to keep the start fast.
    """

    def __init__(self, **attrs: Any) -> None:
        commands = {name: TyperCommand(name, help=summary) for name, (_, summary) in _COMMANDS.items()}
        super().__init__(**{**attrs, "commands": commands})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the name of the called command, the command itself, and the remaining arguments."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and command(name), rest


def command(name: str) -> Any:
    """Import and return the command with this name, complete with its options."""
    info = CommandInfo(name, callback=getattr(import_module(f"crmgraph.cli.{_COMMANDS[name][0]}"), f"{name}_command"))
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
    """Run the command line.

    An error of crmgraph, or of the operating system (such as a full disk), becomes a one-line message on standard error
    and exit status 2. A closed output pipe ends the program silently with status 0.
    """
    # Graphs are many objects that stay: looking among them for garbage as often as usual takes a tenth of the time.
    gc.set_threshold(50_000, 20, 100)
    try:
        try:
            sys.exit(app(standalone_mode=False))
        finally:
            sys.stdout.flush()
    except typer.TyperException as error:
        # Without a command the message is empty: typer has already printed the help.
        if message := error.format_message().replace("Value error, ", ""):
            typer.echo(f"crmgraph: {message}", err=True)
        sys.exit(error.exit_code)
    except CrmgraphError as error:
        typer.echo(f"crmgraph: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # Python flushes the rest of the buffer at exit, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # For an operation on two files (a copy), a full or read-only disk concerns the target.
        place = error.filename2 if error.filename2 and error.errno in _WRITE_ERRNOS else error.filename
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
    """Accept `--version` before any command."""
