"""What many tests need: the real dataset, built once."""

from pathlib import Path

import hypothesis
import pytest
from pyoxigraph import Store

from crmgraph.building import Manifest
from crmgraph.store import STORE
from crmgraph.store.dataset import open_store
from tests.support.dataset import built_dataset

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


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
