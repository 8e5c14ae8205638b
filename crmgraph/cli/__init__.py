"""The command line. Results go to standard output, messages to standard error; 0 done, 1 falls short, 2 bad input."""

import errno
import os
import sys
from typing import Annotated

import typer

from crmgraph import __version__
from crmgraph.cli.data import build_command, check_command, explain_command, export_command
from crmgraph.cli.link import link_command
from crmgraph.cli.plans import diff_command, import_command
from crmgraph.cli.query import query_command
from crmgraph.cli.serve import (
    backup_command,
    dump_command,
    load_command,
    restore_command,
    serve_command,
    snapshot_command,
    token_command,
)
from crmgraph.errors import CrmgraphError

__all__ = ["app", "main"]

_TAKES_NO_MORE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})

app = typer.Typer(
    name="crmgraph",
    help="The Plan de Acción of the Regional Conference on Migration as a knowledge graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("build")(build_command)
app.command("check")(check_command)
app.command("query")(query_command)
app.command("explain")(explain_command)
app.command("import")(import_command)
app.command("diff")(diff_command)
app.command("link")(link_command)
app.command("serve")(serve_command)
app.command("export")(export_command)
app.command("load")(load_command)
app.command("dump")(dump_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)
app.command("snapshot")(snapshot_command)
app.command("token")(token_command)


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
        sys.exit(_misused(error))
    except CrmgraphError as error:
        typer.echo(f"crmgraph: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # What is left in the buffer would be tried again, and fail again, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        typer.echo(f"crmgraph: {_place(error) or 'standard output'}: {error.strerror or error}", err=True)
        sys.exit(2)


def _place(error: OSError) -> object:
    """Return the file that an error is about; of two, the one to be written where the disk is full."""
    return error.filename2 if error.filename2 and error.errno in _TAKES_NO_MORE else error.filename


def _misused(error: typer.TyperException) -> int:
    """Print an error of usage in one line, and return the exit status."""
    said = error.format_message().replace("Value error, ", "")
    # Whoever gives no command is shown the help, which typer has printed by then.
    if said:
        typer.echo(f"crmgraph: {said}", err=True)
    return error.exit_code


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
