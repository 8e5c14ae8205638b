"""Findings that somebody has accepted as explained, in a table beside the plan.

A row says which: the code, the element as the report names it (its path below the plan, or its IRI; nothing for the
plan itself) and the words, blank space aside. A row without words is about the element whatever the words.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph.checks.catalogue import no_such_check
from crmgraph.checks.findings import Acceptance, Finding
from crmgraph.errors import Place, TableError
from crmgraph.reading.folding import tidy

if TYPE_CHECKING:
    from crmgraph.describing.tables import Row

__all__ = ["AcceptedTable", "AcceptedTables"]


class AcceptedTable:
    """A table of accepted findings, which remembers which of its rows have fitted a finding of any plan.

    Raises TableError where the table has a wrong row, or one with a code that is not among `codes`.
    """

    def __init__(self, file: Path, codes: Collection[str]) -> None:
        self._rows = _read(file, codes)
        self._used: set[int] = set()

    def mark(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings, each with its acceptance if it has one."""
        marked = []
        for finding in findings:
            names = finding.location.name, finding.location.element
            words = "", tidy(finding.location.exact or "")
            fitting = [
                place
                for place, (row, _) in enumerate(self._rows)
                if row["code"] == finding.code and row["element"] in names and row["exact"] in words
            ]
            # Of two rows that fit, the one with words says more.
            fitting.sort(key=lambda place: not self._rows[place][0]["exact"])
            self._used.update(fitting)
            marked.append(replace(finding, accepted=self._rows[fitting[0]][1] if fitting else None))
        return marked

    @property
    def stale(self) -> list[str]:
        """A line about each row that has fitted no finding."""
        lines = []
        for place, (row, _) in enumerate(self._rows):
            if place not in self._used:
                words = f" with the words “{row['exact']}”" if row["exact"] else ""
                where = f"in {row['element']}" if row["element"] else "about the plan itself"
                message = f"nothing is found any more that is {row['code']} {where}{words}"
                error = TableError(f"{message}; take the row away or correct it", Place(row.file, row.line))
                lines.append(str(error))
        return lines


class AcceptedTables:
    """The table `named` for all plans; where it is None, the table beside each plan: `plan.accepted.csv`."""

    def __init__(self, codes: Collection[str], named: Path | None = None) -> None:
        self._codes = codes
        self._named = AcceptedTable(named, codes) if named else None
        self._own: list[AcceptedTable] = []

    def mark(self, findings: Sequence[Finding], plan: Path | None) -> list[Finding]:
        """Return the findings about the plan in the file `plan`, if it has one, each with its acceptance if any."""
        if self._named is not None:
            return self._named.mark(findings)
        beside = plan.with_name(f"{plan.stem}.accepted.csv") if plan else None
        if beside is None or not beside.is_file():
            return list(findings)
        self._own.append(AcceptedTable(beside, self._codes))
        return self._own[-1].mark(findings)

    def stale(self, are_all: bool) -> list[str]:
        """Return a line about each row that has fitted no finding of the plans, of which `are_all` could be read."""
        named = [self._named] if self._named and are_all else []
        return [line for table in (*self._own, *named) for line in table.stale]


def _read(file: Path, codes: Collection[str]) -> "list[tuple[Row, Acceptance]]":
    """Return the rows of a table, each with what it says of the findings that it fits."""
    # Tables come with rdflib, which is slow to import.
    from crmgraph.describing.tables import Column, read_table

    columns = (
        Column("code", required=True, pattern="[a-z][a-z0-9-]*", hint="the code of a check, such as date-past"),
        Column("element"),
        Column("exact"),
        Column("accepted_by", required=True),
        Column("accepted_on", required=True, pattern=r"\d{4}-\d\d-\d\d", hint="a day, such as 2026-11-26"),
        Column("reason_es", required=True),
        Column("reason_en", required=True),
    )
    rows = read_table(file, columns, key=("code", "element", "exact"))
    for row in rows:
        if row["code"] not in codes:
            raise row.problem("code", no_such_check(row["code"], codes))
        try:
            datetime.date.fromisoformat(row["accepted_on"])
        except ValueError:
            raise row.problem("accepted_on", f'there is no day "{row["accepted_on"]}"') from None
    names = ("accepted_by", "accepted_on", "reason_es", "reason_en")
    return [(row, Acceptance(*(row[name] for name in names))) for row in rows]
