"""Correspondences that were decided from the side of either plan are answered for both."""

from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from crmgraph.building.manifest import Manifest
from crmgraph.library import is_unread
from crmgraph.namespaces import Names
from tests.support.questions import LIBRARY, answer
from tests.support.sides import GUEST_LED, LED, decided_store

PLANS = Names().id("plan", "")
each_guest = pytest.mark.parametrize("guest", [LED, GUEST_LED])


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory, build_folder: Path, manifest: Manifest) -> Store:
    return Store.read_only(str(decided_store(tmp_path_factory.mktemp("sides"), manifest.folder(build_folder))))


def coverage(store: Store, plan: str, other: str) -> list[str]:
    rows = answer(store, LIBRARY["correspondence-coverage"], plan=f"plan/{plan}")
    counts = ("answered", "compared", "reached", "parts")
    return [" ".join(row[name] for name in counts) for row in rows if row["other"] == PLANS + other]


def not_reached(store: Store, plan: str, other: str) -> list[str]:
    rows = answer(store, LIBRARY["parts-not-reached"], plan=f"plan/{plan}", other=f"plan/{other}")
    return [row["part"].removeprefix(PLANS) for row in rows]


def unread(store: Store, name: str, **values: str) -> bool:
    def ask(query: str) -> bytes:
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=QueryResultsFormat.JSON) or b""

    question = LIBRARY[name]
    asked = {each.name: each.default for each in question.parameters}
    return is_unread(question, {**asked, **{key: f"plan/{plan}" for key, plan in values.items()}}, ask)


def test_coverage_and_parts_not_reached(decided: Store) -> None:
    assert [coverage(decided, "crm", guest) for guest in (LED, GUEST_LED)] == [["1 2 1 3"], ["1 1 1 3"]]
    assert [coverage(decided, guest, "crm") for guest in (LED, GUEST_LED)] == [["1 1 1 20"], ["1 2 1 20"]]
    assert not_reached(decided, LED, "crm") == ["crm/pgm/9"]
    assert not_reached(decided, "crm", GUEST_LED) == ["norte/2"]
    assert not_reached(decided, "crm", LED) == not_reached(decided, GUEST_LED, "crm") == []


@each_guest
def test_relation_is_turned_for_the_other_plan(decided: Store, guest: str) -> None:
    def said(objective: str, other: str) -> list[tuple[str, str]]:
        rows = answer(decided, LIBRARY["correspondences"], objective=f"plan/{objective}", other=f"plan/{other}")
        return [(row["match"].removeprefix(PLANS), row["relation"].rpartition("#")[2] or "nothing") for row in rows]

    assert said("crm/pgm/3", guest) == [(f"{guest}/1", "narrow")]
    assert said(f"{guest}/1", "crm") == [("crm/pgm/3", "broad")]
    # A refused proposal is none, and that nothing corresponds is said of the part that it was decided of.
    nothing = ("crm/pgm/9", guest) if guest == LED else (f"{guest}/2", "crm")
    for asked in (("crm/pgm/4", guest), ("crm/pgm/9", guest), (f"{guest}/2", "crm")):
        assert said(*asked) == ([("", "nothing")] if asked == nothing else [])


@each_guest
def test_plans_that_were_hardly_compared_are_unread(decided: Store, guest: str) -> None:
    assert answer(decided, LIBRARY["untouched-targets"], plan=f"plan/{guest}") == []
    assert unread(decided, "untouched-targets", plan=guest)
    for plan, other in (("crm", guest), (guest, "crm"), (guest, "gcm")):
        assert unread(decided, "parts-not-reached", plan=plan, other=other)


def test_plans_that_were_compared_part_by_part_are_read(decided: Store) -> None:
    assert not unread(decided, "untouched-targets", plan="crm")
    for plan, other in (("crm", "gcm"), ("gcm", "crm"), ("crm", "colombo"), ("colombo", "crm")):
        assert not unread(decided, "parts-not-reached", plan=plan, other=other)
    left = not_reached(decided, "crm", "csm")
    assert left
    for part in left:
        assert answer(decided, LIBRARY["correspondences"], objective=f"plan/{part}", other="plan/crm") == []
        assert not unread(decided, "correspondences", objective=part, other="crm")
        assert unread(decided, "correspondences", objective=part, other="gcm")


@each_guest
def test_parts_that_nobody_judged_are_unread(decided: Store, guest: str) -> None:
    def is_open(objective: str, **other: str) -> bool:
        return unread(decided, "correspondences", objective=objective, **other)

    assert is_open(f"{guest}/3")
    assert is_open(f"{guest}/3", other="crm")
    # Whoever refuses a proposal leaves the rest of that plan open.
    assert is_open("crm/pgm/4", other=guest)
    assert not is_open("crm/pgm/4")
    assert not is_open("crm/pgm/3", other=guest)
    assert not is_open(f"{guest}/1", other="crm")
    assert not is_open("crm/pgm/9" if guest == LED else "norte/2", other=guest if guest == LED else "crm")
