"""The model of a plan as it was read: a tree of frozen parts, each with the passage that it stands on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import chain

from crmgraph.reading.languages import language_of, tidy
from crmgraph.reading.source import Source


class Attachment(Enum):
    """The way in which it is known to which parent a part belongs."""

    PRINTED_NUMBER = "printed-number"
    POSITION = "position"
    ONLY_CANDIDATE = "only-candidate"
    WITHIN_WORDS = "within-words"
    FILE_ROW = "file-row"


@dataclass(frozen=True, order=True)
class Passage:
    """Characters of the source: `source.text[start:end] == exact`, counted in code points, end exclusive."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, order=True)
class Leaf(Passage):
    """One of the passages that share out all non-blank characters of the source among them.

    Row 0 holds the lines before the table, row 1 the headings; columns count from 1, and are None in row 0.
    """

    row: int
    column: int | None


@dataclass(frozen=True)
class Part:
    """A part of a plan. `id` is its path below the plan, `number` as printed, `text` without the number.

    A number in brackets, which an import gave, is none that is printed; only the `id` has it.
    """

    id: str
    number: str | None
    text: str
    passage: Passage
    attached_by: Attachment
    parts: tuple["Part", ...] = ()

    @property
    def kind(self) -> str:
        """The name of its class, such as "Objective"."""
        return type(self).__name__

    def walk(self) -> Iterator[tuple["Part", "Part | None"]]:
        """Yield this part and all below it, each with its parent, parents first."""
        yield self, None
        for part in self.parts:
            for inner, parent in part.walk():
                yield inner, parent or self


@dataclass(frozen=True)
class Theme(Part):
    """A theme. Its number, where it has one, may be a letter or a Roman numeral.

    `repeats` are the cells that say its title again on a new page.
    """

    repeats: tuple[Passage, ...] = ()


class Objective(Part):
    """An objective: one number."""


class Action(Part):
    """An action for the implementation of an objective: two numbers."""


class Activity(Part):
    """An activity: three numbers, or a line without a number in the same column."""


class ScheduleEntry(Part):
    """An entry of the calendar: four numbers."""


class Note(Part):
    """A line that begins with "Nota:", about the part above it."""


@dataclass(frozen=True)
class Referral(Part):
    """Words that send the reader to the work plan of somebody: `target` is who, in the words of the text."""

    target: str = ""


@dataclass(frozen=True)
class CrossReference(Part):
    """Words that send the reader to another part of the same plan.

    `target_kind` and `target_number` are that part's kind and number as printed, `number_passage` where the number
    stands; a whole theme has none; `target_theme` is the theme's `id`, or None where no theme has the title that is
    named, which stands at `theme_passage`; `target` is the part's `id`, or None where there is none.
    """

    target_kind: str = ""
    target_number: str = ""
    number_passage: Passage | None = None
    target_theme: str | None = None
    target: str | None = None
    theme_passage: Passage | None = None


@dataclass(frozen=True)
class Plan:
    """A plan, its themes, and the leaf passages that make up the whole of its source."""

    id: str
    title: str
    source: Source
    themes: tuple[Theme, ...]
    leaves: tuple[Leaf, ...]

    @cached_property
    def language(self) -> str:
        """The language that it is written in: es, en, fr or pt (see `language_of`)."""
        return language_of((leaf.exact for leaf in self.leaves), (leaf.exact for leaf in self.leaves if leaf.row == 1))

    @cached_property
    def heading(self) -> str:
        """All that stands above its table, its title first, with a stroke between lines; empty where nothing does."""
        return " / ".join(tidy(leaf.exact) for leaf in self.leaves if leaf.row == 0)

    def walk(self) -> Iterator[tuple[Part, Part | None]]:
        """Return every part with its parent (None for a theme), parents first, in the order of the document."""
        return chain.from_iterable(theme.walk() for theme in self.themes)
