"""The words by which names are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.linking.spelling import LONGEST, code_of, other_number, small_words_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("República  Dominicana", ("republica", "dominicana")),
        ("Organización de los Estados Americanos", ("organizacion", "estados", "americanos")),
        ("O.I.M.", ("oim",)),
        ("EE. UU.", ("eeuu",)),
        ("EE.UU. de América", ("eeuu", "america")),
        ("Rep. Dominicana", ("rep.", "dominicana")),
        ("Corea (Rep.)", ("corea", "rep.")),
        ("Corea, Rep.", ("corea", "rep.")),
        ("Sec. Pro-Témpore", ("sec.", "pro", "tempore")),
        ("la", ("la",)),
        ("Guatemala.", ("guatemala",)),
        ("Bahamas (the)", ("bahamas",)),
        ("Conferencia sobre Migración", ("conferencia", "migracion")),
        ("Labor Migration Program", ("labour", "migration", "programme")),
        ("XV Conferencia", ("15", "conferencia")),
        ("15th Conference", ("15", "conference")),
        ("15.ª Conferencia", ("15", "conferencia")),
        ("Twenty-First Conference", ("21", "conference")),
        ("7.", ("7",)),
        ("…", ()),
        ("", ()),
    ],
)
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (" GT ", "gt"),
        ("U.S.A.", "usa"),
        ("10.7", "10.7"),
        ("7.", "7"),
        ("7.1.1.", "7.1.1"),
        ("Q800", "q800"),
        ("Perú", "peru"),
        ("https://www.wikidata.org/wiki/Special:EntityData/Q774", "q774"),
        ("www.wikidata.org/wiki/Q774/", "q774"),
        ("http://sws.geonames.org/3595528/", "geonames.org/3595528"),
        ("https://www.geonames.org/3595528/guatemala.html", "geonames.org/3595528"),
        ("https://example.org/id/GTM/", "//example.org/id/gtm"),
        ("https://country/GTM", "//country/gtm"),
        ("http://example.org/id/GTM", "//example.org/id/gtm"),
    ],
)
def test_codes(name: str, code: str) -> None:
    assert code_of(name) == code


@given(st.text())
def test_the_words_of_any_text_are_plain(text: str) -> None:
    for word in words_of(text):
        assert word
        assert word.removesuffix(".").isalnum()
    assert words_of(text) == words_of(text[:LONGEST])


def test_saints_are_written_in_two_ways() -> None:
    assert words_of("St. Kitts & Nevis") == words_of("Saint Kitts and Nevis") == words_of("St Kitts and Nevis")
    assert words_of("ST") == ("st",)
    assert words_of("St. Vincent") == ("saint", "vincent")


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("migracion", "migraciones"),
        ("proceso", "procesos"),
        ("voz", "voces"),
        ("ley", "leyes"),
        ("process", "processes"),
        ("country", "countries"),
    ],
)
def test_a_word_in_the_other_number(one: str, many: str) -> None:
    assert many in other_number(one)
    assert one in other_number(many)


def test_what_is_too_short_has_no_other_number() -> None:
    assert other_number("us") == frozenset()


def test_small_words() -> None:
    assert small_words_of("Bahamas (the)") == {"the"}
    assert small_words_of("Rep. de El Salvador") == {"de", "el"}
    assert small_words_of("Guatemala") == frozenset()


def test_two_ways_to_end_a_word() -> None:
    assert words_of("Non-governmental organisations") == words_of("Non-Governmental Organizations")


@pytest.mark.parametrize(
    "address",
    [
        "Q783",
        "http://www.wikidata.org/entity/Q783",
        "https://www.wikidata.org/wiki/Q783",
        " https://m.wikidata.org/wiki/Q783",
    ],
)
def test_a_number_of_wikidata_and_its_addresses_are_one(address: str) -> None:
    assert code_of(address) == "q783"
