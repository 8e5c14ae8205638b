"""Consultative processes, who takes part in them, and who presides over them when."""

from rdflib import ORG, RDFS, SKOS, Literal, URIRef

from crmgraph.describing.reference.hand import LANGUAGES, Hand, concept
from crmgraph.describing.reference.labels import Labels
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["describe_membership", "describe_presidency", "describe_process"]

_IN = {"member": CG.memberIn, "observer": CG.observerIn}
_CAPACITIES = {
    "participant": {"es": "participante", "en": "participant"},
    "observer": {"es": "observador", "en": "observer"},
    "partner": {"es": "colaborador", "en": "partner"},
    "secretariat": {"es": "secretaría", "en": "secretariat"},
}
_PRESIDENCY = {"es": "presidencia", "en": "presidency"}
_OURS = {
    "es": "El nombre en español es una traducción de crmgraph.",
    "en": "The Spanish name is a translation by crmgraph.",
}


def describe_process(hand: Hand, row: Row) -> None:
    """A consultative process. A Spanish name that no source has is marked as this project's by an editorial note."""
    subject = hand.start(row, f"process/{row['id']}", CG.ConsultativeProcess)
    hand.name(row, subject)
    if row["label_es_by"]:
        for language, note in _OURS.items():
            hand.graph.add((subject, SKOS.editorialNote, Literal(note, language)))
    hand.graph.add((subject, CG.processLevel, concept("process-level", row["level"])))
    if row["status"]:
        hand.graph.add((subject, CG.processStatus, concept("process-status", row["status"])))
    hand.year(row, subject, CG.since, "since_year")


def describe_membership(hand: Hand, row: Row, labels: Labels) -> None:
    """A cg:Membership, a statement with its own source. Its label says in which capacity, but for members.

    Raises TableError where the agent or the process is in no table.
    """
    process = hand.thing(row, "process", f"process/{row['process']}")
    agent = hand.thing(row, "agent", row["agent"])
    role = row["role"]
    path = "-".join((row["process"], row["agent"].partition("/")[2], *(() if role == "member" else (role,))))
    subject = hand.start(row, f"membership/{path}", CG.Membership)
    for language in LANGUAGES:
        label = " – ".join(labels.of(end, language) for end in (agent, process))
        if role in _CAPACITIES:
            label += f" ({_CAPACITIES[role][language]})"
        hand.graph.add((subject, RDFS.label, Literal(label, language)))
    hand.graph.add((subject, _IN.get(role, CG.process), process))
    hand.year(row, subject, CG.since, "since_year")
    _belong(hand, row, subject, agent, role)


def describe_presidency(hand: Hand, row: Row, labels: Labels) -> None:
    """The presidency of a State over a process for a year, which is a membership too.

    Raises TableError where the State or the process is in no table.
    """
    process = hand.thing(row, "process", f"process/{row['process']}")
    state = hand.thing(row, "state", f"country/{row['state']}")
    subject = hand.start(row, f"presidency/{row['process']}-{row['year']}", CG.Presidency)
    for language in LANGUAGES:
        ends = " – ".join(labels.of(end, language) for end in (state, process))
        label = f"{ends} ({_PRESIDENCY[language]}, {row['year']})"
        hand.graph.add((subject, RDFS.label, Literal(label, language)))
    hand.graph.add((subject, CG.process, process))
    hand.year(row, subject, CG.year, "year")
    _belong(hand, row, subject, state, "presidency")


def _belong(hand: Hand, row: Row, subject: URIRef, agent: URIRef, role: str) -> None:
    """Who it is, in which role, said with the terms of ORG too, and the notes on it."""
    for whose in (CG.agent, ORG.member):
        hand.graph.add((subject, whose, agent))
    hand.graph.add((agent, CG.membership, subject))
    for which in (CG.role, ORG.role):
        hand.graph.add((subject, which, concept("membership-role", role)))
    hand.say(row, subject, SKOS.note, "note")
