"""The commands import and diff."""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import DiffFormat, Language, steps, with_settings
from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.settings import Settings

if TYPE_CHECKING:
    from crmgraph.reading import Plan
    from crmgraph.reading.model import Part
if TYPE_CHECKING:
    from crmgraph.reading import Plan

__all__ = ["RDF", "diff_command", "import_command"]

# They stand here again, for the modules that know them are slow to import; a test holds them together.
TEXT = ".txt"
RDF = (".ttl", ".nt", ".rdf", ".owl", ".jsonld", ".trig", ".nq")
_LONGEST_SHOWN = 40
_MOST_SHOWN = 4


@with_settings("build", "base")
def import_command(
    settings: Settings,
    file: Annotated[
        Path, typer.Argument(help="A plan in a CSV, TSV, XLSX, DOCX, ODT, ODS, HTML or StratML file, RDF, or text.")
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="Which columns of the file are which of a plan (TOML).", show_default="guessed")
    ] = None,
    guess: Annotated[
        bool, typer.Option("--guess", help="Write the mapping that is guessed, to be mended, and nothing else.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="The text file to write the plan to.", show_default="standard output")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write it over a file that is there.")] = False,
    source: Annotated[
        str | None,
        typer.Option(help="The address that it is from, to be said in the graph.", show_default="not said"),
    ] = None,
) -> None:
    """Make a plan of a file in another format: a text table, which all other commands read.

    Beside it, in NAME.origin.json, it is written down of which file it was made, and the dataset says so.

    RDF of another process (.ttl, .nt, .rdf, .owl, .jsonld, or .trig and .nq with one graph) becomes N-Triples, to be a
    graph of its own in the dataset, and is checked as the dataset is when it is built. Nodes without a name, and
    relative IRIs, are named below id/plan/NAME there, where NAME is that of the file that is written. A text table
    (.txt) is checked, and written as it is.

    Example: `crmgraph import plan.xlsx --output plan.txt`
    """
    if file.suffix.lower() in RDF:
        if mapping is not None or guess:
            raise UsageError("a graph has no columns: leave --mapping and --guess out", Place(file))
        _import_graph(file, output, force, source, settings)
        return
    if source is not None:
        from crmgraph.importing.graphs import check_address

        check_address(source)
        if output is None:
            raise UsageError("where a plan is from is written beside it: say --output", Place(file))
    if file.suffix.lower() == TEXT:
        if mapping is not None or guess:
            raise UsageError("the columns of a plan in text are known: leave --mapping and --guess out", Place(file))
        _import_text(file, output, force, source)
        return
    from crmgraph.importing import (
        PlanTable,
        as_toml,
        loose_told,
        numbered_otherwise,
        read_mapping,
        read_tables,
    )
    from crmgraph.importing import guess as guessed
    from crmgraph.importing.containers import title_in
    from crmgraph.reading import plan_id, read_plan_text
    from crmgraph.reading.languages import LANGUAGES
    from crmgraph.reading.source import Source

    grids = read_tables(file)
    table = PlanTable(grids, read_mapping(mapping) if mapping else guessed(grids, file), file)
    chosen = table.mapping
    if guess:
        typer.echo(as_toml(chosen, [each.name for each in table.unplaced()]), nl=False)
        return
    if mapping is None:
        table.check_levels()
    _check_target(output, TEXT, "a plan in text", force)
    stated = title_in(file)
    text = table.text_table(stated or (output or file).stem)
    # What cannot be read is told now, and nothing is written.
    try:
        plan = read_plan_text(Source(text), plan_id(output or file))
    except SourceError as error:
        raise SourceError(
            f"the plan made of it cannot be read ({error}); mend the file or the mapping", Place(file)
        ) from None
    if chosen.language and plan.language != chosen.language:
        raise UsageError(
            f"the mapping says that the language is {LANGUAGES[chosen.language]}, and the words are "
            f"{LANGUAGES[plan.language]}; take the language out of the mapping, or the other words out of the file",
            Place(mapping or file),
        )
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8", newline="\n")
        _write_origin(file, output, source, table.names, mapping)
    summary = f"{_counted(plan)}; {_told(chosen.numbers, mapping)}"
    if not table.title:
        said = "its properties say" if stated else "the file is"
        summary += f"; no title stands above it, so it is called “{plan.title}”, as {said}"
    typer.echo(f"crmgraph: {summary}", err=True)
    if other := numbered_otherwise(plan):
        typer.echo(f"crmgraph: {_otherwise(other)}", err=True)
    for told in (*table.assumed(), *loose_told(plan)):
        typer.echo(f"crmgraph: {told}", err=True)
    if unsure := _months_told(plan):
        typer.echo(f"crmgraph: {unsure}", err=True)
    if left := table.left_out():
        typer.echo(f"crmgraph: not in the plan: {', '.join(left)}", err=True)


