"""The commands serve, load, dump, backup, restore, snapshot and token."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import (
    built,
    built_apart,
    federation_of,
    opened_store,
    pool_of,
    remote_engine,
    with_settings,
)
from crmgraph.errors import Place, UsageError
from crmgraph.settings import Settings
from crmgraph.texts import read_text

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from crmgraph.sparql import Engine

__all__ = [
    "backup_command",
    "dump_command",
    "load_command",
    "restore_command",
    "serve_command",
    "snapshot_command",
    "terminating",
    "token_command",
]


class _Terminated(BaseException):
    """Raised by SIGTERM. Not an Exception, so that no handler of errors catches it."""


@contextmanager
def terminating() -> Iterator[None]:
    """Close what is open in this context when SIGTERM comes, as Ctrl-C does, then end the process by it.

    A second SIGTERM ends it at once.
    """

    def stop(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except _Terminated:
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


_LONGEST_QUERY = 2**18


@with_settings("timeout", "allow", "snapshots", "build", "base")
def snapshot_command(
    settings: Settings,
    endpoint: Annotated[str, typer.Argument(help="The address of a SPARQL endpoint; it has to be among --allow.")],
    query: Annotated[
        Path | None,
        typer.Option(help="A file with a CONSTRUCT query for what is copied.", show_default="all it has"),
    ] = None,
) -> None:
    """Copy what another endpoint has, to stand in for it where it does not answer. The last copy is forgotten.

    Example: `crmgraph snapshot http://127.0.0.1:8000/sparql --allow http://127.0.0.1:8000/sparql --snapshots snapshots`
    """
    if settings.snapshots is None:
        raise UsageError("name the folder of the snapshots by --snapshots, CRMGRAPH_SNAPSHOTS or crmgraph.toml")
    text = None if query is None else read_text(query, UsageError, _LONGEST_QUERY)
    from crmgraph.federation import Allowed, Fetcher
    from crmgraph.federation.snapshots import EVERYTHING, MOST_TAKEN, take
    from crmgraph.sparql.engine import Limit

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with closing(Fetcher(Allowed(settings.allow), MOST_TAKEN)) as fetcher:
        copy = take(settings.snapshots, endpoint, text or EVERYTHING, fetcher, Limit(settings.timeout), now)
    typer.echo(f"{endpoint}: {copy.statements:,} statements as of {copy.taken}")


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
    from crmgraph.store.backup import load_files

    folder = _made(settings)
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
    from pyoxigraph import RdfFormat

    from crmgraph.exporting.files import replacing
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store
    from crmgraph.store.generations import Generations

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


@with_settings("store", "build", "base")
def backup_command(
    settings: Settings,
    target: Annotated[Path, typer.Argument(help="The folder of the backup, which is made.")],
) -> None:
    """Copy the store as it is now; it may be in use meanwhile.

    Example: `crmgraph backup backups/2026-11-26 --store kept`
    """
    from crmgraph.store.backup import back_up

    folder = _named(settings)
    typer.echo(f"{target}: generation {back_up(folder, target)} of {folder}")


@with_settings("store", "build", "base")
def restore_command(
    settings: Settings,
    backup: Annotated[Path, typer.Argument(help="The folder of the backup.")],
) -> None:
    """Put a backup in the place of what the store holds, while nobody serves it; a store that is not there is made.

    Example: `crmgraph restore backups/2026-11-26 --store kept`
    """
    from crmgraph.store.backup import restore

    folder = _named(settings)
    typer.echo(f"{folder}: generation {restore(folder, backup)} is {backup}")


def _named(settings: Settings) -> Path:
    if settings.store is None:
        raise UsageError("name the folder of the store by --store, CRMGRAPH_STORE or crmgraph.toml")
    if settings.store_is_elsewhere:
        raise UsageError(
            f"{settings.store}: this is the address of an endpoint, and here a store in a folder is needed"
        )
    return Path(settings.store)


def _made(settings: Settings) -> Path:
    """Return the folder of the store, made of the built dataset where it is missing."""
    from crmgraph.sparql.states import state_as_built
    from crmgraph.store import STORE
    from crmgraph.store.generations import Generations, is_new

    folder = _named(settings)
    if is_new(folder):
        manifest = built(settings)
        Generations.create(folder, manifest.folder(settings.build) / STORE, state_as_built(manifest.dataset))
    return folder


def _watched(file: Path) -> "AbstractContextManager[BinaryIO]":
    """Open a file and show on the terminal how far it has been read."""
    from rich.console import Console
    from rich.progress import open as open_watched

    return open_watched(file, "rb", description=file.name, console=Console(stderr=True))


def token_command(
    name: Annotated[str, typer.Argument(help="How the record of writes is to call the writer.")],
    graph: Annotated[
        list[str] | None,
        typer.Option(help="A graph that they may change: an IRI, one with a star at the end, or default."),
    ] = None,
) -> None:
    """Make a token for somebody who may write, and print the lines of crmgraph.toml that let it in.

    The token is on standard error and is kept nowhere.

    Example: `crmgraph token ana --graph https://w3id.org/crmgraph/graph/plan/csm`
    """
    import json

    from crmgraph.settings import writer_of
    from crmgraph.store.access_control import digest_of, new_token

    token = new_token()
    writer_of(name, digest_of(token), graph or ["*"])
    typer.echo(f"Authorization: Bearer {token}", err=True)
    typer.echo("[[writers]]")
    typer.echo(f"name = {json.dumps(name, ensure_ascii=False)}")
    typer.echo(f'token = "{digest_of(token)}"')
    if graph:
        typer.echo(f"graphs = {json.dumps(graph, ensure_ascii=False)}")


@with_settings()
def serve_command(
    settings: Settings,
) -> None:
    """Serve the site and the SPARQL endpoint, building the dataset first where need be.

    Example: `crmgraph serve --port 8080`
    """
    federated = federation_of(settings)
    manifest = built_apart(settings)

    with terminating(), ExitStack() as held:
        pool: Engine
        if settings.store is None:
            if settings.writers:
                typer.echo("crmgraph: nobody can write, for no store is named; --store or `store` does", err=True)
            # The first process that answers starts while the rest is still being imported.
            pool, store_writer = held.enter_context(pool_of(settings, manifest, settings.workers)), None
        elif settings.store_is_elsewhere:
            pool, store_writer = held.enter_context(remote_engine(settings, manifest)), None
        else:
            pool, store_writer = held.enter_context(opened_store(Path(settings.store), settings, manifest))
        from crmgraph.serving import serve

        engine = held.enter_context(closing(federated(pool)))
        below = f"a proxy serves it below {settings.root_path}; " if settings.root_path else ""
        serve(
            settings,
            manifest,
            engine,
            lambda url: typer.echo(f"crmgraph is at {url} ({below}stop it with Ctrl-C)"),
            store_writer,
        )
