"""Tables for people at a terminal."""

import io
import json

from rich.console import Console

from crmgraph.namespaces import PREFIXES
from crmgraph.tabulating import print_table, shorten


def shown(document: object, width: int = 100) -> str:
    out = io.StringIO()
    print_table(json.dumps(document).encode(), PREFIXES, Console(file=out, width=width))
    return out.getvalue()


def test_longest_prefix() -> None:
    assert shorten("https://w3id.org/crmgraph/ontology#Plan", PREFIXES) == "cg:Plan"
    assert shorten("https://w3id.org/crmgraph/ontology/status#done", PREFIXES) == "status:done"
    assert shorten("urn:x", PREFIXES) == "urn:x"


def test_empty_cells_and_brackets() -> None:
    rows = [
        {"x": {"type": "uri", "value": "https://w3id.org/crmgraph/id/plan/crm"}},
        {"x": {"type": "literal", "value": "[bold]no mark-up[/bold]"}, "y": {"type": "literal", "value": "dos"}},
    ]
    text = shown({"head": {"vars": ["x", "y"]}, "results": {"bindings": rows}})
    assert "id:plan/crm" in text
    assert "[bold]no mark-up[/bold]" in text
    assert text.rstrip().endswith("2 rows")


def test_narrow_terminal_cuts_nothing() -> None:
    words = "palabra " * 40
    text = shown({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": words}}]}}, 30)
    assert text.count("palabra") == 40
    assert text.rstrip().endswith("1 row")


def test_many_columns_become_records() -> None:
    names = [f"column{n}" for n in range(9)]
    row = {name: {"type": "literal", "value": f"valor {name}"} for name in names}
    lines = shown({"head": {"vars": names}, "results": {"bindings": [row, row]}}, 80).splitlines()
    assert [line.split() for line in lines if "valor column3" in line] == [["column3", "valor", "column3"]] * 2
    wide = shown({"head": {"vars": names}, "results": {"bindings": [row, row]}}, 200)
    assert " ".join(names) in " ".join(wide.split())


def test_boolean() -> None:
    assert shown({"head": {}, "boolean": True}) == "true\n"
    assert shown({"head": {}, "boolean": False}) == "false\n"
