"""What the words of a calendar entry say of the state of things, where no reader has said it."""

import re
from collections.abc import Collection

from rdflib import URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.clauses import (
    clause_before,
    has_no_other_subject,
    is_condition,
    is_main_clause,
    is_of_a_part,
    speaks_of_all,
)
from crmgraph.describing.denials import plainly
from crmgraph.describing.naming import Lexicon, Mention
from crmgraph.describing.outcomes import find_outcome
from crmgraph.describing.own_subjects import find_denial
from crmgraph.describing.qualifying import (
    BEGINS,
    PARTLY,
    find_share,
    is_answered_no,
    is_foreseen,
    is_of_a_moment,
    is_partly,
)
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import OURS
from crmgraph.describing.vocabulary import CG, STATUS
from crmgraph.extraction.dates import month_names
from crmgraph.extraction.patterns import any_of
from crmgraph.reading.folding import fold
from crmgraph.reading.model import Note, Passage, ScheduleEntry

__all__ = ["describe_statuses", "statuses_of"]

_PENDING = str(STATUS.pending)
_DONE = str(STATUS.done)
_TOLD = (_DONE, str(STATUS.launched))
_IN_PROGRESS = str(STATUS["in-progress"])
_INCOMPLETE = str(STATUS.incomplete)
_STATES = (_PENDING, _IN_PROGRESS, str(STATUS.continuous))
_UNDONE = tuple(str(STATUS[name]) for name in ("not-started", "not-carried-out", "no-progress", "incomplete"))
_ONLY_ALONE = "short-name"
"""The form of a name that is an alternative label."""
_OF = re.compile(r"\s+(?:de|del|of)\b", re.IGNORECASE)
_NO = re.compile(r"\b(?:no|not|not yet|never|nunca)$")
_OPENS = re.compile(r"(?:^(?:\d+\.)*\d*\.?|[.;:,(/-]) *(?:ya |already |aun |todavia |still |as yet )?$")
"""What stands before words that open an entry, or a clause of it."""
_GOES_ON = re.compile(
    r" *(?:$|[.;:,)/(-])"
    r"| (?:al?|by|con|de acuerdo|desde|during|durante|el \d|en|for|hasta|in|on|para|por|since|sine|to|until)\b"
    rf"| {PARTLY}(?![\w%])"
    r"| (?:y|e|and|pero|but|aunque) (?:ya |aun |todavia |still |now )?(?:en|in|under|no|not|sin|por|to be|pendiente"
    r"|pending|continu\w+|ongoing)\b"
)
"""What may follow them there: the time, place or cause, another status, and not a thing that they would be said of."""
_ENDS = re.compile(r" *[.;]? *$")
_FINITE = re.compile(
    r"^(?:(?:se|ha|han|fue|fueron|tuvo|tuvieron|has|have|was|were|took) |(?:comenz|empez|arranc)(?:o|aron)$|began$)"
)
"""A verb, which may be followed by what was done, or stand behind it."""
_IN_SOMETHING = re.compile(r"^(?:en|in) ")
"""What may be followed by that which is in course: en proceso de licitación."""
_COMPLETES = re.compile(
    r"\b(?:realiz|ejecut|conclu|complet|finaliz|termin|cumpl|culmin|hech|hizo|hici|efectu|llev|celebr|implement|alcanz"
    r"|tuv|done|carried|finish|fulfil|achiev|accomplish|undertak|conduct|held|execut|took)"
)
"""What says of an activity that it was done, and not only that some act of it was, such as to approve it."""
_IN_TIME = re.compile(
    rf" (?:en|in|el|on) (?:\d{{1,2}} )?(?:de )?(?:(?:{any_of(month_names())}) )?(?:\d{{1,2}}, )?(?:del? |of )?"
    r"(?:19|20)\d\d *[.;]? *$"
)
"""When it was, at the end of an entry."""
_PARTICIPLE = re.compile(r"^(?:\w+(?:[ai]d[oa]s?|ed)|hech[oa]s?|suscrit[oa]s?|begun|done|held|sin fecha)$")
_NO_STATUS_BEFORE = re.compile(
    r"\b(?:segun|conforme|de acuerdo|according|based)\b"
    r"|(?:^|\b(?:a|be|been|by|de|del|el|has|have|la|las|lo|los|no|not|of|para|por|que|sea|sean|ser|sera|seran"
    r"|si|siendo|the|to|una vez|yet|once|when|cuando)) *$"
)
"""What stands before a participle at the end of an entry that does not say how things stand: lo realizado."""


