"""The commands build, export and explain."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer
from pyoxigraph import Store

from crmgraph.cli.engines import stored
from crmgraph.cli.options import Language, built, built_now, tell, with_settings
from crmgraph.exporting import export
from crmgraph.exporting.files import replacing
from crmgraph.inference.explanation import Records, as_json, as_text, explain
from crmgraph.inference.terms import read_term, select_from, short
from crmgraph.settings import Settings
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store

__all__ = ["ExportFormat", "build_command", "explain_command", "export_command"]

ExportFormat = Literal["render", "ttl", "nq", "jsonld"]


@with_settings("plans", "build", "base")
def build_command(
    settings: Settings,
    force: Annotated[bool, typer.Option("--force", help="Make it anew even where nothing changed.")] = False,
    reasoner: Annotated[
        Literal["rules", "owlrl"],
        typer.Option(help="rules is fast; owlrl, the reference, infers the same in about a minute, anew."),
    ] = "rules",
) -> None:
    """Make the whole dataset from the document, the tables and the ontology.

    A dataset that is there already and whole is left as it is, unless you say `--force`.

    Example: `crmgraph build`
    """
    manifest = built_now(settings, anew=force or reasoner == "owlrl", reasoner=reasoner)
    typer.echo(f"{settings.build}: {sum(manifest.graphs.values())} statements, dataset sha256 {manifest.dataset}")


@with_settings("store", "plans", "build", "base")
def export_command(
    settings: Settings,
    format: Annotated[ExportFormat, typer.Argument(help="render: the plan as a text table again.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    graph: Annotated[
        str | None, typer.Option(help="Only this named graph, such as plan/crm; one that others made by its IRI.")
    ] = None,
) -> None:
    """Write the dataset for other programs: Turtle, N-Quads, JSON-LD, or the plan as a text table again.

    Where a store in a folder is named, here or in the settings, it is what that holds now.

    Example: `crmgraph export ttl --graph plan/crm --output plan.ttl`
    """
    if settings.store_is_elsewhere:
        tell(f"this is the built dataset, and not what is at {settings.store}")
    kept = stored(settings)
    opened = open_store(kept, "restore a backup") if kept else _built_store(settings)
    with nullcontext(sys.stdout.buffer) if output is None else replacing(output) as out:
        export(opened, format, out, settings.names, graph)


def _built_store(settings: Settings) -> Store:
    return open_store(built(settings).folder(settings.build) / STORE)


@with_settings("plans", "build", "base")
def explain_command(
    settings: Settings,
    subject: Annotated[str, typer.Argument(help="What the statement is about: country/HND, id:country/HND or an IRI.")],
    predicate: Annotated[str, typer.Argument(help="Its property: cg:memberOf, a or an IRI.")],
    object: Annotated[str, typer.Argument(help="Its value, or a literal as in Turtle.")],
    every: Annotated[
        bool, typer.Option("--all", help="Each last step that leads to it, not the shortest only.")
    ] = False,
    format: Annotated[Literal["text", "json"], typer.Option(help="How to write the explanation.")] = "text",
    lang: Annotated[Language, typer.Option(help="The language of the text.")] = "es",
) -> None:
    """Say how a statement is known: by which rule and from what, down to the words or the page of its source.

    Example: `crmgraph explain country/HND cg:memberOf process/rcm`
    """
    names = settings.names
    triple = read_term(subject, names), read_term(predicate, names), read_term(object, names)
    records = Records(select_from(_built_store(settings)), names.graph("inferred"))
    explanations = explain(records, triple, every)
    if not explanations:
        tell(f"the graph does not say {' '.join(short(term, names.prefixes()) for term in triple)}")
        raise typer.Exit(1)
    typer.echo(as_json(explanations) if format == "json" else as_text(explanations, lang, names.prefixes()))
