"""Samples mutants of `crmgraph/` and judges a test suite by those it notices.

python -m tests.mutants sample 200 27               a new list, by seed: tests/mutants/mutants.csv
python -m tests.mutants judge FOLDER COLUMN         make each mutant in a copy of the project, and run the tests of
                                                    its package, then all; whether one failed is written to COLUMN
"""

import ast
import csv
import os
import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

from tests.mutants.operators import Mutation, find, mutated

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).parent / "mutants.csv"
FIELDS = ["id", "module", "line", "column", "operator", "function", "before", "after"]
_LONGEST = 3600
"""The seconds after which tests are taken to hang, as a mutant may make them."""


def sample(count: int, seed: int) -> None:
    """Write a list of so many mutants: each package has its share by statements, and a function has one at most."""
    chance = random.Random(seed)
    functions: dict[str, dict[tuple[str, str], list[Mutation]]] = defaultdict(lambda: defaultdict(list))
    statements: Counter[str] = Counter()
    for path in sorted((ROOT / "crmgraph").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "share" in parts or "node_modules" in parts or "web" in parts:
            continue
        module = ".".join(part for part in parts if part != "__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        statements[parts[1]] += sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
        for mutation in find(tree):
            functions[parts[1]][module, mutation.function].append(mutation)
    rows: list[tuple[str, Mutation]] = []
    for package, number in sorted(statements.items()):
        for module, function in chance.sample(
            sorted(functions[package]), min(len(functions[package]), round(count * number / statements.total()))
        ):
            kinds: dict[str, list[Mutation]] = defaultdict(list)
            for mutation in functions[package][module, function]:
                kinds[mutation.operator].append(mutation)
            # Constants are the most frequent and the dullest.
            names = sorted(set(kinds) - {"string", "number"}) or sorted(kinds)
            if chance.random() < 0.25:
                names = sorted(kinds)
            rows.append((module, chance.choice(kinds[chance.choice(names)])))
    with LIST.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        for number, (module, m) in enumerate(rows, 1):
            writer.writerow([number, module, m.line, m.column, m.operator, m.function, m.before, m.after])


def judge(folder: Path, column: str) -> None:
    """Write a verdict to `column` for each mutant that has none: killed, survived, or gone with its code."""
    copy = folder / "project"
    if not copy.exists():
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", ".*_cache", "__pycache__"))
        (copy / ".venv").symlink_to(ROOT / ".venv")
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if not row.get(column):
            row[column] = _verdict(copy, row)
            print(row["id"], row["module"], row["operator"], row[column], flush=True)
            with LIST.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    print(Counter(row[column] for row in rows))


def _verdict(copy: Path, row: dict[str, str]) -> str:
    """Return what the tests in the copy say of the mutant of a row, which is made there meanwhile."""
    path = copy.joinpath(*row["module"].split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    texts = (row[name] for name in ("operator", "function", "before", "after"))
    try:
        source = path.read_text(encoding="utf-8")
        changed = mutated(source, Mutation(int(row["line"]), int(row["column"]), *texts))
    except (OSError, ValueError):
        return "gone"
    path.write_text(changed, encoding="utf-8")
    try:
        own = copy / "tests" / row["module"].split(".")[1]
        return "killed" if any(_fail(copy, tests) for tests in (own, copy / "tests") if tests.is_dir()) else "survived"
    finally:
        path.write_text(source, encoding="utf-8")


def _fail(copy: Path, tests: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(tests)]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=_LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sample", count, seed]:
            sample(int(count), int(seed))
        case ["judge", folder, column]:
            judge(Path(folder).absolute(), column)
        case _:
            sys.exit(__doc__)
