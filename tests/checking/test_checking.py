"""The document's defects, one by one, and plans with a defect made on purpose."""

from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph
from rdflib.query import Result

from crmgraph.building import FINDINGS, Manifest, check_file
from crmgraph.checking import Finding, as_text
from crmgraph.checking.report import from_json
from crmgraph.namespaces import Names
from crmgraph.resources import resource

SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")

# Read from the document by eye, before any run.
EXPECTED = {
    ("unresolved-cross-reference", "violation", "vmd/1.2.1"),
    ("action-without-numbered-activity", "warning", "pgm/4.1"),
    ("action-without-numbered-activity", "warning", "pgm/5.1"),
    ("action-without-numbered-activity", "warning", "pgm/6.1"),
    ("action-without-numbered-activity", "warning", "dh/1.2"),
    ("action-without-numbered-activity", "warning", "dh/4.1"),
    ("activity-without-schedule", "warning", "pgm/3.1-a"),
    ("activity-without-schedule", "warning", "pgm/4.1-a"),
    ("activity-without-schedule", "warning", "pgm/5.1-a"),
    ("activity-without-schedule", "warning", "pgm/6.1-a"),
    ("schedule-without-numbered-activity", "warning", "dh/1.2.1.1"),
    ("schedule-without-numbered-activity", "warning", "dh/4.1.1.1"),
}


@pytest.fixture(scope="module")
def findings(build_folder: Path, manifest: Manifest) -> list[Finding]:
    assert sum(manifest.findings.values()) == len(EXPECTED)
    return from_json((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))


def test_the_defects_of_the_document(findings: list[Finding]) -> None:
    plan = Names().id("plan", "crm", "")
    assert {(f.code, f.severity, f.element.removeprefix(plan)) for f in findings} == EXPECTED
    assert len(findings) == len(EXPECTED)


def test_each_finding_quotes_the_source_exactly(findings: list[Finding]) -> None:
    for finding in findings:
        assert finding.start is not None
        assert SOURCE[finding.start : finding.end] == finding.exact


def test_the_dangling_reference_shows_the_number_that_dangles(findings: list[Finding]) -> None:
    [finding] = [finding for finding in findings if finding.code == "unresolved-cross-reference"]
    assert (finding.exact, finding.number, finding.theme) == ("12", "1.2.1", "vmd")
    assert SOURCE[: finding.start].endswith("Ver actividades del objetivo ")
    assert "número 12" in finding.message_es
    assert "number 12" in finding.message_en


def test_gravest_first(findings: list[Finding]) -> None:
    assert [finding.severity for finding in findings] == ["violation"] + ["warning"] * 11


def test_text_in_both_languages(findings: list[Finding]) -> None:
    spanish, english = as_text(findings, "es"), as_text(findings, "en")
    assert "incumplimiento: unresolved-cross-reference (1)" in spanish
    assert spanish.endswith("12 hallazgos.")
    assert "violation: unresolved-cross-reference (1)" in english
    assert "  vmd/1.2.1: It refers to number 12" in english
    assert english.endswith("12 findings.")
    assert as_text([], "es") == "No se halló ningún defecto."


def test_the_report_of_the_document_is_what_it_was(findings: list[Finding]) -> None:
    """Each finding with its passage, as they were when each part had a query of its own."""
    assert {(f.element.rpartition("crm/")[2], f.start, f.end) for f in findings} == {
        ("vmd/1.2.1", 13046, 13048), ("pgm/4.1", 2496, 2717), ("pgm/5.1", 2951, 3114), ("pgm/6.1", 3356, 3459),
        ("dh/1.2", 8092, 8365), ("dh/4.1", 11812, 11889), ("pgm/3.1-a", 2247, 2312), ("pgm/4.1-a", 2720, 2785),
        ("pgm/5.1-a", 3116, 3181), ("pgm/6.1-a", 3851, 3912), ("dh/1.2.1.1", 8553, 8569),
        ("dh/4.1.1.1", 11954, 11970),
    }  # fmt: skip


def write(folder: Path, *rows: tuple[str, str, str, str, str]) -> Path:
    file = folder / "made.txt"
    file.write_text(
        "PLAN DE ACCION\n\n" + "".join(f"\t{c}\n" for row in (HEADINGS, *rows) for c in row), encoding="utf-8"
    )
    return file


