"""Samples mutants of `crmgraph/` and judges a test suite by those it notices.

    python -m tests.mutants sample 200 27                 a new list, by seed: tests/mutants/mutants.csv
    python -m tests.mutants record FOLDER [pytest …]       which tests run which mutants, and for how long
    python -m tests.mutants judge FOLDER COLUMN [SECONDS]  run those tests with each mutant active; verdicts to COLUMN

`record` and `judge` work in a copy of the project, whose package imports `hook.py` first.
"""

import ast
import csv
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from tests.mutants.operators import Mutation, find

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).parent / "mutants.csv"
FIELDS = ["id", "module", "line", "column", "operator", "function", "before", "after"]
_MOST_TESTS = 60
_HOOK = "\n__import__('runpy').run_path(__file__.replace('crmgraph/__init__.py', 'tests/mutants/hook.py'))\n"


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


def _copy(folder: Path) -> Path:
    """Return a copy of the project below `folder` that has the hook."""
    copy = folder / "project"
    if not copy.exists():
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", ".*_cache", "__pycache__"))
        with (copy / "crmgraph" / "__init__.py").open("a", encoding="utf-8") as file:
            file.write(_HOOK)
        (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


def _pytest(copy: Path, arguments: list[str], seconds: float | None = None, **settings: str) -> int:
    """Run pytest in the copy and return its status; 124 where it takes longer than that."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "CRMGRAPH_MUTANTS": str(copy / LIST.relative_to(ROOT))}
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
            cwd=copy,
            env={**environment, **settings},
            stdout=subprocess.DEVNULL if seconds else None,
            stderr=subprocess.DEVNULL if seconds else None,
            timeout=seconds,
        ).returncode
    except subprocess.TimeoutExpired:
        return 124


def record(folder: Path, arguments: list[str]) -> None:
    """Run the tests once and note which of them run which mutants."""
    copy = _copy(folder)
    _pytest(copy, ["-p", "tests.mutants.recording", *arguments], CRMGRAPH_MUTANT_RECORD=str(folder / "record"))


def _rows() -> list[dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _covering(folder: Path) -> tuple[dict[int, list[tuple[float, str]]], set[int]]:
    """Return, for each mutant, the tests that run it, each with its seconds, at most three a function.

    Those in the folder of the mutant's package come first, then the cheapest.

    What a fixture runs is put down to all tests of the file that first asked for it. The second value are the mutants
    that a fixture runs: with one of these the dataset has to be built anew.
    """
    tests: list[tuple[str, float, set[int]]] = []
    fixtures: dict[str, set[int]] = defaultdict(set)
    for path in (folder / "record").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if set(row["outcomes"]) == {"passed"}:
                fixtures[row["id"].split("::")[0]] |= {*row["setup"], *row["before"]}
                tests.append((row["id"], row["seconds"]["call"], set(row["call"])))
    packages = {int(row["id"]): row["module"] for row in _rows()}
    found: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for test, seconds, ran in tests:
        for number in ran:
            found[number].append((seconds, test))
        for number in fixtures[test.split("::")[0]] - ran:
            found[number].append((seconds + 5, test))
    for number, covering in found.items():
        seen: Counter[str] = Counter()
        chosen = []
        package = packages[number].split(".")[1]
        for seconds, test in sorted(covering, key=lambda each: (f"/{package}/" not in each[1], each)):
            seen[test.split("[")[0]] += 1
            if seen[test.split("[")[0]] <= 3:
                chosen.append((seconds, test))
        found[number] = chosen
    return found, set().union(*fixtures.values())


def judge(folder: Path, column: str, most: float) -> None:
    """Run at most so many seconds of the tests of each mutant; write the verdicts to `column`."""
    copy, lock = _copy(folder), Lock()
    covering, in_fixtures = _covering(folder)
    rows = _rows()

    def verdict(row: dict[str, str]) -> None:
        if row.get(column) and not row[column].startswith("error"):
            return
        chosen: list[str] = []
        total = 0.0
        for seconds, test in covering.get(int(row["id"]), ()):
            if (total := total + seconds) > most or len(chosen) >= _MOST_TESTS:
                break
            chosen.append(test)
        if not chosen:
            row[column] = "not covered"
        else:
            settings = {"CRMGRAPH_MUTANT": row["id"]}
            if int(row["id"]) in in_fixtures:
                settings["CRMGRAPH_MUTANT_DATASET"] = row["id"]
            status = _pytest(copy, ["-x", *chosen], 3 * most + 300, **settings)
            row[column] = {0: "survived", 1: "killed", 2: "killed", 124: "killed"}.get(status, f"error {status}")
        with lock, LIST.open("w", encoding="utf-8", newline="") as file:
            print(row["id"], row["module"], row["operator"], len(chosen), row[column], flush=True)
            writer = csv.DictWriter(file, [*rows[0], *([] if column in rows[0] else [column])], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(verdict, rows))
    print(Counter(row[column] for row in rows))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sample", count, seed]:
            sample(int(count), int(seed))
        case ["record", folder, *arguments]:
            record(Path(folder).absolute(), arguments)
        case ["judge", folder, column, *seconds]:
            judge(Path(folder).absolute(), column, float(seconds[0]) if seconds else 60.0)
        case _:
            sys.exit(__doc__)
