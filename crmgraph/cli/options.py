"""What the commands share: their options, and how they come by settings, the built dataset and who answers."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crmgraph.building import Manifest
    from crmgraph.federation.remote import RemoteEngine
    from crmgraph.settings import Settings
    from crmgraph.sparql import Engine, Pool
    from crmgraph.store.generations import Generations
    from crmgraph.store.loading import Loader
    from crmgraph.store.writer import StoreWriter

__all__ = [
    "STANDARD_INPUT",
    "Allow",
    "AnswerFormat",
    "BaseAddress",
    "BuildFolder",
    "CheckFormat",
    "DiffFormat",
    "Engine",
    "ExportFormat",
    "FailOn",
    "Language",
    "LinkFormat",
    "Memory",
    "Plans",
    "Reasoner",
    "ReportFormat",
    "ShaclEngine",
    "SnapshotsFolder",
    "StoreAsked",
    "built",
    "built_apart",
    "built_now",
    "federation_of",
    "kept",
    "loader_of",
    "pool_of",
    "remote_engine",
    "settings_of",
    "steps",
    "stored",
]

STANDARD_INPUT = Path("standard input")
"""The name by which messages speak of it."""

BuildFolder = Annotated[
    Path | None, typer.Option("--build", help="The folder of the built dataset.", show_default="build")
]
BaseAddress = Annotated[
    str | None,
    typer.Option(
        "--base", help="The base of the IRIs of things and graphs.", show_default="https://w3id.org/crmgraph/"
    ),
]
Plans = Annotated[
    Path | None,
    typer.Option(
        "--plans",
        help="A folder of further plans (.txt), which the dataset is built with.",
        show_default="the one that it was built with",
    ),
]
Allow = Annotated[
    str | None,
    typer.Option(
        "--allow",
        help="The addresses outside that queries may ask by SERVICE and updates fetch by LOAD, with commas between "
        "them.",
    ),
]
SnapshotsFolder = Annotated[
    Path | None,
    typer.Option(
        "--snapshots", help="A folder of snapshots of endpoints, which stand in for them where they do not answer."
    ),
]
StoreAsked = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="The folder of the store that is written to, or the address of a SPARQL endpoint that has the dataset.",
        show_default="the built dataset",
    ),
]
Memory = Annotated[
    int | None, typer.Option("--memory", help="The memory that a query may use, in bytes.", show_default="2147483648")
]
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
    """A function that shows what is going on, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda step: status.update(f"{step} …")


def settings_of(**flags: object) -> "Settings":
    """The settings with these flags before all else; a flag that is None was not given."""
    from crmgraph.settings import read_settings

    return read_settings(**flags)


def built(settings: "Settings", before: Callable[[], None] = lambda: None) -> "Manifest":
    """The manifest of the built dataset, which is built first where it is missing, damaged or out of date.

    Its further plans are those in the folder that the settings name, or else in that which it was built with. A
    build is told, for it takes its time, and `before` is done before it.
    """
    if (known := _as_it_is(settings)) is not None:
        return known
    _tell_of_building()
    before()
    return built_now(settings)


def built_now(settings: "Settings", anew: bool = False, reasoner: str = "rules") -> "Manifest":
    """As `built`, for who asked for it: `anew` also where nothing changed."""
    from crmgraph.building import build, plans_of

    if not anew and (known := _as_it_is(settings)) is not None:
        return known
    left_out = list(_left_out(settings, settings.plans or plans_of(settings.build)))
    with steps() as say:
        manifest = build(settings.build, settings.names, say, anew, settings.plans, reasoner)
    for what in left_out:
        typer.echo(f"crmgraph: {what}", err=True)
    return manifest


def _as_it_is(settings: "Settings") -> "Manifest | None":
    """The manifest of the dataset that is there, where it need not be built."""
    from crmgraph.building import current

    known = current(settings.build, settings.names, settings.plans)
    if known is not None:
        _tell_where_plans_are_gone(settings, known)
    return known


def _tell_of_building() -> None:
    typer.echo("the dataset is built first, which takes a minute or two", err=True)


def _tell_where_plans_are_gone(settings: "Settings", manifest: "Manifest") -> None:
    if settings.plans is None and manifest.plans and not Path(manifest.plans).is_dir():
        typer.echo(
            f"crmgraph: the folder of further plans that {settings.build} was built with is gone ({manifest.plans}); "
            "they are as they were then",
            err=True,
        )


def _left_out(settings: "Settings", plans: Path | None) -> Iterator[str]:
    """What of the folder `plans` a build leaves out, and which plans were in the dataset and will be no more."""
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


def built_apart(settings: "Settings") -> "Manifest":
    """As `built`, but a build is made by a process of its own, and its memory given back when that ends.

    It ends with this process, whatever ends that.
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


def stored(settings: "Settings") -> "Generations | None":
    """The store in a folder that the settings name, to be read; it may be in use meanwhile.

    None where they name none, or where it is not made yet, which is told: it begins as the built dataset.
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


def federation_of(settings: "Settings") -> 'Callable[["Engine"], "Engine"]':
    """What makes of an engine one that also asks the endpoints that it may; where there are none, it stays what it is.

    Raises UsageError for an address that is none, and for snapshots that are not there, or where no endpoint may be
    asked: ask for it before anything takes long.
    """
    if not settings.allow:
        if settings.snapshots is not None:
            from crmgraph.errors import UsageError

            raise UsageError("snapshots stand in for endpoints that may be asked; name these by --allow too")
        return lambda engine: engine
    from crmgraph.federation import Allowed, Federated, Fetcher, Snapshots

    snapshots, allowed = Snapshots(settings.snapshots) if settings.snapshots else None, Allowed(settings.allow)
    return lambda engine: Federated(engine, Fetcher(allowed), snapshots)


def loader_of(settings: "Settings") -> "Loader | None":
    """Who fetches what LOAD names, from the addresses that it may. Raises UsageError for an address that is none."""
    if not settings.allow:
        return None
    from crmgraph.federation import Allowed, Fetcher
    from crmgraph.store.loading import Loader

    return Loader(Fetcher(Allowed(settings.allow)))


def pool_of(settings: "Settings", manifest: "Manifest", workers: int) -> "Pool":
    """Processes that answer from the dataset."""
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


def remote_engine(settings: "Settings", manifest: "Manifest") -> "RemoteEngine":
    """The endpoint that the settings name as the store, which is only read.

    Raises UsageError where there are writers, or it cannot be asked, or has not the dataset.
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
def kept(folder: Path, settings: "Settings", manifest: "Manifest") -> "Iterator[tuple[Pool, StoreWriter]]":
    """Processes that answer from the store in `folder`, and who writes to it.

    A store that is not there is made, and begins as the dataset.
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
