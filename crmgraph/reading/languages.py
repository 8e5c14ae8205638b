"""Text comparison without accents and case (folding), and detection of the language of a plan."""

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
    """A folded text, that is, without accents and case, with the position of each character in the original.

    Attributes:
        text: The folded text.
        spans: For each of its characters, the start and end offset of the original characters.
    """

    text: str
    spans: tuple[tuple[int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original text of the folded characters from `start` to `end` (exclusive)."""
        return self.spans[start][0], self.spans[end - 1][1]


# Cached, since the same texts are folded for each search for names and quotations.
@memoize(4096)
def fold(text: str) -> Folded:
    """Return a text without accents, in lower case, and with each run of white space as one space.

    Composed and decomposed accents give the same result.
    """
    letters: list[str] = []
    spans: list[tuple[int, int]] = []
    for offset, character in enumerate(text):
        is_space, is_mark = character.isspace(), unicodedata.combining(character)
        if is_mark or (is_space and letters[-1:] == [" "]):
            if spans:
                spans[-1] = (spans[-1][0], offset + 1)
        else:
            folded = " " if is_space else unicodedata.normalize("NFKD", character).casefold()
            parts = [part for part in folded if not unicodedata.combining(part)]
            letters += parts
            spans += [(offset, offset + 1)] * len(parts)
    return Folded("".join(letters), tuple(spans))


def key(text: str) -> str:
    """Return the comparison key of a text: folded, and without spaces at the ends."""
    return fold(text).text.strip()


def tidy(text: str) -> str:
    """Return a text for display: in Unicode form NFC, with single spaces, and without spaces at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


LANGUAGES = {
    "es": Bilingual("Spanish", "español"),
    "en": Bilingual("English", "inglés"),
    "fr": Bilingual("French", "francés"),
    "pt": Bilingual("Portuguese", "portugués"),
}
"""The names of the languages that a plan may have, by language tag."""

UNDERSTOOD = ("es", "en")
"""The languages for which times, statuses and misspelt names are recognised."""

_LEXICON = patterns("languages")
_COMMON, _HEADINGS = (
    {str(language): frozenset(words.split()) for language, words in _LEXICON.raw(name).items()}
    for name in ("common", "headings")
)
_ENDINGS = {language: re.compile(ending) for language, ending in _LEXICON.raw("endings").items()}
BEGINNING, END = _LEXICON.source("beginning"), _LEXICON.source("end")
"""Patterns for the folded labels of the start and the end of a period, in the languages of LANGUAGES."""
# By language of the headings: the lead in function words by which another language is that of the plan. The lead is
# smaller for Spanish, since plans in other languages often keep the Spanish headings of the RCM plan.
_FEW = {"es": 2, "en": 3, "fr": 3, "pt": 3}


def other_language(language: str) -> str:
    """Return the language into which a plan in `language` is translated."""
    return "es" if language == "en" else "en"


def language_of(texts: Iterable[str], headings: Iterable[str] = ()) -> str:
    """Return the language of texts: `es`, `en`, `fr` or `pt`; `es` if it cannot be detected.

    It is the language with the most function words in the texts; on a tie, with the most typical endings, then heading
    words. If all headings fit one language, it is that, unless another language has many more function words. A few may
    be part of a name, or common to both languages (do, as, y).

    Args:
        texts: The texts.
        headings: The headings of the table.
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
    """Return the folded words of a text, except ordinal endings, as in “2do”, and “dos” at its beginning.

    At the beginning, “dos” is the Spanish number two and not the Portuguese “of the”.
    """
    words = re.findall(r"(?<!\d)\b[^\W\d_]+", key(text))
    return words[1:] if words[:1] == ["dos"] else words


def is_end_of_period(heading: str, ends: Iterable[str] = (BEGINNING, END)) -> bool:
    """Return whether a heading denotes the start or the end of a period.

    A bilingual heading (“Start date / Fecha de inicio”) must do so in both languages.

    Args:
        heading: The heading.
        ends: The patterns to match: BEGINNING, END or both.
    """
    parts = [key(part) for part in re.split(r"[/|\n]", re.sub(r"\([^()]*\)", "", heading))]
    return any(all(re.fullmatch(pattern, part) for part in parts) for pattern in ends)
