"""`crmgraph export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, ExportFormat, Plans, built, settings_of, stored

__all__ = ["export_command"]


def export_command(
    format: Annotated[ExportFormat, typer.Argument(help="render: the plan as a text table again.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    graph: Annotated[
        str | None, typer.Option(help="Only this named graph, such as plan/crm; one that others made by its IRI.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(help="The folder of the store that is written to.", show_default="the built dataset"),
    ] = None,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Write the dataset for other programs: Turtle, N-Quads, JSON-LD, or the plan as a text table again.

    Where a store in a folder is named, here or in the settings, it is what that holds now.

    Example: `crmgraph export ttl --graph plan/crm --output plan.ttl`
    """
    settings = settings_of(store=store, build=build, base=base, plans=plans)

    from crmgraph.exporting import export
    from crmgraph.exporting.files import replacing
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

    if settings.store_is_elsewhere:
        typer.echo(
            f"crmgraph: this is the built dataset, and not what is at {settings.store}",
            err=True,
        )
    kept = stored(settings)
    opened = (
        open_store(kept.path, "restore a backup")
        if kept
        else open_store(built(settings).folder(settings.build) / STORE)
    )
    if output is None:
        export(opened, format.value, sys.stdout.buffer, settings.names, graph)
        return
    with replacing(output) as out:
        export(opened, format.value, out, settings.names, graph)
