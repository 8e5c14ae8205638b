"""What the words of a calendar entry say of the state of things, where no reader has said it."""

import re
from collections.abc import Collection

from rdflib import URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.naming import Lexicon, Mention
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import OURS
from crmgraph.describing.vocabulary import CG, STATUS
from crmgraph.reading.folding import fold
from crmgraph.reading.plan import Note, Passage, ScheduleEntry

__all__ = ["describe_statuses", "statuses_of"]

_PENDING = str(STATUS.pending)
_ONLY_ALONE = "short-name"
"""The form of a name that is an alternative label."""
_OF = re.compile(r"\s+(?:de|del|of)\b", re.IGNORECASE)
_NO = re.compile(r"\b(?:no|not|not yet|never|nunca)$")
_OPENS = re.compile(r"(?:^(?:\d+\.)*\d*\.?|[.;:,(/-]) *(?:ya |already )?$")
"""What stands before words that open an entry, or a clause of it."""
_GOES_ON = re.compile(
    r" *(?:$|[.;:,)/(-])"
    r"| (?:al?|by|con|de acuerdo|desde|during|durante|el \d|en|for|hasta|in|on|para|por|since|sine|to|until)\b"
)
"""What may follow them there: the time, place or cause, and not a thing of which they would be the participle."""
_ENDS = re.compile(r" *[.;]? *$")
_FINITE = re.compile(r"^se ")
"""A verb, which may be followed by what was done."""
_IN_SOMETHING = re.compile(r"^(?:en|in) ")
"""What may be followed by that which is in course: en proceso de licitación."""
_PARTICIPLE = re.compile(r"^(?:\w+(?:[ai]d[oa]s?|ed)|hech[oa]s?|sin fecha)$")
_NO_STATUS_BEFORE = re.compile(
    r"(?:^|\b(?:a|be|been|by|de|del|el|has|have|la|las|lo|los|no|not|of|para|por|que|sea|sean|ser|sera|seran"
    r"|si|siendo|the|to|una vez|yet|once|when|cuando)) *$"
)
"""What stands before a participle at the end of an entry that does not say how things stand: lo realizado."""


def describe_statuses(lexicon: Lexicon, read: Collection[Annotation], scribe: Scribe) -> None:
    """The status of each calendar entry or note that its words give it, where no reader (see `read`) said it."""
    decided = {row.element.id for row in read if row.row["property"] == "status"}
    for part, _ in scribe.plan.walk():
        if isinstance(part, ScheduleEntry | Note) and part.id not in decided:
            for status, words in statuses_of(part, lexicon):
                scribe.state(scribe.iri(part.id), CG.status, URIRef(status), words, OURS)


def statuses_of(entry: ScheduleEntry | Note, lexicon: Lexicon) -> list[tuple[str, Passage]]:
    """The IRIs of the statuses that the words of an entry name, and the words; a "no" before a phrase undoes it.

    Each status is given once, by the first words that name it; more than one status is a defect to be found. Its
    alternative labels say it only in a schedule entry that they open or end. What is pending beside another status
    (continuous, pending funds) is not the activity.
    """
    said: dict[str, Passage] = {}
    text = entry.passage.exact
    found = [mention for mention in lexicon.find(text) if _says(mention, entry)]
    for mention in found:
        others = any(other.iri != mention.iri for other in found)
        if mention.iri == _PENDING and others and _OF.match(text, mention.end):
            continue
        said.setdefault(mention.iri, within(entry.passage, mention.start, mention.end))
    return list(said.items())


def _says(mention: Mention, entry: ScheduleEntry | Note) -> bool:
    text = entry.passage.exact
    before, words, after = (
        re.sub("[‐‑‒–—−\n]", "-", fold(part).text)
        for part in (text[: mention.start], text[mention.start : mention.end], text[mention.end :])
    )
    if _NO.search(before.rstrip()):
        return False
    if mention.form != _ONLY_ALONE:
        return True
    if not isinstance(entry, ScheduleEntry):
        return False
    if _OPENS.search(before):
        goes_on = _FINITE.match(words) or (_IN_SOMETHING.match(words) and re.match(" (?:de|of) ", after))
        return bool(goes_on or _GOES_ON.match(after))
    return bool(_PARTICIPLE.match(words) and _ENDS.match(after) and not _NO_STATUS_BEFORE.search(before))
