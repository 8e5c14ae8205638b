"""The words, codes, numbers and orders by which names are compared."""

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.linking.names import (
    LONGEST,
    code_of,
    other_number,
    small_words_of,
    two_of,
    with_figures,
    word_orders,
    words_of,
)

WORDS = {
    "República  Dominicana": "republica dominicana",
    "Organización de los Estados Americanos": "organizacion estados americanos",
    "O.I.M.": "oim",
    "EE. UU.": "eeuu",
    "EE.UU. de América": "eeuu america",
    "Rep. Dominicana": "rep. dominicana",
    "Corea (Rep.)": "corea rep.",
    "Corea, Rep.": "corea rep.",
    "Sec. Pro-Témpore": "sec. pro tempore",
    "la": "la",
    "Guatemala.": "guatemala",
    "Bahamas (the)": "bahamas",
    "Labor Migration Program": "labour migration programme",
    "XV Conferencia": "15 conferencia",
    "15.ª Conferencia": "15 conferencia",
    "Twenty-First Conference": "21 conference",
    "7.": "7",
    "…": "",
    "": "",
    "St. Kitts & Nevis": "saint kitts nevis",
    "Saint Kitts and Nevis": "saint kitts nevis",
    "St Kitts and Nevis": "saint kitts nevis",
    "ST": "st",
}
CODES = {
    " GT ": "gt",
    "U.S.A.": "usa",
    "10.7": "10.7",
    "7.1.1.": "7.1.1",
    "Perú": "peru",
    "Q783": "q783",
    "https://www.wikidata.org/wiki/Special:EntityData/Q774": "q774",
    "www.wikidata.org/wiki/Q774/": "q774",
    " https://m.wikidata.org/wiki/Q783": "q783",
    "http://sws.geonames.org/3595528/": "geonames.org/3595528",
    "https://www.geonames.org/3595528/guatemala.html": "geonames.org/3595528",
    "https://example.org/id/GTM/": "//example.org/id/gtm",
    "http://example.org/id/GTM": "//example.org/id/gtm",
}
FIGURES = {
    "i": "1", "iv": "4", "xiv": "14", "xxxix": "39", "xvth": "15", "v.": "5", "15": "15", "15.": "15", "1st": "1",
    "22nd": "22", "15a": "15", "3ra": "3", "primer": "1", "segundo": "2", "decima": "10", "duodecima": "12",
    "decimosegunda": "12", "decimoquinta": "15", "vigesimoctava": "28", "first": "1", "twentieth": "20",
    "vigesima primera": "21", "decimo quinta": "15", "twenty eighth": "28", "thirty first": "31", "": "",
    "th": "th", "iiii": "iiii", "vv": "vv", "mi": "mi", "civil": "civil", "via": "via", "x1": "x1", "5m": "5m",
    "15thx": "15thx", "prima": "prima", "rd": "rd", "first second": "1 2",
    "twenty conferences first": "20 conferences 1",
}  # fmt: skip
# The words of a name, and where a word joins them or a mark parts them.
TURNS = {
    "Trinidad y Tabago": ("trinidad tabago", {1}, set()),
    "Trinidad & Tobago": ("trinidad tobago", {1}, set()),
    "South of the Sudan": ("south sudan", {1}, set()),
    "Sudán del Sur": ("sudan sur", set(), set()),
    "Timor-Leste": ("timor leste", set(), set()),
    "y otros": ("otros", set(), set()),
    "Rep. Dominicana.": ("rep. dominicana", set(), set()),
    "U.K.": ("uk", set(), set()),
    "laws & regulations": ("laws regulations", {1}, set()),
    "migración, salud": ("migracion salud", {1}, {1}),
    "OIM/los Estados y México – Belice": ("oim estados mexico belice", {1, 2, 3}, {1, 3}),
}


def test_words() -> None:
    assert {name: " ".join(words_of(name)) for name in WORDS} == WORDS
    assert words_of("Non-governmental organisations") == words_of("Non-Governmental Organizations")
    assert small_words_of("Bahamas (the)") == {"the"}
    assert small_words_of("Rep. de El Salvador") == {"de", "el"}
    assert small_words_of("Guatemala") == frozenset()


def test_codes() -> None:
    assert {code: code_of(code) for code in CODES} == CODES


def test_numbers_with_figures() -> None:
    assert {words: " ".join(with_figures(words.split(" "))) for words in FIGURES} == FIGURES


def test_singular_and_plural() -> None:
    pairs = "migracion migraciones, proceso procesos, voz voces, ley leyes, process processes, country countries"
    for one, many in (pair.split() for pair in pairs.split(", ")):
        assert many in other_number(one)
        assert one in other_number(many)
    assert other_number("us") == frozenset()


def test_order_of_words() -> None:
    found = {name: word_orders(name)[0] for name in TURNS}
    assert {name: (" ".join(turn.words), set(turn.joints), set(turn.breaks)) for name, turn in found.items()} == TURNS
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


@given(st.text())
def test_words_of_any_text(text: str) -> None:
    for word in words_of(text):
        assert word
        assert word.removesuffix(".").isalnum()
    assert words_of(text) == words_of(text[:LONGEST])
    assert len(with_figures(text.split())) <= len(text.split())
