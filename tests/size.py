"""Prints the size of the project, by package and by type of file: `python -m tests.size`."""

import ast
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "crmgraph"
# Data and words that code reads: their lines count beside those of the code.
TYPES = (".py", ".ts", ".css", ".html", ".yaml", ".rq", ".ru", ".ttl", ".csv", ".po", ".md")


def statements(source: str) -> int:
    """Return the number of statements in Python source, docstrings not counted."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    return sum(
        not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str))
        for node in nodes
    )


def main() -> None:
    """Print a table of packages (files, statements, lines), then lines by type of file, for code and for tests."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]
    packages: dict[str, Counter[str]] = defaultdict(Counter)
    lines: dict[tuple[str, str], int] = Counter()
    for path in paths:
        if path.suffix not in TYPES:
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        lines[path.parts[0], path.suffix] += text.count("\n")
        if path.suffix == ".py" and path.parts[0] == PACKAGE:
            package = "/".join(path.parts[1:-1][:2]) or "."
            packages[package].update(files=1, statements=statements(text), lines=text.count("\n"))
    print(f"{'package':<28}{'files':>7}{'statements':>12}{'lines':>8}")
    for package, counts in sorted(packages.items()):
        print(f"{package:<28}{counts['files']:>7}{counts['statements']:>12}{counts['lines']:>8}")
    total = sum(packages.values(), Counter())
    print(f"{'total':<28}{total['files']:>7}{total['statements']:>12}{total['lines']:>8}\n")
    print(f"{'lines of':<14}" + "".join(f"{kind:>9}" for kind in TYPES))
    for top in sorted({top for top, _ in lines}):
        print(f"{top:<14}" + "".join(f"{lines.get((top, kind), 0):>9}" for kind in TYPES))


if __name__ == "__main__":
    main()
