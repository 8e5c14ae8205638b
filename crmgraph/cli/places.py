"""How the commands come by an engine elsewhere."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from crmgraph.cli.options import loader_of
from crmgraph.errors import AnswerError, UsageError

if TYPE_CHECKING:
    from crmgraph.building import Manifest
    from crmgraph.settings import Settings
    from crmgraph.sparql import Engine
    from crmgraph.sparql.elsewhere import Connection, Copy, RemoteEngine
    from crmgraph.updating import Keeper

__all__ = ["connected", "engine_elsewhere", "kept_elsewhere"]

_LOOKING = 30.0


@contextmanager
def connected(settings: "Settings") -> "Iterator[Connection]":
    """The way to the engine that the settings name. Raises UsageError where they name none, or not well."""
    from crmgraph.sparql.elsewhere import Address, Connection

    if not settings.store_is_elsewhere or settings.store is None:
        raise UsageError("name the engine by --store and the address at which it answers queries")
    connection = Connection(
        Address.of(
            settings.store,
            settings.store_update,
            settings.store_graphs,
            settings.store_user,
            settings.store_password.get_secret_value(),
            settings.store_token.get_secret_value(),
        )
    )
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def engine_elsewhere(
    connection: "Connection", settings: "Settings", manifest: "Manifest"
) -> "Iterator[tuple[RemoteEngine, Copy]]":
    """The engine that the connection leads to, and the copy here of what it holds."""
    from pyoxigraph import Store

    from crmgraph.sparql import Pool
    from crmgraph.sparql.elsewhere import Copy, RemoteEngine
    from crmgraph.sparql.elsewhere.publication import Places
    from crmgraph.storing import STORE
    from crmgraph.storing.scratch import scratch_folder

    places, built = Places(settings.base), manifest.folder(settings.build) / STORE
    with ExitStack() as held:
        nothing = held.enter_context(scratch_folder()) / STORE
        Store(nothing).flush()
        reader = Pool(nothing, workers=settings.workers, memory_bytes=settings.memory)
        copy = Copy(connection, places, built, manifest.dataset, settings.memory, settings.workers)
        yield held.enter_context(RemoteEngine(connection, places, reader, copy, settings.store_answers)), copy


@contextmanager
def kept_elsewhere(settings: "Settings", manifest: "Manifest") -> "Iterator[tuple[Engine, Keeper | None]]":
    """An engine elsewhere that has the dataset, and who writes to it where there are writers.

    Raises UsageError where it cannot be asked, or has not the dataset that was built here.
    """
    from crmgraph.sparql.elsewhere.publication import Places
    from crmgraph.updating.remote_keeper import RemoteKeeper

    record = settings.store_record
    if settings.writers and record is None:
        raise UsageError("setting store_record: writers need a file for the record of what they write")
    with (
        connected(settings) as connection,
        engine_elsewhere(connection, settings, manifest) as (engine, copy),
        ExitStack() as held,
    ):
        _check(engine, settings, manifest)
        keeper = None
        if settings.writers and record is not None:
            places = Places(settings.base)
            names = settings.names if settings.check_writes else None
            loader = loader_of(settings)
            keeper = held.enter_context(
                RemoteKeeper(connection, places, engine, copy, settings.memory, record, names, loader)
            )
        yield engine, keeper


def _check(engine: "RemoteEngine", settings: "Settings", manifest: "Manifest") -> None:
    try:
        engine.refresh(_LOOKING)
    except AnswerError as error:
        raise UsageError(f"{settings.store}: {error}") from None
    known = engine.publication
    if known is None or known.dataset != manifest.dataset:
        raise UsageError(
            f"{settings.store}: the engine has not the dataset that was built here; crmgraph publish brings it there"
        )
