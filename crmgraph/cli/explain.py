"""`crmgraph explain`."""

from typing import Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder, Language, Plans, ReportFormat, built, settings_of

__all__ = ["explain_command"]


def explain_command(
    subject: Annotated[str, typer.Argument(help="What the statement is about: country/HND, id:country/HND or an IRI.")],
    predicate: Annotated[str, typer.Argument(help="Its property: cg:memberOf, a or an IRI.")],
    object: Annotated[str, typer.Argument(help="Its value, or a literal as in Turtle.")],
    every: Annotated[
        bool, typer.Option("--all", help="Each last step that leads to it, not the shortest only.")
    ] = False,
    format: Annotated[ReportFormat, typer.Option(help="How to write the explanation.")] = ReportFormat.text,
    lang: Annotated[Language, typer.Option(help="The language of the text.")] = Language.es,
    plans: Plans = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Say how a statement is known: by which rule and from what, down to the words or the page of its source.

    Example: `crmgraph explain country/HND cg:memberOf process/rcm`
    """
    from crmgraph.inference.explanation import Records, as_json, as_text, explain
    from crmgraph.inference.terms import read_term, select_from, short
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

    settings = settings_of(build=build, base=base, plans=plans)
    names = settings.names
    triple = read_term(subject, names), read_term(predicate, names), read_term(object, names)
    store = open_store(built(settings).folder(settings.build) / STORE)
    explanations = explain(Records(select_from(store), names.graph("inferred")), triple, every)
    if not explanations:
        words = " ".join(short(term, names.prefixes()) for term in triple)
        typer.echo(f"crmgraph: the graph does not say {words}", err=True)
        raise typer.Exit(1)
    typer.echo(
        as_json(explanations) if format is ReportFormat.json else as_text(explanations, lang.value, names.prefixes())
    )
