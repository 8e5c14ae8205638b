"""The model of mutants: the text of a plan with edits, and the findings that the checks must report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crmgraph.checks.findings import Finding
from crmgraph.extraction import Mention
from crmgraph.reading.model import Part, Plan


@dataclass(frozen=True, order=True)
class Edit:
    """A replacement of characters; `end` is exclusive."""

    start: int
    end: int
    text: str
    copied: tuple[int, int] | None = None  # start and end of the original of `text`, if it is a copy


@dataclass(frozen=True)
class Expected:
    """An expected finding."""

    code: str
    element: str  # a pattern (`fnmatch`) of the path below the plan
    exact: str | None = None  # None if any text is right
    other: str | None = None  # the path of the second element; None if any is right


@dataclass(frozen=True)
class Mutant:
    """A mutant of a plan."""

    place: str  # the id of the damaged part, or a description of the damage
    edits: tuple[Edit, ...]
    expected: tuple[Expected, ...] = ()
    related: tuple[tuple[str, str], ...] = ()  # codes and elements (`fnmatch`) that may appear or disappear
    refused: bool = False  # whether reading the plan may fail

    def text(self, original: str) -> str:
        pieces, end = [], 0
        for edit in sorted(self.edits):
            pieces += [original[end : edit.start], edit.text]
            end = edit.end
        return "".join((*pieces, original[end:]))


@dataclass(frozen=True)
class Ground:
    """A plan from which mutants are made."""

    plan: Plan
    findings: Sequence[Finding]
    names_in: Callable[[str], Sequence[Mention]]
    statuses_in: Callable[[str], Sequence[Mention]]
    parents: dict[str, Part] = field(default_factory=dict)  # by the id of the part

    def __post_init__(self) -> None:
        self.parents.update({part.id: parent for part, parent in self.plan.walk() if parent is not None})

    @property
    def text(self) -> str:
        return self.plan.source.text

    def parts(self, *kinds: str) -> list[Part]:
        """The parts of these kinds, in the order of the text."""
        found = [part for part, _ in self.plan.walk() if part.kind in kinds]
        return sorted(found, key=lambda part: part.passage)

    def children(self, part: Part, kind: str) -> list[Part]:
        """The direct subparts of a part that have a kind, in the order of the text."""
        return sorted((each for each in part.parts if each.kind == kind), key=lambda each: each.passage)

    def objective(self, part: Part) -> Part:
        """The objective that contains a part or is the part; if there is none, the theme."""
        while part.kind != "Objective" and part.id in self.parents:
            part = self.parents[part.id]
        return part


@dataclass(frozen=True)
class Operator:
    """A mutation operator: its name, its description, and a function that yields all its mutants of a plan."""

    name: str
    does: str
    places: Callable[[Ground], Iterator[Mutant]]


def numbered(parts: Sequence[Part]) -> list[Part]:
    """The parts that have a printed number."""
    return [part for part in parts if part.number is not None]


def short(element: str) -> str:
    """The path of an element below its plan, such as "pgm/12.1"; empty for the plan itself."""
    return element.partition("/id/plan/")[2].partition("/")[2]
