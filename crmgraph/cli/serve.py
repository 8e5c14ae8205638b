"""The commands to run the server (serve), copy another endpoint (snapshot) and make a token to write with (token)."""

import json
import signal
import sys
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from crmgraph.cli.data import connect_remote_engine, create_pool, federation_wrapper, open_writable_store
from crmgraph.cli.options import build_in_child_process, ensure_built, print_message, with_settings
from crmgraph.errors import UsageError
from crmgraph.files import read_text
from crmgraph.settings import Settings, make_writer
from crmgraph.sparql import Engine
from crmgraph.store.changes import new_token, token_digest

_LONGEST_QUERY = 2**18


def exit_on_signal(_: int, __: FrameType | None) -> None:
    """End the process on SIGTERM as on Ctrl-C, so that open resources are closed first."""
    sys.exit(0)


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
    from crmgraph.federation.endpoints import AllowedUrls, Fetcher
    from crmgraph.federation.snapshots import ALL_TRIPLES_QUERY, MAX_SNAPSHOT_BYTES, take_snapshot
    from crmgraph.sparql.engine import Limit

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with closing(Fetcher(AllowedUrls(settings.allow), MAX_SNAPSHOT_BYTES)) as fetcher:
        copy = take_snapshot(
            settings.snapshots, endpoint, text or ALL_TRIPLES_QUERY, fetcher, Limit(settings.timeout), now
        )
    typer.echo(f"{endpoint}: {copy.statements:,} statements as of {copy.taken}")


def token_command(
    name: Annotated[str, typer.Argument(help="How the record of writes is to call the writer.")],
    graph: Annotated[
        list[str] | None,
        typer.Option(help="A graph that they may change: an IRI, one with a star at the end, or default."),
    ] = None,
) -> None:
    """Make a token for somebody who may write, and print the lines of crmgraph.toml that let it in.

    The token is printed on standard error, and is not stored anywhere.

    Example: `crmgraph token ana --graph https://w3id.org/crmgraph/graph/plan/csm`
    """
    token = new_token()
    make_writer(name, token_digest(token), graph or ["*"])
    typer.echo(f"Authorization: Bearer {token}", err=True)
    typer.echo("[[writers]]")
    typer.echo(f"name = {json.dumps(name, ensure_ascii=False)}")
    typer.echo(f'token = "{token_digest(token)}"')
    if graph:
        typer.echo(f"graphs = {json.dumps(graph, ensure_ascii=False)}")


@with_settings()
def serve_command(
    settings: Settings,
) -> None:
    """Serve the site and the SPARQL endpoint, building the dataset first where need be.

    Example: `crmgraph serve --port 8080`
    """
    federated = federation_wrapper(settings)
    manifest = ensure_built(settings, build_in_child_process)
    signal.signal(signal.SIGTERM, exit_on_signal)
    with ExitStack() as held:
        pool: Engine
        if settings.store is None:
            if settings.writers:
                print_message("nobody can write, for no store is named; --store or `store` does")
            # The first process that answers starts while the rest is still being imported.
            pool, store_writer = held.enter_context(create_pool(settings, manifest, settings.workers)), None
        elif settings.has_remote_store:
            pool, store_writer = held.enter_context(connect_remote_engine(settings, manifest)), None
        else:
            pool, store_writer = held.enter_context(open_writable_store(Path(settings.store), settings, manifest))
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
