"""Dates of what a plan cites (the meeting of May 2025, what was agreed in 2024): nothing is to happen on those."""

import re
import unicodedata

from crmgraph.describing.timing.calendar_words import month_names
from crmgraph.describing.timing.past_words import (
    IRREGULAR_PARTICIPLES,
    IRREGULAR_PASTS,
    NO_PARTICIPLES,
    ONLY_PAST,
    OTHER_PASTS,
    PEOPLE,
    YET_TO_COME,
)
from crmgraph.reading.folding import key

__all__ = ["is_cited", "is_of_a_subject", "is_told", "tells"]

_DEFINITE = r"(?:el|la|los|las|lo|al|del|sus?|dich[oa]s?|es[aeo]s?|the|this|that|those|these|its|their)"
_PARTING = r"(?:a|desde|durante|en|hasta|para|y|e|and|by|during|for|from|in|to|until)"
_COMING = r"(?:be|must|sean?|seran?|shall|should|will)"
_KNOWN = rf"\b{_DEFINITE}(?: (?!(?:{_PARTING}|{_COMING})\b)[\w-]+){{1,8}}"
_PARTICIPLE = (
    rf"(?!{YET_TO_COME}\b)(?!{NO_PARTICIPLES}\b)(?:[a-z]+[ai]d[oa]s?|[a-z]{{2,}}ed|{IRREGULAR_PARTICIPLES})"
    r"(?: (?:away|back|down|in|off|out|over|up))?"
)
_PLACE = r"(?: (?:en|in|at|by|por) [^.;:,]{1,40})?"
_OF = re.compile(rf"(?P<known>{_KNOWN}),? (?:del?|of)(?: the)?$")
_TOLD = re.compile(
    r"(?:\b(?:lo(?: que (?:se|fue|ha sido|se ha))?|what(?: was| has been| had been)?)"
    rf"|{_KNOWN}|[\w)],(?: (?:ya|already|first|\w+mente|\w+ly))?(?! {PEOPLE}\b)) {_PARTICIPLE}{_PLACE}$"
)
"""What was done, behind a thing that is known, or apart from it: la presa, dañada en 2017."""
_GETS = re.compile(r"\b(?:get|have)(?:t?ing)? [^.;:]*$")
"""What makes a participle one of what is to be done: to have the wall built."""
_LIKE = re.compile(
    r"(?:\b(?:(?<!well )(?<!such )as|than|like|como)"
    r"|\b(?:mas|menos|mayor(?:es)?|menor(?:es)?|mejor(?:es)?|peor(?:es)?|igual|mism[oa]s?|lo)\b[^.;:]{0,60}\bque)$"
)
"""What a date is compared with."""
_MAKES = re.compile(
    r"\b(?:(?:celebr|convoc|finaliz|inaugur|lanz|organiz|prepar|realiz)(?:ar|acion de|amiento de)|conclu(?:ir|sion de)"
    r"|convocatoria a|hacer|iniciar|llevar a cabo|participar en|asistir a"
    r"|(?:attend|hold|host|launch|open|finish|start|run)(?:n?ing)?|(?:complet|conven|organi[sz]|prepar)(?:e|ing)"
    r"|participate in)l?$"
)
"""What a plan does to things that are yet to come about."""
_REPORTS = re.compile(
    r"^(?:\d+(?:\.\d+)*\.? )?(?:- )?(?:(?:ya |already )?[a-z]+(?:[ai]d[oa]s?|ed|held)|held"
    r"|(?!.*\b(?:que|that|which|who)\b).*\b(?:se (?:han?|\w{2,}(?:aron|ieron|jeron|yeron|[^aeiou]o|[ei]o))"
    r"|fue|fueron|han? sido|was|were|has been|have been)\b)[^.;:]*$"
)
_EXAMINED = re.compile(
    r"\b(?P<how>(?:digitali[sz]|anali[sz]|analy[sz]|revis|review|sistemati[sz]|systemati[sz]|examin|evalu|assess|estudi|stud"
    r"|archiv|clasific|depur|(?P<compared>compar|contrast))(?:ar|e|y|ate|ing|acion de)?)(?: [\w-]+){1,9}$"
)
"""What a plan does to things that are there already, such as records; to compare them each may have its date."""
_SPAN = re.compile(r"(?:del?|desde|entre|from|between|since)\b|\d{4} ?-")
_COMPARED = re.compile(r"\b(?:with (?:those|that)|con (?:el|la|los|las)|those) (?:del?|of)$")
_TO_COME = r"(?:will|shall|should|must|may|can|could|to be|ser[aá]n?|deben?|deber[aá]n?|podr[aá]n?|pueden?)"
_PRETERITE = r"(?:\w{2,}ó|\w{2,}(?:aron|ieron|jeron|yeron))"
_WHICH = re.compile(
    r"\b(?:que|quien(?:es)?|cual(?:es)?|cuy[oa]s?|donde|which|that|who|whose|where)\s"
    rf"(?:(?!{_TO_COME}\b)[^\W\d_]+\s){{0,10}}?(?!{NO_PARTICIPLES}\b)(?:{_PRETERITE}|{IRREGULAR_PASTS}|\w{{3,}}ed)\b"
    r"(?:(?!\s(?:y|e|o)\s\w+[aei]r\b)[^.;:]){0,40}$",
    re.IGNORECASE,
)
"""A clause that tells of the thing before it what has been: the law, which came into force in May 2019."""
_HAS_BEEN = re.compile(
    rf"(?:\b(?:{_PRETERITE}|fue(?:ron)?|dio|hizo|hubo|tuvo|han?\s(?:sido\s)?\w+d[oa]s?)|[^\W\d]\s{ONLY_PAST}"
    rf"|\b(?:it|they|we|who)\s{OTHER_PASTS})\b"
    r"(?:(?!\s(?:y|e|and|but|pero|para|to)\b)[^.;:,]){0,60}$",
    re.IGNORECASE,
)
"""A clause that tells what has been: the dam broke in 2017."""
_SUBJECT = re.compile(rf"[\w)],? {_PARTICIPLE}{_PLACE}$")
_PREDICATE = re.compile(r"^[^.;:]{0,80}?(?:\b(?:will|shall|must|is to|are to)\b|\w(?:ar|er|ir|dr|br|rr)án?\b)")
"""What is said of a thing that stands before it as the subject, with its past: the pump installed in 2019 will go."""
_NEAR = 160
"""How many characters before a date are looked at."""


