"""What many tests need: the real dataset, built once."""

from pathlib import Path

import hypothesis
import pytest
from pyoxigraph import Store

from crmgraph.building import Manifest, build
from crmgraph.namespaces import Names
from crmgraph.storing.disk import open_store

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def build_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real") / "build"


@pytest.fixture(scope="session")
def manifest(build_folder: Path) -> Manifest:
    return build(build_folder, Names())


@pytest.fixture(scope="session")
def store(build_folder: Path, manifest: Manifest) -> Store:
    assert manifest.graphs
    return open_store(manifest.folder(build_folder))
