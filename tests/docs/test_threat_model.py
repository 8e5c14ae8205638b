"""Each promise of the threat model names tests that are there."""

import ast
import re
from pathlib import Path

TOP = Path(__file__).parents[2]


def test_the_tests_behind_each_promise_are_there() -> None:
    model = (TOP / "docs" / "THREAT_MODEL.md").read_text(encoding="utf-8")
    promises = re.search(r"## Promised\n(.*?)\n## ", model, re.DOTALL)
    assert promises is not None
    rows = [row for row in promises[1].splitlines() if row.startswith("| ") and "nobody can" not in row]
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
        assert named, row
        for file, test in named:
            tree = ast.parse((TOP / file).read_text(encoding="utf-8"))
            there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert not test or test in there, f"{file}::{test}"
            assert any(name.startswith("test_") for name in there), file
