"""`crmgraph export`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, ExportFormat, Plans, built, settings_of

__all__ = ["export_command"]


def export_command(
    format: Annotated[ExportFormat, typer.Argument(help="render: the plan as a text table again.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    graph: Annotated[str | None, typer.Option(help="Only this named graph, such as plan/crm.")] = None,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Write the dataset for other programs: Turtle, N-Quads, JSON-LD, or the plan as a text table again.

    Example: `crmgraph export ttl --graph plan/crm --output plan.ttl`
    """
    settings = settings_of(build=build, base=base, plans=plans)
    manifest = built(settings)

    from crmgraph.exporting import export
    from crmgraph.exporting.files import replacing
    from crmgraph.storing.disk import open_store

    store = open_store(manifest.folder(settings.build))
    if output is None:
        export(store, format.value, sys.stdout.buffer, settings.names, graph)
        return
    with replacing(output) as out:
        export(store, format.value, out, settings.names, graph)
