"""Which part is which in two versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from crmgraph.comparing.pairing import KINDS, pair
from crmgraph.reading.folding import key
from tests.support.defects import defective_plan


@pytest.mark.parametrize("seed", range(30))
def test_each_part_is_itself(seed: int) -> None:
    plan = defective_plan(seed)
    pairing = pair(plan, plan)
    assert pairing.dropped == pairing.added == ()
    assert all(old.text == new.text for old, new in pairing.pairs)
    assert [old.id for old, _ in pairing.pairs] == [part.id for part, _ in plan.walk() if part.kind in KINDS]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_every_part_of_two_plans_is_paired_once_or_has_no_other(one: int, other: int) -> None:
    old, new = defective_plan(one), defective_plan(other)
    pairing = pair(old, new)
    befores = [part.id for part, _ in pairing.pairs] + [part.id for part in pairing.dropped]
    afters = [part.id for _, part in pairing.pairs] + [part.id for part in pairing.added]
    assert sorted(befores) == sorted(part.id for part, _ in old.walk() if part.kind in KINDS)
    assert sorted(afters) == sorted(part.id for part, _ in new.walk() if part.kind in KINDS)
    for before, after in pairing.pairs:
        assert before.kind == after.kind or fuzz.ratio(key(before.text), key(after.text)) >= 90
