"""The commands that make, read and keep data: build, export, explain, load, dump, backup and restore."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import typer
from pyoxigraph import RdfFormat, Store
from rich.console import Console
from rich.progress import open as open_watched

from crmgraph.cli.engines import kept_store, store_folder, stored
from crmgraph.cli.options import Language, built, built_now, tell, with_settings
from crmgraph.errors import Place, UsageError
from crmgraph.exporting import export
from crmgraph.exporting.files import replacing
from crmgraph.inference.explanation import Records, as_json, as_text, explain
from crmgraph.inference.terms import read_term, select_from, short
from crmgraph.settings import Settings
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store
from crmgraph.store.generations import Generations

__all__ = [
    "ExportFormat",
    "backup_command",
    "build_command",
    "dump_command",
    "explain_command",
    "export_command",
    "load_command",
    "restore_command",
]

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


@with_settings("store", "plans", "build", "base")
def load_command(
    settings: Settings,
    files: Annotated[list[Path], typer.Argument(help="RDF files: ttl, nt, nq, trig, rdf or jsonld, also with .gz.")],
    graph: Annotated[str | None, typer.Option(help="The IRI of the graph for statements without one.")] = None,
) -> None:
    """Load files into the store while nobody serves it: all of them, or none.

    A store that is not there is made, and begins as the built dataset. Where it is being served, send the files to
    `/graphs` instead.

    Example: `crmgraph load other.ttl --graph https://example.org/graph/other --store kept`
    """
    # The client for HTTP comes with it, which is slow to import.
    from crmgraph.store.generations import load_files

    folder = store_folder(settings)
    kept_store(folder, settings)
    added = load_files(folder, files, graph, _watched if sys.stderr.isatty() else lambda file: file.open("rb"))
    typer.echo(f"{folder}: {added} statement{'' if added == 1 else 's'} more")


@with_settings("store", "plans", "build", "base")
def dump_command(
    settings: Settings,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write all that the store holds as N-Quads; it may be in use meanwhile.

    Without a store that is written to, it is the built dataset.

    Example: `crmgraph dump --store kept --output dataset.nq`
    """
    if settings.store is None:
        opened = _built_store(settings)
    else:
        opened = open_store(Generations(store_folder(settings)).path, "restore a backup")
    with nullcontext(sys.stdout.buffer) if output is None else replacing(output) as out:
        try:
            opened.dump(out, RdfFormat.N_QUADS)
        except RuntimeError as error:
            raise UsageError(
                f"cannot be read to its end, for it is damaged ({error}); restore a backup, or make it anew",
                Place(Path(settings.store or settings.build)),
            ) from None


@with_settings("store", "build", "base")
def backup_command(
    settings: Settings,
    target: Annotated[Path, typer.Argument(help="The folder of the backup, which is made.")],
) -> None:
    """Copy the store as it is now; it may be in use meanwhile.

    Example: `crmgraph backup backups/2026-11-26 --store kept`
    """
    from crmgraph.store.generations import back_up

    folder = store_folder(settings)
    typer.echo(f"{target}: generation {back_up(folder, target)} of {folder}")


@with_settings("store", "build", "base")
def restore_command(
    settings: Settings,
    backup: Annotated[Path, typer.Argument(help="The folder of the backup.")],
) -> None:
    """Put a backup in the place of what the store holds, while nobody serves it; a store that is not there is made.

    Example: `crmgraph restore backups/2026-11-26 --store kept`
    """
    from crmgraph.store.generations import restore

    folder = store_folder(settings)
    typer.echo(f"{folder}: generation {restore(folder, backup)} is {backup}")


def _watched(file: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file and show on the terminal how far it has been read."""
    return open_watched(file, "rb", description=file.name, console=Console(stderr=True))
