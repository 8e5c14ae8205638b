"""`crmgraph publish`."""

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Plans, built, pool_of, settings_of, steps
from crmgraph.cli.places import connected, engine_elsewhere
from crmgraph.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmgraph.building import Manifest
    from crmgraph.settings import Settings
    from crmgraph.sparql.elsewhere import Connection, Publication

__all__ = ["publish_command"]

_ENOUGH = 5


def publish_command(
    store: Annotated[
        str | None, typer.Option(help="The address at which the engine answers queries (SPARQL 1.1 Protocol).")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there, also what was written since, or by others.")
    ] = False,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Bring the built dataset to an engine elsewhere, which `crmgraph serve --store` then answers from.

    Example: `crmgraph publish --store http://localhost:7878/query`
    """
    settings = settings_of(store=store, build=build, base=base, plans=plans)
    with connected(settings) as connection:
        manifest = built(settings)
        from crmgraph.sparql.elsewhere.publication import Places
        from crmgraph.storing.disk import open_store
        from crmgraph.updating.publishing import publish

        opened = open_store(manifest.folder(settings.build))
        wrong: list[tuple[str, str]] = []

        def try_out(known: "Publication") -> bool:
            wrong.extend(islice(_differences(connection, settings, manifest, known), _ENOUGH))
            return not wrong

        with steps() as say:
            done = publish(connection, Places(settings.base), opened, manifest.dataset, try_out, force, say)
    what = f"published {sum(manifest.graphs.values()):,} statements" if done else "nothing to do, it has this dataset"
    typer.echo(f"{connection.address.query}: {what}")
    for name, what in wrong:
        typer.echo(f"  {name}: {what}")
    if wrong:
        typer.echo("It answers these queries, and maybe others, in its own way: crmgraph serve answers from a copy.")


def _differences(
    connection: "Connection", settings: "Settings", manifest: "Manifest", known: "Publication"
) -> "Iterator[tuple[str, str]]":
    """Which questions of the library, and which probes, the engine answers otherwise than we do."""
    from crmgraph.library import load_library
    from crmgraph.updating.trying import PROBES, differences

    library = load_library(resource("queries"), settings.names)
    with (
        engine_elsewhere(connection, settings, manifest) as (engine, _),
        pool_of(settings, manifest, 1) as ours,
    ):
        queries = {**PROBES, **{name: question.text for name, question in library.items()}}
        yield from differences(engine, ours, known, queries)
