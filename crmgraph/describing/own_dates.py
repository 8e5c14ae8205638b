"""When a plan itself is from, by the lines above its table."""

import re
from collections.abc import Iterator

from crmgraph.describing.literals import date_literal
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.timing import find_times
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key

__all__ = ["describe_own_dates"]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:\s*[-‐‑‒–—−/]\s*|\s+(?:al?|hasta|y|to|and)\s+)((?:19|20)\d\d)(?!\d)", re.IGNORECASE
)
"""Two years from the first to the last of which a plan goes."""
_ADOPTED = re.compile(
    r"\b(?:aprobad|adoptad|suscrit|firmad|acordad|emitid|publicad|actualizad|revisad|promulgad)[oa]s?\b"
    r"|\b(?:approved|adopted|signed|agreed|issued|published|updated|revised)\b"
)
_AIM_BEFORE = re.compile(
    r"\b(?:agenda|vision|horizonte|horizon|hacia|towards?|rumbo|metas?|objetivos de desarrollo sostenible|ods|sdgs?)"
    r"(?: (?:al?|la|el|los|las|the|de|del|of))*(?: (?:ano|year))?$"
)
_AIM_AFTER = re.compile(r"(?: (?:agenda|vision|horizon|goals|targets)\b)")
"""What has a year in its name by which something is to be reached, of which the plan is not."""
_INSTRUMENT = re.compile(
    r"\b(?:ley|decreto|resolucion|acuerdo|convencion|convenio|tratado|protocolo|declaracion|constitucion|reglamento"
    r"|memorandum|memorando|pacto|estatuto|ordenanza|censo|act|law|decree|resolution|agreement|convention|treaty"
    r"|protocol|declaration|compact|memorandum|ordinance|census)\b[^,;:()]{0,80}?"
    r"(?: (?:del?|of)(?: (?:the|ano|year))?|\d ?[/-])$"
)


_NUMBERED = re.compile(
    r"\b(?:ley|decreto|resolucion|acuerdo|acta|oficio|expediente|codigo|documento|law|decree|resolution|document)"
    r"(?: (?:n|no|num)\.?(?: ?[o°])?)?$"
)
"""What stands before figures that look like years and are a number of something."""


def describe_own_dates(scribe: Scribe, by: str) -> None:
    """The dates of the plan that its title says, of a period the first and the last year, attributed to `by`.

    Dates of what the title names (the 2030 Agenda, Law 25 of 2003) are none. A day that no calendar has is told as what
    it is.
    """
    for line in (leaf for leaf in scribe.plan.leaves if leaf.row == 0):
        taken: list[tuple[int, int]] = []
        for start, end, values in _dates(line.exact):
            if all(end <= before or after <= start for before, after in taken):
                taken.append((start, end))
                if _is_of_another(line.exact, start, end, len(values)):
                    continue
                for value in values:
                    scribe.state(scribe.root, CG.date, date_literal(value), within(line, start, end), by)
        for each in find_times(line.exact, told=True):
            words = within(line, each.start, each.end)
            if each.property == "impossible" and not _is_of_another(line.exact, each.start, each.end, 1):
                scribe.stand(scribe.root, words, CG.impossibleDate)
            elif each.property == "reversed" and _PERIOD.search(words.exact) is None:
                for predicate, value in zip((CG.since, CG.until), each.value.split("/"), strict=True):
                    scribe.state(scribe.root, predicate, date_literal(value), words, by)


def _dates(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Periods in a text, its days and months, then its periods of two years, then single years, each with its place."""
    found = find_times(text, told=True)
    begun = {each[:2]: each.value for each in found if each.property == "since"}
    for each in found:
        if each.property == "until" and each[:2] in begun and _is_exact(begun[each[:2]]) and _is_exact(each.value):
            yield each.start, each.end, (begun[each[:2]], each.value)
    yield from (
        (each.start, each.end, (each.value,)) for each in found if each.property == "date" and _is_exact(each.value)
    )
    yield from ((each.start(), each.end(), each.groups()) for each in _PERIOD.finditer(text))
    yield from ((each.start(), each.end(), (each[0],)) for each in _YEAR.finditer(text))


def _is_of_another(text: str, start: int, end: int, years: int) -> bool:
    """Whether a date is that of what is named before it; a period is not, nor is the day when a plan was adopted."""
    before = key(text[:start])
    if _NUMBERED.search(before) or _AIM_BEFORE.search(before) or _AIM_AFTER.match(f" {key(text[end:])}"):
        return True
    return years == 1 and _INSTRUMENT.search(before) is not None and _ADOPTED.search(before) is None


def _is_exact(value: str) -> bool:
    """Whether a date says at least the month."""
    return len(value) > len("2010")
