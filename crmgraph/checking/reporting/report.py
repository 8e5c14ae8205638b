"""A report: the findings to show, and all that is needed to show them in their places."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

from crmgraph.checking.catalogue import SEVERITIES, Check
from crmgraph.checking.findings import Finding
from crmgraph.reading.source import Source
from crmgraph.wording import in_language

__all__ = ["Document", "Kind", "Report"]


@dataclass(frozen=True)
class Document:
    """A source that findings are about: `name` is what people call it, `uri` where programs find it.

    `themes` are the titles of its themes, by the ids that begin the names of their parts.
    """

    name: str
    uri: str
    source: Source
    themes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """The findings of one check."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def is_counted(self) -> bool:
        """Whether people are given their number only."""
        return self.check.is_counted


@dataclass(frozen=True)
class Report:
    """What was found, in which documents, by which checks, and the language for people, es or en.

    `documents` are by the `file` of the findings. `known` counts the findings that an earlier report had and this one
    leaves out; it is None where there is no earlier one. `others` counts those of kinds that nobody asked for.
    """

    findings: tuple[Finding, ...]
    checks: Mapping[str, Check]
    documents: Mapping[str | None, Document] = field(default_factory=dict)
    language: str = "es"
    known: int | None = None
    others: int = 0

    @property
    def kinds(self) -> list[Kind]:
        """The findings by check: the gravest first, then by group and code."""

        def rank(finding: Finding) -> tuple[object, ...]:
            return SEVERITIES.index(finding.severity), self.checks[finding.code].group.order, finding.code

        ranked = sorted(self.findings, key=rank)
        return [
            Kind(self.checks[code], tuple(found)) for code, found in groupby(ranked, key=lambda finding: finding.code)
        ]

    def document(self, finding: Finding) -> Document | None:
        """The document that a finding is about, where the report has it."""
        return self.documents.get(finding.file)

    def say(self, text: str) -> str:
        """A text that is in both languages, in that of the report."""
        return in_language(text, self.language)
