"""What is searched: things with all that they are called and all that is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Column", "Entry", "Said"]

Column = Literal["names", "titles", "notes"]
"""How much a text counts: what a thing is called, the sentence that a part or a question is, or what explains it."""


@dataclass(frozen=True)
class Said:
    """A text of a thing: the words, their language (`""` for none), what they are of it, and how much that counts.

    `role` is a name for programs (`label`, `acronym`, `text` …). `is_own` where the thing is meant if just this is
    asked for.
    """

    text: str
    language: str
    role: str
    column: Column
    is_own: bool = False


@dataclass(frozen=True)
class Entry:
    """A thing that can be found: its IRI, or its path where it has none, the group that it is shown in, its labels by
    language, and its texts, of which those come first that tell best what it is.

    `weight` is how much it counts beside things of other groups, from 0 to 1. What `is_common` is called by words that
    are no name of it alone: whoever looks for one of them means the others, too. A thing comes `after` those of a group
    even where it is called just as what is looked for.
    """

    name: str
    group: str
    labels: Mapping[str, str]
    texts: tuple[Said, ...]
    weight: float = 1.0
    is_common: bool = False
    after: str = ""
