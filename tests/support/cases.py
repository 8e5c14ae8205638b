"""Rows of cases in tables beside their tests."""

from pathlib import Path

_TESTS = Path(__file__).parents[1]
_SIGNS = str.maketrans({"␊": "\n", "␍": "\r", "␉": "\t", "␀": "\0"})


def cases(name: str) -> list[list[str]]:
    """Return the rows of `tests/<name>.tsv` without its header; signs such as ␊ stand for what they picture."""
    _, *rows = (_TESTS / f"{name}.tsv").read_text("utf-8").rstrip("\n").split("\n")
    return [row.translate(_SIGNS).split("\t") for row in rows]
