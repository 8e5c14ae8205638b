"""The orders in which the words of a name may be meant."""

import pytest

from crmgraph.linking.order import turns_of, two_of


@pytest.mark.parametrize(
    ("name", "words", "joints"),
    [
        ("Trinidad y Tabago", ("trinidad", "tabago"), {1}),
        ("Trinidad & Tobago", ("trinidad", "tobago"), {1}),
        ("South of the Sudan", ("south", "sudan"), {1}),
        ("Sudán del Sur", ("sudan", "sur"), set()),
        ("Timor-Leste", ("timor", "leste"), set()),
        ("y otros", ("otros",), set()),
    ],
)
def test_an_order_of_words_and_what_is_joined_in_it(name: str, words: tuple[str, ...], joints: set[int]) -> None:
    [turn] = turns_of(name)
    assert (turn.words, set(turn.joints)) == (words, joints)


@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        ("migración y salud", set()),
        ("laws & regulations", set()),
        ("migración, salud", {1}),
        ("OIM/los Estados y México – Belice", {1, 3}),
    ],
)
def test_what_parts_words_without_a_word_is_told_from_what_joins_them(name: str, breaks: set[int]) -> None:
    turn = turns_of(name)[0]
    assert set(turn.breaks) == breaks
    assert turn.breaks <= turn.joints


def test_small_words_tie_what_is_behind_them_to_what_is_before() -> None:
    [turn] = turns_of("aportaciones a los migrantes del Sur")
    assert turn.ties == {1: "to", 2: "of"}
    assert turns_of("El Salvador")[0].ties == {}
    assert turns_of("in Mexico")[0].ties == {0: "in"}


def test_a_full_stop_ends_a_name() -> None:
    assert turns_of("Rep. Dominicana.")[0].words == ("rep.", "dominicana")
    assert turns_of("U.K.")[0].words == ("uk",)


def test_a_name_may_be_turned_as_in_an_index() -> None:
    assert [turn.words for turn in turns_of("Congo, Democratic Republic of the")][1] == (
        "democratic",
        "republic",
        "congo",
    )
    assert [turn.words for turn in turns_of("Korea (North)")] == [("korea", "north"), ("north", "korea")]


def test_two_names_stand_side_by_side() -> None:
    assert two_of("Unión Europea (UE)") == ("Unión Europea", "UE")
    assert two_of("UE – Unión Europea") == ("UE", "Unión Europea")
    assert two_of("Timor-Leste") == two_of("") == ()
