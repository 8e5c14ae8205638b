"""What somebody typed, read as words and phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.searching.asked import LONGEST, Sought, cleaned, read_asked
from crmgraph.searching.words import words_in


def sought(typed: str) -> list[tuple[str, str]]:
    return [(" ".join(each.forms), each.how) for each in read_asked(typed).sought]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("retorno digno", [("retorno", "word"), ("digno", "word")]),
        ('"retorno digno" fondo', [("retorno digno", "phrase"), ("fondo", "word")]),
        ("«Retorno Digno»", [("retorno digno", "phrase")]),
        ("“trata de personas”", [("trata de personas", "phrase")]),
        ('"retorno digno', [("retorno", "word"), ("digno", "word")]),
        ('""', []),
        ("retorno retorno", [("retorno", "word")]),
        ("¿quién implementa el fondo?", [("implementa", "word"), ("fondo", "word")]),
        ("what is the fund for", [("fund", "word")]),
        ("de la", [("de", "word"), ("la", "word")]),
        ("quién", [("quien", "word")]),
        ("", []),
        ("?!", []),
    ],
)
def test_words_and_phrases(typed: str, expected: list[tuple[str, str]]) -> None:
    assert sought(typed) == expected


@pytest.mark.parametrize(
    ("typed", "begun"), [("fondo vul", True), ("fondo vul ", False), ('"fondo"', False), ("", False)]
)
def test_the_last_word_may_have_more_letters_to_come(typed: str, begun: bool) -> None:
    asked = read_asked(typed)
    assert asked.is_begun is begun
    assert (asked.last is not None) is begun


def test_other_words_take_the_place_of_words() -> None:
    asked = read_asked("Fondo “vulnerrable”, fondo")
    assert asked.with_words({"vulnerrable": "vulnerable"}) == "Fondo “vulnerable”, fondo"
    assert asked.as_typed({"fondo": "x"}) == ("Fondo", "fondo")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  retorno\t\n digno ", "retorno digno"),
        ("re\u00adtorno\u200b", "retorno"),
        ("a\x00b\x1b\ufffe", "a b"),
        ("a\ud800", "a"),
        ("x" * 10_000, "x" * LONGEST),
    ],
)
def test_what_was_typed_can_be_shown_again(typed: str, shown: str) -> None:
    assert cleaned(typed) == shown


@pytest.mark.parametrize(
    ("how", "forms", "text", "language", "places"),
    [
        ("word", ("fondo",), "Fondos y fondo", "es", [(0, 1), (2, 3)]),
        ("word", ("fondo",), "Fondos y fondo", "", [(2, 3)]),
        ("word", ("returns",), "Returned migrants", "en", [(0, 1)]),
        ("word", ("returns",), "Returned migrants", "es", []),
        ("begun", ("vuln",), "Vulnerables invulnerables", "es", [(0, 1)]),
        ("phrase", ("retorno", "digno"), "el retorno digno, retornos dignos", "es", [(1, 3)]),
        ("phrase", ("a", "a"), "a a a", "es", [(0, 2), (1, 3)]),
        ("phrase", ("a", "b", "c"), "a b", "es", []),
    ],
)
def test_where_it_stands(
    how: str, forms: tuple[str, ...], text: str, language: str, places: list[tuple[int, int]]
) -> None:
    assert list(Sought(forms, how).places(words_in(text), language)) == places  # type: ignore[arg-type]


@given(st.text(max_size=3 * LONGEST))
def test_anything_may_be_typed(typed: str) -> None:
    shown = cleaned(typed)
    assert cleaned(shown) == shown
    assert len(shown) <= LONGEST
    assert all(letter.isprintable() for letter in shown)
    for each in read_asked(typed).sought:
        assert all(form.replace(".", "").isalnum() for form in each.forms)
