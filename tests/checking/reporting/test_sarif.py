"""The report as SARIF: valid, and with regions that a viewer can find."""

import json
from typing import Any

import jsonschema
import pytest

from crmgraph.checking.reporting.report import Report
from crmgraph.checking.reporting.sarif import as_sarif
from tests.support.findings import ACCEPTED, PLAN, SAMPLE, finding, report, spot
from tests.support.suites import suite

FINDINGS = [
    finding(other=spot("7.1 Tres", element=PLAN + "pgm/7.1")),
    finding(code="b", severity="violation", accepted=ACCEPTED),
    finding(None, code="c", severity="info", triples=("<a:> <b:> <c:> .",)),
]


def run_of(report: Report) -> dict[str, Any]:
    log = json.loads(as_sarif(report))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    return dict(run)


@pytest.mark.parametrize("known", [None, 0, 3])
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("findings", [FINDINGS, []], ids=["some", "none"])
def test_it_is_valid(findings: list[Any], language: str, known: int | None) -> None:
    """The schema is that of OASIS, which this repository does not hold: its licence is that of the standard."""
    schema = json.loads((suite("sarif") / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft4Validator.check_schema(schema)
    jsonschema.Draft4Validator(schema).validate(json.loads(as_sarif(report(findings, language, known=known))))


def test_a_region_is_where_the_words_are() -> None:
    run = run_of(report(FINDINGS))
    assert run["columnKind"] == "unicodeCodePoints"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "data/source/crm.txt", "index": 0}
    region = place["region"]
    assert SAMPLE[region["charOffset"] :][: region["charLength"]] == region["snippet"]["text"] == "12"
    line = SAMPLE.splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "12"
    assert region["startLine"] == region["endLine"] == 3


def test_columns_count_code_points_also_behind_the_widest_characters() -> None:
    text = "\U0001f30e dos\nfin"
    words = spot("dos\nfin", text)
    region = run_of(report([finding(None, spot=words)], text=text))["results"][0]["locations"][0]["physicalLocation"][
        "region"
    ]
    assert [region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")] == [1, 3, 2, 4]


def test_the_second_place_what_is_accepted_and_the_levels() -> None:
    first, second, third = run_of(report(FINDINGS))["results"]
    [related] = first["relatedLocations"]
    assert related["physicalLocation"]["region"]["snippet"]["text"] == "7.1 Tres"
    assert related["message"]["text"] == "compare pgm/7.1"
    assert [each["level"] for each in (first, second, third)] == ["warning", "error", "note"]
    [suppression] = second["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "It is known."
    assert suppression["properties"] == {
        "by": "Ana",
        "on": "2026-11-26",
        "reason_es": "Se sabe.",
        "reason_en": "It is known.",
    }
    assert first["suppressions"] == third["suppressions"] == []
    assert third["properties"]["triples"] == ["<a:> <b:> <c:> ."]
    assert "region" not in third["locations"][0]["physicalLocation"]


def test_each_rule_explains_itself_in_both_languages() -> None:
    run = run_of(report(FINDINGS, "es"))
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["helpUri"] == f"https://w3id.org/crmgraph/findings/{rule['id']}"
        assert rule["shortDescription"]["text"] == f"{rule['id']} título"
        assert rule["properties"]["en"]["remedy"] == f"{rule['id']} remedy"
        assert f"Cómo corregirlo: {rule['id']} remedio" in rule["help"]["text"]
        assert result["properties"]["message_en"] == "Something is wrong."


def test_what_is_new_against_a_baseline_says_so() -> None:
    assert all("baselineState" not in result for result in run_of(report(FINDINGS))["results"])
    assert {result["baselineState"] for result in run_of(report(FINDINGS, known=2))["results"]} == {"new"}


def test_the_fingerprint_stays_where_the_words_move() -> None:
    prints = [
        run_of(report([finding(None, spot=spot("12", text))], text=text))["results"][0]["partialFingerprints"]
        for text in (SAMPLE, "Más\n" + SAMPLE)
    ]
    assert prints[0] == prints[1]


def test_braces_and_what_looks_like_a_link_are_only_text() -> None:
    [result] = run_of(report([finding(message_en="{0} [here](1) [x]")]))["results"]
    assert result["message"]["text"] == "{{0}} \\[here](1) [x]"
