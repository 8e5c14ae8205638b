"""The commands build, check, export and explain."""

import gc
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from crmgraph.cli.options import (
    STANDARD_INPUT,
    CheckFormat,
    ExportFormat,
    FailOn,
    Language,
    Reasoner,
    ReportFormat,
    ShaclEngine,
    built,
    built_now,
    steps,
    stored,
    with_settings,
)
from crmgraph.errors import ContradictionError, InputError, UsageError
from crmgraph.settings import Settings

if TYPE_CHECKING:
    from crmgraph.checks.accepted import AcceptedTable
    from crmgraph.checks.catalogue import Check
    from crmgraph.checks.findings import Finding
    from crmgraph.checks.reports import Document, Report
    from crmgraph.reading import Plan

__all__ = ["build_command", "check_command", "explain_command", "export_command"]


@with_settings("plans", "build", "base")
def build_command(
    settings: Settings,
    force: Annotated[bool, typer.Option("--force", help="Make it anew even where nothing changed.")] = False,
    reasoner: Annotated[
        Reasoner, typer.Option(help="rules is fast; owlrl, the reference, infers the same in about a minute, anew.")
    ] = Reasoner.rules,
) -> None:
    """Make the whole dataset from the document, the tables and the ontology.

    A dataset that is there already and whole is left as it is, unless you say `--force`.

    Example: `crmgraph build`
    """
    manifest = built_now(settings, anew=force or reasoner is Reasoner.owlrl, reasoner=reasoner.value)
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

    from crmgraph.exporting import export
    from crmgraph.exporting.files import replacing
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

    if settings.store_is_elsewhere:
        typer.echo(
            f"crmgraph: this is the built dataset, and not what is at {settings.store}",
            err=True,
        )
    kept = stored(settings)
    opened = (
        open_store(kept.path, "restore a backup")
        if kept
        else open_store(built(settings).folder(settings.build) / STORE)
    )
    if output is None:
        export(opened, format.value, sys.stdout.buffer, settings.names, graph)
        return
    with replacing(output) as out:
        export(opened, format.value, out, settings.names, graph)


@with_settings("plans", "build", "base")
def explain_command(
    settings: Settings,
    subject: Annotated[str, typer.Argument(help="What the statement is about: country/HND, id:country/HND or an IRI.")],
    predicate: Annotated[str, typer.Argument(help="Its property: cg:memberOf, a or an IRI.")],
    object: Annotated[str, typer.Argument(help="Its value, or a literal as in Turtle.")],
    every: Annotated[
        bool, typer.Option("--all", help="Each last step that leads to it, not the shortest only.")
    ] = False,
    format: Annotated[ReportFormat, typer.Option(help="How to write the explanation.")] = ReportFormat.text,
    lang: Annotated[Language, typer.Option(help="The language of the text.")] = Language.es,
) -> None:
    """Say how a statement is known: by which rule and from what, down to the words or the page of its source.

    Example: `crmgraph explain country/HND cg:memberOf process/rcm`
    """
    from crmgraph.inference.explanation import Records, as_json, as_text, explain
    from crmgraph.inference.terms import read_term, select_from, short
    from crmgraph.store import STORE
    from crmgraph.store.dataset import open_store

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


class _Acceptance:
    """Marks accepted findings: by the table `file` for all plans, or where it is None, by the table beside each plan.

    Raises TableError where a table has a wrong row, or one with a code that is not among `checks`.
    """

    def __init__(self, file: Path | None, checks: "Iterable[Check]") -> None:
        self._codes = {check.code for check in checks}
        self._named = self._table(file)

    def mark(self, findings: "list[Finding]", plan: Path | None) -> "list[Finding]":
        """Return the findings about the plan in the file `plan`, if it has one, each with its acceptance if any."""
        if self._named is not None:
            return self._named.mark(findings)
        beside = plan and plan.with_name(f"{plan.stem}.accepted.csv")
        table = self._table(beside if beside and beside.is_file() else None)
        if table is None:
            return findings
        told = table.mark(findings)
        _tell_stale(table)
        return told

    def finish(self) -> None:
        """Report the rows of the named table that fit no finding, after all plans."""
        if self._named is not None:
            _tell_stale(self._named)

    def _table(self, file: Path | None) -> "AcceptedTable | None":
        if file is None:
            return None
        # Tables come with rdflib, which is slow to import.
        from crmgraph.checks.accepted import AcceptedTable

        return AcceptedTable(file, self._codes)


