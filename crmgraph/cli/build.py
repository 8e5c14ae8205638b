"""`crmgraph build`."""

from typing import Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Plans, Reasoner, built_now, settings_of

__all__ = ["build_command"]


def build_command(
    force: Annotated[bool, typer.Option("--force", help="Make it anew even where nothing changed.")] = False,
    reasoner: Annotated[
        Reasoner, typer.Option(help="rules is fast; owlrl, the reference, infers the same in about a minute, anew.")
    ] = Reasoner.rules,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Make the whole dataset from the document, the tables and the ontology.

    A dataset that is there already and whole is left as it is, unless you say `--force`.

    Example: `crmgraph build`
    """
    settings = settings_of(build=build, base=base, plans=plans)
    manifest = built_now(settings, anew=force or reasoner is Reasoner.owlrl, reasoner=reasoner.value)
    typer.echo(f"{settings.build}: {sum(manifest.graphs.values())} statements, dataset sha256 {manifest.dataset}")
