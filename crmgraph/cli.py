"""The command line. Results go to standard output, messages to standard error; 0 done, 1 falls short, 2 bad input."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crmgraph import __version__
from crmgraph.errors import CrmgraphError, Place, UsageError
from crmgraph.resources import resource
from crmgraph.texts import decode, read_text

if TYPE_CHECKING:
    from crmgraph.answering import Answer, Pool
    from crmgraph.building import Manifest
    from crmgraph.checking import Finding
    from crmgraph.settings import Settings

__all__ = ["app", "main"]

_LONGEST_QUERY = 2**22

app = typer.Typer(
    name="crmgraph",
    help="The Plan de Acción of the Regional Conference on Migration as a knowledge graph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

BuildFolder = Annotated[
    Path | None, typer.Option("--build", help="The folder of the built dataset.", show_default="build")
]
BaseAddress = Annotated[
    str | None,
    typer.Option(
        "--base", help="The base of the IRIs of things and graphs.", show_default="https://w3id.org/crmgraph/"
    ),
]
Memory = Annotated[
    int | None, typer.Option("--memory", help="The memory that a query may use, in bytes.", show_default="2147483648")
]
# What can be chosen stands here again, for the modules that know it are slow to import; a test holds the two together.
Language = StrEnum("Language", ["es", "en"])
ReportFormat = StrEnum("ReportFormat", ["text", "json"])
FailOn = StrEnum("FailOn", ["violation", "warning", "info", "never"])
ExportFormat = StrEnum("ExportFormat", ["render", "ttl", "nq", "jsonld"])
AnswerFormat = StrEnum(
    "AnswerFormat", ["table", "csv", "json", "tsv", "xml", "ttl", "nt", "nq", "trig", "rdf", "jsonld"]
)


def main() -> None:
    """Run the command line; an error that crmgraph raises on purpose becomes one clear message and exit status 2.

    So does one of the system, such as a disk that is full.
    """
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except CrmgraphError as error:
        typer.echo(f"crmgraph: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # What is left in the buffer would be tried again, and fail again, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        typer.echo(f"crmgraph: {error.filename or 'standard output'}: {error.strerror or error}", err=True)
        sys.exit(2)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"crmgraph {__version__}")
        raise typer.Exit


@app.callback()
def _crmgraph(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Have `--version` before any command."""


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """A function that shows what is going on, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(f"{step} …")


def _settings(**flags: object) -> "Settings":
    from crmgraph.settings import read_settings

    return read_settings(**flags)


def _built(settings: "Settings") -> "Manifest":
    """The manifest of the built dataset, which is built first where it is missing or out of date."""
    from crmgraph.building import build

    with _steps() as say:
        return build(settings.build, settings.names, say)


@app.command("build")
def build_command(build: BuildFolder = None, base: BaseAddress = None) -> None:
    """Make the whole dataset from the document, the tables and the ontology.

    Example: `crmgraph build`
    """
    settings = _settings(build=build, base=base)
    manifest = _built(settings)
    typer.echo(f"{settings.build}: {sum(manifest.graphs.values())} statements, dataset sha256 {manifest.dataset}")


@app.command("check")
def check_command(
    files: Annotated[list[Path] | None, typer.Argument(help="Plans to check; none: the built dataset.")] = None,
    format: Annotated[ReportFormat, typer.Option(help="How to write the report.")] = ReportFormat.text,
    fail_on: Annotated[FailOn, typer.Option(help="From which severity on the exit status is 1.")] = FailOn.violation,
    lang: Annotated[Language, typer.Option(help="The language of the text.")] = Language.es,
    id: Annotated[
        str | None, typer.Option(help="The id of the plan, for a single file.", show_default="file name")
    ] = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Report what is inconsistent or missing, in the built dataset or in the plans of some files.

    Example: `crmgraph check plan.txt --format json --fail-on warning`
    """
    from crmgraph.checking.report import as_json, as_text

    settings = _settings(build=build, base=base)
    findings = _check_files(files, id, settings) if files else _built_findings(settings)
    typer.echo(as_json(findings) if format is ReportFormat.json else as_text(findings, lang.value))
    order = [level.value for level in FailOn]
    if any(order.index(finding.severity) <= order.index(fail_on.value) for finding in findings if fail_on != "never"):
        raise typer.Exit(1)


def _built_findings(settings: "Settings") -> "list[Finding]":
    from crmgraph.building import FINDINGS
    from crmgraph.checking.report import from_json

    place = _built(settings).folder(settings.build)
    return from_json((place / FINDINGS).read_text(encoding="utf-8"))


def _check_files(files: list[Path], id: str | None, settings: "Settings") -> "list[Finding]":
    from crmgraph.building import check_file

    if id is not None and len(files) > 1:
        raise UsageError("--id names one plan, and there are several files")
    with _steps() as say:
        return [finding for file in files for finding in check_file(file, id, settings.names, say)]


