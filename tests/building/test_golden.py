"""The dataset is, statement for statement, the one that golden.json pins."""

import json
from pathlib import Path

from crmgraph.building.manifest import Manifest
from crmgraph.store import DUMP
from tests.building.golden import GOLDEN, graphs_of, summary


def test_dataset_is_the_pinned_one(build_folder: Path, manifest: Manifest) -> None:
    """Where another one is meant: python -m tests.building.golden; `diff` of two dumps shows the statements."""
    pinned, dump = json.loads(GOLDEN.read_text(encoding="utf-8")), manifest.folder(build_folder) / DUMP
    assert {*pinned} == {*manifest.graphs}
    assert summary(graphs_of(dump)) == pinned, dump
