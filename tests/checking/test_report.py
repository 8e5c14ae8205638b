"""The report: in both languages, in text and JSON, whatever the findings hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.checking.findings import Finding
from crmgraph.checking.report import as_json, as_text, from_json

PLAN = "https://w3id.org/crmgraph/id/plan/crm/"


def finding(**changes: object) -> Finding:
    given: dict[str, object] = {
        "code": "some-code", "severity": "warning", "element": PLAN + "pgm/7.1", "number": "7.1", "theme": "pgm",
        "passage": "https://w3id.org/crmgraph/id/source/crm/3-8", "start": 3, "end": 8, "exact": "a\n b c",
        "message_es": "Algo pasa.", "message_en": "Something is wrong.",
    }  # fmt: skip
    return Finding(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "severity", "message", "end"),
    [("es", "advertencia", "Algo pasa.", "1 hallazgo."), ("en", "warning", "Something is wrong.", "1 finding.")],
)
def test_text_in_one_language(language: str, severity: str, message: str, end: str) -> None:
    assert as_text([finding()], language).splitlines() == [
        f"{severity}: some-code (1)",
        f"  pgm/7.1: {message}",
        "      [3–8] a b c",
        "",
        end,
    ]


def test_an_element_that_is_no_part_of_a_plan_and_has_no_passage() -> None:
    bare = finding(element="https://w3id.org/crmgraph/id/country/MEX", passage=None, start=None, end=None, exact=None)
    lines = as_text([bare], "en").splitlines()
    assert lines[1:3] == ["  country/MEX: Something is wrong.", ""]


def test_kinds_are_grouped() -> None:
    text = as_text([finding(), finding(element=PLAN + "pgm/7.2"), finding(code="other")], "en")
    assert "some-code (2)" in text
    assert "other (1)" in text
    assert text.endswith("3 findings.")


def test_a_finding_in_a_file_says_where_in_text_and_json() -> None:
    placed = finding(file="mine.txt", line=12, column=3)
    assert "      mine.txt:12:3 [3–8] a b c" in as_text([placed], "en").splitlines()
    [row] = json.loads(as_json([placed]))
    assert (row["file"], row["line"], row["column"]) == ("mine.txt", 12, 3)
    assert from_json(as_json([placed])) == [placed]
    assert not {"file", "line", "column"} & set(json.loads(as_json([finding()]))[0])


@pytest.mark.parametrize(
    ("language", "line", "nothing"),
    [
        ("es", "información: translation-missing (137); no es un defecto del plan, y --format json lo enumera todo",
         "No se halló ningún defecto."),
        ("en", "information: translation-missing (137); no defect of the plan, and --format json lists them all",
         "No defect was found."),
    ],
)  # fmt: skip
def test_information_is_a_line_in_the_text_and_whole_in_json(language: str, line: str, nothing: str) -> None:
    infos = [finding(code="translation-missing", severity="info", start=n) for n in range(137)]
    assert as_text(infos, language).splitlines() == [line, "", nothing]
    assert as_text([finding(), *infos], "en").splitlines()[-1] == "1 finding."
    assert len(json.loads(as_json(infos))) == 137


@given(st.lists(st.text(max_size=20), max_size=4))
def test_json_and_back_whatever_the_words(words: list[str]) -> None:
    findings = [finding(exact=each, message_es=each) for each in words]
    assert from_json(as_json(findings)) == findings
    assert isinstance(json.loads(as_json(findings)), list)
