"""How certain what a page says is, which it tells wherever that is less than high."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.http.languages import marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.site import Row

__all__ = ["SURE", "Certainty", "certainty_in", "certainty_of", "doubt", "with_doubt"]

_WORDS = {
    f"{ONTOLOGY}/confidence#medium": marked("medium certainty"),
    f"{ONTOLOGY}/confidence#low": marked("low certainty"),
    f"{ONTOLOGY}/confidence#none": marked("no source"),
}


@dataclass(frozen=True)
class Certainty:
    """How certain the statement with this IRI is: the IRI of a degree. Both are empty where nobody has doubts."""

    iri: str = ""
    degree: str = ""

    @property
    def words(self) -> str:
        """The degree in English, marked for translation; nothing where nobody has doubts."""
        return _WORDS.get(self.degree, "")


SURE = Certainty()
"""That of what nobody doubts."""


def doubt(variable: str) -> str:
    """The piece of a query that `certainty_in` reads: how certain the statement in the variable is, if below high."""
    return f"""
  OPTIONAL {{ {variable} cg:confidence ?degree FILTER (?degree != confidence:high) BIND ({variable} AS ?doubted) }}"""


def certainty_in(row: Row) -> Certainty:
    """How certain the statement of a row is, by the query that has `doubt`."""
    return Certainty(row["doubted"].value, row["degree"].value) if "doubted" in row else SURE


def certainty_of(statements: Iterable[Certainty]) -> Certainty:
    """How certain what several statements say together is: in doubt, as the first is, only where each of them is."""
    all_of_them = list(statements)
    return SURE if SURE in all_of_them else all_of_them[0]


def with_doubt(text: str, certainty: Certainty, language: str) -> str:
    """The text, and in brackets how certain it is, where somebody has doubts: as pages mark it, for plain text."""
    return f"{text} ({translations(language).gettext(certainty.words)})" if certainty.words else text
