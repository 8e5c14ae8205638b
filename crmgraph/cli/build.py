"""`crmgraph build`."""

from typing import Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Plans, built_now, settings_of

__all__ = ["build_command"]


def build_command(
    force: Annotated[bool, typer.Option("--force", help="Make it anew even where nothing changed.")] = False,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Make the whole dataset from the document, the tables and the ontology.

    A dataset that is there already and whole is left as it is, unless you say `--force`.

    Example: `crmgraph build`
    """
    settings = settings_of(build=build, base=base, plans=plans)
    manifest = built_now(settings, anew=force)
    typer.echo(f"{settings.build}: {sum(manifest.graphs.values())} statements, dataset sha256 {manifest.dataset}")