def describe_statuses(lexicon: Lexicon, read: Collection[Annotation], scribe: Scribe) -> None:
    """The status of each calendar entry or note that its words give it, where no reader (see `read`) said it."""
    decided = {row.element.id for row in read if row.row["property"] == "status"}
    for part, holder in scribe.plan.walk():
        if isinstance(part, ScheduleEntry | Note) and part.id not in decided:
            said = statuses_of(part, lexicon)
            denied = find_denial(part, holder) if not said and isinstance(part, Note) and holder else None
            for status, words in [*said, *([(_INCOMPLETE, denied)] if denied else [])]:
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
    found = [_qualified(each, plain.text) for each in lexicon.find(plain.text) if _says(each, entry, plain.text)]
    if len({mention.iri for mention in found}) > 1:
        found = [mention for mention in found if _is_of_the_activity(mention, found, plain.text)] or found[:1]
    for mention in found:
        said.setdefault(mention.iri, within(entry.passage, *plain.original(mention.start, mention.end)))
    if not said and isinstance(entry, ScheduleEntry):
        outcome = find_outcome(plain.text.replace("\n", " "))
        said.update({_DONE: within(entry.passage, *plain.original(*outcome))} if outcome else {})
        share = None if outcome else find_share(entry.passage.exact)
        said.update({_IN_PROGRESS: within(entry.passage, *share)} if share else {})
    return list(said.items())


def _qualified(mention: Mention, text: str) -> Mention:
    """What is done only in part is in progress, and what is “completed: no” is not completed."""
    if mention.iri != _DONE:
        return mention
    before, after = fold(text[: mention.start]).text, fold(text[mention.end :]).text
    if is_answered_no(after):
        return mention._replace(iri=_INCOMPLETE)
    return mention._replace(iri=_IN_PROGRESS) if is_partly(before, after) else mention


def _is_of_the_activity(mention: Mention, found: Collection[Mention], text: str) -> bool:
    """Whether a status beside others that were found is that of the activity, and not of something that belongs to it.

    A line of its own is a sentence.
    """
    last = max((other for other in found if other.end <= mention.start), default=None)
    spans = (0, mention.start), (last.end if last else 0, mention.start), (mention.end, len(text))
    before, since, after = (fold(text[start:end].replace("\n", ". ")).text for start, end in spans)
    if mention.iri in _TOLD:
        at_once = last is not None and last.iri in _UNDONE and since.strip() == ","
        told = "" if at_once else before
        return _COMPLETES.search(fold(mention.name).text) is not None and speaks_of_all(told, after)
    if mention.iri in _STATES:
        return _OF.match(after) is None and has_no_other_subject(since)
    return True


def _says(mention: Mention, entry: ScheduleEntry | Note, text: str) -> bool:
    before, words, after = (
        re.sub("[‐‑‒–—−\n]", "-", fold(part).text)
        for part in (text[: mention.start], text[mention.start : mention.end], text[mention.end :])
    )
    tells = mention.iri in _TOLD or (mention.iri == _IN_PROGRESS and BEGINS.search(words) is not None)
    if _NO.search(before.rstrip()) or (tells and is_foreseen(before)):
        return False
    if isinstance(entry, Note):
        whole = mention.form != _ONLY_ALONE or _FINITE.match(words) or _ENDS.match(after)
        is_then = mention.iri == _DONE and _IN_TIME.match(after)
        return bool(whole and speaks_of_all(before, after) and (is_then or not is_of_a_part(after)))
    if mention.form != _ONLY_ALONE:
        return mention.iri not in _TOLD or not is_condition(before)
    if _OPENS.search(before):
        goes_on = _FINITE.match(words) or (_IN_SOMETHING.match(words) and re.match(" (?:de|of) ", after))
        return bool(goes_on or _GOES_ON.match(after))
    if _FINITE.match(words):
        return is_main_clause(before)
    ends = _ENDS.match(after) or (tells and is_main_clause(before) and _IN_TIME.match(after))
    in_part = mention.iri == _DONE and is_partly(before, after)
    led = _NO_STATUS_BEFORE.search(before) or is_of_a_moment(clause_before(before))
    return bool(_PARTICIPLE.match(words) and (ends or in_part) and not led)
