"""Titles without one or two of their words, and those that may be another's."""

import pytest

from crmgraph.describing.naming.shortening import Shortened

TITLE = "acuerdo para la repatriacion ordenada , agil y segura de migrantes salvadorenos via terrestre desde mexico"
FOUND = Shortened([tuple(TITLE.split()), ("declaracion", "contra", "terrorismo")], {"el", "salvador", "mexico"})


@pytest.mark.parametrize(
    "said",
    [
        "acuerdo para la repatriacion ordenada y segura de migrantes salvadorenos via terrestre desde mexico",
        "acuerdo para la repatriacion segura de migrantes salvadorenos via terrestre desde mexico",
    ],
)
def test_one_or_two_words_may_be_missing(said: str) -> None:
    row = ["usar", "el", *said.split(), "y", "otros"]
    assert list(FOUND.find(row)) == [(2, 2 + len(said.split()), tuple(TITLE.split()))]


@pytest.mark.parametrize(
    "said",
    [
        TITLE,
        "acuerdo para la repatriacion ordenada , agil y segura de migrantes via terrestre desde mexico",
        "acuerdo para la repatriacion de migrantes salvadorenos via terrestre desde mexico",
        "acuerdo para la repatriacion ordenada , agil y segura de migrantes hondurenos via terrestre desde mexico",
        "acuerdo para la repatriacion ordenada y segura de migrantes salvadorenos",
        "declaracion terrorismo",
        "",
    ],
)
def test_no_title(said: str) -> None:
    assert list(FOUND.find(said.split())) == []
