"""The commands on the built dataset, on a store and on what serves them, and the stores and engines that they use.

They are build, export, explain, query, load, dump, backup, restore, serve, snapshot and token.
"""

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Literal

import typer
from pyoxigraph import RdfFormat, Store
from rich.console import Console
from rich.progress import open as open_watched

from crmgraph.building.manifest import Manifest
from crmgraph.cli.options import (
    STANDARD_INPUT,
    Language,
    build_dataset,
    build_in_child_process,
    ensure_built,
    print_message,
    print_table,
    progress_reporter,
    with_settings,
)
from crmgraph.errors import AnswerError, Place, UsageError
from crmgraph.exporting import atomic_writer, export
from crmgraph.files import read_text, resource
from crmgraph.inference.explanation import StatementLookup, as_json, as_text, explain
from crmgraph.inference.rules import abbreviate_term, read_term, select_from
from crmgraph.library import LibraryQuestion, is_unread, load_library, resolve_values
from crmgraph.settings import Settings, make_writer
from crmgraph.sparql.engine import Answer, Engine, Limit, Question, state_as_built
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.sparql.notices import message_of
from crmgraph.sparql.pool import Pool
from crmgraph.store import DUMP, STORE
from crmgraph.store.changes import new_token, token_digest
from crmgraph.store.dataset import open_store, write_union
from crmgraph.store.generations import Generations, back_up, load_files, may_create_store, restore
from crmgraph.store.writer import StoreWriter


def store_folder(settings: Settings) -> Path:
    """Return the folder of the store.

    Raises UsageError if the settings name no store, or an endpoint instead of a folder.
    """
    if settings.store is None:
        raise UsageError("name the folder of the store by --store, CRMGRAPH_STORE or crmgraph.toml")
    if settings.has_remote_store:
        raise UsageError(
            f"{settings.store}: this is the address of an endpoint, and here a store in a folder is needed"
        )
    return Path(settings.store)


def open_or_create_store(folder: Path, settings: Settings, manifest: Manifest | None = None) -> Generations:
    """Return the store in `folder`. A missing store is created as a copy of the built dataset.

    The dataset is built if necessary, unless its `manifest` is given.
    """
    if not may_create_store(folder):
        return Generations(folder)
    manifest = manifest or ensure_built(settings)
    return Generations.create(folder, manifest.folder(settings.build) / STORE, state_as_built(manifest.dataset))


def find_readable_store(settings: Settings) -> Path | None:
    """Return the Oxigraph folder of the store in the settings, for read-only use; another process may use the store.

    Return None if the settings name no folder. If the folder has no store yet, print a message and return None.
    """
    if settings.store is None or settings.has_remote_store:
        return None
    folder = Path(settings.store)
    if may_create_store(folder):
        print_message(f"there is no store in {folder} yet; this is the built dataset, as which it begins")
        return None
    return Generations(folder).path


def federation_wrapper(settings: Settings) -> Callable[[Engine], Engine]:
    """Return a function that wraps an engine so that it evaluates SERVICE for the allowed endpoints.

    If no endpoint is allowed, the function returns the engine unchanged. Raises UsageError for an invalid address, for
    a missing folder of snapshots, and if snapshots are set but no endpoint is allowed.
    """
    if not settings.allow:
        if settings.snapshots is not None:
            raise UsageError("snapshots stand in for endpoints that may be asked; name these by --allow too")
        return lambda engine: engine
    # The client for HTTP is slow to import.
    from crmgraph.federation.endpoints import AllowedUrls, Fetcher
    from crmgraph.federation.federated import FederatedEngine
    from crmgraph.federation.snapshots import Snapshots

    snapshots, allowed = Snapshots(settings.snapshots) if settings.snapshots else None, AllowedUrls(settings.allow)
    return lambda engine: FederatedEngine(engine, Fetcher(allowed), snapshots)


def create_pool(settings: Settings, manifest: Manifest, workers: int) -> Pool:
    """Return a pool of `workers` processes that answer from the built dataset."""
    folder = manifest.folder(settings.build)
    dump = folder / DUMP
    return Pool(
        folder / STORE,
        settings.memory,
        workers,
        queue=settings.queue,
        dump=dump if dump.stat().st_size <= settings.in_memory else None,
    )


