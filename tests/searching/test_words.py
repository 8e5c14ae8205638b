"""The words of a text, folded and in their places."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.searching.words import STEMMED, stem, words_in


def forms(text: str) -> list[str]:
    return [word.form for word in words_in(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Política de Retorno", ["politica", "de", "retorno"]),
        ("MEMORÁNDUM", ["memorandum"]),
        ("la O.I.M. y la U.N.", ["la", "oim", "y", "la", "un"]),
        ("EE. UU. y México", ["eeuu", "y", "mexico"]),
        ("Actividad 7.1.1.", ["actividad", "7.1.1"]),
        ("ad-hoc (2005/2006)", ["ad", "hoc", "2005", "2006"]),
        ("¿Quién?", ["quien"]),
        ("Weiß ﬁn", ["weiss", "fin"]),
        ('" * : NEAR', ["near"]),
        ("_ … —", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert forms(text) == words
    assert forms(unicodedata.normalize("NFD", text)) == words


def test_each_word_keeps_its_place() -> None:
    text = "Retorno  a El Salvador, vía terrestre"
    assert [text[word.start : word.end] for word in words_in(text)] == [
        "Retorno", "a", "El", "Salvador", "vía", "terrestre",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "inflected"),
    [
        ("es", ("implementación", "implementacion", "implementar", "implementado", "implementaciones")),
        ("es", ("vulnerable", "vulnerables", "vulnerabilidad")),
        ("es", ("país", "países", "pais", "paises")),
        ("es", ("política", "políticas", "politicas")),
        ("en", ("return", "returns", "returned", "returning")),
        ("en", ("policy", "policies")),
    ],
)
def test_inflections_have_a_stem_in_common(language: str, inflected: tuple[str, ...]) -> None:
    assert len({stem(forms(word)[0], language) for word in inflected}) == 1


@pytest.mark.parametrize(("form", "language"), [("retorno", "fr"), ("retorno", ""), ("7.1.1", "es"), ("2006", "en")])
def test_what_has_no_inflections_has_no_stem(form: str, language: str) -> None:
    assert stem(form, language) == ""


@given(st.text())
def test_any_text_has_words_in_their_order_of_nothing_but_letters_digits_and_dots(text: str) -> None:
    at = 0
    for word in words_in(text):
        assert at <= word.start < word.end <= len(text)
        at = word.end
        assert word.form
        assert all(letter.isalnum() or letter == "." for letter in word.form)
        assert all(stem(word.form, language).replace(".", "").isalnum() or not stem(word.form, language)
                   for language in STEMMED)  # fmt: skip
