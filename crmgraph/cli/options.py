"""Shared parts of the commands: flags of settings, choices, the built dataset and the engines over it."""

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args, get_origin

import typer

from crmgraph.settings import WITHOUT_FLAG, Settings, read_settings

if TYPE_CHECKING:
    from crmgraph.building import Manifest
    from crmgraph.federation.remote import RemoteEngine
    from crmgraph.sparql import Engine, Pool
    from crmgraph.store.generations import Generations
    from crmgraph.store.loading import Loader
    from crmgraph.store.writer import StoreWriter

__all__ = [
    "STANDARD_INPUT",
    "AnswerFormat",
    "CheckFormat",
    "DiffFormat",
    "ExportFormat",
    "FailOn",
    "Language",
    "LinkFormat",
    "Reasoner",
    "ReportFormat",
    "ShaclEngine",
    "built",
    "built_apart",
    "built_now",
    "federation_of",
    "loader_of",
    "opened_store",
    "pool_of",
    "remote_engine",
    "steps",
    "stored",
    "with_settings",
]

STANDARD_INPUT = Path("standard input")
"""The name of standard input in messages."""

_APART = """
import sys
from crmgraph.sparql.sandbox import end_with_parent
end_with_parent(sys.stdin.fileno())
from crmgraph.cli import main
main()
"""
# What can be chosen stands here again, for the modules that know it are slow to import; a test holds the two together.
Language = StrEnum("Language", ["es", "en"])
ReportFormat = StrEnum("ReportFormat", ["text", "json"])
CheckFormat = StrEnum("CheckFormat", ["text", "json", "turtle", "sarif", "html"])
ShaclEngine = StrEnum("ShaclEngine", ["pyshifty", "pyshacl"])
Reasoner = StrEnum("Reasoner", ["rules", "owlrl"])
FailOn = StrEnum("FailOn", ["violation", "warning", "info", "never"])
ExportFormat = StrEnum("ExportFormat", ["render", "ttl", "nq", "jsonld"])
DiffFormat = StrEnum("DiffFormat", ["text", "json", "turtle", "html"])
LinkFormat = StrEnum("LinkFormat", ["table", "csv", "json"])
AnswerFormat = StrEnum(
    "AnswerFormat", ["table", "csv", "json", "tsv", "xml", "ttl", "nt", "nq", "trig", "rdf", "jsonld"]
)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a step on the terminal, or does nothing where there is none."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(f"{step} …")


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that adds the flags of these settings, or of all, to a command, which takes the `settings`.

    Help, type and default of a flag are those of the setting.
    """
    names = names or tuple(name for name in Settings.model_fields if name not in WITHOUT_FLAG)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [each for each in inspect.signature(command).parameters.values() if each.name != "settings"]
        flags = [_flag(name) for name in names]

        @wraps(command)
        def run(**given: object) -> None:
            command(settings=read_settings(**{name: given.pop(name) for name in names}), **given)

        # What typer reads of a function.
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
    told = f"{field.description[0].upper()}{field.description[1:]}."
    option = typer.Option(help=told, show_default=default)
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Annotated[kind | None, option]
    )


def built(settings: Settings, before: Callable[[], None] = lambda: None) -> "Manifest":
    """Return the manifest of the dataset, built first where it is missing, damaged or out of date.

    Further plans come from the folder in the settings, or else from the folder of the last build. A build is announced,
    since it takes its time, and `before` is called before it.
    """
    if (known := _as_it_is(settings)) is not None:
        return known
    _tell_of_building()
    before()
    return built_now(settings)


def built_now(settings: Settings, anew: bool = False, reasoner: str = "rules") -> "Manifest":
    """Build the dataset, with `anew` also where nothing changed, and return its manifest; report what is left out."""
    from crmgraph.building import build, plans_of

    if not anew and (known := _as_it_is(settings)) is not None:
        return known
    left_out = list(_left_out(settings, settings.plans or plans_of(settings.build)))
    with steps() as say:
        manifest = build(settings.build, settings.names, say, anew, settings.plans, reasoner)
    for what in left_out:
        typer.echo(f"crmgraph: {what}", err=True)
    return manifest


def _as_it_is(settings: Settings) -> "Manifest | None":
    """Return the manifest of the dataset that is there; None where it has to be built."""
    from crmgraph.building import current

    known = current(settings.build, settings.names, settings.plans)
    if known is not None:
        _tell_where_plans_are_gone(settings, known)
    return known


def _tell_of_building() -> None:
    typer.echo("the dataset is built first, which takes a minute or two", err=True)


def _tell_where_plans_are_gone(settings: Settings, manifest: "Manifest") -> None:
    if settings.plans is None and manifest.plans and not Path(manifest.plans).is_dir():
        typer.echo(
            f"crmgraph: the folder of further plans that {settings.build} was built with is gone ({manifest.plans}); "
            "they are as they were then",
            err=True,
        )


def _left_out(settings: Settings, plans: Path | None) -> Iterator[str]:
    """Yield messages about what a build leaves out of the folder `plans`, and about plans that leave the dataset."""
    from crmgraph.building import plans_digests, read_manifest
    from crmgraph.decisions import read_decisions
    from crmgraph.plan_folder import beside, decisions_in

    known, digests = read_manifest(settings.build), plans_digests(plans)
    left = ", ".join(name for name in known.further if name not in digests) if known is not None else ""
    if left:
        yield f"{settings.build}: no longer in the dataset, for {plans} has them not: {left}"
    if plans is None:
        return
    names = ", ".join(file.name for file in beside(plans))
    if names:
        yield f"{plans}: not in the dataset, for they are no plans: {names}"
    for file in decisions_in(plans):
        decided = [each for each in read_decisions(file) if each.is_comparison]
        unsigned = sum(not each.is_signed for each in decided)
        if unsigned:
            yield (
                f"{file}: {unsigned} of {len(decided)} correspondences are not in the dataset, for nobody has signed "
                "them; `crmgraph link … --decisions FILE --author NAME` does"
            )


def built_apart(settings: Settings) -> "Manifest":
    """Return the manifest as `built` does, but build in a child process, so that its memory is given back.

    The child ends with this process.
    """
    if (known := _as_it_is(settings)) is not None:
        return known
    _tell_of_building()
    command = [sys.executable, "-P", "-c", _APART, "build", "--build", str(settings.build), "--base", settings.base]
    if settings.plans is not None:
        command += ["--plans", str(settings.plans)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as making:  # noqa: S603 - our own
        code = making.wait()
    if code:
        # It has said why.
        raise typer.Exit(code)
    return built(settings)


def stored(settings: Settings) -> "Generations | None":
    """Return the store in the folder of the settings, for reading; it may be in use.

    None where the settings name no folder, or, with a message, where the store does not exist yet.
    """
    if settings.store is None or settings.store_is_elsewhere:
        return None
    from crmgraph.store.generations import Generations, is_new

    folder = Path(settings.store)
    if is_new(folder):
        typer.echo(
            f"crmgraph: there is no store in {folder} yet; this is the built dataset, as which it begins", err=True
        )
        return None
    return Generations(folder)


def federation_of(settings: Settings) -> 'Callable[["Engine"], "Engine"]':
    """Return the function that makes an engine answer SERVICE for the allowed endpoints; without any, the identity.

    Raises UsageError for an invalid address, for snapshots that are missing, and for snapshots without an endpoint.
    """
    if not settings.allow:
        if settings.snapshots is not None:
            from crmgraph.errors import UsageError

            raise UsageError("snapshots stand in for endpoints that may be asked; name these by --allow too")
        return lambda engine: engine
    from crmgraph.federation import Allowed, Federated, Fetcher, Snapshots

    snapshots, allowed = Snapshots(settings.snapshots) if settings.snapshots else None, Allowed(settings.allow)
    return lambda engine: Federated(engine, Fetcher(allowed), snapshots)


def loader_of(settings: Settings) -> "Loader | None":
    """Return the loader of LOAD for the allowed addresses, None without any. Raises UsageError for an invalid one."""
    if not settings.allow:
        return None
    from crmgraph.federation import Allowed, Fetcher
    from crmgraph.store.loading import Loader

    return Loader(Fetcher(Allowed(settings.allow)))


def pool_of(settings: Settings, manifest: "Manifest", workers: int) -> "Pool":
    """Return a pool of processes that answer from the built dataset."""
    from crmgraph.sparql import Pool
    from crmgraph.store import DUMP, STORE

    folder = manifest.folder(settings.build)
    dump = folder / DUMP
    return Pool(
        folder / STORE,
        settings.memory,
        workers,
        queue=settings.queue,
        dump=dump if dump.stat().st_size <= settings.in_memory else None,
    )


def remote_engine(settings: Settings, manifest: "Manifest") -> "RemoteEngine":
    """Return the engine of the endpoint that the settings name as the store, which is only read.

    Raises UsageError where there are writers, where it does not answer, and where it lacks the dataset.
    """
    from crmgraph.errors import AnswerError, UsageError
    from crmgraph.federation.remote import RemoteEngine, authorization

    if settings.writers:
        raise UsageError(f"{settings.store}: an endpoint is only read here; leave out the writers, or name a folder")
    headers = authorization(
        settings.store_user, settings.store_password.get_secret_value(), settings.store_token.get_secret_value()
    )
    engine = RemoteEngine(settings.store or "", manifest.dataset, manifest.graphs, headers)
    try:
        engine.refresh(settings.timeout)
    except AnswerError as error:
        raise UsageError(f"{settings.store}: {error}") from None
    return engine


@contextmanager
def opened_store(folder: Path, settings: Settings, manifest: "Manifest") -> "Iterator[tuple[Pool, StoreWriter]]":
    """Open the store in `folder`: yield a pool of processes that answer from it, and its writer.

    A store that is missing is made as a copy of the built dataset.
    """
    from crmgraph.sparql import Pool
    from crmgraph.sparql.states import state_as_built
    from crmgraph.store import STORE
    from crmgraph.store.dataset import write_union
    from crmgraph.store.generations import Generations, is_new
    from crmgraph.store.writer import StoreWriter

    seed = manifest.folder(settings.build) / STORE
    state = state_as_built(manifest.dataset)
    generations = Generations.create(folder, seed, state) if is_new(folder) else Generations(folder)
    names = settings.names if settings.check_writes else None
    # A write makes it where there is need; the dataset, or a store of old, may have come without.
    with generations.held():
        write_union(generations.path)
    with (
        Pool(generations.path, workers=settings.workers, memory_bytes=settings.memory, queue=settings.queue) as pool,
        StoreWriter(generations, pool, settings.memory, names, loader=loader_of(settings)) as store_writer,
    ):
        yield pool, store_writer
