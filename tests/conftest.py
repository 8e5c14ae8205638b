"""What many tests need: the real dataset, built once."""

from pathlib import Path

import hypothesis
import pytest
from pyoxigraph import Store

from crmgraph.building.manifest import Manifest
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store
from tests.support.dataset import built_dataset

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


# Files that take longest begin first, so that no process works alone at the end; two of them need no dataset, and begin
# while it is built. xdist takes files as they come.
_LONGEST = (
    *("docs/test_docs", "conformance/test_sparql11", "sparql/test_pool", "browser/test_pages", "cli/test_commands"),
    *("cli/test_build", "browser/test_workbench", "checks/mutation", "browser/", "serving/", "questions/"),
    *("reconciliation/", "store/", "checks/", "site/", "test_caching", "hostile/", "building/", "federation/"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((n for n, name in enumerate(_LONGEST) if name in item.nodeid), len(_LONGEST)))


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
