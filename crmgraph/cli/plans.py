"""The commands that read plans: check, diff and import."""

import gc
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import typer

from crmgraph.building.manifest import (
    FINDINGS,
    GRAPH_SUFFIX,
    SOURCE,
    TEXT_SUFFIX,
    earlier_versions,
    findings_by_document,
    plan_documents,
    plans_folder,
    version_id,
)
from crmgraph.checks.findings import (
    SEVERITIES,
    SHAPES,
    AcceptanceRow,
    Check,
    Finding,
    accepted_findings_beside,
    from_json,
    group,
    locate,
    mark_accepted,
    read_accepted_findings,
    read_checks,
    turtle_in,
    unknown_check_message,
)
from crmgraph.checks.reports import Document, Report, write
from crmgraph.cli.options import STANDARD_INPUT, Language, ensure_built, print_message, progress_reporter, with_settings
from crmgraph.errors import ContradictionError, InputError, Place, SourceError, UsageError
from crmgraph.files import read_bytes
from crmgraph.importing import (
    RDF_ENDINGS,
    PlanTable,
    as_n_triples,
    as_toml,
    check_address,
    guess_mapping,
    has_source_statement,
    read_graph,
    read_mapping,
    read_tables,
    source_statement,
)
from crmgraph.reading import Plan, plan_id, read_plan, read_plan_text
from crmgraph.reading.languages import LANGUAGES, UNDERSTOOD
from crmgraph.reading.model import LARGEST, ORIGIN, Source, make_origin
from crmgraph.settings import Settings

Format = Literal["text", "json", "turtle", "sarif", "html"]
FailOn = Literal["violation", "warning", "info", "never"]

# The modules that describe and check plans are slow to import, and a report of the built dataset does not need them.


@with_settings("plans", "build", "base")
def check_command(
    settings: Settings,
    files: Annotated[
        list[str] | None, typer.Argument(help="Plans to check, - for standard input; none: the built dataset.")
    ] = None,
    format: Annotated[Format, typer.Option(help="How to write the report.")] = "text",
    fail_on: Annotated[
        FailOn, typer.Option(help="From which severity on the exit status is 1; translations do not count.")
    ] = "violation",
    only: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Report this kind of finding only; may be repeated.")
    ] = None,
    accepted: Annotated[
        Path | None,
        typer.Option(help="The table of findings accepted as explained.", show_default="PLAN.accepted.csv"),
    ] = None,
    engine: Annotated[
        Literal["fast", "pyshacl"],
        typer.Option(help="The SHACL engine: pyshacl, the reference, finds the same as the fast one, slowly."),
    ] = "fast",
    lang: Annotated[Language, typer.Option(help="The language for people.")] = "es",
    id: Annotated[
        str | None, typer.Option(help="The id of the plan, for a single file.", show_default="file name, or stdin")
    ] = None,
) -> None:
    """Report what is inconsistent or missing, in the built dataset or in the plans of some files.

    A part is identified by the initials of its theme and its number, such as pgm/3.1. The suffix -a, as in pgm/3.1-a,
    means the first line without a number below the part; -2 means the second part with that number.

    Example: `crmgraph check plan.txt --format html --fail-on warning`
    """
    only = only or []
    checks = {check.code: check for check in read_checks(turtle_in(SHAPES)).values()}
    for code in only:
        if code not in checks:
            raise UsageError(f"--only: {unknown_check_message(code)}")
    result = _CheckResult(checks, read_accepted_findings(accepted, checks) if accepted else None)
    if files:
        _check_files(files, id, settings, engine, result)
    else:
        _check_built(settings, engine, result)
    # A kind of finding that was asked for is shown although another kind would explain it.
    findings = group((each for each in result.findings if not only or each.code in only), checks.values())
    counted = {code for code, check in checks.items() if check.is_counted}
    others = group((each for each in result.findings if only and each.code not in {*only, *counted}), checks.values())
    report = Report(
        tuple(findings),
        checks,
        result.documents,
        lang,
        len(others),
    )
    if result.documents:
        typer.echo(write(report, format, settings.names.base))
    for error in result.unreadable:
        print_message(error)
    # Accepted findings and missing translations do not affect the exit status.
    severities = () if fail_on == "never" else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    fails = any(each.accepted is None and each.severity in severities and each.code not in counted for each in findings)
    raise typer.Exit(2 if result.unreadable else int(fails))


