"""Shared parts of the commands: flags of settings, messages, progress, tables, and access to the built dataset."""

import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from crmgraph.building.manifest import (
    DECISIONS_SUFFIX,
    Manifest,
    current_manifest,
    files_in,
    ignored_files,
    plan_digests,
    plans_folder,
    read_manifest,
)
from crmgraph.namespaces import abbreviate_iri
from crmgraph.settings import SETTINGS_WITHOUT_FLAG, Settings, read_settings

STANDARD_INPUT = Path("standard input")
"""The name of standard input in messages."""
Language = Literal["es", "en"]

_CHILD_PROGRAM = """
import sys
from crmgraph.sparql.processes import end_with_parent
end_with_parent(sys.stdin.fileno())
from crmgraph.cli import main
main()
"""


def print_message(message: object) -> None:
    """Print a message on standard error, after the name of the program."""
    typer.echo(f"crmgraph: {message}", err=True)


@contextmanager
def progress_reporter() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the name of a step on the terminal.

    If standard error is no terminal, it does nothing.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(f"{step} …")


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that adds the flags of the named settings, or of all settings, to a command.

    The command receives them as one argument, `settings`. Help, type and default of a flag are those of the setting.
    """
    names = names or tuple(name for name in Settings.model_fields if name not in SETTINGS_WITHOUT_FLAG)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [each for each in inspect.signature(command).parameters.values() if each.name != "settings"]
        flags = [_flag(name) for name in names]

        @wraps(command)
        def run(**given: object) -> None:
            command(settings=read_settings(**{name: given.pop(name) for name in names}), **given)

        # Typer reads the parameters of a command from its signature and annotations.
        run.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in (*own, *flags)}
        return run

    return decorate


def _flag(name: str) -> inspect.Parameter:
    field = Settings.model_fields[name]
    kinds = {get_origin(each) or each for each in (field.annotation, *get_args(field.annotation))}
    kind = next((each for each in (Path, bool, int, float) if each in kinds), str)
    default = str(field.default) if field.default not in (None, "", ()) else False
    assert field.description
    return inspect.Parameter(
        name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=Annotated[
            kind | None,
            typer.Option(help=f"{field.description[0].upper()}{field.description[1:]}.", show_default=default),
        ],
    )


def ensure_built(settings: Settings, make: Callable[[Settings], Manifest] | None = None) -> Manifest:
    """Return the manifest of the dataset. A missing, damaged or outdated dataset is built first, with a message.

    Further plans come from the folder in the settings, by default from the folder of the last build. `make` is the
    function that builds, by default `build_dataset`.
    """
    if (known := _find_current_manifest(settings)) is not None:
        return known
    typer.echo("the dataset is built first, which takes a minute or two", err=True)
    return (make or build_dataset)(settings)


def build_dataset(settings: Settings, anew: bool = False, reasoner: str = "rules") -> Manifest:
    """Build the dataset if it is missing, damaged or outdated, or in any case with `anew`, and return its manifest.

    Messages state which files of the plans folder are not in the dataset.
    """
    if not anew and (known := _find_current_manifest(settings)) is not None:
        return known
    # rdflib is slow to import, and reading an existing dataset does not need it.
    from crmgraph.building.dataset import build

    left_out = list(_describe_omissions(settings, settings.plans or plans_folder(settings.build)))
    with progress_reporter() as report_step:
        manifest = build(settings.build, settings.names, report_step, anew, settings.plans, reasoner)
    for what in left_out:
        print_message(what)
    return manifest


def _find_current_manifest(settings: Settings) -> Manifest | None:
    """Return the manifest of the existing dataset if it is intact and up to date; otherwise None.

    If the plans folder of the last build no longer exists, the dataset counts as up to date, and a message states this.
    """
    known = current_manifest(settings.build, settings.names, settings.plans)
    if known and settings.plans is None and known.plans and not Path(known.plans).is_dir():
        print_message(
            f"the folder of further plans that {settings.build} was built with is gone ({known.plans}); they are as "
            "they were then"
        )
    return known


def _describe_omissions(settings: Settings, plans: Path | None) -> Iterator[str]:
    """Yield messages about files in the folder `plans` that are not in the dataset, and about plans removed from it."""
    from crmgraph.decisions import read_decisions

    known, digests = read_manifest(settings.build), plan_digests(plans)
    left = ", ".join(name for name in known.further if name not in digests) if known is not None else ""
    if left:
        yield f"{settings.build}: no longer in the dataset, for {plans} has them not: {left}"
    if plans is None:
        return
    if names := ", ".join(file.name for file in ignored_files(plans)):
        yield f"{plans}: not in the dataset, for they are no plans: {names}"
    for file in files_in(plans, DECISIONS_SUFFIX):
        decided = [each for each in read_decisions(file) if each.is_comparison]
        if unsigned := sum(not each.is_signed for each in decided):
            yield (
                f"{file}: {unsigned} of {len(decided)} correspondences are not in the dataset, for nobody has signed "
                "them; `crmgraph link … --decisions FILE --author NAME` does"
            )


def build_in_child_process(settings: Settings) -> Manifest:
    """Build the dataset as `build_dataset` does, but in a child process, so that its memory is freed afterwards.

    The child process ends when this process ends.
    """
    command = [
        sys.executable,
        "-P",
        "-c",
        _CHILD_PROGRAM,
        "build",
        "--build",
        str(settings.build),
        "--base",
        settings.base,
        *([] if settings.plans is None else ["--plans", str(settings.plans)]),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as making:  # noqa: S603 - our own
        code = making.wait()
    if code:
        # The child has printed the reason.
        raise typer.Exit(code)
    return build_dataset(settings)


_MIN_COLUMN_WIDTH = 14
"""The fewest characters a column needs to be readable."""


def _cell_text(value: Mapping[str, str] | None, prefixes: Mapping[str, str]) -> str:
    if value is None:
        return ""
    return abbreviate_iri(value["value"], prefixes) if value["type"] == "uri" else value["value"]


def print_table(results: bytes, prefixes: Mapping[str, str], console: Console | None = None) -> None:
    """Print a SPARQL result as a table, or as true or false for ASK.

    `results` is a document in the SPARQL 1.1 Query Results JSON Format. `prefixes` maps prefixes to namespaces.
    """
    console = console or Console()
    document = json.loads(results)
    if "boolean" in document:
        console.print("true" if document["boolean"] else "false")
        return
    names = document["head"]["vars"]
    rows = [[_cell_text(row.get(name), prefixes) for name in names] for row in document["results"]["bindings"]]
    print_rows(names, rows, console)
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def print_rows(names: Sequence[str], rows: Iterable[Sequence[str]], console: Console | None = None) -> None:
    """Print rows as a table with the column headings `names`.

    If the terminal is too narrow for the columns, each row becomes a block with one line for each column.
    """
    console = console or Console()
    if console.width < _MIN_COLUMN_WIDTH * len(names):
        table = Table(box=SIMPLE_HEAD, show_header=False, show_edge=False)
        table.add_column(no_wrap=True, style="bold")
        table.add_column(overflow="fold")
        for row in rows:
            for name, cell in zip(names, row, strict=True):
                table.add_row(name, Text(cell), end_section=name == names[-1])
    else:
        table = Table(*(Column(name, overflow="fold") for name in names), box=SIMPLE_HEAD)
        for row in rows:
            table.add_row(*map(Text, row))
    console.print(table)
