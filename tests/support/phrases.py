"""Tables of test phrases, in files and text blocks, and small plans that contain a phrase."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.model import Source

HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")


def rows_of(name: str, folder: str = "describing/phrases") -> list[list[str]]:
    """Return the rows of a table in a folder of the tests, without its header."""
    with (Path(__file__).parents[1] / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [[re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), cell) for cell in row] for row in rows]


def differences(name: str, find: Callable[[str], Iterable[tuple[int, int, str]]]) -> list[tuple[str, str]]:
    """Return the differences between what `find` finds in phrases and what their table expects.

    A phrase has the expected words in square brackets, and their meanings follow, separated by semicolons.
    """
    wrong = []
    for row, expected in rows_of(name):
        text = found = row.replace("[", "").replace("]", "")
        places = list(find(text))
        for start, end in sorted({each[:2] for each in places}, reverse=True):
            found = f"{found[:start]}[{found[start:end]}]{found[end:]}"
        said = "; ".join(each[2] for each in places)
        if (found, said) != (row, expected):
            wrong.append((found, said))
    return wrong


def phrases(block: str) -> list[str]:
    """Return the phrases of a block, separated by line breaks or bars."""
    return [phrase for phrase in map(str.strip, re.split(r"[|\n]", block)) if phrase]


def pairs(block: str) -> list[tuple[str, str]]:
    """Return the texts before and after the arrow in each line of a block."""
    rows = (line.strip().partition("=>") for line in block.split("\n"))
    return [(one.strip(), other.strip()) for one, arrow, other in rows if arrow]


def marked(text: str) -> tuple[str, str]:
    """Return a text without its square brackets, and the words between them."""
    before, _, rest = text.partition("[")
    words, _, after = rest.partition("]")
    return before + words + after, words


def table_of(*rows: Sequence[str], id: str = "plan") -> Plan:
    """Return the plan in a table of these rows, each of five cells."""
    return read_plan_text(Source("".join(f"\t{cell}\n" for row in (HEADINGS, *rows) for cell in row)), id)
