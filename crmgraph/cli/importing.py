"""The command import."""

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crmgraph.building import plans_of
from crmgraph.cli.options import tell, with_settings
from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.extraction.dates import undecided_months
from crmgraph.importing import PlanTable, as_toml, loose_told, numbered_otherwise, read_mapping, read_tables
from crmgraph.importing import guess as guess_mapping
from crmgraph.importing.containers import title_in
from crmgraph.importing.graphs import RDF_ENDINGS, as_n_triples, check_address, from_source, read_graph, says_source
from crmgraph.plan_folder import GRAPH, TEXT
from crmgraph.reading import Plan, plan_id, read_plan, read_plan_text
from crmgraph.reading.languages import LANGUAGES
from crmgraph.reading.model import Part, ScheduleEntry
from crmgraph.reading.source import LARGEST, ORIGIN, Source, origin_of
from crmgraph.settings import Settings
from crmgraph.texts import read_bytes
from crmgraph.wording import first_of, quoted

__all__ = ["import_command"]

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
    is_graph, is_text = file.suffix.lower() in RDF_ENDINGS, file.suffix.lower() == TEXT
    if (is_graph or is_text) and (mapping is not None or guess):
        known = "a graph has no columns" if is_graph else "the columns of a plan in text are known"
        raise UsageError(f"{known}: leave --mapping and --guess out", Place(file))
    if is_graph:
        _import_graph(file, output, force, source, settings)
        return
    if source is not None:
        check_address(source)
        if output is None:
            raise UsageError("where a plan is from is written beside it: say --output", Place(file))
    tables: tuple[str, ...] = ()
    if is_text:
        plan = read_plan(file, plan_id(output or file))
        _check_target(output, TEXT, "a plan in text", force)
        # Its line ends and its byte-order mark are its own.
        data = read_bytes(file, SourceError, LARGEST)
        told = [f"{_counted(plan)}; it is a plan in text already, {'and was not changed' if output else 'as it is'}"]
    else:
        grids = read_tables(file)
        table = PlanTable(grids, read_mapping(mapping) if mapping else guess_mapping(grids, file), file)
        if guess:
            typer.echo(as_toml(table.mapping, [each.name for each in table.unplaced()]), nl=False)
            return
        if mapping is None:
            table.check_levels()
        _check_target(output, TEXT, "a plan in text", force)
        text, plan, stated = _plan_of(table, file, mapping, output or file)
        data, tables, told = text.encode(), table.names, _told(table, plan, mapping, stated)
    _write(data, output)
    if output is not None:
        origin = origin_of(file, tables, mapping, source or "", datetime.now(UTC).date())
        _write(origin.as_json().encode(), output.with_suffix(ORIGIN))
    for line in told:
        tell(line)


def _plan_of(table: PlanTable, file: Path, mapping: Path | None, named: Path) -> tuple[str, Plan, str]:
    """Return the plan of a table as text and as it is read, and the title that the file states.

    What cannot be read is told now, and nothing is written.
    """
    stated, language = title_in(file), table.mapping.language
    text = table.text_table(stated or named.stem)
    try:
        plan = read_plan_text(Source(text), plan_id(named))
    except SourceError as error:
        raise SourceError(
            f"the plan made of it cannot be read ({error}); mend the file or the mapping", Place(file)
        ) from None
    if language and plan.language != language:
        raise UsageError(
            f"the mapping says that the language is {LANGUAGES[language]}, and the words are "
            f"{LANGUAGES[plan.language]}; take the language out of the mapping, or the other words out of the file",
            Place(mapping or file),
        )
    return text, plan, stated


def _import_graph(file: Path, output: Path | None, force: bool, source: str | None, settings: Settings) -> None:
    # The modules that describe plans are slow to import.
    from crmgraph.building.dataset import check_external

    id = plan_id(output or file)
    statements = read_graph(file, id, settings.names)
    _check_target(output, GRAPH, "a graph", force)
    if source is not None:
        statements.append(from_source(source, id, settings.names))
    text = as_n_triples(statements)
    # What the build would refuse is told now, and nothing is written.
    try:
        check_external(text, id, settings.names, _folder_of_plans(settings))
    except UsageError as error:
        raise UsageError(error.message, error.place or Place(file)) from None
    _write(text.encode(), output)
    things = len({str(each.subject) for each in statements})
    tell(f"{len(statements)} statement{_plural(len(statements))} about {things} thing{_plural(things)}")
    if not says_source(statements):
        tell("nothing in it says where it is from; --source says so")


def _folder_of_plans(settings: Settings) -> Path | None:
    """Return the folder of further plans, None where it is unknown or missing."""
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


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(data)


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


def _counted(plan: Plan) -> str:
    counts = Counter(part.kind for part, _ in plan.walk())
    words = (("theme", "Theme"), ("objective", "Objective"), ("action", "Action"))
    told = [f"{counts[kind]} {word}{_plural(counts[kind])}" for word, kind in words]
    entries = f"{counts['ScheduleEntry']} in the calendar"
    activities = f"{counts['Activity']} activit{'y' if counts['Activity'] == 1 else 'ies'}"
    return f"{', '.join((*told, activities, entries))}; in {LANGUAGES[plan.language]}"


def _told(table: PlanTable, plan: Plan, mapping: Path | None, stated: str) -> list[str]:
    """Return what was read and assumed of a table, and what of it is not in the plan; `stated` is its title."""
    numbers = (
        "numbers are those of the file"
        if table.mapping.numbers == "keep"
        else "numbers were added, in brackets, where the file has none"
    )
    summary = f"{_counted(plan)}; {numbers}{'' if mapping else '; the columns were guessed (--guess shows how)'}"
    if not table.title:
        said = "its properties say" if stated else "the file is"
        summary += f"; no title stands above it, so it is called “{plan.title}”, as {said}"
    other, left = numbered_otherwise(plan), table.left_out()
    return [
        summary,
        *([_otherwise(other)] if other else []),
        *table.assumed(),
        *loose_told(plan),
        *_months_told(plan),
        *([f"not in the plan: {', '.join(left)}"] if left else []),
    ]


def _otherwise(part: Part) -> str:
    words = part.text if len(part.text) <= _LONGEST_SHOWN else f"{part.text[:_LONGEST_SHOWN]}…"
    return (
        f"numbers that the file prints are not those of the plan: “{words}” is counted as {part.id.rpartition('/')[2]} "
        "in it, and keeps its words. A plan has 1 for an objective, 1.1 for an action of it, 1.1.1 for an activity of "
        "that, begun anew or run on in each theme: write them so in the file, each once, to have its own"
    )


def _months_told(plan: Plan) -> list[str]:
    """Return a message about months of the calendar that may as well be days, if there are any."""
    calendar = [part.text for part, _ in plan.walk() if isinstance(part, ScheduleEntry)]
    found = list(dict.fromkeys(undecided_months(calendar, plan.title)))
    if not found:
        return []
    shown = first_of([quoted(each) for each in found], _MOST_SHOWN)
    return [
        f"not read in the calendar, for the figures may be those of a year or of a day: {shown}; write the year in "
        "full (2027-03)"
    ]
