"""`crmgraph serve`."""

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.ending import ended_in_order
from crmgraph.cli.options import (
    Allow,
    BaseAddress,
    BuildFolder,
    Memory,
    Plans,
    SnapshotsFolder,
    built_apart,
    federation_of,
    kept,
    pool_of,
    remote_engine,
    settings_of,
)

if TYPE_CHECKING:
    from crmgraph.sparql import Engine

__all__ = ["serve_command"]


def serve_command(
    host: Annotated[str | None, typer.Option(help="The address to serve at.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to serve at; 0 takes a free one.", show_default="8000")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(help="The longest a query may take, in seconds.", show_default="30")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes answer queries.", show_default="2")] = None,
    queue: Annotated[
        int | None, typer.Option(help="How many queries may wait for a process.", show_default="64")
    ] = None,
    in_memory: Annotated[
        int | None,
        typer.Option(help="The largest dataset that is held in memory, in bytes of N-Quads.", show_default="268435456"),
    ] = None,
    cache: Annotated[
        int | None,
        typer.Option(
            help="How many bytes of answers and pages are kept to be given again; 0 is none.", show_default="67108864"
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(help="The requests a second that a client may send on average; 0 is no limit.", show_default="50"),
    ] = None,
    connections: Annotated[
        int | None, typer.Option(help="How many connections may be open at a time.", show_default="512")
    ] = None,
    proxies: Annotated[
        str | None,
        typer.Option(help="The addresses of proxies that are believed whom they serve, with commas between them."),
    ] = None,
    allow: Allow = None,
    snapshots: SnapshotsFolder = None,
    drain: Annotated[
        float | None,
        typer.Option(
            help="The seconds that it goes on answering when it is stopped, and is not ready.", show_default="0"
        ),
    ] = None,
    log: Annotated[
        str | None, typer.Option(help="json writes a line to standard error for each request.", show_default="none")
    ] = None,
    root_path: Annotated[str | None, typer.Option(help="The path below which a proxy serves this.")] = None,
    contact: Annotated[
        str | None,
        typer.Option(help="How to reach whoever runs this, an e-mail or web address, which the pages show."),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            help="The folder of a store that may be written to; made from the dataset where it is new. Or the address "
            "of a SPARQL endpoint that has the dataset, which is only read."
        ),
    ] = None,
    check_writes: Annotated[
        bool | None, typer.Option(help="Whether a write that would break a plan is refused.", show_default="true")
    ] = None,
    memory: Memory = None,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Serve the site and the SPARQL endpoint, building the dataset first where need be.

    Example: `crmgraph serve --port 8080`
    """
    settings = settings_of(
        host=host, port=port, timeout=timeout, workers=workers, queue=queue, in_memory=in_memory, cache=cache,
        rate=rate, connections=connections, proxies=proxies, allow=allow,
        snapshots=snapshots, drain=drain, log=log, root_path=root_path, contact=contact, store=store,
        check_writes=check_writes, memory=memory, plans=plans, build=build, base=base,
    )  # fmt: skip
    federated = federation_of(settings)
    manifest = built_apart(settings)

    with ended_in_order(), ExitStack() as held:
        pool: Engine
        if settings.store is None:
            if settings.writers:
                typer.echo("crmgraph: nobody can write, for no store is named; --store or `store` does", err=True)
            # The first process that answers starts while the rest is still being imported.
            pool, store_writer = held.enter_context(pool_of(settings, manifest, settings.workers)), None
        elif settings.store_is_elsewhere:
            pool, store_writer = held.enter_context(remote_engine(settings, manifest)), None
        else:
            pool, store_writer = held.enter_context(kept(Path(settings.store), settings, manifest))
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
