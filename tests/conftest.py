"""What many tests need: the real dataset, built once, and a small store."""

import gc
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from pyoxigraph import Store

from crmgraph.building.manifest import FINDINGS, Manifest
from crmgraph.files import resource
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.site import Site
from crmgraph.sparql.pool import Pool
from crmgraph.store import DUMP, STORE
from crmgraph.store.dataset import open_store
from tests.support.dataset import built_dataset
from tests.support.stores import build_store

# Graphs are many objects that stay: looking among them for garbage as often as usual takes a fifth of the time.
gc.set_threshold(50_000, 20, 100)

# Files that take longest begin first, so that no process works alone at the end; two need no dataset.
_LONGEST = (
    *("docs/test_docs", "conformance/test_sparql", "sparql/test_pool", "browser/test_pages", "cli/test_commands"),
    *("cli/test_build", "browser/test_workbench", "checks/mutation", "browser/", "serving/", "questions/"),
    *("reconciliation/", "store/", "checks/", "site/", "test_caching", "hostile/", "building/", "federation/"),
)


def pytest_configure(config: pytest.Config) -> None:
    # `make test` tries the same examples each time, the drills new ones. How long one takes is no fault of the code.
    hypothesis.settings.register_profile("ours", deadline=None, derandomize=config.option.markexpr == "not drill")
    hypothesis.settings.load_profile("ours")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((n for n, name in enumerate(_LONGEST) if name in item.nodeid), len(_LONGEST)))
    gc.freeze()


@pytest.fixture(scope="session")
def built() -> tuple[Path, Manifest]:
    """The folder of the built dataset, which no test writes to, and its manifest."""
    return built_dataset()


@pytest.fixture(scope="session")
def build_folder(built: tuple[Path, Manifest]) -> Path:
    return built[0]


@pytest.fixture(scope="session")
def manifest(built: tuple[Path, Manifest]) -> Manifest:
    return built[1]


@pytest.fixture(scope="session")
def store(build_folder: Path, manifest: Manifest) -> Store:
    return open_store(manifest.folder(build_folder) / STORE)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small store, which no test writes to."""
    return build_store(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture(scope="session")
def site(build_folder: Path, manifest: Manifest) -> Iterator[Site]:
    """The site over the real dataset."""
    folder = manifest.folder(build_folder)
    with Pool(folder / STORE, memory_bytes=2**30, dump=folder / DUMP) as pool:
        library = load_library(resource("queries"), Names())
        yield Site(pool, Names(), manifest.dataset, library, 300.0, folder / FINDINGS)
