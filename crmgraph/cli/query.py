"""The command query."""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import typer

from crmgraph.cli.engines import federation_of, pool_of, remote_engine, stored
from crmgraph.cli.options import STANDARD_INPUT, Language, built, with_settings
from crmgraph.errors import Place, UsageError
from crmgraph.library import LibraryQuestion, is_unread, load_library, resolve_values
from crmgraph.resources import resource
from crmgraph.settings import Settings
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Answer, Engine, Pool, Question
from crmgraph.tabulating import print_table
from crmgraph.texts import decode, read_text

__all__ = ["Format", "query_command"]

Format = Literal["table", "csv", "json", "tsv", "xml", "ttl", "nt", "nq", "trig", "rdf", "jsonld"]
_LONGEST_QUERY = 2**22
_UNREAD = (
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

    Where a store is named, here or in the settings, it answers: the answer is of what it holds now.

    Example: `crmgraph query objective-contents --param objective=plan/crm/pgm/7`
    """
    if question is None:
        typer.echo(_listed(settings, lang))
        return
    text, known, values = _resolve(question, param or [], settings)
    shown = format or ("table" if sys.stdout.isatty() else "csv")
    with _asker(settings, endpoint) as ask:
        if known is not None:

            def rows(query: str) -> bytes:
                return ask(_asked(query, "json", settings)).body

            values = resolve_values(known, values, rows)
            text = known.with_values(values)
            if is_unread(known, values, rows):
                typer.echo(known.unread.get("en", _UNREAD), err=True)
        answer = ask(_asked(text, shown, settings, named=format is not None))
    for each in answer.snapshots:
        part = "" if each.is_whole else " of a part of it"
        typer.echo(f"{each.endpoint} did not answer; a copy{part} as of {each.taken} did", err=True)
    if shown == "table" and answer.form in ("SELECT", "ASK"):
        print_table(answer.body, settings.names.prefixes())
    else:
        sys.stdout.buffer.write(answer.body)


def _listed(settings: Settings, language: str) -> str:
    """Return the list of the questions of the library, each with the defaults of its parameters."""
    lines = []
    for name, known in load_library(resource("queries"), settings.names).items():
        parameters = " ".join(f"{parameter.name}={parameter.default}" for parameter in known.parameters)
        lines.append(f"{name}: {known.title[language]}\n    {parameters}".rstrip())
    return "\n".join(lines)


def _asked(text: str, shown: str, settings: Settings, named: bool = True) -> Question:
    """Return the question for the engine; a graph comes in Turtle where a table is wanted or no format was `named`."""
    results = {format.short: format.media_type for format in RESULT_FORMATS}
    graphs = {format.short: format.media_type for format in GRAPH_FORMATS}
    wanted = "json" if shown == "table" else shown
    return Question(
        text,
        result_type=results.get(wanted),
        graph_type=graphs.get(wanted, graphs["ttl"] if shown == "table" or not named else None),
        prefixes=settings.names.prefixes(),
    )


@contextmanager
def _asker(settings: Settings, endpoint: str | None) -> Iterator[Callable[[Question], Answer]]:
    """Yield the function that answers questions, here or at an endpoint."""
    if endpoint is not None:
        from crmgraph.federation.remote import ask_endpoint

        yield lambda question: ask_endpoint(endpoint, question, settings.timeout)
        return
    federated = federation_of(settings)
    engine: Engine
    if settings.store_is_elsewhere:
        engine = remote_engine(settings.model_copy(update={"writers": ()}), built(settings))
    elif (kept := stored(settings)) is not None:
        engine = Pool(kept, settings.memory, workers=1)
    else:
        engine = pool_of(settings, built(settings), 1)
    with closing(federated(engine)) as asked:
        yield lambda question: asked.answer(question, settings.timeout)


def _resolve(
    question: str, params: list[str], settings: Settings
) -> tuple[str, LibraryQuestion | None, dict[str, str]]:
    """Return the text of the query, the question of the library if it is one, and the values given for it."""
    values = _values(params)
    library = load_library(resource("queries"), settings.names) if question not in ("", "-") else {}
    if question in library:
        library[question].check_names(values)
        return library[question].text, library[question], values
    if values:
        raise UsageError("--param is for questions of the library")
    if question == "-":
        return _standard_input(), None, values
    if not Path(question).suffix and "/" not in question and not Path(question).exists():
        near = get_close_matches(question, library) or get_close_matches(question, library, cutoff=0.3)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise UsageError(
            f"there is no question {question} in the library; {hint}`crmgraph query` lists all {len(library)}"
        )
    return read_text(Path(question), UsageError, _LONGEST_QUERY), None, values


def _standard_input() -> str:
    data = sys.stdin.buffer.read(_LONGEST_QUERY + 1)
    if len(data) > _LONGEST_QUERY:
        raise UsageError(f"this is larger than {_LONGEST_QUERY:,} bytes, the most that is read", Place(STANDARD_INPUT))
    return decode(data, UsageError, STANDARD_INPUT)


def _values(params: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            raise UsageError(f"--param is name=value, not {param}")
        if name in values:
            raise UsageError(f"--param gives {name} twice, {values[name]} and {value}; keep one")
        values[name] = value
    return values
