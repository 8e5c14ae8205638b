"""The commands load, dump, backup and restore, for a store in a folder."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from pyoxigraph import RdfFormat
from rich.console import Console
from rich.progress import open as open_watched

from crmgraph.cli.engines import kept_store, store_folder
from crmgraph.cli.options import built, with_settings
from crmgraph.errors import Place, UsageError
from crmgraph.exporting.files import replacing
from crmgraph.settings import Settings
from crmgraph.store import STORE
from crmgraph.store.backup import back_up, load_files, restore
from crmgraph.store.dataset import open_store
from crmgraph.store.generations import Generations

__all__ = ["backup_command", "dump_command", "load_command", "restore_command"]


@with_settings("store", "plans", "build", "base")
def load_command(
    settings: Settings,
    files: Annotated[list[Path], typer.Argument(help="RDF files: ttl, nt, nq, trig, rdf or jsonld, also with .gz.")],
    graph: Annotated[str | None, typer.Option(help="The IRI of the graph for statements without one.")] = None,
) -> None:
    """Load files into the store while nobody serves it: all of them, or none.

    A store that is not there is made, and begins as the built dataset. Where it is being served, send the files to
    `/graphs` instead.

    Example: `crmgraph load other.ttl --graph https://example.org/graph/other --store kept`
    """

    folder = store_folder(settings)
    kept_store(folder, settings)
    added = load_files(folder, files, graph, _watched if sys.stderr.isatty() else lambda file: file.open("rb"))
    typer.echo(f"{folder}: {added} statement{'' if added == 1 else 's'} more")


@with_settings("store", "plans", "build", "base")
def dump_command(
    settings: Settings,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write all that the store holds as N-Quads; it may be in use meanwhile.

    Without a store that is written to, it is the built dataset.

    Example: `crmgraph dump --store kept --output dataset.nq`
    """

    if settings.store is None:
        opened = open_store(built(settings).folder(settings.build) / STORE)
    else:
        opened = open_store(Generations(store_folder(settings)).path, "restore a backup")
    with nullcontext(sys.stdout.buffer) if output is None else replacing(output) as out:
        try:
            opened.dump(out, RdfFormat.N_QUADS)
        except RuntimeError as error:
            raise UsageError(
                f"cannot be read to its end, for it is damaged ({error}); restore a backup, or make it anew",
                Place(Path(settings.store or settings.build)),
            ) from None


@with_settings("store", "build", "base")
def backup_command(
    settings: Settings,
    target: Annotated[Path, typer.Argument(help="The folder of the backup, which is made.")],
) -> None:
    """Copy the store as it is now; it may be in use meanwhile.

    Example: `crmgraph backup backups/2026-11-26 --store kept`
    """

    folder = store_folder(settings)
    typer.echo(f"{target}: generation {back_up(folder, target)} of {folder}")


@with_settings("store", "build", "base")
def restore_command(
    settings: Settings,
    backup: Annotated[Path, typer.Argument(help="The folder of the backup.")],
) -> None:
    """Put a backup in the place of what the store holds, while nobody serves it; a store that is not there is made.

    Example: `crmgraph restore backups/2026-11-26 --store kept`
    """

    folder = store_folder(settings)
    typer.echo(f"{folder}: generation {restore(folder, backup)} is {backup}")


def _watched(file: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file and show on the terminal how far it has been read."""
    return open_watched(file, "rb", description=file.name, console=Console(stderr=True))
