"""The language that a plan is written in, as far as its commonest words and its headings tell it."""

import re
from collections.abc import Iterable

from crmgraph.reading.folding import key
from crmgraph.wording import Bilingual

__all__ = ["LANGUAGES", "UNDERSTOOD", "language_of", "other_language"]

LANGUAGES = {
    "es": Bilingual("Spanish", "español"),
    "en": Bilingual("English", "inglés"),
    "fr": Bilingual("French", "francés"),
    "pt": Bilingual("Portuguese", "portugués"),
}
"""What the languages are called that a plan may be found to be in."""

UNDERSTOOD = ("es", "en")
"""Those whose words for times and statuses are known, and whose spelling of names."""

_COMMON = {
    "es": "al con de del e el en la las los para por que se sobre su sus un una y",
    "en": "an and at be by for from in it is of on that the to was which with",
    "fr": "au aux avec ces dans de des du en est et la le les leur leurs ou par pour que qui sur un une",
    "pt": "ao aos com da das de do dos e em na nas os ou para pela pelas pelo pelos que um uma",
}
_ENDINGS = {"es": r"(?:cion|ciones|dad)", "pt": r"(?:cao|coes|dade)"}
"""With what words end in either of two languages that share many small words, which tells where these do not."""
_HEADINGS = {
    "es": "accion acciones actividad actividades calendario cronograma objetivo objetivos tema temas",
    "en": "action actions activities activity calendar objective objectives schedule theme themes timetable",
    "fr": "actions activite activites calendrier objectif objectifs theme themes",
    "pt": "acao acoes atividade atividades calendario objetivo objetivos tema temas",
}
_COMMON_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENDED = {language: re.compile(rf"\w{{2,}}{endings}") for language, endings in _ENDINGS.items()}
_HEADING_WORDS = {language: frozenset(words.split()) for language, words in _HEADINGS.items()}


def other_language(language: str) -> str:
    """The one that a plan in this language is translated into."""
    return "es" if language == "en" else "en"


def language_of(texts: Iterable[str]) -> str:
    """The language whose small words are most of those in the texts; where that is open, whose endings or headings.

    `es`, `en`, `fr` or `pt`; `es` where nothing tells.
    """
    said = [word for text in texts for word in _words(text)]

    def counts(language: str) -> tuple[int, int, int]:
        small, ended, headings = _COMMON_WORDS[language], _ENDED.get(language), _HEADING_WORDS[language]
        return (
            sum(word in small for word in said),
            sum(ended is not None and ended.fullmatch(word) is not None for word in said),
            sum(word in headings for word in said),
        )

    return max(_COMMON_WORDS, key=counts)


def _words(text: str) -> list[str]:
    """The words of a text; not “dos” that opens it, which is two in Spanish and never “of the” in Portuguese, nor what
    stands behind a figure, as in “2do”.
    """
    words = re.findall(r"(?<!\d)\b[^\W\d_]+", key(text))
    return words[1:] if words[:1] == ["dos"] else words
