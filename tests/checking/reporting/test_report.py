"""What a report is made of."""

from crmgraph.checking.reporting import FORMATS, write
from crmgraph.cli.options import CheckFormat
from crmgraph.namespaces import BASE
from tests.support.findings import finding, report


def test_kinds_are_in_the_order_of_gravity_then_of_the_catalogue() -> None:
    found = [finding(code="b"), finding(code="a"), finding(code="z", severity="violation")]
    assert [kind.check.code for kind in report(found).kinds] == ["z", "a", "b"]
    assert [len(kind.findings) for kind in report(found * 2).kinds] == [2, 2, 2]


def test_only_slight_findings_about_translation_are_counted() -> None:
    kinds = report([finding(code="untranslated", severity="info"), finding(code="a", severity="info")]).kinds
    assert {kind.check.code: kind.is_counted for kind in kinds} == {"untranslated": True, "a": False}


def test_every_form_of_the_command_line_is_written() -> None:
    assert tuple(choice.value for choice in CheckFormat) == FORMATS
    opening = {"text": "some-code title", "json": "[", "turtle": "@prefix", "sarif": "{", "html": "<!doctype html>"}
    for form in FORMATS:
        assert write(report([finding()]), form, BASE).startswith(opening[form])
