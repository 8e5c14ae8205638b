"""Tables for people at a terminal."""

import io
import json

from rich.console import Console

from crmgraph.cli.options import print_table
from crmgraph.namespaces import PREFIXES, abbreviate_iri


def shown(names: list[str], *rows: dict[str, str], width: int = 100) -> str:
    """Print rows, whose values are literals, or IRIs where they begin as such, and return what is printed."""
    bindings = [
        {
            name: {"type": "uri" if value.startswith("http") else "literal", "value": value}
            for name, value in row.items()
        }
        for row in rows
    ]
    return printed({"head": {"vars": names}, "results": {"bindings": bindings}}, width)


def printed(document: object, width: int = 100) -> str:
    out = io.StringIO()
    print_table(json.dumps(document).encode(), PREFIXES, Console(file=out, width=width))
    return out.getvalue()


def test_tables() -> None:
    for iri, short in (("ontology#Plan", "cg:Plan"), ("ontology/status#done", "status:done")):
        assert abbreviate_iri(f"https://w3id.org/crmgraph/{iri}", PREFIXES) == short, "the longest prefix"
    text = shown(
        ["x", "y"], {"x": "https://w3id.org/crmgraph/id/plan/crm"}, {"x": "[bold]no mark-up[/bold]", "y": "dos"}
    )
    assert "id:plan/crm" in text
    assert "[bold]no mark-up[/bold]" in text
    assert text.rstrip().endswith("2 rows")
    text = shown(["x"], {"x": "palabra " * 40}, width=30)
    assert text.count("palabra") == 40, "a narrow terminal cuts nothing"
    assert text.rstrip().endswith("1 row")
    for truth in (True, False):
        assert printed({"head": {}, "boolean": truth}) == f"{str(truth).lower()}\n"


def test_many_columns_become_records() -> None:
    names = [f"column{n}" for n in range(9)]
    row = {name: f"valor {name}" for name in names}
    lines = shown(names, row, row, width=80).splitlines()
    assert [line.split() for line in lines if "valor column3" in line] == [["column3", "valor", "column3"]] * 2
    assert " ".join(names) in " ".join(shown(names, row, row, width=200).split())
