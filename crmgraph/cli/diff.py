"""The command diff."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from crmgraph.building import documents, plans_of, version_id, versions
from crmgraph.checks import plans
from crmgraph.cli.options import Language, steps, with_settings
from crmgraph.comparing import compare
from crmgraph.comparing.changes import agent_finder
from crmgraph.comparing.reporting import FORMATS, as_turtle
from crmgraph.errors import UsageError
from crmgraph.reading import Plan, read_plan
from crmgraph.settings import Settings

__all__ = ["diff_command"]


@with_settings("plans", "build", "base")
def diff_command(
    settings: Settings,
    old: Annotated[
        str, typer.Argument(help="The file of a plan as it was; or crm and the like, for one that is held.")
    ],
    new: Annotated[str, typer.Argument(help="The file of the plan as it is; or the name of one that is held.")],
    format: Annotated[
        Literal["text", "json", "turtle", "html"], typer.Option(help="How to write what changed.")
    ] = "text",
    lang: Annotated[Language, typer.Option(help="The language for people.")] = "es",
    id: Annotated[
        str | None, typer.Option(help="The id of the new plan, by which its parts are named.", show_default="file name")
    ] = None,
) -> None:
    """Say what changed between two versions of a plan, part by part. The exit status is 1 where anything did.

    Example: `crmgraph diff crm plan-2027.txt --format html > changes.html`
    """
    before, after = _plan(old, None, settings), _plan(new, id, settings)
    if format == "turtle" and before.id == after.id:
        raise UsageError(f"both plans would be called {before.id}; give the new one another name by --id")
    with steps() as say:
        say("comparing")
        known = plans.background(settings.names)
        comparison = compare(before, after, agent_finder(known, after), known.statuses)
    if format == "turtle":
        typer.echo(as_turtle(comparison, settings.names), nl=False)
    else:
        typer.echo(FORMATS[format](comparison, lang))
    raise typer.Exit(int(not comparison.is_same))


def _plan(name: str, id: str | None, settings: Settings) -> Plan:
    """Return the plan in the file of this name, or else the plan or the earlier version that the dataset has."""
    file = Path(name)
    if file.suffix or (file.exists() and not file.is_dir()):
        return read_plan(file, id)
    folder = settings.plans or plans_of(settings.build)
    held = {
        **{file.stem: file for file in documents(folder)},
        **{version_id(file): file for file in versions(folder)},
    }
    if name not in held:
        raise UsageError(f"there is no file {name}, and no plan of that name; there are {', '.join(held)}")
    return read_plan(held[name], id or name)
