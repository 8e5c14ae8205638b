"""The words, codes, numbers and orders by which names are compared."""

from collections.abc import Callable

from crmgraph.linking.entities import (
    normalize_code,
    ordinals_as_figures,
    other_number_forms,
    possible_word_orders,
    small_words_of,
    split_double_name,
    words_of,
)
from tests.support.phrases import rows_of


def order(name: str) -> str:
    """Return the words of a name, with a plus before those that a word joins to others, a bar where a mark does."""
    found = possible_word_orders(name)[0]
    marks = {**dict.fromkeys(found.joints, "+ "), **dict.fromkeys(found.breaks, "| ")}
    return " ".join(f"{marks.get(place, '')}{word}" for place, word in enumerate(found.words))


FORMS: dict[str, Callable[[str], str]] = {
    "words": lambda name: " ".join(words_of(name)),
    "code": normalize_code,
    "figures": lambda words: " ".join(ordinals_as_figures(words.split(" "))),
    "order": order,
}


def test_names_as_they_are_compared() -> None:
    rows = rows_of("spelling", "linking/tables")
    assert [(form, name, FORMS[form](name)) for form, name, _ in rows] == [tuple(row) for row in rows]


def test_words() -> None:
    assert words_of("Non-governmental organisations") == words_of("Non-Governmental Organizations")
    assert small_words_of("Bahamas (the)") == {"the"}
    assert small_words_of("Rep. de El Salvador") == {"de", "el"}
    assert small_words_of("Guatemala") == frozenset()


def test_singular_and_plural() -> None:
    pairs = "migracion migraciones, proceso procesos, voz voces, ley leyes, process processes, country countries"
    for one, many in (pair.split() for pair in pairs.split(", ")):
        assert many in other_number_forms(one)
        assert one in other_number_forms(many)
    assert other_number_forms("us") == frozenset()


def test_order_of_words() -> None:
    [turn] = possible_word_orders("aportaciones a los migrantes del Sur")
    assert turn.prepositions == {1: "to", 2: "of"}
    assert possible_word_orders("El Salvador")[0].prepositions == {}
    assert possible_word_orders("in Mexico")[0].prepositions == {0: "in"}


def test_names_turned_as_in_an_index_and_two_names_side_by_side() -> None:
    assert [turn.words for turn in possible_word_orders("Congo, Democratic Republic of the")][1] == (
        "democratic", "republic", "congo",
    )  # fmt: skip
    assert [turn.words for turn in possible_word_orders("Korea (North)")] == [("korea", "north"), ("north", "korea")]
    assert split_double_name("Unión Europea (UE)") == ("Unión Europea", "UE")
    assert split_double_name("UE – Unión Europea") == ("UE", "Unión Europea")
    assert split_double_name("Timor-Leste") == split_double_name("") == ()