def _tell_stale(table: "AcceptedTable") -> None:
    for line in table.stale:
        typer.echo(f"crmgraph: {line}", err=True)


@dataclass
class _Result:
    """The result of a check: findings, documents by name, checks, and errors of files that could not be read."""

    findings: "list[Finding]" = field(default_factory=list)
    documents: "dict[str | None, Document]" = field(default_factory=dict)
    checks: "list[Check]" = field(default_factory=list)
    refused: list[InputError] = field(default_factory=list)


@with_settings("plans", "build", "base")
def check_command(
    settings: Settings,
    files: Annotated[
        list[str] | None, typer.Argument(help="Plans to check, - for standard input; none: the built dataset.")
    ] = None,
    format: Annotated[CheckFormat, typer.Option(help="How to write the report.")] = CheckFormat.text,
    fail_on: Annotated[
        FailOn, typer.Option(help="From which severity on the exit status is 1; translations do not count.")
    ] = FailOn.violation,
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
        ShaclEngine,
        typer.Option(help="The SHACL engine: pyshifty is fast; pyshacl, the reference, finds the same slowly."),
    ] = ShaclEngine.pyshifty,
    lang: Annotated[Language, typer.Option(help="The language for people.")] = Language.es,
    id: Annotated[
        str | None, typer.Option(help="The id of the plan, for a single file.", show_default="file name, or stdin")
    ] = None,
) -> None:
    """Report what is inconsistent or missing, in the built dataset or in the plans of some files.

    A part is called by the initials of its theme and its number, as in pgm/3.1. A letter behind it, as in pgm/3.1-a,
    is the first line without a number below it; -2, the second part with that number.

    Example: `crmgraph check plan.txt --format html --fail-on warning`
    """
    from crmgraph.checks.findings import new_findings, read_baseline
    from crmgraph.checks.formats import write
    from crmgraph.checks.reports import Report

    before = read_baseline(baseline) if baseline is not None else None
    only = only or []
    found = (
        _check_files(files, id, only, accepted, settings, engine) if files else _built(only, accepted, settings, engine)
    )
    findings = [finding for finding in found.findings if not only or finding.code in only]
    shown = findings if before is None else new_findings(findings, before)
    checks = {check.code: check for check in found.checks}
    others = sum(bool(only) and each.code not in only and not checks[each.code].is_counted for each in found.findings)
    report = Report(
        tuple(shown),
        checks,
        found.documents,
        lang.value,
        None if before is None else len(findings) - len(shown),
        others,
    )
    if found.documents:
        typer.echo(write(report, format.value, settings.names.base))
    for error in found.refused:
        typer.echo(f"crmgraph: {error}", err=True)
    raise typer.Exit(2 if found.refused else int(_fails(report, fail_on)))


def _fails(report: "Report", fail_on: FailOn) -> bool:
    """Tell whether a finding that is not accepted is that severe; missing translations are no defect."""
    order = [level.value for level in FailOn]
    grave = order[: order.index(fail_on.value) + 1] if fail_on is not FailOn.never else []
    return any(
        finding.accepted is None and finding.severity in grave and not report.checks[finding.code].is_counted
        for finding in report.findings
    )


def _check_codes(only: Iterable[str], checks: "Iterable[Check]") -> None:
    from crmgraph.checks.catalogue import no_such_check

    codes = {check.code for check in checks}
    for code in only:
        if code not in codes:
            raise UsageError(f"--only: {no_such_check(code, codes)}")


