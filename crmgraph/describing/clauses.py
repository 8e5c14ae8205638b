"""How what says a status stands in its sentence: of all that a note is about or of a part; told, or as a condition."""

import re

from crmgraph.describing.denials import ALL_OF_IT

__all__ = [
    "MOMENT",
    "clause_before",
    "has_no_other_subject",
    "is_condition",
    "is_main_clause",
    "is_of_a_part",
    "speaks_of_all",
]

_SENTENCE = re.compile(r"[.;:(](?!\d)")
_NUMBER = re.compile(r"^ *(?:\d+(?:\.\d+)*\.?)?[ -]*")
_NOW = (
    r"(?:ya|aun|todavia|actualmente|hasta (?:la fecha|ahora|el momento|hoy)|a la (?:presente )?fecha|por el momento"
    r"|so far|to date|as yet|until now|up to now|already|currently|now|yet|still|however|but|and|sin embargo"
    r"|no obstante|pero|y)"
)
_CAUSE = (
    r"(?:(?:debido a|a causa de|ante|due to|because of|owing to|given) [^,]{1,80}, "
    r"|(?:por (?:falta|razones|motivos|causa|problemas)|debido a|(?:for|due to) lack|because of|due to)"
    r"(?: [\w-]+){1,7},? )"
)
_SAYING = re.compile(
    r"^.*\b(?:(?:(?:inform|indic|senal|report|const|observ|declar|manifest|advert|reconoc|not)[a-z]{0,6}"
    r"|debido a|dado|ya|puesto|visto|considerando|given|said) (?:que|that)|porque|because|since|as) "
)
"""What may go before a sentence of which it says that it is so, or that something is so because of it."""
_DETERMINERS = (
    r"(?:(?:est[aeo]s?|l[ao]s?|el|the|this|these|such|dich[oa]s?|tod[oa]s?|all|any|ningun[oa]?|each|both|presente"
    r"|present|concrete|specific) ){0,3}"
)
_BEING = (
    r"(?:ha sido|han sido|fue|fueron|esta|estan|se encuentran?|siguen?|continuan?|permanecen?|is|are|was|were|remains?"
    r"|has been|have been)"
)
_SUBJECT = re.compile(
    rf"(?:{_NOW},? )*{_CAUSE}?(?:{_NOW},? )*(?:{_DETERMINERS}(?:{ALL_OF_IT} )?|(?:esto|eso|nada|this|it|nothing|none) )"
    rf"(?:{_BEING} )?(?:{_NOW},? )*"
)
"""The words that may stand before what is said of all: however, to date this activity is."""
_OBJECT = re.compile(
    r" ?(?:$|[.;:,)(/-]"
    r"|(?:a|ante|aun|aunque|con|debido|desde|due|durante|en|entre|hasta|nada|para|pero|por|segun|sin|sobre|todavia|y|e|as"
    r"|at|because|but|by|during|for|from|in|on|since|so|to|under|until|with|within|yet|and|however)\b"
    rf"|{_DETERMINERS}{ALL_OF_IT}\b(?! (?:adicional|nuev|otr|de|sobre|con|para|of|on|with|for)))"
)
_PLACE = (
    r"(?:(?:en|in|within) (?!(?:absoluto|any|concreto|cuanto|fact|favor|general|lo|ning\w+|practice|realidad|regard"
    r"|relacion|respect|terms|torno|virtud)\b"
    rf"|{_DETERMINERS}(?:{ALL_OF_IT}|actualidad|ambito|ano|area|context|contexto|fecha|framework|lapso|marco|materia"
    r"|regard|sense|sentido"
    r"|matter|momento|moment|period|periodo|plan|region|respect|subject|tema|tematica|theme|year)\b))"
)
"""What begins to say where: in Honduras, in the capital; and not in this matter, in the period."""
_SPARED = re.compile(rf"^[^.;:]{{0,80}}(?<![a-z])(?:{_PLACE}|salvo|excepto|a excepcion de|except|apart from)")
MOMENT = (
    r"after|as (?:each|every|soon as)|(?:each|every) time|before|if|once|provided|unless|until|when|cada vez que|cuando"
    r"|luego de|mientras|si|una vez"
)
"""Folded words that begin to say when or on what condition."""
_CONDITION = re.compile(
    rf"\b(?:{MOMENT}|that|what|which|who|a condicion de|al|aunque|donde|hasta que|que|salvo|siempre|tras)\b"
)
_NOT_A_SUBJECT = re.compile(r"\b(?:according|base|based|be|conforme|de acuerdo|no|not|segun|sera|seran|to)\b")
_BREAK = re.compile(r"[,/–—]| - ")
_JOINED = re.compile(r"^(?:(?:y|e|o|u|and|or|pero|but|aunque|though) )?")
_LONGEST_SUBJECT, _LONGEST_CLAUSE = 12, 300
"""In words; in characters."""


def speaks_of_all(before: str, after: str) -> bool:
    """Whether what is said between `before` and `after`, both folded, is said of all that a note is about.

    “The workshops have not been held” says nothing of what else there is.
    """
    clause = _SAYING.sub("", f"{clause_before(before)} ").lstrip()
    if len(clause) > _LONGEST_CLAUSE:
        return False
    said_of_all = not clause or _SUBJECT.fullmatch(clause) is not None
    return said_of_all and _OBJECT.match(after) is not None


def is_of_a_part(after: str) -> bool:
    """Whether the folded words behind what a note says keep it to a place, or let something out: in Honduras."""
    return _SPARED.search(after) is not None


def has_no_other_subject(before: str) -> bool:
    """Whether the folded words before name nothing of which the status behind them would be: the evaluation pending."""
    *_, sentence = _SENTENCE.split(_NUMBER.sub("", before))
    *_, last = _BREAK.split(f" {sentence}")
    clause = _JOINED.sub("", f"{last.strip()} ").strip(" -")
    return not clause or _SUBJECT.fullmatch(f"{clause} ") is not None


def is_condition(before: str) -> bool:
    """Whether the folded words before make what follows something that is waited for, or that tells things apart."""
    return _CONDITION.search(clause_before(before)) is not None


def is_main_clause(before: str) -> bool:
    """Whether the folded words before are no more than the subject of a sentence: the report, two courses."""
    clause = clause_before(before)
    is_short = len(clause.split()) <= _LONGEST_SUBJECT
    return is_short and not is_condition(clause) and _NOT_A_SUBJECT.search(clause) is None


def clause_before(before: str) -> str:
    """The folded words before, as far as they are of the same clause."""
    *_, clause = _SENTENCE.split(_NUMBER.sub("", before))
    return clause.strip(" ,-")
