"""Cells that span without end."""

from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import read_tables


def test_spans_without_end(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text("<table>" + "<tr>" + "<td colspan=1000>x" * 501 + "</table>", "utf-8")
    with pytest.raises(SourceError, match="more than 500,000 cells"):
        read_tables(file)
    file.write_text("<table><tr><td colspan=1000>x" + "<tr><td>y" * 501 + "</table>", "utf-8")
    with pytest.raises(SourceError, match="more than 500,000 cells"):
        read_tables(file)
