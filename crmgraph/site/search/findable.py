"""What can be found: its group, what it is found by, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmgraph.http.languages import LANGUAGES, marked, translations
from crmgraph.searching import Entry
from crmgraph.site.source import Quotation

__all__ = ["COMMON", "GROUPS", "LESS", "ROLES", "Findable", "spoken"]

GROUPS = {
    "part": marked("Parts of the plan"),
    "instrument": marked("Instruments"),
    "actor": marked("Actors and bodies"),
    "network": marked("Networks"),
    "process": marked("Consultative processes"),
    "state": marked("States"),
    "topic": marked("Topics"),
    "population-group": marked("Population groups"),
    "meeting": marked("Meetings and events"),
    "place": marked("Places"),
    "finding": marked("Findings and checks"),
    "question": marked("Questions"),
    "comparison": marked("Comparisons of plans"),
    "other-plan": marked("Other plans"),
    "term": marked("Terms of the ontology"),
}
"""What is found, in the order in which it is shown."""

ROLES = {
    "label": marked("Name"),
    "acronym": marked("Acronym"),
    "alternative": marked("Alternative name"),
    "spelling": marked("Also written"),
    "code": marked("Code"),
    "number": marked("Number"),
    "title": marked("Title"),
    "text": marked("Text of the source"),
    "translation": marked("Translation"),
    "definition": marked("Definition"),
    "explanation": marked("Explanation"),
    "note": marked("Note"),
    "example": marked("Example"),
    "remedy": marked("How to fix it"),
    "message": marked("Message"),
    "owner": marked("Whose plan it is"),
    "compared": marked("One of the two plans"),
    "status": marked("Kind and status"),
}
"""What a text is of the thing that it is found by."""

LESS = {"finding": 0.8, "question": 0.8, "comparison": 0.8, "other-plan": 0.7, "term": 0.5}
"""How much those count that are not what the plan speaks of."""

COMMON = ("topic", "population-group", "finding", "question", "term")
"""The groups whose things are called by common words."""


@dataclass(frozen=True)
class Findable:
    """What can be found: what is looked through (`entry`), what it is, and where it stands.

    `kind` is what it is, in each language; `path` the page about it where that is another than its IRI leads to;
    `above` the IRIs of what it is a part of, from the whole down; `words` its place in a source. A question `takes` as
    values of its parameters, by their names, the things with these IRIs; where it is asked of a value, what that is
    called is `asked_of`, by language.
    """

    entry: Entry
    kind: Mapping[str, str]
    number: str = ""
    path: str = ""
    above: tuple[str, ...] = ()
    words: Quotation | None = None
    takes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asked_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_in_graph(self) -> bool:
        """Whether the graph has it, by its IRI."""
        return not self.entry.name.startswith("/")


def spoken(message: str) -> dict[str, str]:
    """A message of ours in each language."""
    return {language: translations(language).gettext(message) for language in LANGUAGES}
