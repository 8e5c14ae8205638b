"""A line for each request, in which there is no secret."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from crmgraph.http.access_log import LOGGER, open_journal, write_down
from crmgraph.http.context import Visit
from crmgraph.serving import journal
from tests.serving.test_visit import scope_of


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    LOGGER.handlers = []
    LOGGER.setLevel(logging.NOTSET)
    LOGGER.propagate = True


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_request_is_an_object_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    open_journal()
    scope = scope_of("/sparql\n\ud800", "POST", x_request_id="mine", authorization="Bearer secret")
    visit = Visit({**scope, "client": ("203.0.113.9", 1), "query_string": b"token=secret"})
    visit.asks("query", "ASK\n{}")
    visit.problem = "query-timeout"
    write_down(visit, 503, 1.23456, 99)
    [line] = lines(capsys)
    assert datetime.fromisoformat(str(line.pop("time"))).tzinfo is not None
    assert line == {
        "request": "mine", "client": "203.0.113.9", "method": "POST", "path": "/sparql\n\ud800", "operation": "query",
        "status": 503, "milliseconds": 1234.6, "bytes": 99, "query": "ASK\n{}", "problem": "query-timeout",
    }  # fmt: skip


def test_nobody_s_answer_has_no_status_and_a_long_path_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    open_journal()
    write_down(Visit(scope_of("/" + "x" * 10_000)), 0, 0, 0)
    [line] = lines(capsys)
    assert line["status"] is None
    assert len(str(line["path"])) == journal._LONGEST_PATH
    assert {"query", "problem"}.isdisjoint(line)


def test_nothing_is_written_where_nobody_asked_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    write_down(Visit(scope_of()), 200, 0, 0)
    assert lines(capsys) == []