def _write_origin(
    file: Path, output: Path, source: str | None, tables: tuple[str, ...] = (), mapping: Path | None = None
) -> None:
    """Write the record of origin beside a plan: the file that it was made of, and today."""
    from crmgraph.reading.origin import ORIGIN, origin_of

    origin = origin_of(file, tables, mapping, source or "", datetime.now(UTC).date())
    output.with_suffix(ORIGIN).write_text(origin.as_json(), encoding="utf-8", newline="\n")


def _import_text(file: Path, output: Path | None, force: bool, source: str | None) -> None:
    from crmgraph.reading import plan_id, read_plan
    from crmgraph.reading.source import LARGEST
    from crmgraph.texts import read_bytes

    plan = read_plan(file, plan_id(output or file))
    _check_target(output, TEXT, "a plan in text", force)
    # Its line ends and its byte-order mark are its own.
    data = read_bytes(file, SourceError, LARGEST)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(data)
        _write_origin(file, output, source)
    told = "it is a plan in text already, and was not changed" if output else "it is a plan in text already, as it is"
    typer.echo(f"crmgraph: {_counted(plan)}; {told}", err=True)


def _import_graph(file: Path, output: Path | None, force: bool, source: str | None, settings: Settings) -> None:
    from crmgraph.building.dataset import check_external
    from crmgraph.importing.graphs import as_n_triples, from_source, read_graph, says_source
    from crmgraph.reading import plan_id

    id = plan_id(output or file)
    statements = read_graph(file, id, settings.names)
    _check_target(output, ".nt", "a graph", force)
    if source is not None:
        statements.append(from_source(source, id, settings.names))
    text = as_n_triples(statements)
    # What the build would refuse is told now, and nothing is written.
    try:
        check_external(text, id, settings.names, _folder_of_plans(settings))
    except UsageError as error:
        raise UsageError(error.message, error.place or Place(file)) from None
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8", newline="\n")
    things = len({str(each.subject) for each in statements})
    told = f"{len(statements)} statement{_plural(len(statements))} about {things} thing{_plural(things)}"
    typer.echo(f"crmgraph: {told}", err=True)
    if not says_source(statements):
        typer.echo("crmgraph: nothing in it says where it is from; --source says so", err=True)


def _folder_of_plans(settings: Settings) -> Path | None:
    """Return the folder of further plans, None where it is unknown or missing."""
    from crmgraph.building import plans_of

    try:
        folder = settings.plans or plans_of(settings.build)
    except UsageError:
        return None
    return folder if folder is not None and folder.is_dir() else None


def _check_target(output: Path | None, ending: str, what: str, force: bool) -> None:
    if output is not None and output.suffix.lower() != ending:
        raise UsageError(f"the name of {what} ends in {ending}", Place(output))
    if output is not None and output.exists() and not force:
        raise UsageError("there is such a file already; name another, or say --force", Place(output))


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


def _counted(plan: "Plan") -> str:
    from crmgraph.reading.languages import LANGUAGES

    counts = Counter(part.kind for part, _ in plan.walk())
    words = (("theme", "Theme"), ("objective", "Objective"), ("action", "Action"))
    told = [f"{counts[kind]} {word}{_plural(counts[kind])}" for word, kind in words]
    entries = f"{counts['ScheduleEntry']} in the calendar"
    activities = f"{counts['Activity']} activit{'y' if counts['Activity'] == 1 else 'ies'}"
    return f"{', '.join((*told, activities, entries))}; in {LANGUAGES[plan.language]}"


