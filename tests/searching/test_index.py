"""Which things have what is looked for, and in which order."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.searching import Entry, Index, Said

FUND = Entry(
    "fund",
    "instrument",
    {"es": "Fondo para Migrantes en Situación de Alta Vulnerabilidad", "en": "Fund for Vulnerable Migrants"},
    (
        Said("Fondo para Migrantes en Situación de Alta Vulnerabilidad", "es", "label", "names", is_own=True),
        Said("Fund for Vulnerable Migrants", "en", "label", "names", is_own=True),
        Said("Lo administra la OIM.", "es", "note", "notes"),
    ),
)
ACTIVITY = Entry(
    "plan/6.2.1",
    "part",
    {"es": "Retorno de migrantes (Fondo implementado por OIM)"},
    (
        Said("Retorno de migrantes (Fondo implementado por OIM)", "es", "text", "titles"),
        Said("6.2.1", "", "number", "names", is_own=True),
    ),
)
OTHER_ACTIVITY = Entry(
    "plan/10.1",
    "part",
    {"es": "Retorno digno"},
    (Said("Retorno digno", "es", "text", "titles"), Said("10.1", "", "number", "names", is_own=True)),
)
IOM = Entry(
    "iom",
    "actor",
    {"es": "Organización Internacional para las Migraciones"},
    (
        Said("Organización Internacional para las Migraciones", "es", "label", "names", is_own=True),
        Said("OIM", "es", "acronym", "names", is_own=True),
        Said("IOM", "en", "acronym", "names", is_own=True),
    ),
)
IOM_MISSION = Entry(
    "mission",
    "actor",
    {"es": "Misión de la OIM"},
    (Said("Misión de la OIM", "es", "label", "names", is_own=True),),
)
INDEX = Index((FUND, IOM, IOM_MISSION, ACTIVITY, OTHER_ACTIVITY))


def names(typed: str) -> list[str]:
    return [entry.name for entry in INDEX.search(typed).entries]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("OIM", ["iom", "mission", "plan/6.2.1", "fund"]),
        ("oim", ["iom", "mission", "plan/6.2.1", "fund"]),
        ("O.I.M.", ["iom", "mission", "plan/6.2.1", "fund"]),
        ("fondo", ["fund", "plan/6.2.1"]),
        ("organizacion internacional para las migraciones", ["iom"]),
    ],
)
def test_what_is_called_so_comes_first_then_names_then_texts(typed: str, found: list[str]) -> None:
    assert names(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fondos", ["fund", "plan/6.2.1"]),
        ("vulnerables", ["fund"]),
        ("vulnerability", ["fund"]),
        ("implementacion", ["plan/6.2.1"]),
        ("MISION", ["mission"]),
        ("fondo administrado", ["fund"]),
        ("fund administra", ["fund"]),
    ],
)
def test_inflections_accents_and_languages_make_no_difference(typed: str, found: list[str]) -> None:
    assert names(typed) == found


def test_all_words_must_be_there() -> None:
    assert names("fondo oim") == ["fund", "plan/6.2.1"]
    assert names("fondo implementado") == ["plan/6.2.1"]


def test_a_phrase_is_found_as_it_is_and_within_one_text() -> None:
    assert names('"migrantes en situacion"') == ["fund"]
    assert names('"situacion migrantes"') == []
    assert names('"vulnerabilidad fund"') == []
    assert names('"retornos dignos"') == []


def test_numbers_are_found_whole() -> None:
    assert names("6.2.1") == ["plan/6.2.1"]
    assert names("10.1") == ["plan/10.1"]
    assert names("2.1") == []


def test_a_word_that_is_begun_is_found_where_it_is_the_last_and_no_word_yet() -> None:
    assert names("vulnerab") == ["fund"]
    assert names("fondo vulnerab") == ["fund"]
    assert names("6.2") == ["plan/6.2.1"]
    assert names("v") == []


def test_a_slip_of_the_pen_is_forgiven_and_told() -> None:
    found = INDEX.search("fondo vulnerabildad")
    assert [entry.name for entry in found.entries] == ["fund"]
    assert (found.meant, found.unknown) == ("fondo Vulnerabilidad", ("vulnerabildad",))
    assert INDEX.search("fondo vulnerabilidad").meant == ""
    assert names("oxm") == []


def test_where_nothing_has_all_what_has_most_is_found_and_told() -> None:
    found = INDEX.search("fondo digno retorno")
    assert [entry.name for entry in found.entries] == ["plan/10.1", "plan/6.2.1"]
    assert found.is_part
    assert not INDEX.search("fondo oim").is_part


def test_what_matched_is_told_in_the_language_of_the_visitor_where_it_can_be() -> None:
    found = INDEX.search("migrantes")
    told = {entry.name: found.match(entry, "en") for entry in found.entries}
    assert told["fund"].said.text == "Fund for Vulnerable Migrants"
    told = {entry.name: found.match(entry, "es") for entry in found.entries}
    assert told["fund"].said.text == "Fondo para Migrantes en Situación de Alta Vulnerabilidad"
    assert told["fund"].marks == told["fund"].label_marks == ((11, 20),)


def test_what_was_asked_for_just_so_is_what_matched() -> None:
    found = INDEX.search("oim")
    match = found.match(found.entries[0], "en")
    assert (match.said.role, match.said.text, match.marks) == ("acronym", "OIM", ((0, 3),))
    assert match.label_marks == ()


def test_it_may_be_asked_from_many_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(map(tuple, threads.map(names, ["oim"] * 200))) == {tuple(names("oim"))}


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index(()).search("fondo").entries == ()


WORDS = st.sampled_from(
    ["fondo", "OIM", "retorno", '"', "*", "-", ":", "NEAR(", "AND", "NOT", "names", "{", "}", "'", "7.1", ".", "^", "+"]
)


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=30).map(" ".join)))
def test_nothing_that_is_typed_harms(typed: str) -> None:
    found = INDEX.search(typed)
    assert len({entry.name for entry in found.entries}) == len(found.entries)
    for entry in found.entries:
        match = found.match(entry, "es")
        assert match.said in entry.texts
        assert match.marks, "what is found shows why"


TOPIC = Entry(
    "topic",
    "topic",
    {"es": "trata de personas"},
    (
        Said("trata de personas", "es", "label", "names", is_own=True),
        Said("human trafficking", "en", "alternative", "names", is_own=True),
    ),
    is_common=True,
)
ABOUT_IT = Entry(
    "about",
    "part",
    {"es": "Combatir la trata de personas"},
    (Said("Combatir la trata de personas", "es", "text", "titles"),),
)
ELSEWHERE = Entry(
    "elsewhere/7", "other-plan", {"en": "Reduce harm"}, (Said("7", "", "number", "names", is_own=True),), after="part"
)
SEVENTH = Entry("7.note", "part", {"en": "See number 7"}, (Said("See number 7", "en", "text", "titles"),))


def test_what_has_another_name_of_a_common_thing_is_found_and_marked_by_that() -> None:
    found = Index((TOPIC, ABOUT_IT)).search("human trafficking")
    assert [entry.name for entry in found.entries] == ["topic", "about"]
    match = found.match(ABOUT_IT, "es")
    assert [match.said.text[start:end] for start, end in match.marks] == ["trata de personas"]


def test_what_is_called_just_so_may_come_after_a_group() -> None:
    assert [entry.name for entry in Index((ELSEWHERE, SEVENTH)).search("7").entries] == ["7.note", "elsewhere/7"]
    assert [entry.name for entry in Index((ELSEWHERE,)).search("7").entries] == ["elsewhere/7"]


def test_several_names_bring_what_they_name_even_if_it_has_no_more() -> None:
    found = INDEX.search("OIM 6.2.1")
    assert [entry.name for entry in found.entries[:2]] == ["iom", "plan/6.2.1"]
    assert [[entry.name for entry in named] for named in found.named] == [["iom"], ["plan/6.2.1"]]


def _status(name: str, label: str, *others: str) -> Entry:
    names = [(label, "label"), *((other, "alternative") for other in others)]
    said = tuple(Said(text, "es", role, "names", is_own=True) for text, role in names)
    return Entry(name, "term", {"es": label}, said)


@pytest.mark.parametrize("typed", ["pendiente", "pendientes", "PENDIENTES"])
def test_a_label_in_another_inflection_goes_before_alternative_names(typed: str) -> None:
    index = Index((_status("open", "fecha por definir", "pendientes"), _status("pending", "pendiente", "por hacer")))
    assert [entry.name for entry in index.search(typed).entries] == ["pending", "open"]
    assert [entry.name for entry in index.search("por hacer").entries] == ["pending"]


def test_a_label_that_is_own_in_another_spelling_alone_is_inflected_as_well() -> None:
    texts = (Said("pendiente", "es", "label", "names"), Said("Pendiente", "es", "spelling", "names", is_own=True))
    common = Said("fechas pendientes", "es", "spelling", "names", is_own=True)
    index = Index((Entry("open", "term", {"es": "x"}, (common, common)), Entry("pending", "term", {"es": "x"}, texts)))
    assert [entry.name for entry in index.search("pendientes").entries] == ["pending", "open"]
