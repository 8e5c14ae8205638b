"""Verbs in the past with which a calendar entry tells that something was done, whatever it was that was done."""

import re
from itertools import islice

from crmgraph.describing.clauses import is_main_clause
from crmgraph.reading.folding import fold

__all__ = ["find_outcome"]

_NO_OUTCOME = (
    r"(?!(?:acord|anul|aplaz|arranc|asign|avanz|calendariz|cancel|comenz|comunic|consider|contempl|continu|dej|decid|defin"
    r"|demor|design|determin|difer|difir|emp[ei]|encarg|encontr|encuent|esper|estim|fij|hab|inclu|indic|inici|inform"
    r"|intent|interrump|lanz|necesit|observ|paraliz|pens|permit|ped|pid|planific|planead|posp|posterg|pretend|prev|pod"
    r"|program|progres|prolong|propon|propu|prorrog|qued|quer|quis|recomend|report|reprogram|requer|requir|retras|sab"
    r"|señal|sigui|solicit|suger|sugir|suspend|tard|ten|trat|tuv))"
)
"""Verbs of what begins, stops, goes on, is decided or is said, with which nothing is done yet."""
_LETTERS = "a-zñáéíóúü\u0301\u0303"
_PRETERITE = rf"{_NO_OUTCOME}[{_LETTERS}]{{2,}}(?:ó|o\u0301|aron|ieron|yeron|jeron)(?![{_LETTERS}])"
_PARTICIPLE = (
    rf"{_NO_OUTCOME}(?:[{_LETTERS}]{{2,}}(?:[ai]d|ú?íd|scrit)[oa]s?|(?:abiert|compuest|cubiert|dispuest|impres|resuelt)[oa]s?)"
    rf"(?![{_LETTERS}])"
)
_OUTCOME = re.compile(
    rf"(?<![{_LETTERS}])(?:se (?:(?:les?|l[oa]s?) )?{_PRETERITE}"
    rf"|(?:se (?:(?:les?|l[oa]s?) )?)?han? (?:ya )?(?:sido )?{_PARTICIPLE}|fue(?:ron)? {_PARTICIPLE}|{_PRETERITE})",
    re.IGNORECASE,
)
_NEAR, _MOST = 300, 50
"""How many characters before a verb, and how many verbs, are looked at."""


def find_outcome(text: str) -> tuple[int, int] | None:
    """Where `text`, with no blank but single ones, first tells that something was done; the end is exclusive.

    The verb stands in a main clause, which no more than its subject goes before: the OIM submitted its report.
    """
    for match in islice(_OUTCOME.finditer(text), _MOST):
        if is_main_clause(fold(text[max(0, match.start() - _NEAR) : match.start()]).text):
            return match.span()
    return None
