"""The language of a plan, and words that headings have in each."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from crmgraph.reading.folding import key
from crmgraph.wording import Bilingual

__all__ = ["BEGINNING", "END", "LANGUAGES", "UNDERSTOOD", "is_beginning", "is_end", "language_of", "other_language"]

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
    "es": "accion acciones actividad actividades calendario cronograma eje ejes fecha fechas medida medidas objetivo"
    " objetivos plazo plazos resultado resultados tarea tareas tema temas",
    "en": "action actions activities activity calendar date dates deadline goal goals measure measures objective"
    " objectives outcome outcomes pillar schedule task tasks theme themes timeline timetable",
    "fr": "action actions activite activites axe calendrier date delai echeance echeancier mesure mesures objectif"
    " objectifs resultat resultats tache taches theme themes",
    "pt": "acao acoes atividade atividades calendario cronograma eixo eixos medida medidas objetivo objetivos prazo"
    " resultado resultados tarefa tarefas tema temas",
}
_FEW = 3
"""So many small words more than those of the headings' language tell that a plan is in another than its headings."""
_FEW_UNDER_SPANISH = 2
"""So many tell it where the headings are Spanish: plans in any language take those of the CRM."""
_COMMON_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENDED = {language: re.compile(rf"\w{{2,}}{endings}") for language, endings in _ENDINGS.items()}
_HEADING_WORDS = {language: frozenset(words.split()) for language, words in _HEADINGS.items()}
_ANY_HEADING_WORD = frozenset().union(*_HEADING_WORDS.values())


def other_language(language: str) -> str:
    """The one that a plan in this language is translated into."""
    return "es" if language == "en" else "en"


def language_of(texts: Iterable[str], headings: Iterable[str] = ()) -> str:
    """The language whose small words are most of those in the texts; where that is open, whose endings or headings.

    Where the `headings` of the table are all in one, it is that, unless another has many more small words: a few may be
    a name, or written alike in both (do, as, y).

    `es`, `en`, `fr` or `pt`; `es` where nothing tells.
    """
    said = Counter(word for text in texts for word in _words(text))
    counts = {language: _counts(said, language) for language in _COMMON_WORDS}
    likeliest = max(counts, key=counts.__getitem__)
    of_headings = max(_languages_of(list(headings)), key=counts.__getitem__, default=likeliest)
    few = _FEW_UNDER_SPANISH if of_headings == "es" else _FEW
    return likeliest if counts[likeliest][0] - counts[of_headings][0] >= few else of_headings


def _counts(said: Counter[str], language: str) -> tuple[int, int, int]:
    """How many of the words are small words of a language, end as in it, and are headings in it."""
    ended = _ENDED.get(language)
    return (
        sum(said[word] for word in _COMMON_WORDS[language]),
        sum(count for word, count in said.items() if ended is not None and ended.fullmatch(word)),
        sum(said[word] for word in _HEADING_WORDS[language]),
    )


def _languages_of(headings: Collection[str]) -> list[str]:
    """The languages that each heading is in which has a word that headings have."""
    known = [words for heading in headings if (words := set(_words(heading)) & _ANY_HEADING_WORD)]
    return [language for language, own in _HEADING_WORDS.items() if known and all(words & own for words in known)]


def _words(text: str) -> list[str]:
    """The words of a text; not “dos” that opens it, which is two in Spanish and never “of the” in Portuguese, nor what
    stands behind a figure, as in “2do”.
    """
    words = re.findall(r"(?<!\d)\b[^\W\d_]+", key(text))
    return words[1:] if words[:1] == ["dos"] else words


_WHEN = r"(?:fecha|date|data|mes|mois|month|ano|annee|year)"
_FORESEEN = (
    r"(?:estimad[oa]|estimee?|planejad[oa]|planificad[oa]|previst[oa]|prevue?|programad[oa]|tentativ[oa]"
    r"|estimated|expected|planned|proposed|target)"
)


def _called(words: str) -> str:
    """A pattern for one of these words, alone or with those that make it a date: start, planned start date."""
    return (
        rf"(?:{_FORESEEN} )?(?:{_WHEN} )?(?:{_FORESEEN} )?(?:(?:de|du|do|da|of) )?(?:{words})(?: {_WHEN})?"
        rf"(?: {_FORESEEN})?(?: ?\([^()]*\))?"
    )


# In English, Spanish, French and Portuguese, without accents.
BEGINNING = _called("inicio|inicial|comienzo|inicia|comienza|start|starting|begin|begins|beginning|debut")
END = _called(
    "fin|fim|final|termino|terminacion|finalizacion|culminacion|finaliza|termina|cierre|conclusion|conclusao"
    "|encerramento|achevement|cloture|end|ends|ending|finish|completion|closing"
)
"""Patterns for folded texts."""


def is_beginning(heading: str) -> bool:
    """Whether a heading is that of beginnings."""
    return _is_called(heading, BEGINNING)


def is_end(heading: str) -> bool:
    """Whether a heading is that of ends."""
    return _is_called(heading, END)


def _is_called(heading: str, pattern: str) -> bool:
    """Whether it is called so, in each of the languages that it is in (“Start date / Fecha de inicio”)."""
    bare = re.sub(r"\([^()]*\)", "", heading)
    return all(re.fullmatch(pattern, key(part)) for part in re.split(r"[/|\n]", bare))
