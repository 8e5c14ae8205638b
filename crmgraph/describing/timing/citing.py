"""Dates of what a plan cites (the meeting of May 2025, what was agreed in 2024): nothing is to happen on those."""

import re
import unicodedata

from crmgraph.describing.timing.calendar_words import month_names
from crmgraph.reading.folding import key

__all__ = ["is_cited", "tells"]

_DEFINITE = r"(?:el|la|los|las|lo|al|del|sus?|dich[oa]s?|es[aeo]s?|the|this|that|those|these|its|their)"
_PARTING = r"(?:a|desde|durante|en|hasta|para|y|e|and|by|during|for|from|in|to|until)"
_KNOWN = rf"\b{_DEFINITE}(?: (?!{_PARTING}\b)[\w-]+){{1,8}}"
_YET_TO_COME = (
    r"(?:(?:previst|programad|planificad|planead|proyectad|esperad|calendarizad|convocad)[oa]s?"
    r"|planned|scheduled|foreseen|expected|intended|need|speed)"
)
_PARTICIPLE = (
    rf"(?!{_YET_TO_COME}\b)(?:[a-z]+[ai]d[oa]s?|(?:hech|dich|escrit|inscrit|suscrit|abiert|propuest)[oa]s?"
    r"|[a-z]{2,}ed|done|given|held|made|said|sent|set|taken|written)"
)
_PLACE = r"(?: (?:en|in|at|by|por) [^.;:,]{1,40})?"
_OF = re.compile(rf"(?P<known>{_KNOWN}),? (?:del?|of)(?: the)?$")
_TOLD = re.compile(
    r"(?:\b(?:lo(?: que (?:se|fue|ha sido|se ha))?|what(?: was| has been| had been)?)"
    rf"|{_KNOWN}) {_PARTICIPLE}{_PLACE}$"
)
_MAKES = re.compile(
    r"\b(?:(?:celebr|convoc|finaliz|inaugur|lanz|organiz|prepar|realiz)(?:ar|acion de|amiento de)|conclu(?:ir|sion de)"
    r"|convocatoria a|hacer|iniciar|llevar a cabo|participar en|asistir a"
    r"|(?:attend|hold|host|launch|open|finish|start|run)(?:n?ing)?|(?:complet|conven|organi[sz]|prepar)(?:e|ing)"
    r"|participate in)l?$"
)
"""What a plan does to things that are yet to come about."""
_REPORTS = re.compile(
    r"^(?:\d+(?:\.\d+)*\.? )?(?:- )?(?:(?:ya |already )?[a-z]+(?:[ai]d[oa]s?|ed|held)|held"
    r"|(?!.*\b(?:que|that|which|who)\b).*\b(?:se han?|fue|fueron|han? sido|was|were|has been|have been))\b[^.;:]*$"
)
_EXAMINED = re.compile(
    r"\b(?P<how>(?:digitali[sz]|anali[sz]|analy[sz]|revis|review|sistemati[sz]|systemati[sz]|examin|evalu|assess|estudi|stud"
    r"|archiv|clasific|depur|(?P<compared>compar|contrast))(?:ar|e|y|ate|ing|acion de)?)(?: [\w-]+){1,9}$"
)
"""What a plan does to things that are there already, such as records; to compare them each may have its date."""
_SPAN = re.compile(r"(?:del?|desde|entre|from|between|since)\b|\d{4} ?-")
_COMPARED = re.compile(r"\b(?:with (?:those|that)|con (?:el|la|los|las)|those) (?:del?|of)$")
_WHICH = re.compile(
    r"\b(?:que|quien(?:es)?|cual(?:es)?|which|that|who)\s(?:[^.;:,]{0,60}\s)?(?!need\b|speed\b)(?:\w+ó|\w{2,}(?:aron|ieron)"
    r"|fue(?:ron)?|han?|has|had|was|were|came|took|\w{3,}ed)\b[^.;:]{0,40}$",
    re.IGNORECASE,
)
"""A clause that tells of the thing before it what has been: the law, which came into force in May 2019."""
_NEAR = 160
"""How many characters before a date are looked at."""


def is_cited(text: str, start: int, end: int) -> bool:
    """Whether the date at these characters of `text` (code points, end exclusive) is that of a thing that is cited.

    It is where it belongs to a thing that is known already, by a mere “of” (unless that is what the plan is to bring
    about, such as a meeting to be held), or stands behind a word that says what was done, or is that of records that
    are to be examined.
    """
    before, words = key(text[max(0, start - _NEAR) : start]), key(text[start:end])
    first = re.match(r"\d|[a-z]+", words)
    bare = first is not None and (first[0].isdigit() or first[0] in month_names())
    known = _OF.search(before) if bare else None
    if bare and _COMPARED.search(before):
        return True
    if known is not None:
        return _MAKES.search(before[: known.start()].rstrip()) is None
    return bool(_TOLD.search(before) or _is_examined(before, words) or _WHICH.search(_written(text, start)))


def _is_examined(before: str, words: str) -> bool:
    examined = _EXAMINED.search(before)
    if examined is None:
        return False
    return bool(_SPAN.match(words) or (examined["compared"] and not words.startswith(("para ", "by ", "hasta "))))


def _written(text: str, start: int) -> str:
    """What stands before a date as it is written, for a mere accent may tell what has been."""
    return unicodedata.normalize("NFC", text[max(0, start - _NEAR) : start])


def tells(before: str) -> bool:
    """Whether a schedule entry tells of something done with the words before a date, which is then when it was done."""
    return _REPORTS.match(key(before)[:_NEAR]) is not None
