"""What a calendar entry says of the state of things: by its words, or as a reader saw it."""

import re
from pathlib import Path

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.tables import Column, read_table
from crmgraph.describing.vocabulary import STATUS
from crmgraph.reading.folding import key
from crmgraph.reading.plan import Part, Plan, ScheduleEntry

__all__ = ["StatusAnnotations", "read_status_annotations", "statuses_of"]

StatusAnnotations = dict[str, str]
"""The IRI of a status by the id of the calendar entry that a reader gave it to."""

_NO = re.compile(r"\b(?:no|not)$")
_COLUMNS = tuple(Column(name, required=True) for name in ("element", "status", "quote", "annotator"))


def read_status_annotations(file: Path, plan: Plan, statuses: frozenset[str]) -> StatusAnnotations:
    """What a reader saw, from a CSV table of columns element, status, quote, annotator; none where there is no file.

    Raises TableError where the element is no calendar entry of the plan, the status is not one of `statuses`
    (IRIs), or the entry does not hold the quoted words.
    """
    if not file.exists():
        return {}
    entries = {part.id: part for part, _ in plan.walk() if isinstance(part, ScheduleEntry)}
    found: StatusAnnotations = {}
    for row in read_table(file, _COLUMNS, key=("element",)):
        entry = entries.get(row["element"])
        if entry is None:
            raise row.problem("element", f"the plan has no calendar entry {row['element']}")
        if row["quote"] not in entry.passage.exact:
            raise row.problem("quote", f"{entry.id} does not hold these words")
        if str(STATUS[row["status"]]) not in statuses:
            raise row.problem("status", f"there is no status {row['status']}")
        found[entry.id] = str(STATUS[row["status"]])
    return found


def statuses_of(part: Part, lexicon: Lexicon, annotations: StatusAnnotations) -> list[str]:
    """The IRIs of the statuses that a calendar entry gives, each once; more than one is a defect to be found.

    A reader's word decides alone; else each phrase of the text that names a status does, unless a "no" is before it.
    """
    if part.id in annotations:
        return [annotations[part.id]]
    said = [each.iri for each in lexicon.find(part.text) if not _NO.search(key(part.text[: each.start]))]
    return list(dict.fromkeys(said))
