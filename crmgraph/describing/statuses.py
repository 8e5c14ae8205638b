"""What a calendar entry says of the state of things: by its words, or as a reader saw it."""

from pathlib import Path

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.tables import Column, read_table
from crmgraph.describing.vocabulary import STATUS
from crmgraph.reading.plan import Part, Plan, ScheduleEntry

__all__ = ["StatusAnnotations", "read_status_annotations", "status_of"]

StatusAnnotations = dict[str, str]
"""The IRI of a status by the id of the calendar entry that a reader gave it to."""

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


def status_of(part: Part, lexicon: Lexicon, annotations: StatusAnnotations) -> str | None:
    """The IRI of the status that a calendar entry gives: a reader's word first, else the first that its text names."""
    if part.id in annotations:
        return annotations[part.id]
    mentions = lexicon.find(part.text)
    return mentions[0].iri if mentions else None
