"""The line and the marks below it: under the very characters, as a terminal shows them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crmgraph.checking.reporting.excerpt import excerpt, printable
from crmgraph.reading.source import Source
from tests.support.growth import growth


def marked(text: str, words: str, widest: int = 100) -> tuple[str, str]:
    start = text.index(words)
    seen = excerpt(Source(text), start, start + len(words), widest)
    return seen.text, seen.marks


@pytest.mark.parametrize(
    ("text", "words", "line", "marks"),
    [
        ("uno dos tres", "dos", "uno dos tres", "    ^^^"),
        ("\t7. Uno \n8", "7. Uno", "7. Uno", "^^^^^^"),
        ("uno\tdos", "dos", "uno    dos", "       ^^^"),
        ("漢字 dos", "dos", "漢字 dos", "     ^^^"),
        ("uno 漢字", "漢字", "uno 漢字", "    ^^^^"),
        ("mi\u0301o dos", "dos", "mi\u0301o dos", "    ^^^"),
        ("a\u0301", "\u0301", "a\u0301", " ^"),
        ("a\x1bb", "b", "a\ufffdb", "  ^"),
        ("uno\r\ndos tres\r\n", "tres", "dos tres", "    ^^^^"),
        ("uno\rdos", "dos", "dos", "^^^"),
    ],
)
def test_the_marks_are_under_the_words(text: str, words: str, line: str, marks: str) -> None:
    assert marked(text, words) == (line, marks)


def test_a_long_line_is_cut_to_what_is_around_the_words() -> None:
    text = "a" * 300 + " DOS " + "b" * 300
    line, marks = marked(text, "DOS", 41)
    assert line == "…" + "a" * 17 + " DOS " + "b" * 17 + "…"
    assert marks.index("^") == line.index("DOS")
    assert marked("DOS " + "b" * 300, "DOS", 20) == ("DOS " + "b" * 14 + "…", "^^^")
    assert marked("a" * 300 + " DOS", "DOS", 20) == ("…" + "a" * 14 + " DOS", " " * 16 + "^^^")


def test_words_that_are_longer_than_there_is_room_are_cut_at_their_end() -> None:
    line, marks = marked("uno " + "d" * 300, "d" * 300, 20)
    assert (line, marks) == ("…" + "d" * 18 + "…", " " + "^" * 18)


def test_words_over_several_lines_are_marked_to_the_end_of_the_first() -> None:
    source = Source("uno dos\ntres\ncuatro cinco")
    seen = excerpt(source, 4, len("uno dos\ntres\ncuatro"))
    assert (seen.line, seen.column, seen.text, seen.marks, seen.more) == (1, 5, "uno dos", "    ^^^", 2)


def test_line_and_column_are_those_of_the_file() -> None:
    source = Source("uno\n\t  dos")
    assert (excerpt(source, 7, 10).line, excerpt(source, 7, 10).column) == (2, 4)


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.text(max_size=60), st.integers(8, 60))
def test_whatever_the_text_the_line_is_no_wider_than_it_may_be(
    before: str, words: str, after: str, widest: int
) -> None:
    seen = excerpt(Source(before + words + after), len(before), len(before) + len(words), widest)
    assert cell_len(seen.text) <= widest
    assert "\n" not in seen.text + seen.marks
    assert set(seen.marks) <= {" ", "^"}
    assert seen.marks.endswith("^")


@given(st.text())
def test_printable_text_is_one_line_without_controls(text: str) -> None:
    assert not any(unicodedata.category(character) in ("Cc", "Cf") for character in printable(text))
    assert printable("uno\n dos") == "uno dos"


@pytest.mark.drill
def test_a_line_as_long_as_a_file_costs_no_more_than_what_is_shown() -> None:
    sources = {size: Source("\u0301" * size + "DOS" + "b" * size) for size in (250_000, 1_000_000)}

    def cut(size: int) -> None:
        for _ in range(20):
            assert "DOS" in excerpt(sources[size], size, size + 3).text

    assert growth(cut, 250_000, enough=2) < 2
