"""Reports in each form: text, JSON, Turtle, SARIF and a page; and the lines of the source that they show."""

import json
import re
import unicodedata
from dataclasses import replace
from html import unescape
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, RDF, SH, SKOS, BNode, Graph, Literal, URIRef

from crmgraph.checks.findings import as_json, from_json
from crmgraph.checks.reports import FORMATS, Report, as_html, as_sarif, as_text, printable, write
from crmgraph.checks.shacl import as_turtle
from crmgraph.cli.plans import Format
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.namespaces import BASE
from tests.support.findings import ACCEPTED, PLAN, SAMPLE, finding, location, report
from tests.support.pages import read_page
from tests.support.phrases import rows_of
from tests.support.suites import suite

SECOND = location("7.1 Tres", element=PLAN + "pgm/7.1", number="7.1")
FINDINGS = [
    finding(other=SECOND),
    finding("7. Uno dos, véase el 12", code="b", severity="violation", accepted=ACCEPTED),
    finding(None, code="c", severity="info", triples=("<a:> <b:> <c:> .",)),
]
WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def test_forms_and_kinds() -> None:
    assert get_args(Format) == FORMATS
    opening = {"text": "some-code title", "json": "[", "turtle": "@prefix", "sarif": "{", "html": "<!doctype html>"}
    for form in FORMATS:
        assert write(report([finding()]), form, BASE).startswith(opening[form])
    # The gravest kinds come first, then in the order of the catalogue; slight ones about translation are counted.
    some = [finding(code="b"), finding(code="a"), finding(code="z", severity="violation")]
    assert [(check.code, len(found)) for check, found in report(some * 2).findings_by_check] == [
        ("z", 2),
        ("a", 2),
        ("b", 2),
    ]
    kinds = report(
        [finding(code="untranslated", severity="info"), finding(code="a", severity="info")]
    ).findings_by_check
    assert {check.code: check.is_counted for check, _ in kinds} == {"untranslated": True, "a": False}


def marked(text: str, start: int, end: int) -> list[str]:
    """The line of the source that text shows for a finding, and the marks below."""
    where = replace(location(None), start=start, end=end)
    return as_text(report([finding(None, location=where)], text=text)).splitlines()[4:7]


def test_lines_and_marks() -> None:
    for text, words, line, marks in rows_of("excerpts", "checks"):
        start = text.index(words)
        assert marked(text, start, start + len(words))[1:] == [f"      {line}", f"      {marks}"]
    # A long line is cut to what is around the words, and words that are too long at their end.
    line, marks = marked("a" * 300 + " DOS " + "b" * 300, 301, 304)[1:]
    assert line == "      …" + "a" * 29 + " DOS " + "b" * 29 + "…"
    assert marks.index("^") == line.index("DOS")
    assert marked("d" * 300, 0, 300)[1:] == ["      " + "d" * 39 + "…", "      " + "^" * 40]
    text = "uno dos\ntres\ncuatro cinco"
    assert marked(text, 4, len("uno dos\ntres\ncuatro")) == [
        "    crm.txt:1:5", "      uno dos tres cuatro cinco", "          ^^^^^^^^^^^^^^^",
    ]  # fmt: skip
    assert marked("uno\n\t  dos", 7, 10)[0] == "    crm.txt:2:4"


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_any_line(before: str, words: str, after: str) -> None:
    _, line, marks = marked(before + words + after, len(before), len(before) + len(words))
    assert set(marks) <= {" ", "^"}
    assert marks.endswith("^")
    assert not any(unicodedata.category(character) in ("Cc", "Cf") for character in line + printable(words))


