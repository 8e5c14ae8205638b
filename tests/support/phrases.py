"""Tables of phrases as blocks of text, and the small plans that phrases are put into."""

import re
from collections.abc import Sequence

from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source

__all__ = ["marked", "pairs", "phrases", "table_of"]

HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")


def phrases(block: str) -> list[str]:
    """Return the phrases of a block, one a line or divided by bars."""
    return [phrase for phrase in map(str.strip, re.split(r"[|\n]", block)) if phrase]


def pairs(block: str) -> list[tuple[str, str]]:
    """Return what stands before and behind the arrow of each line of a block."""
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
