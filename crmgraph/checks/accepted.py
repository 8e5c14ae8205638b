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

__all__ = ["AcceptedFindings"]

_Accepted = tuple["Row", Acceptance]
"""A row, and what it says of the findings that it fits."""


class AcceptedFindings:
    """The findings accepted in the table `named` or, without one, in the table beside each plan: `plan.accepted.csv`.

    It remembers which rows have fitted a finding. Raises TableError where a table has a wrong row, or one with a code
    that is not among `codes`.
    """

    def __init__(self, codes: Collection[str], named: Path | None = None) -> None:
        self._codes = codes
        self._named = _read(named, codes) if named else None
        self._own: list[_Accepted] = []
        self._used: set[tuple[Path, int]] = set()

    def mark(self, findings: Sequence[Finding], plan: Path | None = None) -> list[Finding]:
        """Return the findings about the plan in the file `plan`, if it has one, each with its acceptance if any."""
        rows = self._named
        if rows is None:
            beside = plan.with_name(f"{plan.stem}.accepted.csv") if plan else None
            if beside is None or not beside.is_file():
                return list(findings)
            rows = _read(beside, self._codes)
            self._own += rows
        marked = []
        for finding in findings:
            names = finding.location.name, finding.location.element
            words = "", tidy(finding.location.exact or "")
            fitting = [
                (row, acceptance)
                for row, acceptance in rows
                if row["code"] == finding.code and row["element"] in names and row["exact"] in words
            ]
            # Of two rows that fit, the one with words says more.
            fitting.sort(key=lambda each: not each[0]["exact"])
            self._used.update((row.file, row.line) for row, _ in fitting)
            marked.append(replace(finding, accepted=fitting[0][1] if fitting else None))
        return marked

    def stale(self, are_all: bool = True) -> list[str]:
        """Return a line about each row that has fitted no finding of the plans, of which `are_all` could be read."""
        lines = []
        for row, _ in (*self._own, *((self._named or []) if are_all else [])):
            if (row.file, row.line) not in self._used:
                words = f" with the words “{row['exact']}”" if row["exact"] else ""
                where = f"in {row['element']}" if row["element"] else "about the plan itself"
                message = f"nothing is found any more that is {row['code']} {where}{words}"
                error = TableError(f"{message}; take the row away or correct it", Place(row.file, row.line))
                lines.append(str(error))
        return lines


def _read(file: Path, codes: Collection[str]) -> list[_Accepted]:
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
