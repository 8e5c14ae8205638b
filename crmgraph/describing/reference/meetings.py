"""Meetings: of which body, when, where, and under whose chair."""

from rdflib import SKOS, Literal, URIRef

from crmgraph.describing.reference.hand import LANGUAGES, Hand, concept
from crmgraph.describing.statements import describe_statement
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["describe_meeting"]

_OURS = "source/crmgraph"
_GUESSED = {
    "es": "Se supone que presidía el Estado anfitrión; ninguna fuente leída lo dice.",
    "en": "The host State is supposed to have held the chair; no source that was read says so.",
}


def describe_meeting(hand: Hand, row: Row) -> None:
    """A meeting. A chair that is only inferred from the host is a statement of ours, and not said of the meeting.

    Raises TableError where what it names is in no table, a date in no calendar, or its end before its start, and where
    it is of no process and no note says whose it is.
    """
    if not row["processes"] and not row["note_es"]:
        raise row.problem("processes", "a meeting of no process needs a note that says whose meeting it is")
    subject = hand.start(row, f"meeting/{row['id']}", CG.Meeting)
    hand.name(row, subject)
    hand.link(row, subject, CG.ofBody, "body")
    hand.link(row, subject, CG.process, "processes", "process")
    if row["ordinal"]:
        hand.graph.add((subject, CG.ordinal, Literal(row["ordinal"])))
    hand.date(row, subject, CG.startDate, "start")
    hand.date(row, subject, CG.endDate, "end")
    shared = min(len(row["start"]), len(row["end"]))
    if row["end"][:shared] < row["start"][:shared]:
        raise row.problem("end", f"the meeting ends in {row['end']}, before it begins in {row['start']}")
    hand.link(row, subject, CG.place, "places")
    _chair(hand, row, subject)


def _chair(hand: Hand, row: Row, subject: URIRef) -> None:
    if bool(row["chair"]) != bool(row["chair_basis"]):
        raise row.problem("chair_basis", "a chair and how it is known belong together; fill in both or neither")
    if row["chair_basis"] == "sourced":
        hand.link(row, subject, CG.chair, "chair", "country")
    elif row["chair"]:
        state = hand.thing(row, "chair", f"country/{row['chair']}")
        source = hand.thing(row, "chair_basis", _OURS)
        statement = describe_statement(hand.graph, hand.names, (subject, CG.chair, state), source=source)
        hand.graph.add((statement, CG.confidence, concept("confidence", "low")))
        for language in LANGUAGES:
            hand.graph.add((statement, SKOS.note, Literal(_GUESSED[language], language)))
