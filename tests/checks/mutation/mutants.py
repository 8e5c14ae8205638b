"""The model of mutants: the text of a plan with edits, and the findings that the checks must report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from crmgraph.checks.findings import Finding
from crmgraph.extraction.gazetteer import Mention
from crmgraph.reading.model import Part, Plan


@dataclass(frozen=True, order=True)
class Edit:
    """A replacement of characters.

    Attributes:
        start: The offset of the first replaced character.
        end: The offset of the end, exclusive.
        text: The new text.
        copied: The start and end of the original of `text`, if it is a copy.
    """

    start: int
    end: int
    text: str
    copied: tuple[int, int] | None = None


@dataclass(frozen=True)
class Expected:
    """An expected finding.

    Attributes:
        code: The code.
        element: A pattern (`fnmatch`) of the path of the element below the plan.
        exact: The text; None if any text is right.
        other: The path of the second element; None if any is right.
    """

    code: str
    element: str
    exact: str | None = None
    other: str | None = None


@dataclass(frozen=True)
class Mutant:
    """A mutant of a plan.

    Attributes:
        place: The id of the damaged part, or a description of the damage.
        edits: The edits of the text.
        expected: The findings that the damage must add.
        related: Further findings that may appear or disappear: a code, and a pattern (`fnmatch`) of elements.
        refused: Whether reading the plan may fail.
    """

    place: str
    edits: tuple[Edit, ...]
    expected: tuple[Expected, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    refused: bool = False

    def text(self, original: str) -> str:
        """The text of the mutant."""
        pieces, end = [], 0
        for edit in sorted(self.edits):
            pieces += [original[end : edit.start], edit.text]
            end = edit.end
        return "".join((*pieces, original[end:]))


@dataclass(frozen=True)
class Ground:
    """A plan from which mutants are made.

    Attributes:
        plan: The plan.
        findings: The findings about the plan.
        names_in: A function that returns the mentions of things in a text.
        statuses_in: A function that returns the statuses in a text.
        parents: The parent of each part, by the id of the part.
    """

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
