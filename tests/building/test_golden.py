"""The dataset is, statement for statement, the one that golden.json pins."""

import json
import os
from pathlib import Path

from crmgraph.building.manifest import Manifest
from crmgraph.store import DUMP
from tests.building.golden import GOLDEN, PREVIOUS, VERSION, differences, graphs_of, summary


def test_dataset_is_the_pinned_one(build_folder: Path, manifest: Manifest) -> None:
    pinned = json.loads(GOLDEN.read_text(encoding="utf-8"))
    graphs = graphs_of(manifest.folder(build_folder) / DUMP)
    assert {*pinned} == {*manifest.graphs}
    if summary(graphs) != pinned:
        named = os.environ.get(PREVIOUS)
        told = "\n".join(differences(graphs, pinned, graphs_of(Path(named)) if named else None))
        hint = "" if named else f"\n{PREVIOUS}=…/dataset.nq from before the change shows the statements"
        raise AssertionError(
            f"The dataset is another one:\n{told}{hint}\nIf that is meant: python -m tests.building.golden"
        )


def test_changed_graphs_are_named_with_what_went_and_came(tmp_path: Path) -> None:
    old, new = tmp_path / "old.nq", tmp_path / "new.nq"
    version = f'<u:d> {VERSION} "%s" <u:graph/catalog> .\n'
    old.write_text('<u:a> <u:p> "x y" <u:g> .\n<u:b> <u:p> <u:c> <u:h> .\n' + version % 1, encoding="utf-8")
    new.write_text(version % 2 + '<u:b> <u:p> <u:c> <u:h> .\n<u:a> <u:p> "z" <u:g> .\n', encoding="utf-8")
    before, after = graphs_of(old), graphs_of(new)
    assert differences(before, summary(before), None) == []
    assert differences(after, summary(before), None) == ["u:g: 1 statements pinned, 1 built"]
    assert differences(after, summary(before), before) == [
        "u:g: 1 statements pinned, 1 built; 1 went, 1 came",
        '  - <u:a> <u:p> "x y" <u:g> .',
        '  + <u:a> <u:p> "z" <u:g> .',
    ]
