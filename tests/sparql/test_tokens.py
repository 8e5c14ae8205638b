"""The tokenizer: it loses no character, follows the grammar, and takes linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.sparql.syntax import TokenKind, closing_bracket, tokenize
from tests.support.cases import cases

WHOLE = """WORD PREFIX|PREFIXED_NAME ex:|IRI <http://e/>|WORD SELECT|VARIABLE ?x|SYMBOL {
VARIABLE ?x|PREFIXED_NAME ex:p|STRING "a"|LANGUAGE @es|SYMBOL ,|SYMBOL -|NUMBER 1.5e3|SYMBOL .
BLANK_NODE _:b|WORD a|WORD true|SYMBOL }""".replace("\n", "|").split("|")
STRINGS = [
    '"plain"', "'plain'", '"with \\" escaped"', "'it\\'s'", '"# no comment"', '"""long "with" quotes\nand lines"""',
    "'''long 'with' quotes\nand lines'''", '"""ends with an escaped quote\\""""', '""', "''", '""""""', "''''''",
]  # fmt: skip


def cut(text: str) -> list[tuple[str, str]]:
    return [(token.kind.name, token.text) for token in tokenize(text)]


def test_a_whole_query() -> None:
    text = 'PREFIX ex: <http://e/> # why\nSELECT ?x { ?x ex:p "a"@es , -1.5e3 . _:b a true }'
    assert [f"{kind} {text}" for kind, text in cut(text)] == WHOLE
    kinds = {token.kind for token in tokenize('<http://e/> "s" ?v _:b e:n @es 1 word ; \'unended')}
    assert kinds == set(TokenKind) - {TokenKind.SPACE, TokenKind.COMMENT}


def test_strings() -> None:
    for text in STRINGS:
        assert cut(text) == [("STRING", text)]
        assert cut(f"?x {text} .") == [("VARIABLE", "?x"), ("STRING", text), ("SYMBOL", ".")]
    for text in ('"never ends', "'never ends", '"""never "" ends', "'two\nlines'", '"a\\'):
        assert cut(f"?x {text} SERVICE") == [("VARIABLE", "?x"), ("UNTERMINATED", f"{text} SERVICE")]


def test_where_tokens_end() -> None:
    rows = cases("sparql/tokens")
    assert [[text, " ".join(token.text for token in tokenize(text))] for text, _ in rows] == rows


@given(st.text(alphabet=st.sampled_from("aé?:.<>\"'\\#{}() \n\r\t1_-@%\x00\ufeff"), max_size=60))
def test_nothing_is_lost_but_space_and_comments(text: str) -> None:
    end = 0
    for token in tokenize(text):
        between = text[end : token.start]
        assert not between.strip(" \t\r\n") or between.lstrip(" \t\r\n").startswith("#")
        assert text[token.start : token.end] == token.text
        assert token.text
        end = token.end


@given(st.text(alphabet=st.characters(exclude_characters="\"\\'\n\r", exclude_categories=["Cs"])))
def test_any_text_in_quotes_is_one_string(text: str) -> None:
    for quote in ('"', "'", '"""', "'''"):
        assert cut(quote + text + quote) == [("STRING", quote + text + quote)]


@pytest.mark.parametrize(
    ("text", "opening", "closing"),
    [("{ ( ) [ ] } }", 0, 5), ("{ ( ) [ ] } }", 1, 2), ("{ '}' }", 0, 2), ("{ (", 0, None)],
)
def test_the_bracket_that_closes_another(text: str, opening: int, closing: int | None) -> None:
    assert closing_bracket(list(tokenize(text)), opening) == closing