def is_cited(text: str, start: int, end: int) -> bool:
    """Whether the date at these characters of `text` (code points, end exclusive) is that of a thing that is cited.

    It is where it belongs to a thing that is known already, by a mere “of” (unless that is what the plan is to bring
    about, such as a meeting to be held), or stands behind a word that says what was done, or is that of records that
    are to be examined, or of what something is compared with.
    """
    before, words = key(text[max(0, start - _NEAR) : start]), key(text[start:end])
    first = re.match(r"\d|[a-z]+", words)
    bare = first is not None and (first[0].isdigit() or first[0] in month_names())
    known = _OF.search(before) if bare else None
    if bare and _COMPARED.search(before):
        return True
    if known is not None:
        return _MAKES.search(before[: known.start()].rstrip()) is None
    compared = not bare and _LIKE.search(before)
    done = _TOLD.search(before) and not _GETS.search(before)
    return bool(compared or done or _is_examined(before, words) or is_told(text, start))


def is_told(text: str, start: int) -> bool:
    """Whether the date that begins at this character stands in a clause that tells what has been."""
    before = _written(text, start)
    return bool(_WHICH.search(before) or _HAS_BEEN.search(before))


def is_of_a_subject(text: str, start: int, end: int) -> bool:
    """Whether a date is that of the past of a thing of which it is then said what will become of it."""
    after = unicodedata.normalize("NFC", text[end:])
    return bool(_PREDICATE.match(after) and _SUBJECT.search(key(text[max(0, start - _NEAR) : start])))


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
