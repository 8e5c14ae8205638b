"""`crmgraph snapshot`."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crmgraph.cli.options import Allow, BaseAddress, BuildFolder, SnapshotsFolder, settings_of
from crmgraph.errors import UsageError
from crmgraph.texts import read_text

__all__ = ["snapshot_command"]

_LONGEST_QUERY = 2**18


def snapshot_command(
    endpoint: Annotated[str, typer.Argument(help="The address of a SPARQL endpoint; it has to be among --allow.")],
    query: Annotated[
        Path | None,
        typer.Option(help="A file with a CONSTRUCT query for what is copied.", show_default="all it has"),
    ] = None,
    snapshots: SnapshotsFolder = None,
    allow: Allow = None,
    timeout: Annotated[float | None, typer.Option(help="The longest it may take, in seconds.")] = None,
    build: BuildFolder = None,  # noqa: ARG001 - every command takes it
    base: BaseAddress = None,  # noqa: ARG001
) -> None:
    """Copy what another endpoint has, to stand in for it where it does not answer. The last copy is forgotten.

    Example: `crmgraph snapshot http://127.0.0.1:8000/sparql --allow http://127.0.0.1:8000/sparql --snapshots snapshots`
    """
    settings = settings_of(snapshots=snapshots, allow=allow, timeout=timeout)
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
