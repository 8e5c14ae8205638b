"""`crmgraph check`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import (
    STANDARD_INPUT,
    BaseAddress,
    BuildFolder,
    FailOn,
    Language,
    ReportFormat,
    built,
    settings_of,
    steps,
)
from crmgraph.errors import UsageError

if TYPE_CHECKING:
    from crmgraph.checking import Finding
    from crmgraph.settings import Settings

__all__ = ["check_command"]


def check_command(
    files: Annotated[
        list[str] | None, typer.Argument(help="Plans to check, - for standard input; none: the built dataset.")
    ] = None,
    format: Annotated[ReportFormat, typer.Option(help="How to write the report.")] = ReportFormat.text,
    fail_on: Annotated[FailOn, typer.Option(help="From which severity on the exit status is 1.")] = FailOn.violation,
    lang: Annotated[Language, typer.Option(help="The language of the text.")] = Language.es,
    id: Annotated[
        str | None, typer.Option(help="The id of the plan, for a single file.", show_default="file name, or stdin")
    ] = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Report what is inconsistent or missing, in the built dataset or in the plans of some files.

    Example: `crmgraph check plan.txt --format json --fail-on warning`
    """
    from crmgraph.checking.report import as_json, as_text

    settings = settings_of(build=build, base=base)
    findings = _check_files(files, id, settings) if files else _built_findings(settings)
    typer.echo(as_json(findings) if format is ReportFormat.json else as_text(findings, lang.value))
    order = [level.value for level in FailOn]
    if any(order.index(finding.severity) <= order.index(fail_on.value) for finding in findings if fail_on != "never"):
        raise typer.Exit(1)


def _built_findings(settings: "Settings") -> "list[Finding]":
    from crmgraph.building import FINDINGS
    from crmgraph.checking.report import from_json

    place = built(settings).folder(settings.build)
    return from_json((place / FINDINGS).read_text(encoding="utf-8"))


def _check_files(files: list[str], id: str | None, settings: "Settings") -> "list[Finding]":
    if id is not None and len(files) > 1:
        raise UsageError("--id names one plan, and there are several files")
    if "" in files:
        raise UsageError("the name of a file is empty; name a plan, or - for standard input")
    with steps() as say:
        return [finding for file in files for finding in _check_plan(file, id, settings, say)]


def _check_plan(file: str, id: str | None, settings: "Settings", say: Callable[[str], None]) -> "list[Finding]":
    from crmgraph.building import check_file, check_plan
    from crmgraph.reading import read_plan_stream

    if file != "-":
        return check_file(Path(file), id, settings.names, say)
    say("reading")
    return check_plan(read_plan_stream(sys.stdin.buffer, STANDARD_INPUT, id or "stdin"), settings.names, say)
