"""Plans made for a purpose, and what is found in them."""

import gc
from functools import cache
from pathlib import Path

from crmgraph.checks.findings import Finding
from tests.checks.mutation.bench import Bench

Row = tuple[str, str, str, str, str]
HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")


@cache
def bench() -> Bench:
    """The bench of all tests in this process; `mutation/test_mutants.py` holds it to the whole way."""
    made = Bench()
    # What is needed all the time is no concern of the garbage collector.
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
    """The codes and elements of what is found beside what is true of all these: no date, headings without accents."""
    findings = {(each.code, each.location.name) for each in checked(*rows)}
    return {each for each in findings if each[0] not in ("plan-undated", "accent-missing")}


def locations(code: str, *rows: Row) -> list[tuple[str, str, str]]:
    """The elements, words and second elements of the findings with that code."""
    return [
        (finding.location.name, finding.location.exact or "", finding.other.name if finding.other else "")
        for finding in checked(*rows)
        if finding.code == code
    ]


def activity(words: str, theme: str = "Tema") -> Row:
    return theme, "1. Uno", "1.1 Acción", f"1.1.1 {words}", "1.1.1.1 Continuo"
