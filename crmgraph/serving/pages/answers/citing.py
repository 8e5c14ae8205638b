"""How an answer is cited, so that whoever reads of it finds the same question and knows of which data it was asked."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from crmgraph.serving.i18n import format_day

__all__ = ["AUTHOR", "Citation", "key_of"]

AUTHOR = "The crmgraph founders"
_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_ESCAPED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


@dataclass(frozen=True)
class Citation:
    """What is cited: its title, its permanent address, the dataset (by the digits that tell it from others), the day.

    `language` is that in which the day is written out.
    """

    title: str
    address: str
    dataset: str
    day: date
    language: str

    @property
    def author(self) -> str:
        """Who is answerable for the data."""
        return AUTHOR

    @property
    def day_in_words(self) -> str:
        """The day as the language writes it: 28 November 2026."""
        return format_day(self.day.isoformat(), self.language)

    @property
    def bibtex(self) -> str:
        """An entry for BibTeX and BibLaTeX, whose key depends on the address and the dataset alone."""
        key = key_of(self.address, self.dataset)
        fields = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{_SPECIAL.sub(_escape, self.title)}}}",
            "howpublished": "crmgraph",
            "version": self.dataset,
            "url": self.address,
            "urldate": self.day.isoformat(),
        }
        lines = "".join(f"  {name:<12} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{crmgraph-{key},\n{lines}}}"


def key_of(address: str, dataset: str) -> str:
    """What the key of a citation ends in, which depends on the address and the dataset alone."""
    return hashlib.sha256(f"{address}\n{dataset}".encode()).hexdigest()[:8]


def _escape(found: re.Match[str]) -> str:
    return _ESCAPED.get(found[0], "\\" + found[0])