@dataclass
class _CheckResult:
    """The result of a check: findings, checked documents, and errors of files that could not be read.

    Attributes:
        checks: The checks, by code.
        accepted: The rows of the table of accepted findings; None for the table beside each plan.
        findings: The findings about all plans, not grouped by their causes.
        documents: The checked documents, by file name.
        unreadable: The errors of files that could not be read.
    """

    checks: Mapping[str, Check]
    accepted: list[AcceptanceRow] | None
    findings: list[Finding] = field(default_factory=list)
    documents: dict[str | None, Document] = field(default_factory=dict)
    unreadable: list[InputError] = field(default_factory=list)

    def add(self, plan: Plan, findings: list[Finding], file: Path | None, uri: str, name: str) -> None:
        """Add a plan: its findings, with the accepted ones marked, and its document.

        If the language of the plan is only partly supported, print a warning.
        """
        beside = accepted_findings_beside(file, self.checks) if self.accepted is None else self.accepted
        singles = [single for finding in findings for single in finding.singles]
        self.findings += mark_accepted(locate(singles, plan.source), beside)
        self.documents[str(plan.source.file)] = Document(name, uri, plan.source)
        # Readers must not assume that unchecked texts are correct.
        if plan.language not in UNDERSTOOD:
            print_message(
                f"{plan.source.file}: this plan is in {LANGUAGES[plan.language]}; of its schedule was read only what "
                "stands in figures or is written as in Spanish or English, and how names are spelt was not judged: "
                f"their words are known in {' and '.join(LANGUAGES[each] for each in UNDERSTOOD)}"
            )


def _check_built(settings: Settings, engine: str, result: _CheckResult) -> None:
    """Add the findings about the built dataset.

    They are read from the dataset. The checks are run again for another SHACL engine, or if the build failed because
    data and ontology contradict each other.
    """
    findings = None
    if engine == "fast":
        with suppress(ContradictionError):
            findings = from_json((ensure_built(settings).folder(settings.build) / FINDINGS).read_text(encoding="utf-8"))
    plans = settings.plans or plans_folder(settings.build)
    if findings is None:
        from crmgraph.building.dataset import check_built

        with progress_reporter() as report_step:
            findings = check_built(settings.names, report_step, plans, engine)
    for file, about in findings_by_document(findings, plans).items():
        plan, uri = read_plan(file), _file_uri(file)
        if file.parent == SOURCE.parent:
            # The path in the project is more useful to readers than that in the installed package.
            uri = f"data/source/{file.name}"
            plan = replace(plan, source=replace(plan.source, file=Path(uri)))
        result.add(plan, about, file, uri, file.name)


def _check_files(files: list[str], id: str | None, settings: Settings, engine: str, result: _CheckResult) -> None:
    """Add the findings about the plans in `files`; `-` is standard input.

    The error of an unreadable file is collected.
    """
    from crmgraph.checks.plans import background, check_plan

    if id is not None and len(files) > 1:
        raise UsageError("--id names one plan, and there are several files")
    with progress_reporter() as report_step:
        # Graphs are many small live objects: garbage collection would take a sixth of the time.
        gc.set_threshold(500_000, 20, 20)
        known = None
        for file in dict.fromkeys(files):
            path = None if file == "-" else Path(file)
            try:
                report_step("reading")
                plan = read_plan(path, id) if path else read_plan(STANDARD_INPUT, id or "stdin", sys.stdin.buffer)
                known = known or background(settings.names)
                result.add(
                    plan,
                    check_plan(plan, settings.names, report_step, known, engine),
                    path,
                    _file_uri(path) if path else "stdin",
                    str(plan.source.file),
                )
            except InputError as error:
                result.unreadable.append(error)


def _file_uri(file: Path) -> str:
    """Return the URI of a file: a relative reference for a file in or below the current folder, otherwise absolute."""
    absolute, here = file.absolute(), Path.cwd()
    return quote(absolute.relative_to(here).as_posix()) if absolute.is_relative_to(here) else absolute.as_uri()


@with_settings("plans", "build", "base")
def diff_command(
    settings: Settings,
    old: Annotated[
        str, typer.Argument(help="The file of a plan as it was; or crm and the like, for one that is held.")
    ],
    new: Annotated[str, typer.Argument(help="The file of the plan as it is; or the name of one that is held.")],
    format: Annotated[Literal["text", "json", "html"], typer.Option(help="How to write what changed.")] = "text",
    lang: Annotated[Language, typer.Option(help="The language for people.")] = "es",
    id: Annotated[
        str | None, typer.Option(help="The id of the new plan, by which its parts are named.", show_default="file name")
    ] = None,
) -> None:
    """Say what changed between two versions of a plan, part by part. The exit status is 1 where anything did.

    Example: `crmgraph diff crm plan-2027.txt --format html > changes.html`
    """
    from crmgraph.checks.plans import background
    from crmgraph.comparing.changes import agent_finder, compare
    from crmgraph.comparing.reporting import FORMATS

    before, after = _find_plan(old, None, settings), _find_plan(new, id, settings)
    with progress_reporter() as report_step:
        report_step("comparing")
        known = background(settings.names)
        comparison = compare(before, after, agent_finder(known, after))
    typer.echo(FORMATS[format](comparison, lang))
    raise typer.Exit(int(not comparison.is_same))


