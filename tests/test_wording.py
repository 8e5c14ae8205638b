"""Bilingual sentences are English strings that know their Spanish."""

from crmgraph.errors import EngineError, QuerySyntaxError
from crmgraph.wording import Bilingual, first_of, in_language, quoted, shortened

GREETING = Bilingual("Good day", "Buenos días")


def test_it_is_its_english_sentence() -> None:
    assert GREETING == "Good day"
    assert f"{GREETING}!" == "Good day!"
    assert GREETING.spanish == "Buenos días"


def test_in_language() -> None:
    assert in_language(GREETING, "es") == "Buenos días"
    assert in_language(GREETING, "en") == "Good day"
    assert type(in_language(GREETING, "en")) is str


def test_a_plain_string_stays_what_it_is_in_every_language() -> None:
    assert in_language("Good day", "es") == "Good day"


def test_an_error_speaks_both() -> None:
    assert in_language(EngineError(GREETING), "es") == "Buenos días"
    assert in_language(QuerySyntaxError(GREETING, 1, 2), "es") == "Buenos días"
    assert in_language(QuerySyntaxError(GREETING, 1, 2), "en") == "Good day"
    assert str(EngineError(GREETING)) == "Good day"


def test_an_error_without_a_twin_speaks_english() -> None:
    assert in_language(EngineError("out of order"), "es") == "out of order"
    assert in_language(EngineError(), "es") == ""


def test_a_long_text_is_quoted_in_part() -> None:
    assert quoted("abc") == quoted("abc", 3) == "“abc”"
    assert quoted("abcd", 3) == "“ab…”"


def test_a_long_text_is_cut_and_put_on_one_line() -> None:
    assert shortened("uno\n  dos", 7) == "uno dos"
    assert shortened("a" * 200, 10) == "a" * 9 + "…"
    assert shortened("uno dos", 5) == "uno…"


def test_of_many_the_first_are_told_and_how_many_more_there_are() -> None:
    assert first_of([], 2) == ""
    assert first_of(["a", "b"], 2) == "a, b"
    assert first_of(["a", "b", "c"], 2, "; ") == "a; b and 1 more"
