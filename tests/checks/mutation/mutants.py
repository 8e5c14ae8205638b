"""What a mutant is: a plan's text with some characters changed, and what checks must say of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crmgraph.checks.findings import Finding
from crmgraph.extraction.gazetteer import Mention
from crmgraph.reading.model import Part, Plan


@dataclass(frozen=True, order=True)
class Edit:
    """The characters from `start` to `end` (exclusive) become `text`; where that is a copy, `copied` says of which."""

    start: int
    end: int
    text: str
    copied: tuple[int, int] | None = None


@dataclass(frozen=True)
class Expected:
    """A finding that must be there: its code, its element below the plan, its words and its second element, if said."""

    code: str
    element: str
    exact: str | None = None
    other: str | None = None


@dataclass(frozen=True)
class Mutant:
    """A damaged plan.

    `expected` are the findings that it must add. `related` are the codes, each with a pattern (`fnmatch`) of elements,
    of findings that may come or go besides, since they follow from the same damage. Where `refused`, the file must not
    even be taken for a plan.
    """

    place: str
    edits: tuple[Edit, ...]
    expected: tuple[Expected, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    refused: bool = False

    def text(self, original: str) -> str:
        """The text of the plan with the damage done."""
        pieces, end = [], 0
        for edit in sorted(self.edits):
            pieces += [original[end : edit.start], edit.text]
            end = edit.end
        return "".join((*pieces, original[end:]))


@dataclass(frozen=True)
class Ground:
    """A plan to be damaged: what was read, what is wrong with it already, and what each text names."""

    plan: Plan
    findings: Sequence[Finding]
    names_in: Callable[[str], Sequence[Mention]]
    statuses_in: Callable[[str], Sequence[Mention]]
    parents: dict[str, Part] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parents.update({part.id: parent for part, parent in self.plan.walk() if parent is not None})

    @property
    def text(self) -> str:
        """The text of the plan."""
        return self.plan.source.text

    def parts(self, *kinds: str) -> list[Part]:
        """The parts of these kinds, in the order of the text."""
        found = [part for part, _ in self.plan.walk() if part.kind in kinds]
        return sorted(found, key=lambda part: part.passage)

    def children(self, part: Part, kind: str) -> list[Part]:
        """The parts of a kind right below another, in the order of the text."""
        return sorted((each for each in part.parts if each.kind == kind), key=lambda each: each.passage)

    def objective(self, part: Part) -> Part:
        """The objective that a part is of or is; the theme where it is of none."""
        while part.kind != "Objective" and part.id in self.parents:
            part = self.parents[part.id]
        return part


@dataclass(frozen=True)
class Operator:
    """A way to damage a plan: its name, what it does in a few words, and all the places where it fits a plan."""

    name: str
    does: str
    places: Callable[[Ground], Iterator[Mutant]]


def numbered(parts: Sequence[Part]) -> list[Part]:
    """Those with a printed number."""
    return [part for part in parts if part.number is not None]


def short(element: str) -> str:
    """The id of an element below its plan, empty for the plan itself."""
    return element.partition("/id/plan/")[2].partition("/")[2]