def _built(only: list[str], accepted: Path | None, settings: Settings, engine: ShaclEngine) -> _Result:
    from crmgraph.building import CHECKS, FINDINGS, SOURCE, by_document, plans_of
    from crmgraph.checks.catalogue import catalogue_from_json
    from crmgraph.checks.findings import from_json, locate
    from crmgraph.checks.reports import Document
    from crmgraph.reading import read_plan

    findings = None
    if engine is ShaclEngine.pyshifty:
        with suppress(ContradictionError):
            place = built(settings).folder(settings.build)
            findings = from_json((place / FINDINGS).read_text(encoding="utf-8"))
            checks = catalogue_from_json((place / CHECKS).read_text(encoding="utf-8"))
    if findings is None:
        from crmgraph.building.dataset import check_built
        from crmgraph.checks.engine import known_shapes

        with steps() as say:
            findings = check_built(settings.names, say, settings.plans or plans_of(settings.build), engine.value)
        checks = known_shapes().catalogue
    _check_codes(only, checks)
    found = _Result(checks=checks)
    accepting = _Acceptance(accepted, checks)
    for file, about in by_document(findings, settings.plans or plans_of(settings.build)).items():
        plan = read_plan(file)
        source, uri = plan.source, _uri(file)
        if file.parent == SOURCE.parent:
            # Where the installed package keeps it says nothing to people or programs: its name in the project does.
            uri = f"data/source/{file.name}"
            source = replace(source, file=Path(uri))
        found.documents[str(source.file)] = Document(file.name, uri, source, _titles(plan))
        _tell_of_language(plan, uri)
        found.findings += accepting.mark(locate(about, source), file)
    accepting.finish()
    return found


def _check_files(
    files: list[str], id: str | None, only: list[str], accepted: Path | None, settings: Settings, engine: ShaclEngine
) -> _Result:
    if id is not None and len(files) > 1:
        raise UsageError("--id names one plan, and there are several files")
    if "" in files:
        raise UsageError("the name of a file is empty; name a plan, or - for standard input")
    found = _Result()
    with steps() as say:
        plans = list(_read(files, id, found, say))
        if plans:
            _check_plans(plans, only, accepted, found, settings, engine, say)
    return found


def _read(files: list[str], id: str | None, found: _Result, say: Callable[[str], None]) -> "Iterable[tuple[str, Plan]]":
    """Yield the plans that can be read, each with its file."""
    from crmgraph.reading import read_plan, read_plan_stream

    say("reading")
    for file in dict.fromkeys(files):
        try:
            if file == "-":
                plan = read_plan_stream(sys.stdin.buffer, STANDARD_INPUT, id or "stdin")
            else:
                plan = read_plan(Path(file), id)
        except InputError as error:
            found.refused.append(error)
            continue
        yield file, plan


def _check_plans(
    plans: "list[tuple[str, Plan]]",
    only: list[str],
    accepted: Path | None,
    found: _Result,
    settings: Settings,
    engine: ShaclEngine,
    say: Callable[[str], None],
) -> None:
    from crmgraph.checks.engine import known_shapes
    from crmgraph.checks.plans import background, check_plan
    from crmgraph.checks.reports import Document

    found.checks = known_shapes().catalogue
    _check_codes(only, found.checks)
    # Graphs are many small objects that are all in use: to look for those that are not takes a sixth of the time.
    gc.set_threshold(500_000, 20, 20)
    accepting = _Acceptance(accepted, found.checks)
    known = background(settings.names)
    for file, plan in plans:
        try:
            findings = check_plan(plan, settings.names, say, known, engine.value)
            findings = accepting.mark(findings, None if file == "-" else Path(file))
        except InputError as error:
            found.refused.append(error)
            continue
        found.findings += findings
        name = str(plan.source.file)
        uri = "stdin" if file == "-" else _uri(Path(file))
        found.documents[name] = Document(name, uri, plan.source, _titles(plan))
        _tell_of_language(plan, name)
    # A row may be about a plan that could not be read.
    if not found.refused:
        accepting.finish()


def _tell_of_language(plan: "Plan", name: str) -> None:
    """Report what was not checked of a plan in this language, so that nobody takes it for correct."""
    from crmgraph.reading.languages import LANGUAGES, UNDERSTOOD

    if plan.language not in UNDERSTOOD:
        typer.echo(
            f"crmgraph: {name}: this plan is in {LANGUAGES[plan.language]}; of its schedule was read only what "
            "stands in figures or is written as in Spanish or English, and how names are spelt was not judged: their "
            "words are known in "
            f"{' and '.join(LANGUAGES[each] for each in UNDERSTOOD)}",
            err=True,
        )


def _titles(plan: "Plan") -> dict[str, str]:
    """Return the titles of the themes of a plan, by id."""
    return {theme.id: " ".join(theme.text.split()) for theme in plan.themes}


def _uri(file: Path) -> str:
    """Return the URI of a file, relative where it is below the current folder."""
    absolute, here = file.absolute(), Path.cwd()
    return quote(absolute.relative_to(here).as_posix()) if absolute.is_relative_to(here) else absolute.as_uri()
