"""What a schedule entry says of when or how things stand that is neither a time nor a status: on request, half done."""

from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.timing.occasions import find_occasion
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.plan import ScheduleEntry

__all__ = ["describe_occasions"]

_SAID = (CG.status, CG.date, CG.since, CG.until, CG.recurrence, CG.delay, CG.impossibleDate)


def describe_occasions(scribe: Scribe) -> None:
    """The words of each schedule entry that say so, where nothing else of it does."""
    for part, _ in scribe.plan.walk():
        subject = scribe.iri(part.id)
        if isinstance(part, ScheduleEntry) and not any((subject, said, None) in scribe.graph for said in _SAID):
            words = find_occasion(part.passage.exact)
            if words is not None:
                scribe.stand(subject, within(part.passage, *words), CG.otherTiming)