def connect_remote_engine(settings: Settings, manifest: Manifest) -> Engine:
    """Return the engine for the SPARQL endpoint that the settings name as the store. The endpoint is only read.

    Raises UsageError if the settings have writers, if the endpoint does not answer, or if it lacks the dataset.
    """
    from crmgraph.federation.endpoints import RemoteEngine, authorization_header

    if settings.writers:
        raise UsageError(f"{settings.store}: an endpoint is only read here; leave out the writers, or name a folder")
    headers = authorization_header(
        settings.store_user, settings.store_password.get_secret_value(), settings.store_token.get_secret_value()
    )
    engine = RemoteEngine(settings.store or "", manifest.dataset, manifest.graphs, headers)
    try:
        engine.refresh(settings.timeout)
    except AnswerError as error:
        raise UsageError(f"{settings.store}: {error}") from None
    return engine


@contextmanager
def open_writable_store(folder: Path, settings: Settings, manifest: Manifest) -> Iterator[tuple[Pool, StoreWriter]]:
    """Open the store in `folder`, and yield a pool of processes that answer from it and its writer.

    A missing store is created as a copy of the built dataset.
    """
    generations = open_or_create_store(folder, settings, manifest)
    names = settings.names if settings.check_writes else None
    # A copied dataset or a store of an earlier release may lack its union store. Every later write keeps it up to date.
    with generations.lock():
        write_union(generations.path)
    with (
        Pool(generations.path, workers=settings.workers, memory_bytes=settings.memory, queue=settings.queue) as pool,
        StoreWriter(generations, pool, settings.memory, names) as store_writer,
    ):
        yield pool, store_writer


def _read_share(text: str) -> tuple[int, int]:
    """Return N and M of a text N/M. Raises UsageError if it is none, or N is not from 1 to M."""
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
    number, count = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= count:
        raise UsageError(f"--part is N/M with N from 1 to M, such as 3/40, not {text}")
    return number, count


ExportFormat = Literal["render", "ttl", "nq", "jsonld"]


