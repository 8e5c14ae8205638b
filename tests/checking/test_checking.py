"""The document's defects, one by one, as a reader wrote them down before any run; and plans made for a purpose."""

import csv
from pathlib import Path

import pytest

from crmgraph.building import FINDINGS, SOURCE, Manifest
from crmgraph.checking import SEVERITIES, Finding
from crmgraph.checking.reporting import from_json
from crmgraph.reading.folding import tidy
from tests.checking.made import checked, found, write

TEXT = SOURCE.read_text(encoding="utf-8")
EXPECTED = Path(__file__).with_name("crm.csv")


@pytest.fixture(scope="module")
def findings(build_folder: Path, manifest: Manifest) -> list[Finding]:
    return from_json((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))


def test_the_defects_of_the_document(findings: list[Finding]) -> None:
    """Each once, with its code, severity, element, words and second element. No words: all those of the element."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    whole = {(code, element, other) for code, _, element, exact, other in expected if not exact}
    found = []
    for finding in findings:
        spot, other = finding.spot, finding.other.name if finding.other else ""
        is_whole = (finding.code, spot.name, other) in whole
        found.append((finding.code, finding.severity, spot.name, "" if is_whole else tidy(spot.exact or ""), other))
    assert sorted(found) == sorted(expected)


def test_where_no_words_are_named_all_those_of_the_element_are_meant(findings: list[Finding]) -> None:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        whole = {(row["code"], row["element"]) for row in csv.DictReader(file) if not row["exact"]}
    for finding in findings:
        if (finding.code, finding.spot.name) in whole:
            assert finding.spot.exact is not None
            number = finding.spot.number
            assert number is None or finding.spot.exact.startswith(number)
            before = TEXT[: finding.spot.start].rstrip(" ")[-1]
            after = TEXT[finding.spot.end :].lstrip(" ")[:1]
            assert before in "\t\n"
            assert after in ("\n", "")


def test_each_finding_quotes_the_source_exactly(findings: list[Finding]) -> None:
    for finding in findings:
        for spot in (finding.spot, finding.other):
            assert spot is None or (spot.start is not None and TEXT[spot.start : spot.end] == spot.exact)


def test_the_dangling_reference_shows_the_number_and_the_last_objective_there_is(findings: list[Finding]) -> None:
    [finding] = [finding for finding in findings if finding.code == "unresolved-cross-reference"]
    assert (finding.spot.number, finding.spot.theme) == ("1.2.1", "vmd")
    assert TEXT[: finding.spot.start].endswith("Ver actividades del objetivo ")
    assert finding.other is not None
    assert (finding.other.exact or "").startswith("11. Promover vínculos")
    assert finding.message_es.endswith("en el tema «POLÍTICAS Y GESTIÓN MIGRATORIA» no hay ningún objetivo 12.")
    assert finding.message_en.endswith("in the theme “POLÍTICAS Y GESTIÓN MIGRATORIA” there is no objective 12.")


def test_gravest_first_and_counted_in_the_manifest(findings: list[Finding], manifest: Manifest) -> None:
    ranks = [SEVERITIES.index(finding.severity) for finding in findings]
    assert ranks == sorted(ranks)
    counts = {severity: ranks.count(rank) for rank, severity in enumerate(SEVERITIES)}
    assert manifest.findings == counts


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad; ver el objetivo 1", "1.1.1.1 Continuo"), set()),
        (("Tema", "1. Uno", "", "", ""), {("objective-without-action", "t/1")}),
        (("Tema", "1. Uno", "1.1 A", "", ""), {("action-without-numbered-activity", "t/1.1")}),
        (("Tema", "Uno", "", "", ""), {("objective-without-action", "t/a")}),
        (("Tema", "1. Uno\n\nY más.", "1.1 A\n\nY más.", "1.1.1 B", "1.1.1.1 Continuo"),
         {("number-missing", "t/a"), ("number-missing", "t/a-a")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", ""), {("activity-without-schedule", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 Ver el objetivo 3", "1.1.1.1 Continuo"),
         {("unresolved-cross-reference", "t/1.1.1")}),
        (("Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Continuo\n\n1.1.2.1 Continuo"),
         {("schedule-without-numbered-activity", "t/1.1.2.1")}),
    ],
    ids=lambda value: "|".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_plan_of_one_row(row: tuple[str, str, str, str, str], expected: set[tuple[str, str]], tmp_path: Path) -> None:
    assert found(tmp_path, row) == expected


def test_each_finding_in_a_file_says_its_line_and_column(tmp_path: Path) -> None:
    file = write(tmp_path, ("Tema", "2. Dos", "9.9 A", "9.9.1 B", "9.9.1.1 Continuo"))
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    findings = checked(file)
    [outside] = [
        finding for finding in findings if finding.code == "number-outside-parent" and finding.spot.number == "9.9"
    ]
    assert (outside.file, outside.line, outside.column) == (str(file), 10, 2)
    assert all(finding.file == str(file) for finding in findings)


def test_a_plan_that_nobody_has_begun_to_translate_lacks_no_translation(tmp_path: Path) -> None:
    row = ("Tema", "1. Uno", "1.1 A", "1.1.1 Referirse al plan de trabajo de la Red de Cosas", "1.1.1.1 Continuo y ya")
    file = write(tmp_path, row, title="OTRO")

    def untranslated(plan: str) -> list[str]:
        findings = checked(file, plan)
        return sorted(finding.spot.name for finding in findings if finding.code == "translation-missing")

    assert untranslated("otro") == []
    # Of one with a table of translations all is told but what this project makes for itself.
    assert untranslated("crm") == ["", "t", "t/1", "t/1.1", "t/1.1.1", "t/1.1.1.1"]
