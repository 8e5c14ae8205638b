"""The real plan saved in other formats is the same plan."""

from pathlib import Path

import pytest

from crmgraph.building import SOURCE
from crmgraph.importing import as_text_table, guess, read_tables
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.folding import tidy
from crmgraph.reading.source import Source
from tests.support.saving import SAVERS, Saved

PLAN = read_plan(SOURCE)


def saved() -> Saved:
    """The document as a table, each cell with all its lines and blanks."""
    before, *cells = PLAN.source.text.replace("\r\n", "\n").split("\n\t")
    if PLAN.source.text.startswith("\t"):
        before, cells = "", [before.removeprefix("\t"), *cells]
    cells[-1] = cells[-1].removesuffix("\n")
    return before.split("\n"), [cells[start : start + 5] for start in range(0, len(cells), 5)]


def imported(file: Path) -> str:
    grids = read_tables(file)
    return as_text_table(grids, guess(grids, file), file)


def told(plan: Plan) -> list[tuple[str, str, str | None, str]]:
    return [(part.id, part.kind, part.number, tidy(part.text)) for part, _ in plan.walk()]


@pytest.mark.parametrize("format", SAVERS)
def test_the_real_plan_is_the_same(format: str, tmp_path: Path) -> None:
    file = tmp_path / f"crm.{format}"
    SAVERS[format](saved(), file)
    text = imported(file)
    plan = read_plan_text(Source(text, Path("crm.txt")), "crm")
    assert told(plan) == told(PLAN)
    assert plan.title == PLAN.title
    if format in ("docx", "odt"):
        # But for the blank space at its end, it is the document to the letter.
        assert text.rstrip() == PLAN.source.text.replace("\r\n", "\n").rstrip()
