"""The command check."""

import gc
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

import typer

from crmgraph.building import FINDINGS, SOURCE, by_document, plans_of
from crmgraph.checks.catalogue import SEVERITIES, SHAPES, no_such_check, read_checks, turtle_in
from crmgraph.checks.findings import AcceptedFindings, Finding, from_json, locate, new_findings, read_baseline
from crmgraph.checks.formats import write
from crmgraph.checks.reports import Document, Report
from crmgraph.cli.options import STANDARD_INPUT, Language, built, steps, tell, with_settings
from crmgraph.errors import ContradictionError, InputError, UsageError
from crmgraph.reading import Plan, read_plan
from crmgraph.reading.languages import LANGUAGES, UNDERSTOOD
from crmgraph.settings import Settings

__all__ = ["FailOn", "Format", "check_command"]

Format = Literal["text", "json", "turtle", "sarif", "html"]
FailOn = Literal["violation", "warning", "info", "never"]

# The modules that describe and check plans are slow to import, and a report of the built dataset does without them.


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
    baseline: Annotated[
        Path | None, typer.Option(help="A report in JSON made before: only what is new is reported.")
    ] = None,
    accepted: Annotated[
        Path | None,
        typer.Option(help="The table of findings accepted as explained.", show_default="PLAN.accepted.csv"),
    ] = None,
    engine: Annotated[
        Literal["pyshifty", "pyshacl"],
        typer.Option(help="The SHACL engine: pyshifty is fast; pyshacl, the reference, finds the same slowly."),
    ] = "pyshifty",
    lang: Annotated[Language, typer.Option(help="The language for people.")] = "es",
    id: Annotated[
        str | None, typer.Option(help="The id of the plan, for a single file.", show_default="file name, or stdin")
    ] = None,
) -> None:
    """Report what is inconsistent or missing, in the built dataset or in the plans of some files.

    A part is called by the initials of its theme and its number, as in pgm/3.1. A letter behind it, as in pgm/3.1-a,
    is the first line without a number below it; -2, the second part with that number.

    Example: `crmgraph check plan.txt --format html --fail-on warning`
    """
    before = read_baseline(baseline) if baseline is not None else None
    only = only or []
    checks = {check.code: check for check in read_checks(turtle_in(SHAPES)).values()}
    for code in only:
        if code not in checks:
            raise UsageError(f"--only: {no_such_check(code, checks)}")
    result = _Result(AcceptedFindings(checks, accepted))
    if files:
        _check_files(files, id, settings, engine, result)
    else:
        _check_built(settings, engine, result)
    findings = [finding for finding in result.findings if not only or finding.code in only]
    shown = findings if before is None else new_findings(findings, before)
    counted = {code for code, check in checks.items() if check.is_counted}
    report = Report(
        tuple(shown),
        checks,
        result.documents,
        lang,
        None if before is None else len(findings) - len(shown),
        sum(bool(only) and each.code not in {*only, *counted} for each in result.findings),
    )
    if result.documents:
        typer.echo(write(report, format, settings.names.base))
    # A row may be about a plan that could not be read.
    for message in (*result.accepted.stale(are_all=not result.refused), *result.refused):
        tell(message)
    # Findings that are accepted do not count, and missing translations are no defect.
    grave = () if fail_on == "never" else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    fails = any(each.accepted is None and each.severity in grave and each.code not in counted for each in shown)
    raise typer.Exit(2 if result.refused else int(fails))


@dataclass
class _Result:
    """The result of a check: findings, documents by name, and errors of files that could not be read."""

    accepted: AcceptedFindings
    findings: list[Finding] = field(default_factory=list)
    documents: dict[str | None, Document] = field(default_factory=dict)
    refused: list[InputError] = field(default_factory=list)

    def add(self, plan: Plan, findings: list[Finding], file: Path | None, uri: str, name: str) -> None:
        """Add the findings about a plan, those marked that are accepted, and its document."""
        self.findings += self.accepted.mark(findings, file)
        titles = {theme.id: " ".join(theme.text.split()) for theme in plan.themes}
        self.documents[str(plan.source.file)] = Document(name, uri, plan.source, titles)
        # Nobody is to take what was not checked for correct.
        if plan.language not in UNDERSTOOD:
            tell(
                f"{plan.source.file}: this plan is in {LANGUAGES[plan.language]}; of its schedule was read only what "
                "stands in figures or is written as in Spanish or English, and how names are spelt was not judged: "
                f"their words are known in {' and '.join(LANGUAGES[each] for each in UNDERSTOOD)}"
            )


def _check_built(settings: Settings, engine: str, result: _Result) -> None:
    """Add the findings about the built dataset; they are looked for where data and ontology contradict each other."""
    findings = None
    if engine == "pyshifty":
        with suppress(ContradictionError):
            place = built(settings).folder(settings.build)
            findings = from_json((place / FINDINGS).read_text(encoding="utf-8"))
    plans = settings.plans or plans_of(settings.build)
    if findings is None:
        from crmgraph.building.dataset import check_built

        with steps() as say:
            findings = check_built(settings.names, say, plans, engine)
    for file, about in by_document(findings, plans).items():
        plan, uri = read_plan(file), _uri(file)
        if file.parent == SOURCE.parent:
            # Where the installed package keeps it says nothing to people or programs: its name in the project does.
            uri = f"data/source/{file.name}"
            plan = replace(plan, source=replace(plan.source, file=Path(uri)))
        result.add(plan, locate(about, plan.source), file, uri, file.name)


def _check_files(files: list[str], id: str | None, settings: Settings, engine: str, result: _Result) -> None:
    """Add the findings about the plans in these files; - is standard input."""
    from crmgraph.checks.plans import background, check_plan

    if id is not None and len(files) > 1:
        raise UsageError("--id names one plan, and there are several files")
    if "" in files:
        raise UsageError("the name of a file is empty; name a plan, or - for standard input")
    with steps() as say:
        say("reading")
        plans: list[tuple[Path | None, Plan]] = []
        for file in dict.fromkeys(files):
            path = None if file == "-" else Path(file)
            try:
                if path:
                    plans.append((path, read_plan(path, id)))
                else:
                    plans.append((path, read_plan(STANDARD_INPUT, id or "stdin", sys.stdin.buffer)))
            except InputError as error:
                result.refused.append(error)
        if not plans:
            return
        # Graphs are many small objects in use: to look for those that are not takes a sixth of the time.
        gc.set_threshold(500_000, 20, 20)
        known = background(settings.names)
        for path, plan in plans:
            try:
                found = check_plan(plan, settings.names, say, known, engine)
                result.add(plan, found, path, _uri(path) if path else "stdin", str(plan.source.file))
            except InputError as error:
                result.refused.append(error)


def _uri(file: Path) -> str:
    """Return the URI of a file, relative where it is below the current folder."""
    absolute, here = file.absolute(), Path.cwd()
    return quote(absolute.relative_to(here).as_posix()) if absolute.is_relative_to(here) else absolute.as_uri()
