"""Invented findings and reports, for tests of report formats."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crmgraph.checks.findings import Acceptance, Check, Finding, Group, Location
from crmgraph.checks.reports import Document, Report
from crmgraph.errors import Bilingual
from crmgraph.reading.model import Source

PLAN = "https://w3id.org/crmgraph/id/plan/crm/"
SAMPLE = "PLAN\n\tTemas\n\t7. Uno dos, véase el 12\n\t7.1 Tres\n"
ACCEPTED = Acceptance("Ana", "2026-11-26", "Se sabe.", "It is known.")


def check(code: str, severity: str = "warning", group: str = "numbering", order: int = 1) -> Check:
    def words(what: str, cosa: str) -> Bilingual:
        return Bilingual(f"{code} {what}", f"{code} {cosa}")

    return Check(
        code,
        severity,
        Group(order, group, Bilingual("Numbering", "Numeración")),
        words("title", "título"),
        words("message", "mensaje"),
        words("reason", "razón"),
        words("example", "ejemplo"),
        words("remedy", "remedio"),
    )


def location(
    words: str | None, text: str = SAMPLE, element: str = PLAN + "pgm/7", number: str | None = "7"
) -> Location:
    """Return the location of the first occurrence of the words in the text."""
    if words is None:
        return Location(element, number)
    start = text.index(words)
    end = start + len(words)
    passage = f"https://w3id.org/crmgraph/id/source/crm/{start}-{end}"
    return Location(element, number, "pgm", passage, start, end, words, "Objective", "Gestión", "Management")


def finding(words: str | None = "12", code: str = "some-code", **changes: object) -> Finding:
    made = Finding(code, "warning", location(words), None, "algo pasa.", "something is wrong.")
    return replace(made, **changes)  # type: ignore[arg-type]


def document(text: str = SAMPLE, name: str = "crm.txt") -> Document:
    return Document(name, f"data/source/{name}", Source(text, Path(name), "0" * 64))


def report(findings: Sequence[Finding], language: str = "en", text: str = SAMPLE, others: int = 0) -> Report:
    checks = {each.code: check(each.code, each.severity) for each in findings}
    checks |= {"untranslated": check("untranslated", "info", "translation", 11)}
    return Report(tuple(findings), checks, {None: document(text)}, language, others)