def test_text() -> None:
    assert as_text(report([finding(other=SECOND)])).splitlines() == [
        "some-code title", "  warning · some-code", "  How to correct it: some-code remedy",
        "  Management, objective 7: something is wrong.", "    crm.txt:3:23", "      7. Uno dos, véase el 12",
        "                           ^^", "    compare Management, objective 7.1:", "    crm.txt:4:2", "      7.1 Tres",
        "      ^^^^^^^^", "", "1 finding: 1 warning.",
    ]  # fmt: skip
    lines = as_text(report([finding(), finding(severity="info", code="b"), finding(code="b", severity="info")], "es"))
    assert "some-code título\n  advertencia · some-code\n  Cómo corregirlo: some-code remedio" in lines
    assert "  Gestión, objetivo 7: algo pasa." in lines
    assert lines.endswith("3 hallazgos: 1 advertencia, 2 informativos.")
    for element, said in (
        (PLAN[:-1], "Something is wrong."),
        ("https://w3id.org/crmgraph/id/country/MEX", "country/MEX: something is wrong."),
    ):
        bare = finding(None, location=location(None, element=element))
        assert as_text(report([bare])).splitlines()[3:5] == [f"  {said}", ""]
    contradiction = as_text(report([finding(None, triples=("<a:> <b:> <c:> .",))]))
    assert "    from these statements:\n      <a:> <b:> <c:> ." in contradiction
    missing = [finding(code="untranslated", severity="info") for _ in range(137)]
    text = as_text(report([finding(code="slight", severity="info"), *missing]))
    assert text.count("something is wrong.") == 1
    assert "untranslated title (137)\n  information · untranslated\n  no defect of the plan; --format json" in text
    assert text.endswith("1 finding: 1 for information.")
    accepted = [finding(accepted=ACCEPTED), finding()]
    assert "    Accepted by Ana on 2026-11-26: It is known." in as_text(report(accepted)).splitlines()
    assert as_text(report(accepted)).endswith("2 findings: 2 warnings. 1 accepted as explained.")
    assert "    Aceptado por Ana el 2026-11-26: Se sabe." in as_text(report(accepted, "es")).splitlines()


def test_the_last_line_of_text() -> None:
    for found, others, language, end in rows_of("last_lines", "checks"):
        told = as_text(report([finding()] * int(found), language, others=int(others)))
        assert told.splitlines()[-1] == end


@settings(max_examples=30)
@given(WORDS)
def test_hostile_words(words: str) -> None:
    """Control characters do not reach the terminal, nor markup the page; JSON and Turtle keep both."""
    hostile = f"\x1b[31m{words}\u202e"
    text = as_text(report([finding(None, location=location(hostile, hostile), statement_en=hostile)], text=hostile))
    assert not {each for each in text if each != "\n" and not each.isprintable()} & set("\x1b\u202e\x07\r")
    marked = f"<script>alert(1)</script>{words}&amp;"
    page = as_html(report([finding(None, location=location(marked, marked), statement_en=marked)], text=marked))
    assert "<script" not in page
    assert source_of(page) == marked
    made = finding(None, location=location(words, words), statement_es=words, statement_en=words)
    assert from_json(as_json([made])) == [made]
    graph = turtle(made)
    [result] = graph.objects(None, SH.result)
    assert graph.value(result, SH.value) == Literal(words)
    assert Literal(f"Gestión, objetivo 7: {words}", "es") in set(graph.objects(result, SH.resultMessage))


def test_json() -> None:
    [row] = json.loads(as_json([finding()]))
    assert row == {
        "code": "some-code", "severity": "warning", "element": PLAN + "pgm/7", "number": "7", "theme": "pgm",
        "passage": "https://w3id.org/crmgraph/id/source/crm/34-36", "start": 34, "end": 36, "exact": "12",
        "kind": "Objective", "theme_es": "Gestión", "theme_en": "Management", "under": None, "other": None,
        "message_es": "Gestión, objetivo 7: algo pasa.", "message_en": "Management, objective 7: something is wrong.",
        "statement_es": "algo pasa.", "statement_en": "something is wrong.",
    }  # fmt: skip
    told = finding(
        None, location=replace(location("12"), line=12, column=3), file="mine.txt", accepted=ACCEPTED,
        other=replace(location("7.1 Tres"), line=4, column=2), triples=("<a:> <b:> <c:> .",),
        constraint="MinCountConstraintComponent",
    )  # fmt: skip
    [row] = json.loads(as_json([told]))
    assert (row["file"], row["line"], row["column"]) == ("mine.txt", 12, 3)
    assert {**row["other"], "exact": "7.1 Tres", "start": 38, "line": 4, "column": 2} == row["other"]
    assert row["accepted"] == {"by": "Ana", "on": "2026-11-26", "reason_es": "Se sabe.", "reason_en": "It is known."}
    assert row["triples"] == ["<a:> <b:> <c:> ."]
    [back] = from_json(as_json([told]))
    assert (back, back.constraint) == (told, "MinCountConstraintComponent")
    # A report of before has no place of the second.
    rows = json.loads(as_json([finding(other=location("7.1 Tres"))]))
    assert "line" not in rows[0]["other"]
    assert from_json(json.dumps(rows)) == [finding(other=location("7.1 Tres"))]


