"""Decisions about parts whose numbers others have by now."""

from dataclasses import replace

import pytest

from crmgraph.decisions import Decision
from crmgraph.decisions.following import Words, follow
from crmgraph.namespaces import Names

NAMES = Names()
GOAL, TARGET = NAMES.id("plan", "gcm/10"), "http://metadata.un.org/sdg/10.7"
LONG = "Desarrollar y revisar políticas migratorias nacionales sobre la base de los intereses comunes de la región"
LABELS = {
    NAMES.id("plan", "mini/1"): ["Combatir la trata"],
    NAMES.id("plan", "mini/2"): ["Financiar albergues", "Fund shelters"],
    NAMES.id("plan", "mini/3"): ["Capacitar"],
    NAMES.id("plan", "mini/4"): ["Capacitar"],
    NAMES.id("plan", "mini/5"): [LONG],
    NAMES.id("plan", "other/1"): ["Palermo"],
    GOAL: ["Prevenir la trata"],
    TARGET: ["Facilitar la migración"],
}
WORDS = Words(LABELS, NAMES)


def decided(subject: str, label: str, other: str = GOAL, other_label: str = "Prevenir la trata") -> Decision:
    return Decision(NAMES.id("plan", subject), label, other, other_label, 0.2, "", "no", "Ana", "2026-11-27")


def test_it_follows_its_words_to_their_new_number_and_never_stays_with_the_old() -> None:
    old = decided("mini/2", "Combatir la trata")
    new = decided("mini/1", "Combatir la trata")
    for row, now in ((old, new), (old.turned, new.turned)):
        followed = follow([row], WORDS)
        assert followed.known == {now.key: now}
        assert followed.moved == ((row, now),)
        assert followed.strays == ()


@pytest.mark.parametrize(
    "row",
    [
        decided("mini/1", "Combatir  la trata"),
        decided("mini/2", "Fund shelters"),
        decided("mini/4", "Capacitar"),
        decided("mini/1", "Combatir la trata", TARGET, "Facilitar la migración"),
        decided("elsewhere/1", "De otra carpeta"),
        Decision("", "Guatemla", NAMES.id("country", "GTM"), "Guatemala (antes)", 0.9, decided="exact"),
    ],
)
def test_what_is_called_as_it_was_or_is_no_part_of_these_plans_stays(row: Decision) -> None:
    assert follow([row], WORDS).known == {row.key: row}
    assert not follow([row], WORDS).moved


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (decided("mini/1", "Palermo"), "“Palermo” and is “Combatir la trata” now, and no part of its plan has"),
        (decided("mini/1", "Capacitar"), "and is “Combatir la trata” now, and 2 parts of its plan have"),
        (decided("mini/9", "Nada"), "mini/9 was “Nada” and is not there now, and no part"),
        (
            decided("mini/1", "Combatir la trata", TARGET, "Otra"),
            "write its address and words into object_id and object_label",
        ),
        (decided("mini/2", ""), "“Financiar albergues” or “Fund shelters” now"),
        # What is to be written down is there in full.
        (decided("mini/5", LONG.replace("comunes", "propios")), f"los int…” and is “{LONG}” now"),
    ],
)
def test_what_none_or_several_are_called_is_applied_to_nothing(row: Decision, said: str) -> None:
    followed = follow([row], WORDS)
    assert (followed.known, followed.moved) == ({}, ())
    [stray] = followed.strays
    assert stray.decision == row
    assert said in stray.why
    assert followed.with_strays([]) == [row]


def test_that_nothing_in_a_plan_corresponds_follows_the_words_of_the_part_alone() -> None:
    old, new = (decided(part, "Combatir la trata").as_nothing for part in ("mini/2", "mini/1"))
    followed = follow([old], WORDS)
    assert (followed.known, followed.moved, followed.strays) == ({new.key: new}, ((old, new),), ())
    agenda = decided("mini/1", "Combatir la trata", TARGET).as_nothing
    assert follow([agenda], WORDS).known == {agenda.key: agenda}


def test_two_that_change_places_both_follow() -> None:
    one, other = decided("mini/2", "Combatir la trata"), decided("mini/1", "Fund shelters")
    followed = follow([one, other], WORDS)
    assert {each.subject_label: key[0] for key, each in followed.known.items()} == {
        "Combatir la trata": NAMES.id("plan", "mini/1"),
        "Fund shelters": NAMES.id("plan", "mini/2"),
    }


def test_of_two_about_one_pair_that_which_was_about_it_counts() -> None:
    old, own = decided("mini/9", "Combatir la trata"), decided("mini/1", "Combatir la trata").turned
    own = replace(own, decided="close")
    followed = follow([old, own], WORDS)
    assert followed.known == {own.key: own}
    [stray] = followed.strays
    assert (stray.decision, "the file has “close” for this pair already" in stray.why) == (old, True)


def test_an_open_proposal_follows_nothing_and_stands_in_the_way_of_nothing() -> None:
    own = decided("mini/1", "Combatir la trata")
    moved = decided("mini/2", "Combatir la trata")
    is_open = replace(own, decided="")
    for rows in ([is_open, moved], [is_open.turned, moved]):
        assert follow(rows, WORDS).known == {own.key: own}
    stale = replace(moved, decided="")
    assert follow([stale], WORDS) == follow([], WORDS)
