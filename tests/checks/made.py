"""Plans made for tests, and the findings about them."""

import gc
from functools import cache
from pathlib import Path

from crmgraph.checks.findings import Finding
from tests.checks.mutation.bench import Bench

Row = tuple[str, str, str, str, str]
HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")


@cache
def bench() -> Bench:
    """The bench that all tests in this process share. `mutation/test_mutants.py` compares it with the full check."""
    made = Bench()
    # The garbage collector need not look at objects that live as long as the process.
    gc.collect()
    gc.freeze()
    return made


def text_of(*rows: Row, title: str = "PLAN DE ACCION") -> str:
    cells = "".join(f"\t{cell}\n" for row in (HEADINGS, *rows) for cell in row)
    return f"{title}\n\n{cells}"


def write(folder: Path, *rows: Row, title: str = "PLAN DE ACCION") -> Path:
    file = folder / "made.txt"
    file.write_text(text_of(*rows, title=title), encoding="utf-8")
    return file


@cache
def checked(*rows: Row, title: str = "PLAN DE ACCION") -> tuple[Finding, ...]:
    return tuple(bench().findings(text_of(*rows, title=title)))


def found(*rows: Row) -> set[tuple[str, str]]:
    """The codes and elements of the findings, except two that all plans here have: no date, and unaccented headings."""
    findings = {(each.code, each.location.name) for each in checked(*rows)}
    return {each for each in findings if each[0] not in ("plan-undated", "accent-missing")}


def locations(code: str, *rows: Row) -> list[tuple[str, str, str]]:
    """The element, text and second element of each finding with a code."""
    return [
        (finding.location.name, finding.location.exact or "", finding.other.name if finding.other else "")
        for finding in checked(*rows)
        if finding.code == code
    ]


def activity(words: str, theme: str = "Tema") -> Row:
    return theme, "1. Uno", "1.1 Acción", f"1.1.1 {words}", "1.1.1.1 Continuo"