def turtle(*findings: Any) -> Graph:
    return Graph().parse(data=as_turtle(findings, BASE), format="turtle")


def test_turtle() -> None:
    root = URIRef(BASE + "id/validation-report")
    assert set(turtle()) == {(root, RDF.type, SH.ValidationReport), (root, SH.conforms, Literal(True))}
    made = finding(severity="violation", constraint="MinCountConstraintComponent", accepted=ACCEPTED)
    graph = turtle(made)
    assert graph.value(root, SH.conforms) == Literal(False)
    [result] = graph.objects(root, SH.result)
    assert result == URIRef(BASE + "id/finding/some-code/plan/crm/pgm/7/34-36")
    for predicate, values in {
        RDF.type: {SH.ValidationResult, CG.Finding}, SH.focusNode: {URIRef(PLAN + "pgm/7")},
        SH.resultSeverity: {SH.Violation}, SH.sourceShape: {URIRef(BASE + "ontology/shapes#some-code")},
        SH.sourceConstraintComponent: {SH.MinCountConstraintComponent}, SH.value: {Literal("12")},
        SH.resultMessage: {Literal(made.text.spanish, "es"), Literal(made.text, "en")},
        SKOS.editorialNote: {Literal("Se sabe.", "es"), Literal("It is known.", "en")},
        DCTERMS.contributor: {Literal("Ana")},
    }.items():  # fmt: skip
        assert set(graph.objects(result, predicate)) == values
    passage = graph.value(result, CG.passage)
    assert passage == URIRef(BASE + "id/source/crm/34-36")
    assert [str(graph.value(passage, way)) for way in (CG.start, CG.end, CG.exact)] == ["34", "36", "12"]
    graph = turtle(finding(other=SECOND))
    [result] = graph.objects(root, SH.result)
    assert graph.value(result, SH.value) == graph.value(result, CG.relatedElement) == URIRef(PLAN + "pgm/7.1")
    assert graph.value(graph.value(result, CG.relatedPassage), CG.exact) == Literal("7.1 Tres")
    two = turtle(finding(triples=("<a:> <b:> <c:> .",)), finding(triples=("<a:> <b:> <d:> .",)))
    assert len(set(two.objects(root, SH.result))) == 2
    findings = [finding(), finding("7.1 Tres"), finding(code="b")]
    assert as_turtle(findings, BASE) == as_turtle(findings[::-1], BASE)
    assert not [node for node in turtle(*findings).all_nodes() if isinstance(node, BNode)]
    with pytest.raises(UsageError, match=r"a\.txt and b\.txt are both the plan crm; rename one"):
        turtle(finding(file="a.txt"), finding(file="b.txt"))


def run_of(report: Report) -> dict[str, Any]:
    log = json.loads(as_sarif(report))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    return dict(run)


