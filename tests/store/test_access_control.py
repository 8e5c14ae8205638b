"""Whose token a request bears, which graphs are theirs, and the record of what they wrote."""

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crmgraph.store.changes import DEFAULT_GRAPH, Writer, find_writer, new_token, token_digest
from crmgraph.store.generations import AuditLog

ANA, EVA = (Writer(name, token_digest(name * 10)) for name in ("ana", "eva"))


def test_a_token_is_known_by_its_digest() -> None:
    token = "eva" * 10
    for header in ("Bearer {}", "bearer {}", "BEARER  {} "):
        assert find_writer(header.format(token), [ANA, EVA]) is EVA
    for header in ("", "Bearer", "Bearer ", "Basic {}", "Bearer {} x", "{}", "Bearer x{}", "Bearer ñ"):
        assert find_writer(header.format(token), [ANA, EVA]) is None, header
    assert find_writer("Bearer ", [Writer("nobody", token_digest(""))]) is None
    assert find_writer(f"Bearer {ANA.token}", [ANA]) is None, "a digest is no token"


@given(st.text())
def test_no_header_is_an_error(header: str) -> None:
    assert find_writer(header, [ANA]) is None


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
    assert all(find_writer(f"Bearer {token}", [Writer("x", token_digest(token))]) for token in tokens)


def test_which_graphs_are_theirs() -> None:
    for patterns, graph, may in (
        (("*",), DEFAULT_GRAPH, True),
        (("http://e/g",), "http://e/g2", False),
        (("http://e/g",), DEFAULT_GRAPH, False),
        (("http://e/g*",), "http://e/g2", True),
        (("http://e/*",), "http://other/", False),
        ((DEFAULT_GRAPH,), DEFAULT_GRAPH, True),
        (("d*",), DEFAULT_GRAPH, False),
    ):
        assert Writer("x", "", patterns).may_change(graph) is may, (patterns, graph)


def test_the_record(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit = AuditLog(tmp_path)
    assert audit.last == {}
    audit.add(writer="ana", generation=2)
    audit.add(writer="Íñigo\n", generation=3)
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(each["writer"], each["generation"]) for each in entries] == [("ana", 2), ("Íñigo\n", 3)]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(entries[0]["at"])).total_seconds()) < 3600
    with file.open("a", encoding="utf-8") as broken:
        broken.write('{"at": "2026-')
    again = AuditLog(tmp_path)
    assert again.last == {}, "a line that was broken off is no entry"
    again.add(generation=4)
    assert AuditLog(tmp_path).last["generation"] == 4
    assert len(file.read_text(encoding="utf-8").splitlines()) == 4
