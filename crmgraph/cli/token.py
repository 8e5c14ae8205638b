"""`crmgraph token`."""

from typing import Annotated

import typer

__all__ = ["token_command"]


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
