"""What a check found: which element, which words, which message."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from crmgraph.checking.catalogue import SEVERITIES
from crmgraph.reading.folding import tidy
from crmgraph.reading.source import Source

__all__ = ["Acceptance", "Finding", "Spot", "locate"]


@dataclass(frozen=True)
class Spot:
    """An element, and the words in it that are meant: `start` and `end` count code points, end exclusive.

    They and `exact` are None where the element stands on no passage; `number` and `theme` where it has none.
    `passage` is the IRI of those very words.
    """

    element: str
    number: str | None = None
    theme: str | None = None
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    exact: str | None = None

    @property
    def name(self) -> str:
        """The element as people write it: its path below its plan, empty for the plan itself; else below `…/id/`.

        It stays the same where the plan is called otherwise, as a later version of it may be.
        """
        path = self.element.partition("/id/")[2] or self.element
        kind, _, rest = path.partition("/")
        return rest.partition("/")[2] if kind == "plan" else path

    @property
    def plan(self) -> str | None:
        """The id of the plan that the element belongs to or is the document of, if it does."""
        kind, _, path = self.element.partition("/id/")[2].partition("/")
        return path.partition("/")[0] if kind in ("plan", "source") else None


@dataclass(frozen=True)
class Acceptance:
    """That somebody has accepted a finding as explained: who, on which day (as 2026-11-26), and why."""

    by: str
    on: str
    reason_es: str
    reason_en: str


@dataclass(frozen=True)
class Finding:
    """A defect in its place; `other` is the second place of one that is about two.

    Once it has been located in a file, `line` and `column`, both from 1, say where the words begin in `file`, and
    `other_line` and `other_column` where those of the other do. `triples` are the statements, in N-Triples, that a
    logical contradiction follows from.
    """

    code: str
    severity: str
    spot: Spot
    other: Spot | None
    message_es: str
    message_en: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    other_line: int | None = None
    other_column: int | None = None
    accepted: Acceptance | None = None
    triples: tuple[str, ...] = ()
    constraint: str = field(default="SPARQLConstraintComponent", compare=False)

    @property
    def order(self) -> tuple[object, ...]:
        """Gravest first, then by code, then in the order of the source."""
        spot, other = self.spot, self.other
        place = SEVERITIES.index(self.severity), self.code, spot.start or 0, spot.element, spot.end or 0
        return *place, *((other.start or 0, other.element) if other else (0, "")), self.message_en

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What stays the same where words move: the code, the element, its words, and the other element."""
        return self.code, self.spot.name, tidy(self.spot.exact or ""), self.other.name if self.other else ""

    @property
    def iri(self) -> str:
        """Its IRI: the code, the element, and where its words and those of the other begin.

        Of logical contradictions in one element, the statements tell one from another.
        """
        base, _, path = self.spot.element.partition("/id/")
        spot, other = self.spot, self.other
        place = "" if spot.start is None else f"/{spot.start}-{spot.end}"
        place += "" if other is None or other.start is None else f"/{other.start}"
        if self.triples:
            place += "/" + hashlib.sha256("\n".join(self.triples).encode()).hexdigest()[:8]
        return f"{base}/id/finding/{self.code}/{path}{place}"

    def message(self, language: str) -> str:
        """What it says, in that language, es or en."""
        return self.message_es if language == "es" else self.message_en


def locate(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """The findings about a plan that was read in `source`, each with the places in the file where its words begin."""
    lines = [start for start, _ in source.lines]

    def place(spot: Spot | None) -> tuple[int | None, int | None]:
        if spot is None or spot.start is None:
            return None, None
        line = bisect_right(lines, spot.start)
        return line, spot.start - lines[line - 1] + 1

    located = []
    for finding in findings:
        (line, column), (other_line, other_column) = place(finding.spot), place(finding.other)
        located.append(
            replace(
                finding,
                file=str(source.file),
                line=line,
                column=column,
                other_line=other_line,
                other_column=other_column,
            )
        )
    return located
