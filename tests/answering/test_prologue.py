"""The declarations of prefixes before a query or an update."""

from crmgraph.sparql.tokens import after_prologue, prefixes_of, tokens

DECLARED = "BASE <http://e/a/> PREFIX p: <http://p/> prefix : <http://q/#> BASE <b/> PREFIX r: <relative> "


def test_where_the_declarations_end() -> None:
    found = list(tokens(DECLARED + "ASK {}"))
    assert found[after_prologue(found)].text == "ASK"
    assert after_prologue(found[:3]) >= 3
    assert after_prologue([]) == 0


def test_prefixes_with_an_absolute_iri() -> None:
    assert prefixes_of(list(tokens(DECLARED))) == {"p": "http://p/", "": "http://q/#"}


def test_the_last_declaration_counts() -> None:
    assert prefixes_of(list(tokens("PREFIX a: <http://a/> PREFIX a: <http://b/>"))) == {"a": "http://b/"}
    assert prefixes_of(list(tokens("PREFIX a: <http://a/> PREFIX a: <b/>"))) == {}
