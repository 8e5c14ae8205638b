"""The error tree: as its docstring draws it, and in words that say where."""

import re
from pathlib import Path

import pytest

from crmgraph import errors
from crmgraph.errors import ContradictionError, CrmgraphError, InputError, Place, QuerySyntaxError, SourceError


def test_the_drawing_is_the_tree() -> None:
    drawn = set(re.findall(r"\w+Error\b", errors.__doc__ or "")) - {"ValueError"}
    defined = {
        name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, CrmgraphError)
    }
    assert drawn == defined == set(errors.__all__) - {"Place"}


def test_callers_who_expect_the_built_in_error_get_it() -> None:
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
def test_an_input_error_says_where(place: Place | None, said: str) -> None:
    assert str(SourceError("wrong", place)) == said


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("ab", 1, 1, 2),
        ("a\nb", 2, 2, 1),
        ("a\r\nb", 3, 2, 1),
        ("a\rb", 2, 2, 1),
        ("é\n\nñb", 4, 3, 2),
    ],
)
def test_the_place_of_a_character(text: str, offset: int, line: int, column: int) -> None:
    assert Place.of(text, offset, Path("a.txt")) == Place(Path("a.txt"), line, column)


def test_a_contradiction_shows_its_statements() -> None:
    assert str(ContradictionError("both cannot be", ("<a> <b> <c> .", "<d> <e> <f> ."))).splitlines() == [
        "both cannot be",
        "    <a> <b> <c> .",
        "    <d> <e> <f> .",
    ]


def test_a_syntax_error_is_its_message() -> None:
    error = QuerySyntaxError("not SPARQL", 1, 2)
    assert (str(error), error.line, error.column) == ("not SPARQL", 1, 2)
