"""Searching: what was typed, the words of texts, which things have them in which order, and where they stand."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.searching import (
    LONGEST,
    Entry,
    Index,
    Piece,
    Text,
    clean_query,
    excerpt,
    find_spans,
    parse_query,
    stem,
    words_in,
)
from tests.support.phrases import rows_of


def forms(text: str) -> list[str]:
    return [word.form for word in words_in(text)]


WORDS = dict(rows_of("words", "searching"))
INFLECTED = {
    "es": ("implementación implementacion implementar implementado implementaciones",
           "vulnerable vulnerables vulnerabilidad", "país países pais paises", "política políticas politicas"),
    "en": ("return returns returned returning", "policy policies"),
}  # fmt: skip


def test_words_are_folded_and_keep_their_place() -> None:
    assert {text: " ".join(forms(text)) for text in WORDS} == WORDS
    assert {text: " ".join(forms(unicodedata.normalize("NFD", text))) for text in WORDS} == WORDS
    text = "Retorno  a El Salvador, vía terrestre"
    assert [text[word.start : word.end] for word in words_in(text)] == text.replace(",", "").split()


def test_stems() -> None:
    for language, groups in INFLECTED.items():
        for group in groups:
            assert len({stem(forms(word)[0], language) for word in group.split()}) == 1, group
    for form, language in (("retorno", "fr"), ("retorno", ""), ("7.1.1", "es"), ("2006", "en")):
        assert stem(form, language) == ""


def test_words_and_phrases_that_were_typed() -> None:
    for typed, expected in rows_of("asked", "searching"):
        assert "; ".join(f"{' '.join(each.forms)} = {each.kind}" for each in parse_query(typed).terms) == expected, (
            typed
        )
    for typed, begun in (("fondo vul", True), ("fondo vul ", False), ('"fondo"', False), ("", False)):
        assert (parse_query(typed).last is not None) == begun, typed
    asked = parse_query("Fondo “vulnerrable”, fondo")
    assert asked.replace_words({"vulnerrable": "vulnerable"}) == ("Fondo “vulnerable”, fondo", ("vulnerrable",))
    assert asked.replace_words({"fondo": "x"}) == ("x “vulnerrable”, x", ("Fondo", "fondo"))


def test_what_was_typed_is_cleaned() -> None:
    for typed, shown in (
        ("  retorno\t\n digno ", "retorno digno"),
        ("re\u00adtorno\u200b", "retorno"),
        ("a\x00b\x1b\ufffe", "a b"),
        ("a\ud800", "a"),
        ("x" * 10_000, "x" * LONGEST),
    ):
        assert clean_query(typed) == shown


@given(st.text(max_size=3 * LONGEST))
def test_anything_may_be_typed(typed: str) -> None:
    shown = clean_query(typed)
    assert clean_query(shown) == shown
    assert len(shown) <= LONGEST
    assert all(letter.isprintable() for letter in shown)
    for each in parse_query(typed).terms:
        assert all(form.replace(".", "").isalnum() for form in each.forms)


def marked(text: str, typed: str, longest: int = 220) -> str:
    places, _ = find_spans(text, "es", parse_query(typed).terms)
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in excerpt(text, places, longest))


def test_words_are_marked_as_they_are_written() -> None:
    for text, typed, shown in rows_of("marked", "searching"):
        assert marked(text, typed) == shown
    assert find_spans("fondo, fondos y fondo", "es", parse_query("fondo retorno").terms)[1] == 1


def test_long_texts_show_the_part_with_most_of_it() -> None:
    text = f"El fondo. {'Otras palabras. ' * 30}Aquí el fondo de retorno digno. {'Y más. ' * 40}"
    shown = marked(text, "fondo retorno digno", longest=120)
    assert "[fondo] de [retorno] [digno]" in shown
    assert (shown[:2], shown[-2:]) == ("… ", " …")
    assert len(shown) < 150
    shown = marked("palabra " * 20 + "fondo " + "palabra " * 20, "fondo", longest=100)
    assert set(shown.split()) == {"…", "palabra", "[fondo]"}, "no word is cut in two"


@given(st.text(), st.text(), st.integers(10, 60))
def test_any_text_is_shown_as_it_is(text: str, typed: str, longest: int) -> None:
    places, _ = find_spans(text, "es", parse_query(typed).terms)
    pieces = excerpt(text, places, longest)
    shown = [piece for piece in pieces if piece not in (Piece("… "), Piece(" …"))]
    assert "".join(piece.text for piece in shown) in text
    if len(text) <= longest:
        assert "".join(piece.text for piece in pieces) == text
        assert sum(piece.is_marked for piece in pieces) == len(places)
    elif places:
        assert any(piece.is_marked for piece in pieces)


def own(*names: tuple[str, str, str]) -> tuple[Text, ...]:
    return tuple(Text(text, language, role, "names", is_own=True) for text, language, role in names)


LABELS = {"es": "Fondo para Migrantes en Situación de Alta Vulnerabilidad", "en": "Fund for Vulnerable Migrants"}
FUND = Entry(
    "fund", "instrument", LABELS,
    (*own(*((text, language, "label") for language, text in LABELS.items())),
     Text("Lo administra la OIM.", "es", "note", "notes")),
)  # fmt: skip
ACTIVITY = Entry(
    "plan/6.2.1",
    "part",
    {"es": "Retorno de migrantes (Fondo implementado por OIM)"},
    (Text("Retorno de migrantes (Fondo implementado por OIM)", "es", "text", "titles"), *own(("6.2.1", "", "number"))),
)
OTHER_ACTIVITY = Entry(
    "plan/10.1", "part", {"es": "Retorno digno"},
    (Text("Retorno digno", "es", "text", "titles"), *own(("10.1", "", "number"))),
)  # fmt: skip
IOM = Entry(
    "iom", "actor", {"es": "Organización Internacional para las Migraciones"},
    own(("Organización Internacional para las Migraciones", "es", "label"), ("OIM", "es", "acronym"),
        ("IOM", "en", "acronym")),
)  # fmt: skip
IOM_MISSION = Entry("mission", "actor", {"es": "Misión de la OIM"}, own(("Misión de la OIM", "es", "label")))
INDEX = Index((FUND, IOM, IOM_MISSION, ACTIVITY, OTHER_ACTIVITY))


def found(typed: str, *entries: Entry) -> list[str]:
    index = Index(entries) if entries else INDEX
    return [entry.name for entry in index.search(typed).entries]


def test_entries_in_their_order() -> None:
    """What is called so comes first, then names, then texts."""
    expected = dict(rows_of("found", "searching"))
    assert {typed: " ".join(found(typed)) for typed in expected} == expected
    assert Index(()).search("fondo").entries == ()
    with ThreadPoolExecutor(8) as threads:
        assert set(map(tuple, threads.map(found, ["oim"] * 50))) == {tuple(expected["oim"].split())}


def test_slips_are_forgiven_and_told() -> None:
    answer = INDEX.search("fondo vulnerabildad")
    assert [entry.name for entry in answer.entries] == ["fund"]
    assert (answer.corrected, answer.unknown_words) == ("fondo Vulnerabilidad", ("vulnerabildad",))
    assert INDEX.search("fondo vulnerabilidad").corrected == ""


def test_entries_with_most_words_where_none_has_all() -> None:
    answer = INDEX.search("fondo digno retorno")
    assert [entry.name for entry in answer.entries] == ["plan/10.1", "plan/6.2.1"]
    assert answer.is_partial
    assert not INDEX.search("fondo oim").is_partial
    several = INDEX.search("OIM 6.2.1")
    assert [entry.name for entry in several.entries[:2]] == ["iom", "plan/6.2.1"]
    assert [[entry.name for entry in named] for named in several.entries_by_name] == [["iom"], ["plan/6.2.1"]]


def test_what_matched_is_in_the_language_of_the_visitor_if_it_can_be() -> None:
    answer = INDEX.search("migrantes")
    assert answer.match(FUND, "en").text.text == "Fund for Vulnerable Migrants"
    match = answer.match(FUND, "es")
    assert match.text.text == "Fondo para Migrantes en Situación de Alta Vulnerabilidad"
    assert match.marks == match.label_marks == ((11, 20),)
    assert INDEX.search("fondo vulnerab").match(FUND, "es").marks == ((0, 5), (42, 56)), "a word that is begun"
    match = INDEX.search("oim").match(IOM, "en")
    assert (match.text.role, match.text.text, match.marks, match.label_marks) == ("acronym", "OIM", ((0, 3),), ())


def test_rank_of_common_things_and_of_their_other_names() -> None:
    names = own(("trata de personas", "es", "label"), ("human trafficking", "en", "alternative"))
    topic = Entry("topic", "topic", {"es": "trata de personas"}, names, is_common=True)
    text = "Combatir la trata de personas"
    about = Entry("about", "part", {"es": text}, (Text(text, "es", "text", "titles"),))
    answer = Index((topic, about)).search("human trafficking")
    assert [entry.name for entry in answer.entries] == ["topic", "about"]
    match = answer.match(about, "es")
    assert [match.text.text[start:end] for start, end in match.marks] == ["trata de personas"]
    elsewhere = Entry("elsewhere/7", "other-plan", {"en": "Reduce harm"}, own(("7", "", "number")), after="part")
    seventh = Entry("7.note", "part", {"en": "See number 7"}, (Text("See number 7", "en", "text", "titles"),))
    assert found("7", elsewhere, seventh) == ["7.note", "elsewhere/7"]
    assert found("7", elsewhere) == ["elsewhere/7"]


OPERATORS = st.sampled_from(
    ["fondo", "OIM", "retorno", '"', "*", "-", ":", "NEAR(", "AND", "NOT", "names", "{", "}", "'", "7.1", ".", "^", "+"]
)


@given(st.one_of(st.text(max_size=300), st.lists(OPERATORS, max_size=30).map(" ".join)))
def test_nothing_that_is_typed_harms(typed: str) -> None:
    answer = INDEX.search(typed)
    assert len({entry.name for entry in answer.entries}) == len(answer.entries)
    for entry in answer.entries:
        match = answer.match(entry, "es")
        assert match.text in entry.texts
        assert match.marks, "what is found shows why"
