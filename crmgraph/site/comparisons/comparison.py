"""What a comparison of two plans is: the parts of each, and what somebody said corresponds to them, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.plans.plans import name_of_plan
from crmgraph.site.source.excerpt import Quotation

__all__ = ["CERTAIN", "WAYS", "Comparison", "Match", "Part", "Way", "pair_path"]

WAYS = tuple(f"{ONTOLOGY}/correspondence#{name}" for name in ("exact", "close", "broad", "narrow", "related"))
"""The ways of corresponding, the nearest first."""

_BROAD, _NARROW = WAYS[2:4]
_TURNED = {_BROAD: _NARROW, _NARROW: _BROAD}
"""What these ways are from the other side; the others are the same."""

CERTAIN = {"high": 0.8, "medium": 0.6}
"""From which certainty on it is said to be high or medium; below, it is low."""


@dataclass(frozen=True)
class Match:
    """What somebody said who read both: that `object` corresponds to `subject` in this way, or that nothing does.

    The subject is a part of `plan`, the object of the `other`. Where nothing does, `object` and `way` are empty.
    `certainty` goes from 0 to 1, where it is said. It `is_turned` where it was said of the object.
    """

    iri: str
    subject: str
    plan: str
    other: str
    object: str
    way: str
    certainty: float | None
    author: str
    date: str
    why: str
    language: str
    quotation: Quotation | None
    is_turned: bool = False

    @property
    def turned(self) -> "Match":
        """The same from the other side."""
        return replace(
            self,
            subject=self.object,
            plan=self.other,
            other=self.plan,
            object=self.subject,
            way=_TURNED.get(self.way, self.way),
            is_turned=not self.is_turned,
        )

    @property
    def sides(self) -> tuple["Match", ...]:
        """It from either side; that nothing corresponds is said of the subject alone."""
        return (self, self.turned) if self.object else (self,)

    @property
    def confidence(self) -> str:
        """How certain it is in a word, `high`, `medium` or `low`; nothing where that is not said."""
        if self.certainty is None:
            return ""
        return next((word for word, least in CERTAIN.items() if self.certainty >= least), "low")


@dataclass(frozen=True)
class Way:
    """A way of corresponding: its label and what it means, by language, and its degree (see Part)."""

    iri: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]

    @property
    def degree(self) -> int:
        """How near it is; see Part."""
        return _degree(self.iri)


@dataclass(frozen=True)
class Part:
    """A part of a plan that was compared, the IRI of what it is a part of, and all that was said of it.

    It is the subject of each match.
    """

    iri: str
    above: str
    number: str
    label: str
    language: str
    matches: tuple[Match, ...]

    @property
    def corresponding(self) -> tuple[Match, ...]:
        """What corresponds to it, the nearest first."""
        return tuple(match for match in self.matches if match.object)

    @property
    def degree(self) -> int:
        """How near the nearest is, from 5 for the same to 1 for related; 0 where nothing corresponds."""
        return max((_degree(match.way) for match in self.corresponding), default=0)


@dataclass(frozen=True)
class Comparison:
    """A plan and another that it was compared with: the parts of each with what corresponds in the other.

    Its page has the parts of the plan first, or those of the other where it `is_turned`.
    """

    plan: str
    other: str
    own: tuple[Part, ...]
    theirs: tuple[Part, ...]
    is_turned: bool = False

    @property
    def turned(self) -> "Comparison":
        """The same from the other side."""
        return Comparison(self.other, self.plan, self.theirs, self.own, not self.is_turned)

    @property
    def answered(self) -> int:
        """How many parts of the plan have something that corresponds to them in the other."""
        return sum(bool(part.corresponding) for part in self.own)

    @property
    def unread(self) -> int:
        """Of how many parts of the plan nobody said what corresponds to them in the other, nor that nothing does."""
        return _unread(self.own, self.theirs)

    @property
    def unread_there(self) -> int:
        """The same of the parts of the other."""
        return _unread(self.theirs, self.own)

    @property
    def says_nothing(self) -> bool:
        """Whether of any part of either it is known that nothing corresponds to it."""
        sides = ((self.own, self.unread), (self.theirs, self.unread_there))
        return any(not each.corresponding and (each.matches or not unread) for parts, unread in sides for each in parts)

    @property
    def path(self) -> str:
        """That of its page, without language or root."""
        return pair_path(self.other, self.plan) if self.is_turned else pair_path(self.plan, self.other)

    @property
    def side(self) -> str:
        """What the side of the plan is called in the anchors of its page."""
        return "theirs" if self.is_turned else "own"

    def by_theme(self, parts: Sequence[Part]) -> list[tuple[str, list[Part]]]:
        """Parts of one side in their order, those together that are parts of the same, with its IRI.

        That is empty where all are parts of the same, which then says nothing of them.
        """
        groups = [(above, list(each)) for above, each in groupby(parts, key=lambda part: part.above)]
        return groups if len({above for above, _ in groups}) > 1 else [("", list(parts))]

    @property
    def reached(self) -> int:
        """How many parts of the other have something that corresponds to them in the plan."""
        return sum(bool(part.corresponding) for part in self.theirs)


def pair_path(plan: str, other: str) -> str:
    """The path of the page that compares two plans with these IRIs, without language or root."""
    return f"/crosswalk/{name_of_plan(plan)}/{name_of_plan(other)}"


def _degree(way: str) -> int:
    return len(WAYS) - WAYS.index(way)


def _unread(parts: Sequence[Part], others: Sequence[Part]) -> int:
    """Of how many parts nobody said anything, where nobody went through all of the others to say what corresponds."""
    are_known = all(any(not match.is_turned for match in part.matches) for part in others)
    return 0 if are_known else sum(not part.matches for part in parts)