@app.command("query")
def query_command(
    question: Annotated[str, typer.Argument(help="A question of the library, a file, or - for standard input.")],
    param: Annotated[list[str] | None, typer.Option("--param", help="A value for a parameter: name=value.")] = None,
    format: Annotated[
        AnswerFormat | None, typer.Option(help="How to write the answer.", show_default="table on a terminal, else csv")
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help="Ask the SPARQL endpoint at this address instead.")] = None,
    timeout: Annotated[float | None, typer.Option(help="The longest the answer may take, in seconds.")] = None,
    memory: Memory = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Answer a question: one of the library by its name, or any in SPARQL.

    Example: `crmgraph query objective-contents --param objective=plan/crm/pgm/7`
    """
    settings = _settings(build=build, base=base, timeout=timeout, memory=memory)
    text = _query_text(question, param or [], settings)
    shown = format or (AnswerFormat.table if sys.stdout.isatty() else AnswerFormat.csv)
    answer = _answer(text, shown, settings, endpoint)
    if shown is AnswerFormat.table and answer.form in ("SELECT", "ASK"):
        from crmgraph.tabulating import print_table

        print_table(answer.body, settings.names.prefixes())
    else:
        sys.stdout.buffer.write(answer.body)


def _answer(text: str, shown: AnswerFormat, settings: "Settings", endpoint: str | None) -> "Answer":
    from crmgraph.answering import GRAPH_FORMATS, RESULT_FORMATS, Question

    results = {format.short: format.media_type for format in RESULT_FORMATS}
    graphs = {format.short: format.media_type for format in GRAPH_FORMATS}
    wanted = {AnswerFormat.table: "json"}.get(shown, shown.value)
    question = Question(
        text,
        result_type=results.get(wanted),
        graph_type=graphs.get(wanted, graphs["ttl"] if shown in (AnswerFormat.table, AnswerFormat.csv) else None),
        prefixes=settings.names.prefixes(),
    )
    if endpoint is not None:
        from crmgraph.answering.remote import ask_endpoint

        return ask_endpoint(endpoint, question, settings.timeout)
    with _pool(settings, _built(settings), 1) as pool:
        return pool.answer(question, settings.timeout)


def _pool(settings: "Settings", manifest: "Manifest", workers: int) -> "Pool":
    from crmgraph.answering import Pool
    from crmgraph.storing import STORE

    return Pool(manifest.folder(settings.build) / STORE, workers=workers, memory_bytes=settings.memory)


def _query_text(question: str, params: list[str], settings: "Settings") -> str:
    from crmgraph.library import load_library

    if question == "-":
        text = _standard_input()
    elif Path(question).suffix:
        text = read_text(Path(question), UsageError, _LONGEST_QUERY)
    else:
        library = load_library(resource("queries"), settings.names)
        if question not in library:
            raise UsageError(f"there is no question {question} in the library; there are {', '.join(library)}")
        values = dict(_pair(param) for param in params)
        return library[question].with_values(values)
    if params:
        raise UsageError("--param is for questions of the library")
    return text


def _standard_input() -> str:
    here = Path("standard input")
    data = sys.stdin.buffer.read(_LONGEST_QUERY + 1)
    if len(data) > _LONGEST_QUERY:
        raise UsageError(f"this is larger than {_LONGEST_QUERY:,} bytes, the most that is read", Place(here))
    return decode(data, UsageError, here)


def _pair(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not equals:
        raise UsageError(f"--param is name=value, not {param}")
    return name, value


@app.command("serve")
def serve_command(
    host: Annotated[str | None, typer.Option(help="The address to serve at.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to serve at; 0 takes a free one.", show_default="8000")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(help="The longest a query may take, in seconds.", show_default="30")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes answer queries.", show_default="2")] = None,
    root_path: Annotated[str | None, typer.Option(help="The path below which a proxy serves this.")] = None,
    memory: Memory = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Serve the site and the SPARQL endpoint, building the dataset first where need be.

    Example: `crmgraph serve --port 8080`
    """
    settings = _settings(
        host=host, port=port, timeout=timeout, workers=workers, root_path=root_path, memory=memory, build=build,
        base=base,
    )  # fmt: skip
    manifest = _built(settings)

    # The first process that answers starts while the rest is still being imported.
    with _pool(settings, manifest, settings.workers) as pool:
        from crmgraph.serving import serve

        serve(settings, manifest, pool, lambda url: typer.echo(f"crmgraph is at {url} (stop it with Ctrl-C)"))


@app.command("export")
def export_command(
    format: Annotated[ExportFormat, typer.Argument(help="render: the plan as a text table again.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
    graph: Annotated[str | None, typer.Option(help="Only this named graph, such as plan/crm.")] = None,
    build: BuildFolder = None,
    base: BaseAddress = None,
) -> None:
    """Write the dataset for other programs: Turtle, N-Quads, JSON-LD, or the plan as a text table again.

    Example: `crmgraph export ttl --graph plan/crm --output plan.ttl`
    """
    settings = _settings(build=build, base=base)
    manifest = _built(settings)

    from crmgraph.exporting import export
    from crmgraph.exporting.files import replacing
    from crmgraph.storing.disk import open_store

    store = open_store(manifest.folder(settings.build))
    if output is None:
        export(store, format.value, sys.stdout.buffer, settings.names, graph)
        return
    with replacing(output) as out:
        export(store, format.value, out, settings.names, graph)
