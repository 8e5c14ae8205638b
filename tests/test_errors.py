"""The error tree, and bilingual sentences."""

import re
from pathlib import Path

import pytest

from crmgraph import errors
from crmgraph.errors import (
    Bilingual,
    ContradictionError,
    CrmgraphError,
    EngineError,
    InputError,
    Place,
    QuerySyntaxError,
    SourceError,
    in_language,
    join_first,
    quoted,
    shortened,
)  # fmt: skip

GREETING = Bilingual("Good day", "Buenos días")


def test_tree_is_the_one_in_the_docstring() -> None:
    drawn = set(re.findall(r"\w+Error\b", errors.__doc__ or "")) - {"ValueError"}
    defined = {
        name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, CrmgraphError)
    }
    assert drawn == defined
    assert issubclass(InputError, ValueError)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(Path("a.txt"), 3, 4), "a.txt, line 3, column 4: wrong"),
        (Place(Path("a.txt")), "a.txt: wrong"),
        (Place(None, 3), "line 3: wrong"),
        (Place(None), "wrong"),
        (None, "wrong"),
    ],
)
def test_input_error_says_where(place: Place | None, said: str) -> None:
    assert str(SourceError("wrong", place)) == said


def test_errors_show_what_they_know_in_both_languages() -> None:
    assert str(ContradictionError("both cannot be", ("<a> <b> <c> .",))) == "both cannot be\n    <a> <b> <c> ."
    error = QuerySyntaxError(GREETING, 1, 2)
    assert (str(error), error.line, error.column) == ("Good day", 1, 2)
    for said in (GREETING, EngineError(GREETING), error):
        assert (in_language(said, "es"), in_language(said, "en")) == ("Buenos días", "Good day")
    assert in_language("Good day", "es") == in_language(EngineError("Good day"), "es") == "Good day"
    assert in_language(EngineError(), "es") == ""


def test_long_texts_and_lists_are_cut() -> None:
    assert quoted("abc") == quoted("abc", 3) == "“abc”"
    assert quoted("abcd", 3) == "“ab…”"
    assert [shortened("uno\n  dos", 7), shortened("uno dos", 5)] == ["uno dos", "uno…"]
    assert shortened("a" * 200, 10) == "a" * 9 + "…"
    assert (join_first([], 2), join_first(["a", "b"], 2)) == ("", "a, b")
    assert join_first(["a", "b", "c"], 2, "; ") == "a; b and 1 more"
