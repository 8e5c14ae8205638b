"""Organs, organisations, groups and networks."""

from rdflib import URIRef

from crmgraph.describing.reference.hand import Hand
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["describe_actor", "describe_network"]

_CLASSES = {"organ": CG.Organ, "organisation": CG.Organisation, "group": CG.AgentGroup}


def describe_actor(hand: Hand, row: Row) -> None:
    """An organ, an organisation or a group, as its row says. Raises TableError where its process is in no table."""
    _agent(hand, row, "actor", _CLASSES[row["kind"]])


def describe_network(hand: Hand, row: Row) -> None:
    """A network, and its members where it is several networks together. Raises TableError where one is in no table."""
    subject = _agent(hand, row, "network", CG.Network)
    hand.link(row, subject, CG.member, "members")


def _agent(hand: Hand, row: Row, kind: str, class_: URIRef) -> URIRef:
    subject = hand.start(row, f"{kind}/{row['id']}", class_)
    hand.name(row, subject)
    if "process" in row:
        hand.link(row, subject, CG.bodyOf, "process", "process")
    return subject
