"""The graphs of the curated tables, made once, and a copy of the tables to spoil."""

import shutil
from pathlib import Path

import pytest
from rdflib import Dataset, Graph, URIRef

from crmgraph.describing.reference import describe_reference
from crmgraph.resources import resource
from tests.support.reference import NAMES


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return describe_reference(resource("data") / "reference", NAMES)


@pytest.fixture(scope="session")
def reference(dataset: Dataset) -> Graph:
    return dataset.graph(URIRef(NAMES.graph("reference")))


@pytest.fixture(scope="session")
def processes(dataset: Dataset) -> Graph:
    return dataset.graph(URIRef(NAMES.graph("processes")))


@pytest.fixture(scope="session")
def everything(reference: Graph, processes: Graph) -> Graph:
    return reference + processes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource("data") / "reference", tmp_path / "reference"))
