"""What is said about words that tell how things stand: that they are an aim, true only in part, or not true."""

import re

from crmgraph.describing.clauses import MOMENT
from crmgraph.reading.folding import fold

__all__ = ["BEGINS", "PARTLY", "find_share", "is_answered_no", "is_foreseen", "is_of_a_moment", "is_partly"]

_FORESEEN = re.compile(
    r"\b(?:deb(?:e|en|era|eran|eria|erian|iera|ieran)|puede|pueden|podr(?:a|an|ia|ian)|h(?:a|an) de|tienen? que|hay que"
    r"|van? a|quedar(?:a|an)|estar(?:a|an)|ser(?:a|an)|habr(?:a|an)|tendr(?:a|an)|queden?|sea|sean|haya|hayan"
    r"|se (?:espera|preve|estima|calcula|procurara|buscara)|(?:esta )?previst[oa] que|para (?:tener|dejar|ver)"
    r"|will|shall|must|should|may|might|can|could|ought|needs? to|to (?:be|have|get)|going to|hopes?|expects?"
    r"|(?:is|are|be) (?:due|expected|planned|scheduled|to))\b[^.;:]*$"
)
"""Verbs under which what follows has not come about yet."""
_AIM = re.compile(
    r"\b(?:metas?|objetivos?|hitos?|prevision|previst[oa]s?|esperad[oa]s?|indicador(?:es)?|fecha limite|targets?|goals?"
    r"|aims?|milestones?|indicators?|(?:expected|planned|intended)(?: \w+)?|foreseen|deadline|due)"
    r"(?: (?:para|a|al|de|en|for|in|by) [^:.;]{1,40})? ?:[^.;]*$"
)
"""What calls that which follows an aim: meta: 80 % ejecutado."""
_SHARE = r"(?:\d{1,2}(?:[.,]\d+)? ?(?:%|por ciento|per ?cent))"
_PROGRESS = r"(?:(?:grado de )?(?:avances?|progreso|progress|ejecucion|cumplimiento))"
_ALL_SAID = re.compile(
    rf"^(?:(?:\d+\.)*\d+\.? )?(?:{_PROGRESS}(?: (?:del?|of|al))? ?:? ?)?(?:el |un |al )?(?P<share>(?!0){_SHARE})"
    rf"(?: (?:de |of |en )?{_PROGRESS})? ?[.;]?$"
)
"""A share between nothing and all, where it is all that an entry says: 50 %."""
_HALF = (
    r"(?:casi|a medio|medio|medianamente|parcialmente|practicamente|en parte|a medias|half|almost|nearly|mostly|partly"
    r"|partially|in part|largely|half-?way)"
)
PARTLY = rf"(?:{_SHARE}|{_HALF})"
"""Words, folded, that say that something is so only in part."""
_BEFORE = re.compile(
    rf"\b{PARTLY} ?(?:ya |already )?$"
    rf"|^(?:(?:\d+\.)*\d+\.? )?(?:{_SHARE}|half|most|part|(?:la )?mitad|(?:la mayor )?parte|[a-z]+ tercios?"
    r"|[a-z]+ thirds?) (?:del?|of) [^.;:]*$"
)
_AFTER = re.compile(rf"^ ?[,(:-]? ?(?:solo |only |al |en un |at |en )?{PARTLY}(?![\w%])")
_NO = re.compile(r"^ ?[:?=-]+ ?(?:no|not(?: yet)?|aun no|todavia no|none|pendiente|pending)\b ?[.;]?(?:$| \()")
_WHEN = re.compile(
    rf"\b(?:{MOMENT}|till|whenever|while|antes de|despues de|en cuanto|hasta|siempre que|tan pronto|with|con)\b[^,]*$"
)
BEGINS = re.compile(r"inici|comenz|empez|arranc|start|beg[au]n")
"""Words, folded, for a beginning, which has its date as something done has."""


def is_foreseen(before: str) -> bool:
    """Whether the folded words before make what is said after them something to come: must be, will be, the aim."""
    return bool(_FORESEEN.search(before) or _AIM.search(before))


def is_partly(before: str, after: str) -> bool:
    """Whether the folded words around say that it is so only in part: half done, 80% completed."""
    return bool(_BEFORE.search(before) or _AFTER.match(after))


def is_answered_no(after: str) -> bool:
    """Whether words are a question or the head of a field that the words behind deny: completed: no."""
    return _NO.match(after) is not None


def is_of_a_moment(clause: str) -> bool:
    """Whether a clause, folded, that leads to a participle says when or with what: once the treaty is (signed)."""
    return _WHEN.search(clause) is not None


def find_share(text: str) -> tuple[int, int] | None:
    """Where an entry that says nothing else says how much has been done: more than nothing and less than all."""
    folded = fold(text)
    found = _ALL_SAID.match(folded.text)
    return folded.original(*found.span("share")) if found else None
