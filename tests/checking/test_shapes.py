"""The catalogue of checks: each with a code, a severity and its words in both languages."""

import re

from crmgraph.checking.shapes import SEVERITIES, read_shapes
from crmgraph.resources import resource


def test_every_shape_with_a_code_speaks_both_languages() -> None:
    checks = read_shapes(resource("ontology") / "shapes").checks
    assert len({check.code for check in checks.values()}) == len(checks) >= 14
    for shape, check in checks.items():
        assert str(shape).endswith("#" + check.code)
        assert check.severity in SEVERITIES
        assert check.message_es != check.message_en


def test_messages_hold_only_what_a_finding_can_fill_in() -> None:
    for check in read_shapes(resource("ontology") / "shapes").checks.values():
        for message in (check.message_es, check.message_en):
            assert set(re.findall(r"\{(\w*)\}", message)) <= {"number", "label", "exact"}
            assert message.endswith(".")
