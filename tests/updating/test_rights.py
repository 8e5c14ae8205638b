"""Whose token a request bears, and which graphs are theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.updating.change import DEFAULT_GRAPH
from crmgraph.updating.rights import Writer, digest_of, find_writer, new_token

ANA, EVA = (Writer(name, digest_of(name * 10)) for name in ("ana", "eva"))


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {} "])
def test_a_token_is_known_by_its_digest(header: str) -> None:
    assert find_writer(header.format("eva" * 10), [ANA, EVA]) is EVA


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {}", "Bearer {} x", "{}", "Bearer x{}", "Bearer ñ"])
def test_anything_else_is_nobodys(header: str) -> None:
    assert find_writer(header.format("eva" * 10), [ANA, EVA]) is None


def test_an_empty_token_is_nobodys_even_if_it_is_in_the_settings() -> None:
    assert find_writer("Bearer ", [Writer("nobody", digest_of(""))]) is None


def test_a_digest_is_no_token() -> None:
    assert find_writer(f"Bearer {ANA.token}", [ANA]) is None


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
    assert all(find_writer(f"Bearer {token}", [Writer("x", digest_of(token))]) for token in tokens)


@pytest.mark.parametrize(
    ("patterns", "graph", "may"),
    [
        (("*",), "http://e/g", True),
        (("*",), DEFAULT_GRAPH, True),
        (("http://e/g",), "http://e/g", True),
        (("http://e/g",), "http://e/g2", False),
        (("http://e/g",), DEFAULT_GRAPH, False),
        (("http://e/g*",), "http://e/g2", True),
        (("http://e/*",), "http://other/", False),
        (("http://e/a", "http://e/g"), "http://e/g", True),
        ((DEFAULT_GRAPH,), DEFAULT_GRAPH, True),
        ((DEFAULT_GRAPH,), "http://e/g", False),
        (("d*",), DEFAULT_GRAPH, False),
        ((), "http://e/g", False),
    ],
)
def test_which_graphs_are_theirs(patterns: tuple[str, ...], graph: str, may: bool) -> None:
    assert Writer("x", "", patterns).may_change(graph) is may
    assert not (Writer("x", "", patterns).is_free and not may)


@given(st.text())
def test_no_header_is_an_error(header: str) -> None:
    assert find_writer(header, [ANA]) is None
