"""The command check."""

import gc
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

import typer

from crmgraph.building import CHECKS, FINDINGS, SOURCE, by_document, plans_of
from crmgraph.checks.catalogue import SEVERITIES, Check, catalogue_from_json, no_such_check
from crmgraph.checks.findings import Finding, from_json, locate, new_findings, read_baseline
from crmgraph.checks.formats import write
from crmgraph.checks.reports import Document, Report
from crmgraph.cli.options import STANDARD_INPUT, Language, built, steps, tell, with_settings
from crmgraph.errors import ContradictionError, InputError, UsageError
from crmgraph.reading import Plan, read_plan, read_plan_stream
from crmgraph.reading.languages import LANGUAGES, UNDERSTOOD
from crmgraph.settings import Settings

if TYPE_CHECKING:
    from crmgraph.checks.accepted import AcceptedTable

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
    checked = _Checked(settings, engine, accepted, only or [])
    if files:
        checked.check_files(files, id)
    else:
        checked.check_built()
    findings = [finding for finding in checked.findings if not only or finding.code in only]
    shown = findings if before is None else new_findings(findings, before)
    counted = {code for code, check in checked.checks.items() if check.is_counted}
    report = Report(
        tuple(shown),
        checked.checks,
        checked.documents,
        lang,
        None if before is None else len(findings) - len(shown),
        sum(bool(only) and each.code not in {*(only or ()), *counted} for each in checked.findings),
    )
    if checked.documents:
        typer.echo(write(report, format, settings.names.base))
    for error in checked.refused:
        tell(error)
    # Findings that are accepted do not count, and missing translations are no defect.
    grave = () if fail_on == "never" else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    fails = any(each.accepted is None and each.severity in grave and each.code not in counted for each in shown)
    raise typer.Exit(2 if checked.refused else int(fails))


@dataclass
class _Checked:
    """The result of a check: findings, checks by code, documents by name, and errors of files that cannot be read.

    `accepted` is the table of accepted findings for all plans; where it is None, each has its own beside it. `only` are
    the codes that are asked for.
    """

    settings: Settings
    engine: str
    accepted: Path | None
    only: list[str]
    findings: list[Finding] = field(default_factory=list)
    checks: dict[str, Check] = field(default_factory=dict)
    documents: dict[str | None, Document] = field(default_factory=dict)
    refused: list[InputError] = field(default_factory=list)

    def check_built(self) -> None:
        """Take the findings about the built dataset, or look for them where data and ontology contradict each other."""
        findings, plans = None, self.settings.plans
        if self.engine == "pyshifty":
            with suppress(ContradictionError):
                place = built(self.settings).folder(self.settings.build)
                findings = from_json((place / FINDINGS).read_text(encoding="utf-8"))
                table = self._start(catalogue_from_json((place / CHECKS).read_text(encoding="utf-8")))
        plans = plans or plans_of(self.settings.build)
        if findings is None:
            from crmgraph.building.dataset import check_built
            from crmgraph.checks.engine import known_shapes

            with steps() as say:
                findings = check_built(self.settings.names, say, plans, self.engine)
            table = self._start(known_shapes().catalogue)
        for file, about in by_document(findings, plans).items():
            plan, uri = read_plan(file), _uri(file)
            if file.parent == SOURCE.parent:
                # Where the installed package keeps it says nothing to people or programs: its name in the project does.
                uri = f"data/source/{file.name}"
                plan = replace(plan, source=replace(plan.source, file=Path(uri)))
            self._add(plan, uri, file.name, locate(about, plan.source), file, table)
        _tell_stale(table)

    def check_files(self, files: list[str], id: str | None) -> None:
        """Check the plans in these files; - is standard input. Raises UsageError for a name that says nothing."""
        from crmgraph.checks.engine import known_shapes
        from crmgraph.checks.plans import background, check_plan

        if id is not None and len(files) > 1:
            raise UsageError("--id names one plan, and there are several files")
        if "" in files:
            raise UsageError("the name of a file is empty; name a plan, or - for standard input")
        with steps() as say:
            say("reading")
            plans = {file: plan for file in dict.fromkeys(files) if (plan := self._read(file, id))}
            if not plans:
                return
            table = self._start(known_shapes().catalogue)
            # Graphs are many small objects in use: to look for those that are not takes a sixth of the time.
            gc.set_threshold(500_000, 20, 20)
            known = background(self.settings.names)
            for file, plan in plans.items():
                try:
                    found = check_plan(plan, self.settings.names, say, known, self.engine)
                    name = str(plan.source.file)
                    place = None if file == "-" else Path(file)
                    self._add(plan, _uri(place) if place else "stdin", name, found, place, table)
                except InputError as error:
                    self.refused.append(error)
        # A row may be about a plan that could not be read.
        if not self.refused:
            _tell_stale(table)

    def _read(self, file: str, id: str | None) -> Plan | None:
        """Return the plan in a file, or None where it cannot be read, with the error among those refused."""
        try:
            if file == "-":
                return read_plan_stream(sys.stdin.buffer, STANDARD_INPUT, id or "stdin")
            return read_plan(Path(file), id)
        except InputError as error:
            self.refused.append(error)
            return None

    def _start(self, checks: Iterable[Check]) -> "AcceptedTable | None":
        """Take the checks, and return the table of findings that are accepted in all plans, if one is named.

        Raises UsageError and TableError where a code is none of a check.
        """
        self.checks = {check.code: check for check in checks}
        for code in self.only:
            if code not in self.checks:
                raise UsageError(f"--only: {no_such_check(code, self.checks)}")
        return self._table(self.accepted)

    def _table(self, file: Path | None) -> "AcceptedTable | None":
        if file is None:
            return None
        from crmgraph.checks.accepted import AcceptedTable

        return AcceptedTable(file, self.checks)

    def _add(
        self, plan: Plan, uri: str, called: str, found: list[Finding], file: Path | None, table: "AcceptedTable | None"
    ) -> None:
        """Add the findings about a plan, those marked that are accepted, and its document."""
        own = None
        if table is None and file is not None:
            beside = file.with_name(f"{file.stem}.accepted.csv")
            own = self._table(beside if beside.is_file() else None)
        marking = table or own
        self.findings += marking.mark(found) if marking else found
        _tell_stale(own)
        titles = {theme.id: " ".join(theme.text.split()) for theme in plan.themes}
        self.documents[str(plan.source.file)] = Document(called, uri, plan.source, titles)
        if plan.language not in UNDERSTOOD:
            tell(
                f"{plan.source.file}: this plan is in {LANGUAGES[plan.language]}; of its schedule was read only what "
                "stands in figures or is written as in Spanish or English, and how names are spelt was not judged: "
                f"their words are known in {' and '.join(LANGUAGES[each] for each in UNDERSTOOD)}"
            )


def _tell_stale(table: "AcceptedTable | None") -> None:
    for line in table.stale if table else ():
        tell(line)


def _uri(file: Path) -> str:
    """Return the URI of a file, relative where it is below the current folder."""
    absolute, here = file.absolute(), Path.cwd()
    return quote(absolute.relative_to(here).as_posix()) if absolute.is_relative_to(here) else absolute.as_uri()