@with_settings("plans", "build", "base")
def build_command(
    settings: Settings,
    force: Annotated[bool, typer.Option("--force", help="Make it anew even where nothing changed.")] = False,
    reasoner: Annotated[
        Literal["rules", "owlrl"],
        typer.Option(help="rules is fast; owlrl, the reference, infers the same in about a minute."),
    ] = "rules",
    part: Annotated[
        str | None,
        typer.Option(help="N/M makes only every M-th plan, from the N-th on; the next build finds them in the folder."),
    ] = None,
) -> None:
    """Make the whole dataset from the document, the tables and the ontology.

    An intact and current dataset is kept, unless you say `--force`. What was made of a plan that has not changed is
    kept as well.

    Example: `crmgraph build`
    """
    if part is not None:
        # The modules that build are slow to import.
        from crmgraph.building.dataset import build_share

        number, count = _read_share(part)
        with progress_reporter() as report_step:
            build_share(settings.build, settings.names, number, count, report_step, settings.plans)
        return
    manifest = build_dataset(settings, anew=force or reasoner == "owlrl", reasoner=reasoner)
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

    If a store in a folder is named, here or in the settings, its current contents are written.

    Example: `crmgraph export ttl --graph plan/crm --output plan.ttl`
    """
    if settings.has_remote_store:
        print_message(f"this is the built dataset, and not what is at {settings.store}")
    kept = find_readable_store(settings)
    opened = open_store(kept, "restore a backup") if kept else _open_built_store(settings)
    with nullcontext(sys.stdout.buffer) if output is None else atomic_writer(output) as out:
        export(opened, format, out, settings.names, graph)


def _open_built_store(settings: Settings) -> Store:
    return open_store(ensure_built(settings).folder(settings.build) / STORE)


@with_settings("plans", "build", "base")
def explain_command(
    settings: Settings,
    subject: Annotated[str, typer.Argument(help="What the statement is about: country/HND, id:country/HND or an IRI.")],
    predicate: Annotated[str, typer.Argument(help="Its property: cg:topicWithin, a or an IRI.")],
    object: Annotated[str, typer.Argument(help="Its value, or a literal as in Turtle.")],
    every: Annotated[
        bool, typer.Option("--all", help="Each last step that leads to it, not the shortest only.")
    ] = False,
    format: Annotated[Literal["text", "json"], typer.Option(help="How to write the explanation.")] = "text",
    lang: Annotated[Language, typer.Option(help="The language of the text.")] = "es",
) -> None:
    """Say how a statement is known: by which rule and from what, down to the words or the page of its source.

    Example: `crmgraph explain plan/crm/pgm/7 cg:topicWithin topic:return-by-land`
    """
    names = settings.names
    triple = read_term(subject, names), read_term(predicate, names), read_term(object, names)
    records = StatementLookup(select_from(_open_built_store(settings)), names.graph("inferred"))
    if not (explanations := explain(records, triple, every)):
        print_message(f"the graph does not say {' '.join(abbreviate_term(term, names.prefixes()) for term in triple)}")
        raise typer.Exit(1)
    typer.echo(as_json(explanations) if format == "json" else as_text(explanations, lang, names.prefixes()))


@with_settings("store", "plans", "build", "base")
def load_command(
    settings: Settings,
    files: Annotated[list[Path], typer.Argument(help="RDF files: ttl, nt, nq, trig, rdf or jsonld, also with .gz.")],
    graph: Annotated[str | None, typer.Option(help="The IRI of the graph for statements without one.")] = None,
) -> None:
    """Load files into the store while nobody serves it: all of them, or none.

    A missing store is created first, as a copy of the built dataset. While the store is being served, send the files
    to `/graphs` instead.

    Example: `crmgraph load other.ttl --graph https://example.org/graph/other --store kept`
    """
    folder = store_folder(settings)
    open_or_create_store(folder, settings)
    added = load_files(
        folder,
        files,
        graph,
        lambda file: (
            open_watched(file, "rb", description=file.name, console=Console(stderr=True))
            if sys.stderr.isatty()
            else file.open("rb")
        ),
    )
    typer.echo(f"{folder}: {added} statement{'' if added == 1 else 's'} more")


@with_settings("store", "plans", "build", "base")
def dump_command(
    settings: Settings,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of standard output.")] = None,
) -> None:
    """Write all that the store holds as N-Quads; it may be in use meanwhile.

    Without a store, the built dataset is written.

    Example: `crmgraph dump --store kept --output dataset.nq`
    """
    opened = (
        _open_built_store(settings)
        if settings.store is None
        else open_store(Generations(store_folder(settings)).path, "restore a backup")
    )
    with nullcontext(sys.stdout.buffer) if output is None else atomic_writer(output) as out:
        try:
            opened.dump(out, RdfFormat.N_QUADS)
        except RuntimeError as error:
            raise UsageError(
                f"cannot be read to its end, for it is damaged ({error}); restore a backup, or make it anew",
                Place(Path(settings.store or settings.build)),
            ) from None


@with_settings("store", "build", "base")
def backup_command(
    settings: Settings,
    target: Annotated[Path, typer.Argument(help="The folder of the backup, which is made.")],
) -> None:
    """Copy the store as it is now; it may be in use meanwhile.

    Example: `crmgraph backup backups/2026-11-26 --store kept`
    """
    folder = store_folder(settings)
    typer.echo(f"{target}: generation {back_up(folder, target)} of {folder}")


@with_settings("store", "build", "base")
def restore_command(
    settings: Settings,
    backup: Annotated[Path, typer.Argument(help="The folder of the backup.")],
) -> None:
    """Put a backup in the place of what the store holds, while nobody serves it; a store that is not there is made.

    Example: `crmgraph restore backups/2026-11-26 --store kept`
    """
    folder = store_folder(settings)
    typer.echo(f"{folder}: generation {restore(folder, backup)} is {backup}")


Format = Literal["table", "csv", "json", "tsv", "xml", "ttl", "nt", "nq", "trig", "rdf", "jsonld"]
_LONGEST_QUERY = 2**22
_UNREAD_NOTE = (
    "nobody has read in this plan what is asked, so what the plan says of it is not known; "
    "docs/data.md tells how to write down what one reads"
)


@with_settings("timeout", "allow", "snapshots", "store", "memory", "plans", "build", "base")
def query_command(
    settings: Settings,
    question: Annotated[
        str | None, typer.Argument(help="A question of the library, a file, or - for standard input; none: list them.")
    ] = None,
    param: Annotated[list[str] | None, typer.Option("--param", help="A value for a parameter: name=value.")] = None,
    format: Annotated[
        Format | None, typer.Option(help="How to write the answer.", show_default="table on a terminal, else csv")
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help="Ask the SPARQL endpoint at this address instead.")] = None,
    lang: Annotated[Language, typer.Option(help="The language of the list of questions.")] = "es",
) -> None:
    """Answer a question: one of the library by its name, or any in SPARQL. Without one, list the library.

    If a store is named, here or in the settings, the answer is from its current contents.

    Example: `crmgraph query objective-contents --param objective=plan/crm/pgm/7`
    """
    if question is None:
        typer.echo(_list_questions(settings, lang))
        return
    text, known, values = _read_question(question, param or [], settings)
    shown = format or ("table" if sys.stdout.isatty() else "csv")
    with _open_answerer(settings, endpoint) as ask:
        if known is not None:

            def rows(query: str) -> bytes:
                return ask(_to_engine_question(query, "json", settings)).body

            values = resolve_values(known, values, rows)
            text = known.with_values(values)
            if is_unread(known, values, rows):
                typer.echo(known.unread_note.get("en", _UNREAD_NOTE), err=True)
        asked = _to_engine_question(text, shown, settings, is_format_given=format is not None)
        answer = ask(replace(asked, with_notices=known is None))
    for each in answer.snapshots:
        part = "" if each.is_whole else " of a part of it"
        typer.echo(f"{each.endpoint} did not answer; a copy{part} as of {each.taken} did", err=True)
    for notice in answer.notices:
        typer.echo(message_of(notice, settings.names.prefixes()), err=True)
    if shown == "table" and answer.form in ("SELECT", "ASK"):
        print_table(answer.body, settings.names.prefixes())
    else:
        sys.stdout.buffer.write(answer.body)


def _list_questions(settings: Settings, language: str) -> str:
    """Return the questions of the library as text: name, title and parameters with their defaults."""
    lines = []
    for name, known in load_library(resource("queries"), settings.names).items():
        parameters = " ".join(f"{parameter.name}={parameter.default}" for parameter in known.parameters)
        lines.append(f"{name}: {known.title[language]}\n    {parameters}".rstrip())
    return "\n".join(lines)


def _to_engine_question(text: str, shown: str, settings: Settings, is_format_given: bool = True) -> Question:
    """Return the query `text` as a question for the engine, with the media types for the format `shown`.

    A graph (the result of CONSTRUCT or DESCRIBE) comes in Turtle if the format is `table` or if the user did not choose
    a format (`is_format_given` is false).
    """
    results = {format.short: format.media_type for format in RESULT_FORMATS}
    graphs = {format.short: format.media_type for format in GRAPH_FORMATS}
    wanted = "json" if shown == "table" else shown
    return Question(
        text,
        result_type=results.get(wanted),
        graph_type=graphs.get(wanted, graphs["ttl"] if shown == "table" or not is_format_given else None),
        prefixes=settings.names.prefixes(),
    )


@contextmanager
def _open_answerer(settings: Settings, endpoint: str | None) -> Iterator[Callable[[Question], Answer]]:
    """Yield a function that answers questions, from the local dataset or store or from the endpoint `endpoint`."""
    if endpoint is not None:
        from crmgraph.federation.endpoints import ask_endpoint

        yield lambda question: ask_endpoint(endpoint, question, settings.timeout)
        return
    federated = federation_wrapper(settings)
    engine: Engine
    if settings.has_remote_store:
        engine = connect_remote_engine(settings.model_copy(update={"writers": ()}), ensure_built(settings))
    elif (kept := find_readable_store(settings)) is not None:
        engine = Pool(kept, settings.memory, workers=1)
    else:
        engine = create_pool(settings, ensure_built(settings), 1)
    with closing(federated(engine)) as asked:
        yield lambda question: asked.answer(question, settings.timeout)


def _read_question(
    question: str, params: list[str], settings: Settings
) -> tuple[str, LibraryQuestion | None, dict[str, str]]:
    """Return the query text, the library question if `question` is the name of one, and the parameter values.

    `question` may also be a file or `-` for standard input. Raises UsageError if `question` is none of these.
    """
    values = _parse_parameters(params)
    library = load_library(resource("queries"), settings.names) if question not in ("", "-") else {}
    if question in library:
        library[question].check_names(values)
        return library[question].text, library[question], values
    if values:
        raise UsageError("--param is for questions of the library")
    if question == "-":
        return read_text(STANDARD_INPUT, UsageError, _LONGEST_QUERY, sys.stdin.buffer), None, values
    if not Path(question).suffix and "/" not in question and not Path(question).exists():
        raise UsageError(f"there is no question {question} in the library; `crmgraph query` lists all {len(library)}")
    return read_text(Path(question), UsageError, _LONGEST_QUERY), None, values


def _parse_parameters(params: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            raise UsageError(f"--param is name=value, not {param}")
        if name in values:
            raise UsageError(f"--param gives {name} twice, {values[name]} and {value}; keep one")
        values[name] = value
    return values


def exit_on_signal(_: int, __: FrameType | None) -> None:
    """End the process on SIGTERM as on Ctrl-C, so that open resources are closed first."""
    sys.exit(0)


@with_settings("timeout", "allow", "snapshots", "build", "base")
def snapshot_command(
    settings: Settings,
    endpoint: Annotated[str, typer.Argument(help="The address of a SPARQL endpoint; it has to be among --allow.")],
    query: Annotated[
        Path | None,
        typer.Option(help="A file with a CONSTRUCT query for what is copied.", show_default="all it has"),
    ] = None,
) -> None:
    """Copy what another endpoint has, to stand in for it where it does not answer. The last copy is forgotten.

    Example: `crmgraph snapshot http://127.0.0.1:8000/sparql --allow http://127.0.0.1:8000/sparql --snapshots snapshots`
    """
    if settings.snapshots is None:
        raise UsageError("name the folder of the snapshots by --snapshots, CRMGRAPH_SNAPSHOTS or crmgraph.toml")
    text = None if query is None else read_text(query, UsageError, _LONGEST_QUERY)
    from crmgraph.federation.endpoints import AllowedUrls, Fetcher
    from crmgraph.federation.snapshots import ALL_TRIPLES_QUERY, MAX_SNAPSHOT_BYTES, take_snapshot

    with closing(Fetcher(AllowedUrls(settings.allow), MAX_SNAPSHOT_BYTES)) as fetcher:
        copy = take_snapshot(
            settings.snapshots,
            endpoint,
            text or ALL_TRIPLES_QUERY,
            fetcher,
            Limit(settings.timeout),
            datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
    typer.echo(f"{endpoint}: {copy.statements:,} statements as of {copy.taken}")


def token_command(
    name: Annotated[str, typer.Argument(help="How the record of writes is to call the writer.")],
    graph: Annotated[
        list[str] | None,
        typer.Option(help="A graph that they may change: an IRI, one with a star at the end, or default."),
    ] = None,
) -> None:
    """Make a token for somebody who may write, and print the lines of crmgraph.toml that let it in.

    The token is printed on standard error, and is not stored anywhere.

    Example: `crmgraph token ana --graph https://w3id.org/crmgraph/graph/plan/csm`
    """
    token = new_token()
    make_writer(name, token_digest(token), graph or ["*"])
    typer.echo(f"Authorization: Bearer {token}", err=True)
    lines = [
        "[[writers]]",
        f"name = {json.dumps(name, ensure_ascii=False)}",
        f'token = "{token_digest(token)}"',
        *([f"graphs = {json.dumps(graph, ensure_ascii=False)}"] if graph else []),
    ]
    typer.echo("\n".join(lines))


@with_settings()
def serve_command(
    settings: Settings,
) -> None:
    """Serve the site and the SPARQL endpoint, building the dataset first where need be.

    Example: `crmgraph serve --port 8080`
    """
    federated = federation_wrapper(settings)
    manifest = ensure_built(settings, build_in_child_process)
    signal.signal(signal.SIGTERM, exit_on_signal)
    with ExitStack() as held:
        pool: Engine
        if settings.store is None:
            if settings.writers:
                print_message("nobody can write, for no store is named; --store or `store` does")
            # The first process that answers starts while the rest is still being imported.
            pool, store_writer = held.enter_context(create_pool(settings, manifest, settings.workers)), None
        elif settings.has_remote_store:
            pool, store_writer = held.enter_context(connect_remote_engine(settings, manifest)), None
        else:
            pool, store_writer = held.enter_context(open_writable_store(Path(settings.store), settings, manifest))
        from crmgraph.serving.server import serve

        engine = held.enter_context(closing(federated(pool)))
        below = f"a proxy serves it below {settings.root_path}; " if settings.root_path else ""
        serve(
            settings,
            manifest,
            engine,
            lambda url: typer.echo(f"crmgraph is at {url} ({below}stop it with Ctrl-C)"),
            store_writer,
        )
