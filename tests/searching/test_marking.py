"""Where a text has what is looked for, and what is shown of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.searching.asked import read_asked
from crmgraph.searching.marking import Piece, cut, spans


def marked(text: str, typed: str, language: str = "es", longest: int = 220) -> str:
    found, _ = spans(text, language, read_asked(typed).sought)
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in cut(text, found, longest))


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Memorándum de Entendimiento", "memorandum", "[Memorándum] de Entendimiento"),
        ("Migrantes en Alta Vulnerabilidad", "vulnerables", "Migrantes en Alta [Vulnerabilidad]"),
        ("el retorno digno", '"retorno digno"', "el [retorno digno]"),
        ("el retorno digno", 'digno "retorno digno"', "el [retorno digno]"),
        ("la O.I.M.", "oim", "la [O.I.M.]"),
        ("Niñez", "ninez", "[Niñez]"),
        ("nada de eso", "fondo", "nada de eso"),
    ],
)
def test_words_are_marked_as_they_are_written(text: str, typed: str, shown: str) -> None:
    assert marked(text, typed) == shown


def test_how_much_is_there_is_counted() -> None:
    assert spans("fondo, fondos y fondo", "es", read_asked("fondo retorno").sought)[1] == 1


def test_of_a_long_text_the_part_with_most_of_it_is_shown() -> None:
    text = f"El fondo. {'Otras palabras. ' * 30}Aquí el fondo de retorno digno. {'Y más. ' * 40}"
    shown = marked(text, "fondo retorno digno", longest=120)
    assert "[fondo] de [retorno] [digno]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 150


def test_no_word_is_cut_in_two() -> None:
    text = "palabra " * 20 + "fondo " + "palabra " * 20
    shown = marked(text, "fondo", longest=100)
    assert set(shown.split()) == {"…", "palabra", "[fondo]"}


@given(st.text(), st.text(), st.integers(10, 60))
def test_of_any_text_something_is_shown_as_it_is(text: str, typed: str, longest: int) -> None:
    found, _ = spans(text, "es", read_asked(typed).sought)
    pieces = cut(text, found, longest)
    shown = [piece for piece in pieces if piece not in (Piece("… "), Piece(" …"))]
    assert "".join(piece.text for piece in shown) in text
    if len(text) <= longest:
        assert "".join(piece.text for piece in pieces) == text
        assert sum(piece.is_marked for piece in pieces) == len(found)
    elif found:
        assert any(piece.is_marked for piece in pieces)
