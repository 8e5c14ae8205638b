"""The table of accepted findings that `crmgraph check` goes by: the one that was named, or that beside a plan."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from crmgraph.checks.accepted import AcceptedTable
    from crmgraph.checks.catalogue import Check
    from crmgraph.checks.findings import Finding

__all__ = ["Accepting"]


class Accepting:
    """Marks what was accepted. `file` is the table that was named, for all plans; None: each has its own beside it.

    Raises TableError where a table has a wrong row, or one with a code that is not among `checks`.
    """

    def __init__(self, file: Path | None, checks: "Iterable[Check]") -> None:
        self._codes = {check.code for check in checks}
        self._named = self._table(file)

    def mark(self, findings: "list[Finding]", plan: Path | None) -> "list[Finding]":
        """The findings about the plan in the file `plan`, or that came without one, each with its acceptance if any."""
        if self._named is not None:
            return self._named.mark(findings)
        beside = plan and plan.with_name(f"{plan.stem}.accepted.csv")
        table = self._table(beside if beside and beside.is_file() else None)
        if table is None:
            return findings
        told = table.mark(findings)
        _tell_stale(table)
        return told

    def finish(self) -> None:
        """Say, once every plan was seen, which rows of the named table no finding has fitted."""
        if self._named is not None:
            _tell_stale(self._named)

    def _table(self, file: Path | None) -> "AcceptedTable | None":
        if file is None:
            return None
        # Tables come with rdflib, which is slow to import.
        from crmgraph.checks.accepted import AcceptedTable

        return AcceptedTable(file, self._codes)


def _tell_stale(table: "AcceptedTable") -> None:
    for line in table.stale:
        typer.echo(f"crmgraph: {line}", err=True)
