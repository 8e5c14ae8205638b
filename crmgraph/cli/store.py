"""`crmgraph load`, `dump`, `backup` and `restore`: the store that is written to."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Plans, built, settings_of
from crmgraph.errors import Place, UsageError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from crmgraph.settings import Settings

__all__ = ["backup_command", "dump_command", "load_command", "restore_command"]

StoreFolder = Annotated[
    str | None, typer.Option("--store", help="The folder of the store that is written to.", show_default=False)
]


def load_command(
    files: Annotated[list[Path], typer.Argument(help="RDF files: ttl, nt, nq, trig, rdf or jsonld, also with .gz.")],
    graph: Annotated[str | None, typer.Option(help="The IRI of the graph for statements without one.")] = None,
    store: StoreFolder = None,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Load files into the store while nobody serves it: all of them, or none.

    A store that is not there is made, and begins as the built dataset. Where it is being served, send the files to
    `/graphs` instead.

    Example: `crmgraph load other.ttl --graph https://example.org/graph/other --store kept`
    """
    from crmgraph.store.backup import load_files

    settings = settings_of(store=store, build=build, base=base, plans=plans)
    folder = _made(settings)
    added = load_files(folder, files, graph, _watched if sys.stderr.isatty() else lambda file: file.open("rb"))
    typer.echo(f"{folder}: {added} statement{'' if added == 1 else 's'} more")


def dump_command(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    store: StoreFolder = None,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Write all that the store holds as N-Quads; it may be in use meanwhile.

    Without a store that is written to, it is the built dataset.

    Example: `crmgraph dump --store kept --output dataset.nq`
    """
    from pyoxigraph import RdfFormat

    from crmgraph.exporting.files import replacing
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store
    from crmgraph.store.generations import Generations

    settings = settings_of(store=store, build=build, base=base, plans=plans)
    if settings.store is None:
        opened = open_store(built(settings).folder(settings.build) / STORE)
    else:
        opened = open_store(Generations(_named(settings)).path, "restore a backup")
    with nullcontext(sys.stdout.buffer) if output is None else replacing(output) as out:
        try:
            opened.dump(out, RdfFormat.N_QUADS)
        except RuntimeError as error:
            raise UsageError(
                f"cannot be read to its end, for it is damaged ({error}); restore a backup, or make it anew",
                Place(Path(settings.store or settings.build)),
            ) from None


def backup_command(
    target: Annotated[Path, typer.Argument(help="The folder of the backup, which is made.")],
    store: StoreFolder = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Copy the store as it is now; it may be in use meanwhile.

    Example: `crmgraph backup backups/2026-11-26 --store kept`
    """
    from crmgraph.store.backup import back_up

    folder = _named(settings_of(store=store, build=build, base=base))
    typer.echo(f"{target}: generation {back_up(folder, target)} of {folder}")


def restore_command(
    backup: Annotated[Path, typer.Argument(help="The folder of the backup.")],
    store: StoreFolder = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Put a backup in the place of what the store holds, while nobody serves it; a store that is not there is made.

    Example: `crmgraph restore backups/2026-11-26 --store kept`
    """
    from crmgraph.store.backup import restore

    folder = _named(settings_of(store=store, build=build, base=base))
    typer.echo(f"{folder}: generation {restore(folder, backup)} is {backup}")


def _named(settings: "Settings") -> Path:
    if settings.store is None:
        raise UsageError("name the folder of the store by --store, CRMGRAPH_STORE or crmgraph.toml")
    if settings.store_is_elsewhere:
        raise UsageError(
            f"{settings.store}: this is the address of an endpoint, and here a store in a folder is needed"
        )
    return Path(settings.store)


def _made(settings: "Settings") -> Path:
    """The store that is written to, which is made of the built dataset where it is not there."""
    from crmgraph.sparql.states import state_as_built
    from crmgraph.store import STORE
    from crmgraph.store.generations import Generations, is_new

    folder = _named(settings)
    if is_new(folder):
        manifest = built(settings)
        Generations.create(folder, manifest.folder(settings.build) / STORE, state_as_built(manifest.dataset))
    return folder


def _watched(file: Path) -> "AbstractContextManager[BinaryIO]":
    """The file, and on the terminal how far it has been read."""
    from rich.console import Console
    from rich.progress import open as open_watched

    return open_watched(file, "rb", description=file.name, console=Console(stderr=True))
