"""What a graph of others may say of things that are not its own: links, and names in what a plan says."""

from collections.abc import Iterable

from rdflib import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS
from rdflib.term import Node

from crmgraph.describing.vocabulary import CG

__all__ = ["KINDS_OF_TERMS", "KNOWN_PROPERTIES", "is_counted", "is_link", "is_other_side"]

_LINKS = {
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch),
    CG.correspondsToNothingIn,
    *(RDFS.seeAlso, DCTERMS.relation, DCTERMS.references, SDO.mentions),
    *(CG.mentions, CG.mentioned, CG.agent, CG.meeting, CG.readIn, CG.involvesAgent, CG.predicate),
    *(RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.imports),
}
"""What may be said of whatever there is: that something corresponds to it, or to nothing in it, has to do with it,
names it, was read in it, is of its kind, or says something by it."""

_OF_PLANS = {
    *(CG.deferredTo, CG.eventAgent, CG.instrument, CG.instrumentReliedOn, CG.place, CG.planOf, CG.recursWith),
    *(CG.standsFor, CG.object, CG.involvesNetwork, CG.concernsInstrument, CG.reliesOn),
    *(DCTERMS.spatial, DCTERMS.subject, DCTERMS.coverage, DCTERMS.source, DCTERMS.audience),
    *(DCTERMS.creator, DCTERMS.publisher, DCTERMS.contributor, DCTERMS.rightsHolder),
    *(PROV.wasAttributedTo, PROV.wasAssociatedWith, PROV.wasDerivedFrom, PROV.hadPrimarySource, SDO.about, RDF.first),
}
"""What a plan says of those who act, of places and of instruments: that it is about them, by them or for them."""

_OF_OTHERS = {
    *(CG.party, CG.partyTo, CG.adoptedBy, CG.bodyOf, CG.ofBody, CG.chair, CG.inState, CG.process),
    *(CG.member, CG.memberOf, CG.memberIn, CG.membership, CG.observer, CG.observerOf, CG.observerIn),
    *(CG.takesPartIn, CG.participant, CG.subject, CG.comparedWith, CG.element, CG.relatedElement),
}
"""What is counted of those who act, of instruments, meetings and places, and stands in the reference data."""

KNOWN_PROPERTIES = frozenset(_LINKS | _OF_PLANS | _OF_OTHERS)
"""The properties of which it is decided whether they may lead from the things of others to those that are here."""

_OTHER_SIDES = {CG.mentionedIn, CG.involvedIn, CG.reliedOnBy, CG.hasDeferral}
"""The other sides of what a plan says, which may follow of whom it is said."""

KINDS_OF_TERMS = frozenset(
    {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property, RDFS.Class}
)
"""What a term may be said to be by whoever uses it."""

_TERMS = KINDS_OF_TERMS | {SKOS.Concept}

_NAMED = {
    *(CG.State, CG.Organisation, CG.Network, CG.Organ, CG.AgentGroup, CG.Annotator),
    *(CG.Place, CG.Instrument, CG.Undertaking, DCTERMS.BibliographicResource),
}
"""What may be named in whatever a plan says: those who act, places, instruments, and what is cited."""

_COUNTED = {
    *(CG.State, CG.Organisation, CG.Network, CG.Organ, CG.AgentGroup, CG.ConsultativeProcess, CG.Annotator),
    *(CG.Membership, CG.Presidency, CG.Meeting, CG.Instrument, CG.Undertaking, CG.Place, CG.Finding, CG.Check),
}
"""The kinds of things of which the dataset has a list that questions count."""


def is_counted(kind: Node) -> bool:
    """Whether questions count the things of this kind."""
    return kind in _COUNTED


def is_other_side(name: Node) -> bool:
    """Whether a property may lead to the things of others from those who have been named by these."""
    return name in _OTHER_SIDES


def is_link(name: Node, kinds: Iterable[Node], is_used: bool) -> bool:
    """Whether a property may lead from the things of others to one of these kinds.

    A property that is not used here says nothing that anybody here asks for.
    """
    found = set(kinds)
    if name in _LINKS:
        return True
    if not found.isdisjoint(_TERMS):
        return name not in _OF_OTHERS
    return not found.isdisjoint(_NAMED) and (name in _OF_PLANS or not (is_used or str(name).startswith(str(ORG))))
