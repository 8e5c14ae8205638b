"""`crmgraph serve`."""

from typing import Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Memory, built, pool_of, settings_of

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
    root_path: Annotated[str | None, typer.Option(help="The path below which a proxy serves this.")] = None,
    memory: Memory = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Serve the site and the SPARQL endpoint, building the dataset first where need be.

    Example: `crmgraph serve --port 8080`
    """
    settings = settings_of(
        host=host, port=port, timeout=timeout, workers=workers, root_path=root_path, memory=memory, build=build,
        base=base,
    )  # fmt: skip
    manifest = built(settings)

    # The first process that answers starts while the rest is still being imported.
    with pool_of(settings, manifest, settings.workers) as pool:
        from crmgraph.serving import serve

        serve(settings, manifest, pool, lambda url: typer.echo(f"crmgraph is at {url} (stop it with Ctrl-C)"))
