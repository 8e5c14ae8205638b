"""Which part is which in two versions of a plan, and what changed, each known change found as what it is."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from crmgraph.building.manifest import SOURCE
from crmgraph.comparing.changes import KINDS, AgentFinder, Change, agent_finder, compare, pair_parts
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.languages import key
from crmgraph.reading.model import Part, Passage, Source
from tests.support.dataset import real_background
from tests.support.defects import defective_plan
from tests.support.phrases import rows_of, table_of

PLAN = read_plan(SOURCE)
PARTS = {part.id: part for part, _ in PLAN.walk()}
ACTIVITIES = [part for part in PARTS.values() if part.kind == "Activity"]
STEP = 3
"""Every third part is changed, as one is much like another."""


@pytest.fixture(scope="module")
def named() -> AgentFinder:
    return agent_finder(real_background(), PLAN)


def edited(*edits: tuple[int, int, str]) -> Plan:
    """Return the real plan with other words in the place of those from here to there."""
    text = PLAN.source.text
    for start, end, words in sorted(edits, reverse=True):
        text = f"{text[:start]}{words}{text[end:]}"
    return read_plan_text(Source(text, Path("new.txt")), "new")


def found(new: Plan, named: AgentFinder, old: Plan = PLAN) -> list[Change]:
    return list(compare(old, new, named).changes)


def said(changes: list[Change]) -> dict[str, set[str]]:
    """Return the kinds of change by the id of the part as it was, or else as it is."""
    return {(change.old or change.new).id: set(change.kinds) for change in changes}  # type: ignore[union-attr]


def entries(part: Part) -> list[Part]:
    return [below for below in part.parts if below.kind == "ScheduleEntry"]


def numbered() -> list[tuple[Part, str]]:
    """Return some activities that have a number, and the number of the action above each."""
    parts = [part for part in ACTIVITIES if part.number]
    return [(part, str(part.number).rpartition(".")[0]) for part in parts[::STEP]]


def test_nothing_changed(named: AgentFinder) -> None:
    comparison = compare(PLAN, PLAN, named)
    assert comparison.changes == ()
    assert len(comparison.unchanged) == len([part for part in PARTS.values() if part.kind in KINDS])
    spread = [(match.start(), match.end(), "  ") for match in re.finditer(r"(?<=\w) (?=\w)", PLAN.source.text)]
    assert found(edited(*spread), named) == [], "blank space is no change"
    end = entries(next(part for part in ACTIVITIES if entries(part)))[0].passage.end
    noted = edited((end, end, "\nNota: si hay fondos."))
    assert found(noted, named, noted) == [], "the part of a note may be a schedule entry"
    end = PLAN.source.text.index("CALENDARIO")
    assert compare(PLAN, edited((end + 10, end + 10, " 2027")), named).headings[1].endswith("CALENDARIO 2027")


def test_other_words(named: AgentFinder) -> None:
    kinds = ("Objective", "Action", "Activity")
    for part in [part for part in PARTS.values() if part.kind in kinds and len(part.text) > 60][::STEP]:
        taken = {place for start, end, _ in named(part.text) for place in range(start, end)}
        words = re.finditer(r"[a-záéíóú]{5,}", part.text)
        word = next(match[0] for match in words if match.start() not in taken)
        start = part.passage.start + part.passage.exact.index(word)
        assert said(found(edited((start, start + len(word), "distinto")), named)) == {part.id: {"reworded"}}


def test_another_number(named: AgentFinder) -> None:
    for part, above in numbered():
        edits = [
            (each.passage.start, each.passage.start + len(str(part.number)), f"{above}.9")
            for each in (part, *entries(part))
        ]
        assert said(found(edited(*edits), named)) == {part.id: {"renumbered"}}


def test_another_date(named: AgentFinder) -> None:
    for part in [part for part in ACTIVITIES if entries(part)][::STEP]:
        entry = entries(part)[0]
        start = entry.passage.start + len(str(entry.number))
        changes = found(edited((start, entry.passage.end, " En octubre de 2031")), named)
        is_handed_over = {"reassigned"} if named(entry.text) else set()
        assert said(changes) == {part.id: {"rescheduled", *is_handed_over}}
        assert "En octubre de 2031" in changes[0].schedules[1]


def test_one_that_is_gone_and_one_that_is_new(named: AgentFinder) -> None:
    for part, above in numbered():
        changes = said(
            found(edited(*((each.passage.start, each.passage.end, "") for each in (part, *entries(part)))), named)
        )
        assert changes.pop(part.id) == {"dropped"}
        # What has no number belongs to what stands before it.
        assert not changes or part.id == "dh/1.1.1"
        assert all(kinds <= {"moved", "rescheduled"} for kinds in changes.values())
        words = "Publicar un anuario estadístico de remesas familiares."
        [change] = found(edited((part.passage.end, part.passage.end, f"\n\n{above}.8 {words}")), named)
        assert change.kinds == ("added",)
        assert change.new is not None
        assert change.new.text == words


def test_another_agent(named: AgentFinder) -> None:
    unicef, seen = "United Nations Children's Fund", 0
    for part in ACTIVITIES:
        agents = named(part.text)
        words = part.text[agents[0][0] : agents[0][1]] if len(agents) == 1 else ""
        if not words or words not in part.passage.exact or agents[0][2] == unicef:
            continue
        begin = part.passage.start + part.passage.exact.index(words)
        [change] = found(edited((begin, begin + len(words), "UNICEF")), named)
        assert (change.kinds, change.agents) == (("reassigned",), ((agents[0][2],), (unicef,)))
        seen += 1
    assert seen >= 5


def replaced(old: str, new: str, part: str = "") -> Plan:
    """Return the real plan with other words, in this part or where they are first."""
    passage = PARTS[part].passage if part else Passage(0, len(PLAN.source.text), PLAN.source.text)
    start = passage.start + passage.exact.index(old)
    return edited((start, start + len(old), new))


def test_names_that_are_no_other_agents(named: AgentFinder) -> None:
    # The memorandum is not known by this name, and the States in it are found by their own.
    changes = found(replaced(", de la República de Honduras", ""), named)
    assert (said(changes), {change.agents[1] for change in changes}) == ({"pgm/7.1.1": {"reworded"}}, {()})
    assert said(found(replaced("países miembros", "Estados miembros", "pgm/7.2.2"), named)) == {
        "pgm/7.2.2": {"reworded"}
    }
    # Who was in the words is not new in the calendar.
    part = PARTS["pgm/1.2.1"]
    start, end = part.passage.start + part.passage.exact.index("La OIM preparara"), entries(part)[0].passage.end
    changes = found(edited((start, start + len("La OIM preparara"), "Se preparara"), (end, end, " (OIM)")), named)
    assert said(changes) == {part.id: {"reworded", "rescheduled"}}
    # The calendar names the United States once more.
    [change] = found(replaced("Estados Unidos", "Canadá", "pgm/10.1.1.1"), named)
    assert (change.kinds, change.agents) == (("reassigned",), ((), ("Canada",)))
    assert "Canadá" in change.schedules[1]


def test_the_article_goes_with_the_name_of_an_agent(named: AgentFinder) -> None:
    passage = PARTS["pgm/1.2.1"].passage
    end = passage.start + len(passage.exact.rstrip())
    for was, now in (("con la OIM", "con el ACNUR"), ("a la OIM", "al ACNUR"), ("de la OIM", "del ACNUR")):
        old, new = (edited((end, end, f" junto {words}")) for words in (was, now))
        [change] = found(new, named, old)
        assert change.kinds == ("reassigned",)
        assert change.agents[1][0].spanish == "Alto Comisionado de las Naciones Unidas para los Refugiados"


def test_moved_renumbered_and_reordered(named: AgentFinder) -> None:
    part = PARTS["pgm/1.2.1"]
    edits = [(each.passage.start, each.passage.start + 5, "1.1.2") for each in (part, *entries(part))]
    assert said(found(edited(*edits), named)) == {part.id: {"moved", "renumbered"}}
    # One that goes behind a later one is in no other order, as it stands below another action.
    part, after = PARTS["pgm/1.1.1"], PARTS["pgm/1.3.1"].passage
    gone = [(each.passage.start, each.passage.end, "") for each in (part, *entries(part))]
    changes = said(found(edited(*gone, (after.end, after.end, f"\n\n1.3.2 {part.text}")), named))
    assert changes == {part.id: {"moved", "renumbered", "rescheduled"}}
    # A whole objective that is renumbered changes once.
    objective = PARTS["pgm/11"]
    within = [part for part, _ in objective.walk() if part.number and part.number.startswith("11")]
    edits = [(part.passage.start, part.passage.start + 2, "77") for part in within]
    assert said(found(edited(*edits), named)) == {objective.id: {"renumbered"}}

    def swapped(one: Passage, other: Passage) -> list[Change]:
        return found(edited((one.start, one.end, other.exact), (other.start, other.end, one.exact)), named)

    # Their numbers go with two activities, so that they belong to what they belonged to.
    assert swapped(PARTS["pgm/1.2.1"].passage, PARTS["pgm/1.3.1"].passage) == []
    assert [change.kinds for change in swapped(PARTS["pgm/1.1"].passage, PARTS["pgm/1.2"].passage)] == [("reordered",)]


def test_another_title(named: AgentFinder) -> None:
    for theme, title in ((PLAN.themes[2], "VINCULOS DE MIGRACION Y DESARROLLO"), (PLAN.themes[1], "INCLUSION")):
        titles: list[Passage] = [theme.passage, *theme.repeats]
        assert said(found(edited(*((each.start, each.end, title) for each in titles)), named)) == {
            theme.id: {"reworded"}
        }
    for was, now in (("PLAN DE ACCION", "PLAN DE ACCION 2027"), ("SOBRE MIGRACION (CRM)", "SOBRE MIGRACIÓN (CRM)")):
        comparison = compare(PLAN, replaced(was, now), named)
        assert (comparison.changes, comparison.is_renamed, comparison.is_same) == ((), True, False)


def test_an_activity_that_becomes_an_action(named: AgentFinder) -> None:
    part, action = PARTS["pgm/9.1.1"], PARTS["pgm/9.1"].passage
    gone = [(each.passage.start, each.passage.end, "") for each in (part, *entries(part))]
    for words, kinds in ((part.text, set()), (f"{part.text}, y más", {"reworded"})):
        changes = found(edited(*gone, (action.end, action.end, f"\n\n9.2 {words}")), named)
        assert said(changes) == {part.id: {"relevelled", "renumbered", "rescheduled"} | kinds}
        assert [change.new.id for change in changes if change.new] == ["pgm/9.2"]
    # An action with the number of another is what it was.
    changes = found(edited(*gone, (action.start, action.end, f"9.1 {part.text}")), named)
    assert said(changes) == {"pgm/9.1": {"dropped"}, "pgm/9.1.1": {"relevelled", "rescheduled"}}


CASES = "comparing/cases"
ROUND = {
    "es": "El retorno de los migrantes de la región",
    "en": "The return of the migrants of the region",
    "fr": "Le retour des migrants dans la région",
    "pt": "O retorno das pessoas que migram para os países da região",
}


def test_states_that_are_places_and_other_times() -> None:
    def changed(language: str, *rows: tuple[str, str]) -> Change:
        words = ROUND[language]
        old, new = (
            table_of((words, f"1. {words}", "1.1 Uno", f"1.1.1 {activity}", f"1.1.1.1 {schedule}" if schedule else ""))
            for activity, schedule in rows
        )
        assert new.language == language
        [change] = found(new, agent_finder(real_background(), new), old)
        return change

    # A State in which something is done is a place.
    for language, was, now, kind in rows_of("states", CASES):
        assert changed(language, (was, ""), (now, "")).kinds == (kind,), now
    for was, now in (("II trimestre de 2027", "IV trimestre de 2027"), ("15 de mayo de 2027", "Hasta el 15/05/2027")):
        change = changed("es", ("Hacer un taller", was), ("Hacer un taller", now))
        assert (change.kinds, change.schedules) == (("rescheduled",), (was, now))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_every_part_of_two_plans_is_paired_once_or_has_no_other(one: int, other: int) -> None:
    old, new = defective_plan(one), defective_plan(other)
    pairing = pair_parts(old, new)
    befores = [part.id for part, _ in pairing.pairs] + [part.id for part in pairing.dropped]
    afters = [part.id for _, part in pairing.pairs] + [part.id for part in pairing.added]
    assert sorted(befores) == sorted(part.id for part, _ in old.walk() if part.kind in KINDS)
    assert sorted(afters) == sorted(part.id for part, _ in new.walk() if part.kind in KINDS)
    for before, after in pairing.pairs:
        assert before.kind == after.kind or fuzz.ratio(key(before.text), key(after.text)) >= 90
    same = pair_parts(old, old)
    assert same.dropped == same.added == ()
    assert [(one.id, one.text) for one, _ in same.pairs] == [(two.id, two.text) for _, two in same.pairs]
