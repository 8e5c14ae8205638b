"""Findings that somebody has accepted as explained, in a table beside the plan.

A row says which: the code, the element as the report names it (its path below the plan, or its IRI; nothing for the
plan itself) and the words, blank space aside. A row without words is about the element whatever the words.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from crmgraph.checks.catalogue import no_such_check
from crmgraph.checks.findings import Acceptance, Finding
from crmgraph.describing.tables import Column, Row, read_table
from crmgraph.errors import Place, TableError
from crmgraph.reading.folding import tidy

__all__ = ["AcceptedTable", "beside"]

_COLUMNS = (
    Column("code", required=True, pattern="[a-z][a-z0-9-]*", hint="the code of a check, such as date-past"),
    Column("element"),
    Column("exact"),
    Column("accepted_by", required=True),
    Column("accepted_on", required=True, pattern=r"\d{4}-\d\d-\d\d", hint="a day, such as 2026-11-26"),
    Column("reason_es", required=True),
    Column("reason_en", required=True),
)


def beside(plan: Path) -> Path | None:
    """Return the table beside the file of a plan: `plan.accepted.csv` for `plan.txt`; None where there is none."""
    file = plan.with_name(f"{plan.stem}.accepted.csv")
    return file if file.is_file() else None


class AcceptedTable:
    """A table of accepted findings, which remembers which of its rows have fitted a finding of any plan.

    Raises TableError where the table has a wrong row, or one with a code that is not among `codes`.
    """

    def __init__(self, file: Path, codes: Collection[str] | None = None) -> None:
        self._rows = read_table(file, _COLUMNS, key=("code", "element", "exact"))
        self._acceptances = [_acceptance(row) for row in self._rows]
        self._used: set[int] = set()
        for row in self._rows:
            if codes is not None and row["code"] not in codes:
                raise row.problem("code", no_such_check(row["code"], codes))

    def mark(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings, each with its acceptance if it has one."""
        marked = []
        for finding in findings:
            names = finding.location.name, finding.location.element
            words = "", tidy(finding.location.exact or "")
            fitting = [
                place
                for place, row in enumerate(self._rows)
                if row["code"] == finding.code and row["element"] in names and row["exact"] in words
            ]
            # Of two rows that fit, the one with words says more.
            best = min(fitting, key=lambda place: not self._rows[place]["exact"], default=None)
            self._used.update(fitting)
            marked.append(replace(finding, accepted=None if best is None else self._acceptances[best]))
        return marked

    @property
    def stale(self) -> list[str]:
        """A line about each row that has fitted no finding."""
        return [_stale(row) for place, row in enumerate(self._rows) if place not in self._used]


def _acceptance(row: Row) -> Acceptance:
    try:
        datetime.date.fromisoformat(row["accepted_on"])
    except ValueError:
        raise row.problem("accepted_on", f'there is no day "{row["accepted_on"]}"') from None
    return Acceptance(row["accepted_by"], row["accepted_on"], row["reason_es"], row["reason_en"])


def _stale(row: Row) -> str:
    words = f" with the words “{row['exact']}”" if row["exact"] else ""
    where = f"in {row['element']}" if row["element"] else "about the plan itself"
    message = f"nothing is found any more that is {row['code']} {where}{words}; take the row away or correct it"
    return str(TableError(message, Place(row.file, row.line)))
