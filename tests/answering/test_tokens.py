"""SPARQL text is cut into tokens: losslessly, rightly and in linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.sparql.tokens import Kind, closing_of, tokens
from tests.support.growth import growth


def cut(text: str) -> list[tuple[str, str]]:
    return [(token.kind.name, token.text) for token in tokens(text)]


def test_a_whole_query() -> None:
    assert cut('PREFIX ex: <http://e/> # why\nSELECT ?x { ?x ex:p "a"@es , -1.5e3 . _:b a true }') == [
        ("WORD", "PREFIX"),
        ("NAME", "ex:"),
        ("IRI", "<http://e/>"),
        ("WORD", "SELECT"),
        ("VARIABLE", "?x"),
        ("SIGN", "{"),
        ("VARIABLE", "?x"),
        ("NAME", "ex:p"),
        ("STRING", '"a"'),
        ("LANGUAGE", "@es"),
        ("SIGN", ","),
        ("SIGN", "-"),
        ("NUMBER", "1.5e3"),
        ("SIGN", "."),
        ("BLANK", "_:b"),
        ("WORD", "a"),
        ("WORD", "true"),
        ("SIGN", "}"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"plain"',
        "'plain'",
        '"with \\" escaped"',
        "'it\\'s'",
        '"# no comment"',
        '"""long "with" quotes\nand lines"""',
        "'''long 'with' quotes\nand lines'''",
        '"""ends with an escaped quote\\""""',
        '""',
        "''",
        '""""""',
        "''''''",
    ],
)
def test_one_string(text: str) -> None:
    assert cut(text) == [("STRING", text)]
    assert cut(f"?x {text} .") == [("VARIABLE", "?x"), ("STRING", text), ("SIGN", ".")]


@pytest.mark.parametrize("text", ['"never ends', "'never ends", '"""never "" ends', "'two\nlines'", '"a\\'])
def test_a_string_that_does_not_end_takes_the_rest(text: str) -> None:
    assert cut(f"?x {text} SERVICE") == [("VARIABLE", "?x"), ("UNENDED", f"{text} SERVICE")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ex:a.b", ["ex:a.b"]),
        ("ex:a.", ["ex:a", "."]),
        ("a.b:c", ["a.b:c"]),
        (":c", [":c"]),
        ("ex:", ["ex:"]),
        ("ex:a:b", ["ex:a:b"]),
        ("ex:a%20b\\,c", ["ex:a%20b\\,c"]),
        ("true.FILTER", ["true", ".", "FILTER"]),
        ("?x.?y", ["?x", ".", "?y"]),
        ("?o<5", ["?o", "<", "5"]),
        ("?a<<http://e/s>", ["?a", "<", "<http://e/s>"]),
        ("<<<http://e/s>", ["<<", "<http://e/s>"]),
        ("1.", ["1", "."]),
        ("1.e5", ["1.e5"]),
        (".5.", [".5", "."]),
        ("1SERVICE", ["1", "SERVICE"]),
        ("?x\u0301service", ["?x\u0301service"]),
        ("?niño", ["?niño"]),
        ("@es-419", ["@es-419"]),
        ("a||b&&!c!=d", ["a", "||", "b", "&&", "!", "c", "!=", "d"]),
        ("{|}", ["{|", "}"]),
    ],
)
def test_where_tokens_end(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


@given(st.text(alphabet=st.sampled_from("aé?:.<>\"'\\#{}() \n\r\t1_-@%\x00\ufeff"), max_size=60))
def test_nothing_is_lost_but_space_and_comments(text: str) -> None:
    end = 0
    for token in tokens(text):
        between = text[end : token.start]
        assert not between.strip(" \t\r\n") or between.lstrip(" \t\r\n").startswith("#")
        assert text[token.start : token.end] == token.text
        assert token.text
        end = token.end


@given(st.text(alphabet=st.characters(exclude_characters="\"\\'\n\r", exclude_categories=["Cs"])))
def test_any_text_in_quotes_is_one_string(text: str) -> None:
    for quote in ('"', "'", '"""', "'''"):
        assert cut(quote + text + quote) == [("STRING", quote + text + quote)]


@pytest.mark.drill
@pytest.mark.parametrize(
    "part",
    [
        "(",
        "a.",
        "a..",
        ".",
        "'''\\",
        '"""a',
        "'a\n",
        "<",
        "<a",
        "1.",
        "1e",
        "@a-",
        "_:a.",
        "?",
        "%a",
        "#\n",
        "a:b..",
        "\\",
    ],
)
def test_no_text_takes_long(part: str) -> None:
    def read(size: int) -> None:
        for _ in tokens(part * (size // len(part))):
            pass

    assert growth(read, 50_000) < 6


def test_every_kind_is_found() -> None:
    text = '<http://e/> "s" ?v _:b e:n @es 1 word ; \'unended'
    assert {token.kind for token in tokens(text)} == set(Kind) - {Kind.SPACE, Kind.COMMENT}


@pytest.mark.parametrize(
    ("text", "opening", "closing"),
    [("{ ( ) [ ] } }", 0, 5), ("{ ( ) [ ] } }", 1, 2), ("{ '}' }", 0, 2), ("{ (", 0, None)],
)
def test_the_bracket_that_closes_another(text: str, opening: int, closing: int | None) -> None:
    assert closing_of(list(tokens(text)), opening) == closing
