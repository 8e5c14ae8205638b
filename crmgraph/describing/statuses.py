"""What the words of a calendar entry say of the state of things, where no reader has said it."""

import re
from collections.abc import Collection

from rdflib import URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import OURS
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key
from crmgraph.reading.plan import Note, Passage, ScheduleEntry

__all__ = ["describe_statuses", "statuses_of"]

_NO = re.compile(r"\b(?:no|not)$")


def describe_statuses(lexicon: Lexicon, read: Collection[Annotation], scribe: Scribe) -> None:
    """The status of each calendar entry or note that its words give it, where no reader (see `read`) said it."""
    decided = {row.element.id for row in read if row.row["property"] == "status"}
    for part, _ in scribe.plan.walk():
        if isinstance(part, ScheduleEntry | Note) and part.id not in decided:
            for status, words in statuses_of(part, lexicon):
                scribe.state(scribe.iri(part.id), CG.status, URIRef(status), words, OURS)


def statuses_of(entry: ScheduleEntry | Note, lexicon: Lexicon) -> list[tuple[str, Passage]]:
    """The IRIs of the statuses that the words of an entry name, and the words; a "no" before a phrase undoes it.

    Each status is given once, by the first words that name it; more than one status is a defect to be found.
    """
    said: dict[str, Passage] = {}
    text = entry.passage.exact
    for mention in lexicon.find(text):
        if not _NO.search(key(text[: mention.start])):
            said.setdefault(mention.iri, within(entry.passage, mention.start, mention.end))
    return list(said.items())
