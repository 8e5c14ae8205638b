"""Words of plans: folded for comparing as readers do, without accents and case; and the language that they are in."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.caching import memoize
from crmgraph.errors import Bilingual
from crmgraph.lexicon import patterns


@dataclass(frozen=True)
class Folded:
    """A folded text and, for each of its characters, the (start, end) of what it stands for in the original."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original text of the folded characters from `start` to `end` (exclusive)."""
        return self.spans[start][0], self.spans[end - 1][1]


# A plan's texts are looked through for every name and quotation.
@memoize(4096)
def fold(text: str) -> Folded:
    """Return a text without accents, in lower case, each run of blank space as one space.

    Composed and decomposed accents fold alike, so do all kinds of space.
    """
    letters: list[str] = []
    spans: list[tuple[int, int]] = []
    for offset, character in enumerate(text):
        is_space, is_mark = character.isspace(), unicodedata.combining(character)
        if is_mark or (is_space and letters[-1:] == [" "]):
            if spans:
                spans[-1] = (spans[-1][0], offset + 1)
            continue
        folded = " " if is_space else unicodedata.normalize("NFKD", character).casefold()
        parts = [part for part in folded if not unicodedata.combining(part)]
        letters += parts
        spans += [(offset, offset + 1)] * len(parts)
    return Folded("".join(letters), tuple(spans))


def key(text: str) -> str:
    """Return the folded text without space at its ends, equal for two texts that a reader would call the same."""
    return fold(text).text.strip()


def tidy(text: str) -> str:
    """Return a text for showing: composed accents (NFC), runs of blank space as one space, none at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


LANGUAGES = {
    "es": Bilingual("Spanish", "español"),
    "en": Bilingual("English", "inglés"),
    "fr": Bilingual("French", "francés"),
    "pt": Bilingual("Portuguese", "portugués"),
}
"""The names of the languages that a plan may be found to be in."""

UNDERSTOOD = ("es", "en")
"""The languages whose words for times and statuses are known, and whose spelling of names."""

_LEXICON = patterns("languages")
_COMMON, _HEADINGS = (
    {str(language): frozenset(words.split()) for language, words in _LEXICON.raw(name).items()}
    for name in ("common", "headings")
)
_ENDINGS = {language: re.compile(ending) for language, ending in _LEXICON.raw("endings").items()}
BEGINNING, END = _LEXICON.source("beginning"), _LEXICON.source("end")
"""Patterns for folded text of what the ends of a period are called, in English, Spanish, French and Portuguese."""
# So many small words more than those of the headings' language tell that a plan is in another than its headings; fewer
# where these are Spanish, for plans in any language take the headings of the CRM.
_FEW = {"es": 2, "en": 3, "fr": 3, "pt": 3}


def other_language(language: str) -> str:
    """Return the language that a plan in this language is translated into."""
    return "es" if language == "en" else "en"


def language_of(texts: Iterable[str], headings: Iterable[str] = ()) -> str:
    """Return the language of texts: `es`, `en`, `fr` or `pt`; `es` where nothing tells.

    It is the one with most small words in the texts, or where that is open, most of its endings or words of headings.
    Where the `headings` of the table are all in one, it is that, unless another has many more small words: a few may be
    a name, or written alike in both (do, as, y).
    """
    said = Counter(word for text in texts for word in _words(text))
    counts = {
        language: (
            sum(said[word] for word in words),
            sum(count for word, count in said.items() if language in _ENDINGS and _ENDINGS[language].fullmatch(word)),
            sum(said[word] for word in _HEADINGS[language]),
        )
        for language, words in _COMMON.items()
    }
    likeliest = max(counts, key=counts.__getitem__)
    any_heading = frozenset().union(*_HEADINGS.values())
    known = [words for heading in headings if (words := any_heading.intersection(_words(heading)))]
    in_all = [language for language, own in _HEADINGS.items() if known and all(words & own for words in known)]
    of_headings = max(in_all, key=counts.__getitem__, default=likeliest)
    return likeliest if counts[likeliest][0] - counts[of_headings][0] >= _FEW[of_headings] else of_headings


def _words(text: str) -> list[str]:
    """Return the words of a text, but for those behind a figure, as in “2do”, and “dos” where it opens the text.

    That is two in Spanish, and never “of the” in Portuguese.
    """
    words = re.findall(r"(?<!\d)\b[^\W\d_]+", key(text))
    return words[1:] if words[:1] == ["dos"] else words


def is_end_of_period(heading: str, ends: Iterable[str] = (BEGINNING, END)) -> bool:
    """Tell whether a heading is that of beginnings, or that of ends, of a period.

    It is one in each of the languages that it is in (“Start date / Fecha de inicio”).
    """
    parts = [key(part) for part in re.split(r"[/|\n]", re.sub(r"\([^()]*\)", "", heading))]
    return any(all(re.fullmatch(pattern, part) for part in parts) for pattern in ends)
