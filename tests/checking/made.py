"""Plans made for a purpose, and what is found in them."""

from functools import cache
from pathlib import Path

from crmgraph.building import background, check_file
from crmgraph.checking import Finding
from crmgraph.describing import Background
from crmgraph.namespaces import Names

Row = tuple[str, str, str, str, str]
HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")


def write(folder: Path, *rows: Row, title: str = "PLAN DE ACCION") -> Path:
    file = folder / "made.txt"
    cells = "".join(f"\t{cell}\n" for row in (HEADINGS, *rows) for cell in row)
    file.write_text(f"{title}\n\n{cells}", encoding="utf-8")
    return file


@cache
def _background() -> Background:
    return background(Names())


def checked(file: Path, plan: str | None = None) -> list[Finding]:
    return check_file(file, plan, Names(), lambda _: None, _background())


def findings_of(folder: Path, *rows: Row) -> list[Finding]:
    """What is found in a plan beside what is true of all these: no date, headings without accents."""
    findings = checked(write(folder, *rows))
    return [each for each in findings if each.code not in ("plan-undated", "accent-missing")]


def found(folder: Path, *rows: Row) -> set[tuple[str, str]]:
    """The codes and elements of these findings."""
    return {(each.code, each.spot.name) for each in findings_of(folder, *rows)}


def spots(folder: Path, code: str, *rows: Row) -> list[tuple[str, str, str]]:
    """The elements, words and second elements of the findings with that code."""
    return [
        (finding.spot.name, finding.spot.exact or "", finding.other.name if finding.other else "")
        for finding in checked(write(folder, *rows))
        if finding.code == code
    ]


def activity(words: str, theme: str = "Tema") -> Row:
    return theme, "1. Uno", "1.1 Acción", f"1.1.1 {words}", "1.1.1.1 Continuo"
