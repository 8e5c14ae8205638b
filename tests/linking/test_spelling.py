"""The words, codes, numbers and orders by which names are compared."""

from collections.abc import Callable

from crmgraph.linking.names import (
    code_of,
    other_number,
    small_words_of,
    two_of,
    with_figures,
    word_orders,
    words_of,
)
from tests.support.phrases import rows_of


def order(name: str) -> str:
    """Return the words of a name, with a plus before those that a word joins to others, a bar where a mark does."""
    found = word_orders(name)[0]
    marks = {**dict.fromkeys(found.joints, "+ "), **dict.fromkeys(found.breaks, "| ")}
    return " ".join(f"{marks.get(place, '')}{word}" for place, word in enumerate(found.words))


FORMS: dict[str, Callable[[str], str]] = {
    "words": lambda name: " ".join(words_of(name)),
    "code": code_of,
    "figures": lambda words: " ".join(with_figures(words.split(" "))),
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
        assert many in other_number(one)
        assert one in other_number(many)
    assert other_number("us") == frozenset()


def test_order_of_words() -> None:
    [turn] = word_orders("aportaciones a los migrantes del Sur")
    assert turn.ties == {1: "to", 2: "of"}
    assert word_orders("El Salvador")[0].ties == {}
    assert word_orders("in Mexico")[0].ties == {0: "in"}


def test_names_turned_as_in_an_index_and_two_names_side_by_side() -> None:
    assert [turn.words for turn in word_orders("Congo, Democratic Republic of the")][1] == (
        "democratic", "republic", "congo",
    )  # fmt: skip
    assert [turn.words for turn in word_orders("Korea (North)")] == [("korea", "north"), ("north", "korea")]
    assert two_of("Unión Europea (UE)") == ("Unión Europea", "UE")
    assert two_of("UE – Unión Europea") == ("UE", "Unión Europea")
    assert two_of("Timor-Leste") == two_of("") == ()
