"""The questions about what is wrong with a plan and the findings of the checks say the same."""

import pytest
from pyoxigraph import Store

from crmgraph.checking import catalogue
from crmgraph.resources import resource
from tests.support.questions import LIBRARY, answer

PLAN = "https://w3id.org/crmgraph/id/plan/crm/"
SAME = (
    ("actions-without-activities", ("action-without-numbered-activity",)),
    ("activities-without-schedule", ("activity-without-schedule",)),
    ("unresolved-references", ("unresolved-cross-reference", "unknown-theme", "unknown-network")),
    ("referrals", ("referral-unverifiable",)),
)


def found(store: Store, *codes: str) -> list[str]:
    return sorted(row["element"] for row in answer(store, LIBRARY["findings"]) if row["code"] in codes)


@pytest.mark.parametrize(("question", "codes"), SAME)
def test_the_elements_are_those_of_the_findings(store: Store, question: str, codes: tuple[str, ...]) -> None:
    rows = {row["element"] for row in answer(store, LIBRARY[question])}
    assert sorted(rows) == sorted(set(found(store, *codes)))
    assert rows


def test_of_the_sentences_that_are_repeated_all_but_the_first_are_findings(store: Store) -> None:
    rows = answer(store, LIBRARY["repeated-sentences"])
    findings = [row for row in answer(store, LIBRARY["findings"]) if row["code"] == "sentence-repeated"]
    firsts = {row["other"] for row in findings}
    assert sorted(row["element"] for row in rows if row["element"] not in firsts) == found(store, "sentence-repeated")
    assert firsts <= {row["element"] for row in rows}


def test_of_what_is_attached_by_position_only_other_lines_without_a_number_make_it_doubtful(store: Store) -> None:
    positions = {
        row["element"] for row in answer(store, LIBRARY["uncertain-attachments"], lang="en")
        if row["attachment"] == "position"
    }  # fmt: skip
    assert set(found(store, "attachment-by-position")) <= positions


def test_who_has_no_role_anywhere_is_a_finding(store: Store) -> None:
    rows = answer(store, LIBRARY["agents-without-role"])
    assert rows
    assert sorted(row["element"] for row in rows if row["elsewhere"] == "false") == found(store, "agent-without-role")


def test_the_titles_that_differ_are_among_those_that_are_not_the_same(store: Store) -> None:
    different = {row["element"] for row in answer(store, LIBRARY["cited-titles"]) if row["same"] == "false"}
    assert set(found(store, "title-differs")) <= different
    assert found(store, "title-differs")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_check_is_told_with_what_it_found(store: Store, lang: str) -> None:
    rows = answer(store, LIBRARY["checks"], lang=lang)
    checks = catalogue(resource("ontology") / "shapes")
    assert [row["code"] for row in rows] == [check.code for check in checks]
    counts = {row["code"]: row["findings"] for row in answer(store, LIBRARY["finding-counts"], lang=lang)}
    assert {row["code"]: row["findings"] for row in rows if row["findings"] != "0"} == counts
    assert sum(map(int, counts.values())) == len(answer(store, LIBRARY["findings"], lang=lang))
