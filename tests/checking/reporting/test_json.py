"""The report as JSON, and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.checking.reporting.json import as_json, from_json
from tests.support.findings import ACCEPTED, PLAN, finding, spot


def test_the_keys_that_programs_count_on() -> None:
    [row] = json.loads(as_json([finding()]))
    assert row == {
        "code": "some-code", "severity": "warning", "element": PLAN + "pgm/7", "number": "7", "theme": "pgm",
        "passage": "https://w3id.org/crmgraph/id/source/crm/34-36", "start": 34, "end": 36, "exact": "12",
        "other": None, "message_es": "Algo pasa.", "message_en": "Something is wrong.",
    }  # fmt: skip


def test_what_there_is_more_to_say_of_some() -> None:
    told = finding(
        other=spot("7.1 Tres"), file="mine.txt", line=12, column=3, other_line=4, other_column=2, accepted=ACCEPTED,
        triples=("<a:> <b:> <c:> .",),
        constraint="MinCountConstraintComponent",
    )  # fmt: skip
    [row] = json.loads(as_json([told]))
    assert (row["file"], row["line"], row["column"]) == ("mine.txt", 12, 3)
    assert (row["other"]["exact"], row["other"]["start"]) == ("7.1 Tres", 38)
    assert (row["other"]["line"], row["other"]["column"]) == (4, 2)
    assert row["accepted"] == {"by": "Ana", "on": "2026-11-26", "reason_es": "Se sabe.", "reason_en": "It is known."}
    assert row["triples"] == ["<a:> <b:> <c:> ."]
    [back] = from_json(as_json([told]))
    assert back == told
    assert back.constraint == "MinCountConstraintComponent"


def test_a_report_of_before_without_the_place_of_the_second() -> None:
    rows = json.loads(as_json([finding(other=spot("7.1 Tres"))]))
    assert "line" not in rows[0]["other"]
    assert from_json(json.dumps(rows)) == [finding(other=spot("7.1 Tres"))]


@pytest.mark.parametrize("text", ["x", "{}", '[{"code": "a"}]', "[1]", "7"])
def test_what_is_no_report(text: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        from_json(text)


def test_a_severity_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="grave"):
        from_json(as_json([finding(severity="grave")]))


@given(st.lists(st.text(max_size=20), max_size=4))
def test_json_and_back_whatever_the_words(words: list[str]) -> None:
    findings = [finding(message_es=each, message_en=each) for each in words]
    assert from_json(as_json(findings)) == findings
