"""Tables of test cases, in files beside the tests."""

from pathlib import Path

_TESTS = Path(__file__).parents[1]
_SIGNS = str.maketrans({"␊": "\n", "␍": "\r", "␉": "\t", "␀": "\0"})


def cases(name: str) -> list[list[str]]:
    """Return the rows of `tests/<name>.tsv` without the header; control pictures (␊) become control characters."""
    _, *rows = (_TESTS / f"{name}.tsv").read_text("utf-8").rstrip("\n").split("\n")
    return [[cell.translate(_SIGNS) for cell in row.split("\t")] for row in rows]
