"""A proposed correspondence of two things, and what people decided about it."""

import re
from dataclasses import dataclass, field, replace

__all__ = ["AGENDA", "DECISIONS", "NOTHING", "RELATIONS", "Decision", "whole_of"]

RELATIONS = ("exact", "close", "broad", "narrow", "related")
"""In which ways the object may correspond to the subject (broad: it is the broader), called as SKOS calls them."""

NOTHING = "nothing"
"""The decision that nothing in the other plan corresponds to a part."""

DECISIONS = (*RELATIONS, "no", NOTHING)
"""What may be decided: one of the relations, that there is none between the two, or that the other plan has nothing."""

AGENDA = "http://metadata.un.org/sdg"
"""The IRI of the 2030 Agenda, whose targets are compared as if it were a plan."""

_WHOLE = re.compile(rf"(?:https?://\S+/id/plan/[^/\s]+|{re.escape(AGENDA)})(?=/|$)")
"""How the IRI of a part begins with that of the plan, and that of a target with that of the 2030 Agenda."""

_TURNED = {"broad": "narrow", "narrow": "broad"}


@dataclass(frozen=True)
class Decision:
    """A proposed correspondence, and what was decided: one of DECISIONS, or nothing yet.

    `subject` and `object` are IRIs; a name in a table has none, only its label. Where nothing corresponds, `object` is
    the plan in which nothing does, and has no label. `score` is the likeness that it was proposed by, `why` that in
    words, those that the two share; `author` and `date` (ISO 8601) say who decided it and when, `confidence` how sure
    that is, from 0 to 1, or nothing, and `comment` is what they say of it. `line` is where it was read.
    """

    subject: str
    subject_label: str
    object: str
    object_label: str
    score: float
    why: str = ""
    decided: str = ""
    author: str = ""
    date: str = ""
    confidence: str = ""
    comment: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.subject or self.subject_label, self.object

    @property
    def turned(self) -> "Decision":
        """The same from the other side."""
        return replace(
            self,
            subject=self.object,
            subject_label=self.object_label,
            object=self.subject,
            object_label=self.subject_label,
            decided=_TURNED.get(self.decided, self.decided),
        )

    @property
    def is_correspondence(self) -> bool:
        """Whether it says of two things that they correspond."""
        return bool(self.subject) and self.decided in RELATIONS

    @property
    def is_comparison(self) -> bool:
        """Whether it says of a thing what corresponds to it, or that nothing does."""
        return self.is_correspondence or self.decided == NOTHING

    @property
    def compared(self) -> tuple[str, str]:
        """The subject, and the plan that the object is of; that is empty where it is of none."""
        return self.subject, whole_of(self.object)

    @property
    def may_be_nothing(self) -> bool:
        """Whether it could be said that nothing in the plan of its object corresponds to its subject, a part of one."""
        return "/id/plan/" in self.subject and bool(whole_of(self.object))

    @property
    def as_nothing(self) -> "Decision":
        """That nothing in the plan of its object corresponds to the subject."""
        return replace(self, object=whole_of(self.object), object_label="", score=0.0, why="", decided=NOTHING)

    @property
    def is_signed(self) -> bool:
        """Whether it says who decided, and when."""
        return bool(self.author and self.date)

    def as_decided(self, decided: str, author: str, date: str) -> "Decision":
        """The same, decided by somebody on a day."""
        return replace(self, decided=decided, author=author, date=date)


def whole_of(iri: str) -> str:
    """The plan that something is a part of, or the 2030 Agenda; empty where it is of none."""
    found = _WHOLE.match(iri)
    return found[0] if found else ""
