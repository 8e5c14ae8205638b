"""The stores that the commands read, and the engines that answer from them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.building import Manifest
from crmgraph.cli.options import built, tell
from crmgraph.errors import AnswerError, UsageError
from crmgraph.settings import Settings
from crmgraph.sparql import Engine, Pool
from crmgraph.sparql.engine import state_as_built
from crmgraph.store import DUMP, STORE
from crmgraph.store.dataset import write_union
from crmgraph.store.generations import Generations, is_new

if TYPE_CHECKING:
    from crmgraph.store.writer import StoreWriter

__all__ = ["federation_of", "kept_store", "opened_store", "pool_of", "remote_engine", "store_folder", "stored"]


def store_folder(settings: Settings) -> Path:
    """Return the folder of the store. Raises UsageError where the settings name none."""
    if settings.store is None:
        raise UsageError("name the folder of the store by --store, CRMGRAPH_STORE or crmgraph.toml")
    if settings.store_is_elsewhere:
        raise UsageError(
            f"{settings.store}: this is the address of an endpoint, and here a store in a folder is needed"
        )
    return Path(settings.store)


def kept_store(folder: Path, settings: Settings, manifest: Manifest | None = None) -> Generations:
    """Return the store in a folder, made as a copy of the built dataset where it is missing."""
    if not is_new(folder):
        return Generations(folder)
    manifest = manifest or built(settings)
    return Generations.create(folder, manifest.folder(settings.build) / STORE, state_as_built(manifest.dataset))


def stored(settings: Settings) -> Path | None:
    """Return the store in the folder of the settings, for reading; it may be in use.

    None where the settings name no folder, or, with a message, where the store does not exist yet.
    """
    if settings.store is None or settings.store_is_elsewhere:
        return None
    folder = Path(settings.store)
    if is_new(folder):
        tell(f"there is no store in {folder} yet; this is the built dataset, as which it begins")
        return None
    return Generations(folder).path


def federation_of(settings: Settings) -> Callable[[Engine], Engine]:
    """Return the function that makes an engine answer SERVICE for the allowed endpoints; without any, the identity.

    Raises UsageError for an invalid address, for snapshots that are missing, and for snapshots without an endpoint.
    """
    if not settings.allow:
        if settings.snapshots is not None:
            raise UsageError("snapshots stand in for endpoints that may be asked; name these by --allow too")
        return lambda engine: engine
    # The client for HTTP is slow to import.
    from crmgraph.federation.federated import Federated
    from crmgraph.federation.fetching import Allowed, Fetcher
    from crmgraph.federation.snapshots import Snapshots

    snapshots, allowed = Snapshots(settings.snapshots) if settings.snapshots else None, Allowed(settings.allow)
    return lambda engine: Federated(engine, Fetcher(allowed), snapshots)


def pool_of(settings: Settings, manifest: Manifest, workers: int) -> Pool:
    """Return a pool of processes that answer from the built dataset."""
    folder = manifest.folder(settings.build)
    dump = folder / DUMP
    return Pool(
        folder / STORE,
        settings.memory,
        workers,
        queue=settings.queue,
        dump=dump if dump.stat().st_size <= settings.in_memory else None,
    )


def remote_engine(settings: Settings, manifest: Manifest) -> Engine:
    """Return the engine of the endpoint that the settings name as the store, which is only read.

    Raises UsageError where there are writers, where it does not answer, and where it lacks the dataset.
    """
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
def opened_store(folder: Path, settings: Settings, manifest: Manifest) -> "Iterator[tuple[Pool, StoreWriter]]":
    """Open the store in `folder`: yield a pool of processes that answer from it, and its writer.

    A store that is missing is made as a copy of the built dataset.
    """
    # The client for HTTP is slow to import.
    from crmgraph.store.writer import StoreWriter

    fetcher = None
    if settings.allow:
        from crmgraph.federation.fetching import Allowed, Fetcher

        fetcher = Fetcher(Allowed(settings.allow))
    generations = kept_store(folder, settings, manifest)
    names = settings.names if settings.check_writes else None
    # A write makes it where there is need; the dataset, or a store of old, may have come without.
    with generations.held():
        write_union(generations.path)
    with (
        Pool(generations.path, workers=settings.workers, memory_bytes=settings.memory, queue=settings.queue) as pool,
        StoreWriter(generations, pool, settings.memory, names, fetcher=fetcher) as store_writer,
    ):
        yield pool, store_writer
