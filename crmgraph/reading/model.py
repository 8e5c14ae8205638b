"""The model of a plan: a tree of immutable parts, each with its passage in the source."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import chain

from crmgraph.reading.languages import language_of, tidy
from crmgraph.reading.source import Source


class Attachment(Enum):
    """How the parent of a part was determined."""

    PRINTED_NUMBER = "printed-number"
    POSITION = "position"
    ONLY_CANDIDATE = "only-candidate"
    WITHIN_WORDS = "within-words"
    FILE_ROW = "file-row"


@dataclass(frozen=True, order=True)
class Passage:
    """A passage of the source: `source.text[start:end] == exact`.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        exact: The text.
    """

    start: int
    end: int
    exact: str


@dataclass(frozen=True, order=True)
class Leaf(Passage):
    """One of the passages into which all non-blank characters of the source are divided.

    Attributes:
        row: The row of the table: 0 for the lines before the table, 1 for the headings.
        column: The column, counted from 1; None in row 0.
    """

    row: int
    column: int | None


@dataclass(frozen=True)
class Part:
    """A part of a plan.

    Attributes:
        id: The path of the part below the IRI of the plan.
        number: The printed number; None if there is none, or only one in brackets from an import.
        text: The text without the number.
        passage: The passage with number and text.
        attached_by: How the parent was determined.
        parts: The parts that belong to this one.
    """

    id: str
    number: str | None
    text: str
    passage: Passage
    attached_by: Attachment
    parts: tuple["Part", ...] = ()

    @property
    def kind(self) -> str:
        """The name of the class, such as "Objective"."""
        return type(self).__name__

    def walk(self) -> Iterator[tuple["Part", "Part | None"]]:
        """Yield this part (with None) and its descendants, each with its parent; parents come before their parts."""
        yield self, None
        for part in self.parts:
            for inner, parent in part.walk():
                yield inner, parent or self


@dataclass(frozen=True)
class Theme(Part):
    """A theme. Its number, if any, may be a letter or a Roman numeral.

    Attributes:
        repeats: The passages that repeat the title, as on a new page.
    """

    repeats: tuple[Passage, ...] = ()


class Objective(Part):
    """An objective; its number has one part, such as 7."""


class Action(Part):
    """An action for the implementation of an objective; its number has two parts, such as 7.1."""


class Activity(Part):
    """An activity: a number with three parts, such as 7.1.1, or a line without a number in the activities column."""


class ScheduleEntry(Part):
    """A schedule entry; its number has four parts, such as 7.1.1.1."""


class Note(Part):
    """A line that begins with "Nota:" and belongs to the part above it."""


@dataclass(frozen=True)
class Referral(Part):
    """A phrase that refers the reader to the work plan of another body.

    Attributes:
        target: The name of the body, as in the text.
    """

    target: str = ""


@dataclass(frozen=True)
class CrossReference(Part):
    """A phrase that refers the reader to another part of the same plan.

    Attributes:
        target_kind: The kind of the other part, such as "Objective".
        target_number: Its number in the text; empty for a theme.
        number_passage: The passage of the number; None for a theme.
        target_theme: The id of the theme of the other part; None if no theme has the title in the text.
        target: The id of the other part; None if there is no such part.
        theme_passage: The passage with the title of the theme; None if the text names no theme.
    """

    target_kind: str = ""
    target_number: str = ""
    number_passage: Passage | None = None
    target_theme: str | None = None
    target: str | None = None
    theme_passage: Passage | None = None


@dataclass(frozen=True)
class Plan:
    """A plan.

    Attributes:
        id: The id, a segment of the IRIs of its parts.
        source: The text of the file.
        themes: The themes, in document order.
        leaves: The passages that together contain all non-blank characters of the source.
    """

    id: str
    title: str
    source: Source
    themes: tuple[Theme, ...]
    leaves: tuple[Leaf, ...]

    @cached_property
    def language(self) -> str:
        """The language of the plan: es, en, fr or pt (see `language_of`)."""
        return language_of((leaf.exact for leaf in self.leaves), (leaf.exact for leaf in self.leaves if leaf.row == 1))

    @cached_property
    def heading(self) -> str:
        """All lines above the table, the title first, separated by slashes; empty if there are none."""
        return " / ".join(tidy(leaf.exact) for leaf in self.leaves if leaf.row == 0)

    def walk(self) -> Iterator[tuple[Part, Part | None]]:
        """Return every part with its parent (None for a theme), in document order; parents come before their parts."""
        return chain.from_iterable(theme.walk() for theme in self.themes)