def _otherwise(part: "Part") -> str:
    words = part.text if len(part.text) <= _LONGEST_SHOWN else f"{part.text[:_LONGEST_SHOWN]}…"
    return (
        f"numbers that the file prints are not those of the plan: “{words}” is counted as {_last(part)} in it, and "
        "keeps its words. A plan has 1 for an objective, 1.1 for an action of it, 1.1.1 for an activity of that, begun "
        "anew or run on in each theme: write them so in the file, each once, to have its own"
    )


def _months_told(plan: "Plan") -> str:
    """Return a message about months of the calendar that may as well be days; empty where there are none."""
    from crmgraph.extraction.dates import undecided_months
    from crmgraph.reading.model import ScheduleEntry
    from crmgraph.wording import first_of, quoted

    calendar = [part.text for part, _ in plan.walk() if isinstance(part, ScheduleEntry)]
    found = list(dict.fromkeys(undecided_months(calendar, plan.title)))
    if not found:
        return ""
    shown = first_of([quoted(each) for each in found], _MOST_SHOWN)
    return (
        f"not read in the calendar, for the figures may be those of a year or of a day: {shown}; write the year in "
        "full (2027-03)"
    )


def _last(part: "Part") -> str:
    return part.id.rpartition("/")[2]


def _told(numbers: str, mapping: Path | None) -> str:
    kept = (
        "numbers are those of the file"
        if numbers == "keep"
        else "numbers were added, in brackets, where the file has none"
    )
    return kept if mapping else f"{kept}; the columns were guessed (--guess shows how)"


@with_settings("plans", "build", "base")
def diff_command(
    settings: Settings,
    old: Annotated[
        str, typer.Argument(help="The file of a plan as it was; or crm and the like, for one that is held.")
    ],
    new: Annotated[str, typer.Argument(help="The file of the plan as it is; or the name of one that is held.")],
    format: Annotated[DiffFormat, typer.Option(help="How to write what changed.")] = DiffFormat.text,
    lang: Annotated[Language, typer.Option(help="The language for people.")] = Language.es,
    id: Annotated[
        str | None, typer.Option(help="The id of the new plan, by which its parts are named.", show_default="file name")
    ] = None,
) -> None:
    """Say what changed between two versions of a plan, part by part. The exit status is 1 where anything did.

    Example: `crmgraph diff crm plan-2027.txt --format html > changes.html`
    """
    from crmgraph.checks.plans import background
    from crmgraph.comparing import compare
    from crmgraph.comparing.changes import agent_finder
    from crmgraph.comparing.reporting import FORMATS
    from crmgraph.comparing.revisions import as_turtle

    before, after = (_plan(name, id, settings) for name, id in ((old, None), (new, id)))
    if format is DiffFormat.turtle and before.id == after.id:
        raise UsageError(f"both plans would be called {before.id}; give the new one another name by --id")
    with steps() as say:
        say("comparing")
        known = background(settings.names)
        comparison = compare(before, after, agent_finder(known, after), known.statuses)
    if format is DiffFormat.turtle:
        typer.echo(as_turtle(comparison, settings.names), nl=False)
    else:
        typer.echo(FORMATS[format.value](comparison, lang.value))
    raise typer.Exit(int(not comparison.is_same))


def _plan(name: str, id: str | None, settings: Settings) -> "Plan":
    """Return the plan in the file of this name, or else the plan or the earlier version that the dataset has."""
    from crmgraph.building import documents, plans_of, version_id, versions
    from crmgraph.reading import read_plan

    file = Path(name)
    if file.suffix or (file.exists() and not file.is_dir()):
        return read_plan(file, id)
    plans = settings.plans or plans_of(settings.build)
    held = {
        **{file.stem: file for file in documents(plans)},
        **{version_id(file): file for file in versions(plans)},
    }
    if name not in held:
        raise UsageError(f"there is no file {name}, and no plan of that name; there are {', '.join(held)}")
    return read_plan(held[name], id or name)
