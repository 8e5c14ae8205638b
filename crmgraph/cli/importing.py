"""`crmgraph import`."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph.cli.options import BaseAddress, BuildFolder
from crmgraph.errors import Place, SourceError, UsageError

if TYPE_CHECKING:
    from crmgraph.reading import Plan

__all__ = ["import_command"]


def import_command(
    file: Annotated[Path, typer.Argument(help="A plan in a CSV, TSV, XLSX, DOCX, ODT, ODS, HTML or StratML file.")],
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
    build: BuildFolder = None,  # noqa: ARG001 - every command takes it
    base: BaseAddress = None,  # noqa: ARG001
) -> None:
    """Make a plan of a file in another format: a text table, which all other commands read.

    Example: `crmgraph import plan.xlsx --output plan.txt`
    """
    from crmgraph.importing import as_text_table, as_toml, left_out, read_mapping, read_tables
    from crmgraph.importing import guess as guessed
    from crmgraph.reading import plan_id, read_plan_text
    from crmgraph.reading.source import Source

    grids = read_tables(file)
    chosen = read_mapping(mapping) if mapping else guessed(grids, file)
    if guess:
        typer.echo(as_toml(chosen), nl=False)
        return
    if output is not None and output.suffix.lower() != ".txt":
        raise UsageError("the name of a plan in text ends in .txt", Place(output))
    if output is not None and output.exists() and not force:
        raise UsageError("there is such a file already; name another, or say --force", Place(output))
    text = as_text_table(grids, chosen, file)
    # What cannot be read is told now, and nothing is written.
    try:
        plan = read_plan_text(Source(text), plan_id(output or file))
    except SourceError as error:
        raise SourceError(
            f"the plan made of it cannot be read ({error}); mend the file or the mapping", Place(file)
        ) from None
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"crmgraph: {_counted(plan)}; {_told(chosen.numbers, mapping)}", err=True)
    for told in grids[chosen.table - 1].told:
        typer.echo(f"crmgraph: {told}", err=True)
    if left := left_out(grids, chosen):
        typer.echo(f"crmgraph: not in the plan: {', '.join(left)}", err=True)


def _counted(plan: "Plan") -> str:
    counts = Counter(part.kind for part, _ in plan.walk())
    words = (("theme", "Theme"), ("objective", "Objective"), ("action", "Action"))
    told = [f"{counts[kind]} {word}{'' if counts[kind] == 1 else 's'}" for word, kind in words]
    entries = f"{counts['ScheduleEntry']} in the calendar"
    return ", ".join((*told, f"{counts['Activity']} activit{'y' if counts['Activity'] == 1 else 'ies'}", entries))


def _told(numbers: str, mapping: Path | None) -> str:
    kept = "numbers are those of the file" if numbers == "keep" else "numbers were added where the file has none"
    return kept if mapping else f"{kept}; the columns were guessed (--guess shows how)"