def test_valid_sarif() -> None:
    """The logs are valid by the OASIS schema, which is not in this repository because of its licence."""
    schema = json.loads((suite("sarif") / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft4Validator(schema)
    for findings, language in ((FINDINGS, "es"), (FINDINGS, "en"), ([], "en")):
        validator.validate(json.loads(as_sarif(report(findings, language))))


def test_sarif() -> None:
    run = run_of(report([finding(other=SECOND), *FINDINGS[1:]], "es"))
    assert run["columnKind"] == "unicodeCodePoints"
    first, second, third = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "data/source/crm.txt", "index": 0}
    assert place["region"] == {
        "startLine": 3, "startColumn": 23, "endLine": 3, "endColumn": 25, "charOffset": 34, "charLength": 2,
        "snippet": {"text": "12"},
    }  # fmt: skip
    [related] = first["relatedLocations"]
    assert related["physicalLocation"]["region"]["snippet"]["text"] == "7.1 Tres"
    assert related["message"]["text"] == "Gestión, objetivo 7.1"
    assert [each["level"] for each in run["results"]] == ["warning", "error", "note"]
    [suppression] = second["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "Se sabe."
    assert suppression["properties"]["reason_en"] == "It is known."
    assert first["suppressions"] == third["suppressions"] == []
    assert third["properties"]["triples"] == ["<a:> <b:> <c:> ."]
    assert "region" not in third["locations"][0]["physicalLocation"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["helpUri"] == f"https://w3id.org/crmgraph/findings/{rule['id']}"
        assert rule["shortDescription"]["text"] == f"{rule['id']} título"
        assert rule["properties"]["en"]["remedy"] == f"{rule['id']} remedy"
        assert f"Cómo corregirlo: {rule['id']} remedio" in rule["help"]["text"]
        assert result["properties"]["message_en"].endswith("omething is wrong.")


def test_regions_fingerprints_and_braces_of_sarif() -> None:
    def only(text: str, words: str, **more: Any) -> dict[str, Any]:
        [result] = run_of(report([finding(None, location=location(words, text), **more)], text=text))["results"]
        return dict(result)

    # Columns count code points also behind the widest characters.
    region = only("\U0001f30e dos\nfin", "dos\nfin")["locations"][0]["physicalLocation"]["region"]
    assert [region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")] == [1, 3, 2, 4]
    assert only(SAMPLE, "12")["partialFingerprints"] == only("Más\n" + SAMPLE, "12")["partialFingerprints"]
    assert only(SAMPLE, "12", statement_en="{0} [here](1) [x]")["message"]["text"].endswith(": {{0}} \\[here](1) [x]")


def source_of(page: str) -> str:
    """The source text in the page, without the numbers of the findings."""
    [text] = re.findall(r'<div class="source" lang="es">(.*?)</div>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<sup.*?</sup>", "", text)))


def test_a_page() -> None:
    page = as_html(report(FINDINGS))
    assert source_of(page) == SAMPLE
    assert re.search(r'<sup class="words" id="w2"><a href="#f2"[^>]*>2</a></sup><mark class="warning">12</mark>', page)
    assert '<mark class="violation">7. Uno dos, véase el </mark>' in page
    # Every link leads to a place on the page, and nothing elsewhere.
    places, links = re.findall(r'id="([^"]*)"', page), re.findall(r'href="([^"]*)"', page)
    assert len(places) == len(set(places))
    assert {link.removeprefix("#") for link in links} <= set(places)
    assert {"#w2", "#w2-1", "#f2", "#f1", "#w1"} <= set(links)
    assert not re.search(r"<script|<link|<img|<iframe|src=|url\(|@import|https?://", page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    for findings in (FINDINGS, [], [finding(code="untranslated", severity="info")]):
        assert read_page(as_html(report(findings))).tag == "html"
    for language, words in (
        ("es", ("Informe de coherencia", "error", "Cómo corregirlo", "some-code título", "algo pasa.",
                "Aceptado por Ana el 2026-11-26: Se sabe.")),
        ("en", ("Consistency report", "violation", "How to correct it", "some-code title", "something is wrong.",
                "Accepted by Ana on 2026-11-26: It is known.")),
    ):  # fmt: skip
        page = as_html(report(FINDINGS, language))
        assert page.startswith(f'<!doctype html>\n<html lang="{language}">')
        assert [each for each in words if each not in page] == []
