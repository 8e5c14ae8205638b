"""Goals and targets of the 2030 Agenda that concern migration, by their IRIs at the United Nations."""

from rdflib import DCTERMS, RDF, RDFS, SKOS, Literal, URIRef

from crmgraph.describing.reference.hand import LANGUAGES, Hand, concept
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["SDG", "describe_agenda", "describe_goal_or_target"]

SDG = "http://metadata.un.org/sdg"
"""The scheme of the goals and targets; the IRI of each is below it."""

_SOURCE = "source/un-sdg-kos"
_AGENDA = {
    "es": "Agenda 2030: metas que conciernen a la migración",
    "en": "2030 Agenda: targets that concern migration",
}
_SHORT = {"es": "Agenda 2030", "en": "2030 Agenda"}
_READ = {
    "es": "Las metas que conciernen a la migración, con su texto entero; las demás no están aquí.",
    "en": "The targets that concern migration, in their whole text; the others are not here.",
}
_CLASSES = (URIRef(f"{SDG}/ontology#Goal"), URIRef(f"{SDG}/ontology#Target"))


def describe_agenda(hand: Hand) -> None:
    """The scheme of the goals and targets, with what of them is here."""
    scheme = URIRef(SDG)
    hand.graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    hand.graph.add((scheme, DCTERMS.source, hand.iri(_SOURCE)))
    for predicate, said in ((RDFS.label, _AGENDA), (DCTERMS.alternative, _SHORT), (SKOS.note, _READ)):
        for language, text in said.items():
            hand.graph.add((scheme, predicate, Literal(text, language)))


def describe_goal_or_target(hand: Hand, row: Row) -> None:
    """A goal, or a target with why it concerns migration: its words name it, or it bears on it.

    Raises TableError where a target comes without the goal that it is part of, or without a reason.
    """
    goal, _, rest = row["code"].partition(".")
    subject = URIRef(f"{SDG}/{row['code']}")
    for class_ in (SKOS.Concept, _CLASSES[bool(rest)]):
        hand.graph.add((subject, RDF.type, class_))
    hand.graph.add((subject, SKOS.inScheme, URIRef(SDG)))
    hand.graph.add((subject, SKOS.notation, Literal(row["code"])))
    for source in hand.sources(row):
        hand.graph.add((subject, DCTERMS.source, source))
    hand.say(row, subject, RDFS.label, "label")
    hand.say(row, subject, SKOS.prefLabel, "label")
    if bool(rest) != bool(row["basis"]):
        raise row.problem(
            "basis", "a target says why it concerns migration, a goal does not; mend this cell or the code"
        )
    if rest:
        above = URIRef(f"{SDG}/{goal}")
        if (above, RDF.type, _CLASSES[0]) not in hand.graph:
            raise row.problem("code", f"the table has no goal {goal} above this row; add it")
        hand.graph.add((subject, SKOS.broader, above))
        hand.graph.add((subject, CG.concern, concept("migration-concern", row["basis"])))
        for language in LANGUAGES:
            hand.graph.add((subject, SKOS.scopeNote, Literal(row[f"why_{language}"], language)))
