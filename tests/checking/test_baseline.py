"""What is new since an earlier report, wherever words have moved."""

from pathlib import Path

import pytest

from crmgraph.checking.baseline import new_findings, read_baseline
from crmgraph.checking.reporting.json import as_json
from crmgraph.errors import UsageError
from tests.support.findings import PLAN, SAMPLE, finding, spot


def test_words_that_moved_are_known_and_other_words_are_new() -> None:
    moved = finding(None, spot=spot("12", "Más\n\n" + SAMPLE))
    assert new_findings([moved], [finding()]) == []
    for other in (finding("7.1 Tres"), finding(code="other"), finding(spot=spot("12", element=PLAN + "pgm/8")),
                  finding(other=spot("7.1 Tres"))):  # fmt: skip
        assert new_findings([other, moved], [finding()]) == [other]


def test_of_several_alike_as_many_are_known_as_there_were() -> None:
    assert len(new_findings([finding()] * 3, [finding()])) == 2


def test_a_later_version_may_have_another_name_but_several_plans_are_not_mixed_up() -> None:
    later = finding(spot=spot("12", element=PLAN.replace("crm", "crm-2") + "pgm/7"))
    assert new_findings([later], [finding()]) == []
    assert new_findings([later, finding()], [finding()]) == [later]


def test_a_baseline_is_a_report_in_json(tmp_path: Path) -> None:
    file = tmp_path / "before.json"
    file.write_text(as_json([finding()]), encoding="utf-8")
    assert read_baseline(file) == [finding()]
    for wrong in ("", "[1]", '{"a": 1}', '[{"code": "x"}]', "7"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(UsageError, match=r"before\.json: this is no report"):
            read_baseline(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_baseline(tmp_path / "none.json")
