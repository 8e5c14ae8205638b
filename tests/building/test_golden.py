"""The dataset is, statement for statement, the one that golden.json pins."""

import json
from pathlib import Path

from crmgraph.building.manifest import Manifest
from crmgraph.store import DUMP
from tests.building.golden import GOLDEN, VERSION, differences, graphs_of, summary


def test_dataset_is_the_pinned_one(build_folder: Path, manifest: Manifest) -> None:
    """Where another one is meant: python -m tests.building.golden; `diff` of two dumps shows the statements."""
    pinned, dump = json.loads(GOLDEN.read_text(encoding="utf-8")), manifest.folder(build_folder) / DUMP
    assert {*pinned} == {*manifest.graphs}
    assert differences(graphs_of(dump), pinned) == [], dump


def test_changed_graphs_are_named(tmp_path: Path) -> None:
    dump = tmp_path / "dump.nq"
    version = f'<u:d> {VERSION} "%s" <u:graph/catalog> .\n'
    dump.write_text('<u:a> <u:p> "x y" <u:g> .\n<u:b> <u:p> <u:c> <u:h> .\n' + version % 1, encoding="utf-8")
    before = summary(graphs_of(dump))
    dump.write_text(version % 2 + '<u:b> <u:p> <u:c> <u:h> .\n<u:a> <u:p> "z" <u:g> .\n', encoding="utf-8")
    assert differences(graphs_of(dump), before) == ["u:g: 1 statements pinned, 1 built"]