def _find_plan(name: str, id: str | None, settings: Settings) -> Plan:
    """Return the plan in the file `name`, or the plan or earlier version in the dataset with the id `name`."""
    file = Path(name)
    if file.suffix or (file.exists() and not file.is_dir()):
        return read_plan(file, id)
    folder = settings.plans or plans_folder(settings.build)
    held = {
        **{file.stem: file for file in plan_documents(folder)},
        **{version_id(file): file for file in earlier_versions(folder)},
    }
    if name not in held:
        raise UsageError(f"there is no file {name}, and no plan of that name; there are {', '.join(held)}")
    return read_plan(held[name], id or name)


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

    The name of the imported file is recorded in NAME.origin.json beside the plan, and becomes part of the dataset.

    RDF of another process (.ttl, .nt, .rdf, .owl, .jsonld, or .trig and .nq with one graph) is converted to N-Triples,
    for a separate graph of the dataset, and is checked as in a build. Blank nodes and relative IRIs get IRIs below
    id/plan/NAME, where NAME is that of the output file. A text table (.txt) is checked and copied unchanged.

    Example: `crmgraph import plan.xlsx --output plan.txt`
    """
    is_graph, is_text = file.suffix.lower() in RDF_ENDINGS, file.suffix.lower() == TEXT_SUFFIX
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
        _check_target(output, TEXT_SUFFIX, "a plan in text", force)
        # Copied as bytes, so that line ends and a byte-order mark stay.
        data = read_bytes(file, SourceError, LARGEST)
        told = [
            f"{_part_counts(plan)}; it is a plan in text already, {'and was not changed' if output else 'as it is'}"
        ]
    else:
        grids = read_tables(file)
        table = PlanTable(grids, read_mapping(mapping) if mapping else guess_mapping(grids, file), file)
        if guess:
            typer.echo(as_toml(table.mapping, [each.name for each in table.unmapped_headings()]), nl=False)
            return
        if mapping is None:
            table.check_levels()
        _check_target(output, TEXT_SUFFIX, "a plan in text", force)
        text, plan = _convert_table(table, file, mapping, output or file)
        data, tables, told = text.encode(), table.names, _import_messages(table, plan, mapping)
    _write(data, output)
    if output is not None:
        origin = make_origin(file, tables, mapping, source or "", datetime.now(UTC).date())
        _write(f"{origin.model_dump_json(indent=2)}\n".encode(), output.with_suffix(ORIGIN))
    for line in told:
        print_message(line)


def _convert_table(table: PlanTable, file: Path, mapping: Path | None, id_file: Path) -> tuple[str, Plan]:
    """Return the plan of a table as plan text and as read from that text.

    `id_file` is the file whose name gives the plan its id. Raises SourceError if the resulting text cannot be read, and
    UsageError if the mapping names a language other than that of the words.
    """
    text, language = table.text_table(id_file.stem), table.mapping.language
    try:
        plan = read_plan_text(Source(text), plan_id(id_file))
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
    return text, plan


def _import_graph(file: Path, output: Path | None, force: bool, source: str | None, settings: Settings) -> None:
    # The modules that describe plans are slow to import.
    from crmgraph.building.dataset import check_external

    id = plan_id(output or file)
    statements = read_graph(file, id, settings.names)
    _check_target(output, GRAPH_SUFFIX, "a graph", force)
    if source is not None:
        statements.append(source_statement(source, id, settings.names))
    text = as_n_triples(statements)
    # An error that the build would raise is raised before anything is written.
    try:
        check_external(text, id, settings.names, _folder_of_plans(settings))
    except UsageError as error:
        raise UsageError(error.message, error.place or Place(file)) from None
    _write(text.encode(), output)
    print_message(f"statements: {len(statements)}, about things: {len({str(each.subject) for each in statements})}")
    if not has_source_statement(statements):
        print_message("nothing in it says where it is from; --source says so")


def _folder_of_plans(settings: Settings) -> Path | None:
    """Return the folder of further plans; None if it is unknown or missing."""
    try:
        folder = settings.plans or plans_folder(settings.build)
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


_COUNTED = {
    "Theme": "themes",
    "Objective": "objectives",
    "Action": "actions",
    "Activity": "activities",
    "ScheduleEntry": "in the calendar",
}


def _part_counts(plan: Plan) -> str:
    counts = Counter(part.kind for part, _ in plan.walk())
    told = ", ".join(f"{name}: {counts[kind]}" for kind, name in _COUNTED.items())
    return f"{told}; in {LANGUAGES[plan.language]}"


def _import_messages(table: PlanTable, plan: Plan, mapping: Path | None) -> list[str]:
    """Return messages about what was read and assumed, and about cells that are not in the plan."""
    numbers = (
        "numbers are those of the file"
        if table.mapping.numbers == "keep"
        else "numbers were added, in brackets, where the file has none"
    )
    guessed = "" if mapping else "; the columns were guessed (--guess shows how)"
    untitled = "" if table.title else f"; no title stands above it, so it is called “{plan.title}”"
    left = table.omissions()
    summary = f"{_part_counts(plan)}; {numbers}{guessed}{untitled}"
    return [summary, *table.assumptions(), *([f"not in the plan: {', '.join(left)}"] if left else [])]
