"""The declarations before a query or an update, and what IRIs mean by them."""

import pytest

from crmgraph.answering.prologue import Prologue, after_prologue, prefixes_of
from crmgraph.answering.tokens import tokens

DECLARED = "BASE <http://e/a/> PREFIX p: <http://p/> prefix : <http://q/#> BASE <b/> PREFIX r: <relative> "


def test_where_the_declarations_end() -> None:
    found = list(tokens(DECLARED + "ASK {}"))
    assert found[after_prologue(found)].text == "ASK"
    assert after_prologue(found[:3]) >= 3
    assert after_prologue([]) == 0


def test_prefixes_with_an_absolute_iri() -> None:
    assert prefixes_of(list(tokens(DECLARED))) == {"p": "http://p/", "": "http://q/#"}


@pytest.mark.parametrize(
    ("token", "iri"),
    [
        ("<http://x/y>", "http://x/y"),
        ("<c>", "http://e/a/b/c"),
        ("<>", "http://e/a/b/"),
        ("p:c", "http://p/c"),
        (":", "http://q/#"),
        ("r:c", None),
        ("none:c", None),
        ("p:c\\~d", None),
        ("?c", None),
        ("c", None),
    ],
)
def test_what_a_token_stands_for(token: str, iri: str | None) -> None:
    [found] = tokens(token)
    assert Prologue.of(list(tokens(DECLARED)), "http://e/sparql").iri(found) == iri


def test_without_a_base_the_text_is_sent_to_one() -> None:
    [found] = tokens("<c>")
    assert Prologue.of([], "http://e/sparql").iri(found) == "http://e/c"
    with pytest.raises(ValueError, match="IPv6"):
        Prologue.of(list(tokens("BASE <http://[a>")), None).iri(found)


@pytest.mark.parametrize("iri", ["http://e/g#", "http://e/g?", "HTTP://e/g", "http:g", "urn:a"])
def test_what_has_a_scheme_stays_as_it_is(iri: str) -> None:
    [found] = tokens(f"<{iri}>")
    assert Prologue.of([], "http://e/sparql").iri(found) == iri


def test_the_last_declaration_counts() -> None:
    assert prefixes_of(list(tokens("PREFIX a: <http://a/> PREFIX a: <http://b/>"))) == {"a": "http://b/"}
    assert prefixes_of(list(tokens("PREFIX a: <http://a/> PREFIX a: <b/>"))) == {}
