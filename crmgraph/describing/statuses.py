"""The state of things by the words of calendar entries and notes, as statements, where no reader has said it."""

from collections.abc import Collection

from rdflib import URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import OURS
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.extraction.statuses import find_statuses
from crmgraph.reading.model import Note, Passage, ScheduleEntry

__all__ = ["describe_statuses", "statuses_of"]


def describe_statuses(names: Gazetteer, read: Collection[Annotation], scribe: Scribe) -> None:
    """Add the status of each calendar entry or note that its words give it, where no reader (see `read`) said it."""
    decided = {row.element.id for row in read if row.row["property"] == "status"}
    for part, _ in scribe.plan.walk():
        if isinstance(part, ScheduleEntry | Note) and part.id not in decided:
            for status, words in statuses_of(part, names):
                scribe.state(scribe.iri(part.id), CG.status, URIRef(status), words, OURS)


def statuses_of(entry: ScheduleEntry | Note, names: Gazetteer) -> list[tuple[str, Passage]]:
    """Return the IRIs of the statuses that the words of an entry or note say, each with these words.

    More than one status is a defect to be found.
    """
    found = find_statuses(entry.passage.exact, names, in_note=isinstance(entry, Note))
    return [(each.iri, within(entry.passage, each.start, each.end)) for each in found]
