"""What somebody typed, read as the words and phrases that are looked for."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from crmgraph.linking.likeness import SMALL_WORDS
from crmgraph.reading.languages import UNDERSTOOD
from crmgraph.searching.words import STEMMED, Word, stem, words_in

__all__ = ["LONGEST", "Asked", "Sought", "cleaned", "read_asked"]

LONGEST = 200
"""How many characters of what was typed are looked at."""

_MOST_SOUGHT = 16
_QUOTES = str.maketrans(dict.fromkeys("“”„«»″＂", '"'))
_ASKING = (
    "como cual cuales cuando cuanta cuantas cuanto cuantos donde estan hay quien quienes son "
    "are did do does how what when where which who whom whose why"
)
_SMALL = frozenset(_ASKING.split()).union(*(SMALL_WORDS[language] for language in UNDERSTOOD))

How = Literal["word", "begun", "phrase"]


@dataclass(frozen=True)
class Sought:
    """What is looked for: a word in any inflection, words that begin so, or words just as they are, in their order."""

    forms: tuple[str, ...]
    how: How = "word"
    stems: dict[str, str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found = {language: stem(self.forms[0], language) for language in STEMMED} if self.how == "word" else {}
        object.__setattr__(self, "stems", {language: each for language, each in found.items() if each})

    def places(self, words: Sequence[Word], language: str) -> Iterator[tuple[int, int]]:
        """Where it stands among the words of a text in this language, from the first up to behind the last of them."""
        size = len(self.forms)
        if self.how == "phrase":
            said = tuple(word.form for word in words)
            yield from ((at, at + size) for at in range(len(said) - size + 1) if said[at : at + size] == self.forms)
            return
        for at, word in enumerate(words):
            if self.fits(word.form, language):
                yield at, at + 1

    def fits(self, form: str, language: str) -> bool:
        """Whether a word in this language is, begins with, or is an inflection of the word that is looked for."""
        if self.how == "begun":
            return form.startswith(self.forms[0])
        return form == self.forms[0] or (language in self.stems and stem(form, language) == self.stems[language])


@dataclass(frozen=True)
class Asked:
    """What was typed: what is looked for, whether its last word may have more letters to come, and all words."""

    typed: str
    sought: tuple[Sought, ...]
    is_begun: bool
    forms: tuple[str, ...]

    @cached_property
    def last(self) -> Sought | None:
        """The word that may have more letters to come."""
        return self.sought[-1] if self.is_begun and self.sought else None

    def as_typed(self, forms: Collection[str]) -> tuple[str, ...]:
        """These words as they were typed."""
        found = (self.typed[word.start : word.end] for word in words_in(self.typed) if word.form in forms)
        return tuple(dict.fromkeys(found))

    def with_words(self, instead: Mapping[str, str]) -> str:
        """What was typed, with other words in place of these."""
        text, at = "", 0
        for word in words_in(self.typed):
            if word.form in instead:
                text += self.typed[at : word.start] + instead[word.form]
                at = word.end
        return text + self.typed[at:]


def cleaned(typed: str) -> str:
    """What was typed as it can be shown again: no control characters, no blank space too many, not too long."""
    # What is not seen, such as a soft hyphen, parts no words.
    seen = (letter for letter in typed[: 4 * LONGEST] if unicodedata.category(letter) != "Cf")
    shown = "".join(letter if letter.isprintable() else " " for letter in seen)
    return " ".join(shown.split())[:LONGEST].strip()


def read_asked(typed: str) -> Asked:
    """What is looked for. Words between quotation marks are a phrase; small words count only among small words."""
    pieces = typed[:LONGEST].translate(_QUOTES).split('"')
    # What stands behind a quotation mark that nobody closed is no phrase.
    is_open = len(pieces) % 2 == 0
    sought: list[Sought] = []
    everything: list[str] = []
    for number, piece in enumerate(pieces):
        forms = tuple(word.form for word in words_in(piece))
        everything += forms
        if number % 2 and not (is_open and number == len(pieces) - 1):
            sought += [Sought(forms, "phrase")] if forms else []
        else:
            sought += (Sought((form,)) for form in forms)
    sought = list(dict.fromkeys(sought))
    telling = [each for each in sought if each.how == "phrase" or each.forms[0] not in _SMALL]
    kept = tuple((telling or sought)[:_MOST_SOUGHT])
    last = words_in(pieces[-1])
    is_begun = bool(last) and last[-1].end == len(pieces[-1]) and bool(kept) and kept[-1].forms == (last[-1].form,)
    return Asked(typed[:LONGEST], kept, is_begun, tuple(everything))
