"""What the words of a calendar entry say of the state of things, where no reader has said it."""

import re
from collections.abc import Collection

from rdflib import URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.clauses import is_condition, is_main_clause, speaks_of_all
from crmgraph.describing.denials import plainly
from crmgraph.describing.naming import Lexicon, Mention
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import OURS
from crmgraph.describing.vocabulary import CG, STATUS
from crmgraph.reading.folding import fold
from crmgraph.reading.plan import Note, Passage, ScheduleEntry

__all__ = ["describe_statuses", "statuses_of"]

_PENDING = str(STATUS.pending)
_TOLD = (str(STATUS.done), str(STATUS.launched))
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
_FINITE = re.compile(r"^(?:se|ha|han|fue|fueron|tuvo|tuvieron|has|have|was|were|took) ")
"""A verb, which may be followed by what was done, or stand behind it."""
_IN_SOMETHING = re.compile(r"^(?:en|in) ")
"""What may be followed by that which is in course: en proceso de licitación."""
_PARTICIPLE = re.compile(r"^(?:\w+(?:[ai]d[oa]s?|ed)|hech[oa]s?|held|sin fecha)$")
_NO_STATUS_BEFORE = re.compile(
    r"\b(?:segun|conforme|de acuerdo|according|based)\b"
    r"|(?:^|\b(?:a|be|been|by|de|del|el|has|have|la|las|lo|los|no|not|of|para|por|que|sea|sean|ser|sera|seran"
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
    alternative labels say it only where they are the verb of a sentence, open or end a schedule entry, or are all that
    is said in a note. A note says it only of all that it is about. What is pending or was done beside another status
    (continuous, pending funds; continuous, two courses were held) is not the activity.
    """
    said: dict[str, Passage] = {}
    plain = plainly(entry.passage.exact)
    found = [mention for mention in lexicon.find(plain.text) if _says(mention, entry, plain.text)]
    for mention in found:
        others = any(other.iri != mention.iri for other in found)
        if others and not _is_of_the_activity(mention, plain.text):
            continue
        said.setdefault(mention.iri, within(entry.passage, *plain.original(mention.start, mention.end)))
    return list(said.items())


def _is_of_the_activity(mention: Mention, text: str) -> bool:
    """Whether a status beside another one is that of the activity, and not of something that was or is to be had.

    A line of its own is a sentence.
    """
    lines = text[: mention.start].replace("\n", ". "), text[mention.end :].replace("\n", ". ")
    before, after = (fold(part).text for part in lines)
    if mention.iri == _PENDING:
        return _OF.match(after) is None
    return mention.iri not in _TOLD or speaks_of_all(before, after)


def _says(mention: Mention, entry: ScheduleEntry | Note, text: str) -> bool:
    before, words, after = (
        re.sub("[‐‑‒–—−\n]", "-", fold(part).text)
        for part in (text[: mention.start], text[mention.start : mention.end], text[mention.end :])
    )
    if _NO.search(before.rstrip()):
        return False
    if isinstance(entry, Note):
        whole = mention.form != _ONLY_ALONE or _FINITE.match(words) or _ENDS.match(after)
        return bool(whole and speaks_of_all(before, after))
    if mention.form != _ONLY_ALONE:
        return mention.iri not in _TOLD or not is_condition(before)
    if _OPENS.search(before):
        goes_on = _FINITE.match(words) or (_IN_SOMETHING.match(words) and re.match(" (?:de|of) ", after))
        return bool(goes_on or _GOES_ON.match(after))
    if _FINITE.match(words):
        return is_main_clause(before)
    return bool(_PARTICIPLE.match(words) and _ENDS.match(after) and not _NO_STATUS_BEFORE.search(before))