def found(folder: Path, *rows: tuple[str, str, str, str, str]) -> set[tuple[str, str]]:
    plan = Names().id("plan", "made", "")
    findings = check_file(write(folder, *rows), None, Names(), lambda _: None)
    return {(f.code, f.element.removeprefix(plan)) for f in findings if f.code != "translation-missing"}


def test_a_plan_without_defect(tmp_path: Path) -> None:
    row = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad; ver el objetivo 1", "1.1.1.1 Continuo")
    assert found(tmp_path, row) == set()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Tema", "1. Uno", "", "", ""), {("objective-without-action", "t/1")}),
        (("Tema", "1. Uno", "1.1 A", "", ""), {("action-without-numbered-activity", "t/1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", ""), {("activity-without-schedule", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Quizá"), {("status-missing", "t/1.1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Continuo. Pendiente"), {("status-repeated", "t/1.1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B\n\n1.2.1 C", "1.1.1.1 Continuo\n\n1.2.1.1 Continuo"),
         {("activity-without-action", "t/1.2.1")}),
        (("Tema", "1. Uno", "1.1 A\n\n1.1 C", "1.1.1 B", "1.1.1.1 Continuo"),
         {("number-repeated", "t/1.1-2"), ("action-without-numbered-activity", "t/1.1-2")}),
        (("Tema", "1. Uno", "2.1 A", "2.1.1 B", "2.1.1.1 Continuo"), {("number-outside-parent", "t/2.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 Referirse al plan de trabajo de la Red de Cosas", "1.1.1.1 Continuo"),
         {("unknown-network", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 Ver el objetivo 3", "1.1.1.1 Continuo"),
         {("unresolved-cross-reference", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Continuo\n\n1.1.2.1 Continuo"),
         {("schedule-without-numbered-activity", "t/1.1.2.1")}),
    ],
    ids=lambda value: "|".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_defect_made_on_purpose(
    row: tuple[str, str, str, str, str], expected: set[tuple[str, str]], tmp_path: Path
) -> None:
    assert found(tmp_path, row) == expected


def test_a_number_is_repeated_within_its_theme_only_and_the_first_is_no_defect(tmp_path: Path) -> None:
    rows = [
        ("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Continuo"),
        ("", "1. Dos", "", "", ""),
        ("", "1. Tres", "", "", ""),
        ("Otro", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Continuo"),
    ]
    repeated = {element for code, element in found(tmp_path, *rows) if code == "number-repeated"}
    assert repeated == {"t/1-2", "t/1-3"}


def test_each_finding_in_a_file_says_its_line_and_column(tmp_path: Path) -> None:
    file = write(tmp_path, ("Tema", "2. Dos", "9.9 A", "9.9.1 B", "9.9.1.1 Continuo"))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    findings = check_file(file, None, Names(), lambda _: None)
    [outside] = [finding for finding in findings if finding.severity == "violation"]
    assert (outside.code, outside.number, outside.exact) == ("number-outside-parent", "9.9", "9.9 A")
    assert (outside.file, outside.line, outside.column) == (str(file), 10, 2)
    assert all(finding.file == str(file) for finding in findings)


def test_nobody_is_told_of_what_this_project_makes_for_itself(tmp_path: Path) -> None:
    row = ("Tema", "1. Uno", "1.1 A", "1.1.1 Referirse al plan de trabajo de la Red de Cosas", "1.1.1.1 Continuo")
    findings = check_file(write(tmp_path, row), None, Names(), lambda _: None)
    elements = [finding.element.removeprefix(Names().id("plan", "made")) for finding in findings]
    untranslated = sorted(e for e, f in zip(elements, findings, strict=True) if f.code == "translation-missing")
    assert untranslated == ["", "/t", "/t/1", "/t/1.1", "/t/1.1.1", "/t/1.1.1.1"]


def test_the_engine_is_asked_as_often_for_a_large_plan_as_for_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query takes some hundredths of a second before it has looked at anything."""
    asked: list[str] = []
    query = Graph.query

    def counted(graph: Graph, text: str, *arguments: Any, **options: Any) -> Result:
        asked.append(text)
        return query(graph, text, *arguments, **options)

    monkeypatch.setattr(Graph, "query", counted)
    counts = []
    for objectives in (1, 5):
        asked.clear()
        rows = [
            ("Tema" if n == 1 else "", f"{n}. Uno", f"{n}.1 A", f"{n}.1.1 Ver el objetivo 900", f"{n}.1.1.1 Continuo")
            for n in range(1, objectives + 1)
        ]
        assert len(found(tmp_path, *rows)) == objectives
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0
