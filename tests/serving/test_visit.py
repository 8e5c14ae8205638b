"""What is known of a request before anybody reads it."""

from typing import Any

import pytest
from starlette.requests import Request

from crmgraph.http.context import SHOWN, Visit, visit_of


def scope_of(path: str = "/", method: str = "GET", root_path: str = "", **headers: str) -> dict[str, Any]:
    listed = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": root_path + path, "root_path": root_path, "headers": listed}


@pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb211c80319c", "550e8400-e29b-41d4-a716-446655440000"])
def test_a_well_formed_name_is_kept(given: str) -> None:
    assert Visit(scope_of(x_request_id=given)).id == given


@pytest.mark.parametrize("given", ["", "a b", "a\nb", "ñ", "<x>", '"', "a" * 129])
def test_any_other_is_replaced_by_one_of_our_own(given: str) -> None:
    first, second = (Visit(scope_of(x_request_id=given)).id for _ in range(2))
    assert first != second
    assert first.isalnum()
    assert given not in (first, second)


@pytest.mark.parametrize("root_path", ["", "/crm"])
@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/sparql", "query"),
        ("POST", "/sparql", "query"),
        ("OPTIONS", "/sparql", "other"),
        ("GET", "/graphs", "graph_read"),
        ("HEAD", "/graphs/a", "graph_read"),
        ("PUT", "/graphs", "graph_write"),
        ("DELETE", "/graphs/a/b", "graph_write"),
        ("GET", "/reconcile", "reconciliation"),
        ("POST", "/es/reconcile", "reconciliation"),
        ("GET", "/en/reconcile/suggest/entity", "reconciliation"),
        ("GET", "/reconciled", "page"),
        ("GET", "/queries/theme-counts", "page"),
        ("GET", "/graphsandmore", "page"),
        ("GET", "/static/site.css", "other"),
        ("GET", "/ready", "other"),
        ("GET", "/dump.nq.gz", "other"),
    ],
)
def test_what_it_asks_for_is_told_by_its_address(method: str, path: str, operation: str, root_path: str) -> None:
    visit = Visit(scope_of(path, method, root_path))
    assert (visit.operation, visit.path) == (operation, path)


@pytest.mark.parametrize("path", ["/live", "/ready", "/metrics", "/static/site.js"])
def test_nobody_is_refused_these(path: str) -> None:
    assert Visit(scope_of(path)).is_free


@pytest.mark.parametrize("path", ["/", "/sparql", "/graphs", "/dump.nq.gz", "/openapi.json", "/static", "/live/x"])
def test_anything_else_may_be_refused(path: str) -> None:
    assert not Visit(scope_of(path)).is_free


def test_what_it_turned_out_to_ask_for_is_kept_for_those_who_come_later() -> None:
    scope = scope_of("/sparql", "POST")
    visit = Visit(scope)
    visit_of(Request(scope)).asks("update", "x" * 1000)
    assert (visit.operation, visit.text) == ("update", "x" * SHOWN)


def test_a_request_that_nobody_received_is_a_visit_all_the_same() -> None:
    request = Request(scope_of("/sparql"))
    assert visit_of(request) is visit_of(request)
    assert visit_of(request).client == ""
