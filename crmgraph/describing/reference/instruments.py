"""Instruments: their titles, parties and adopters."""

from rdflib import DCTERMS, RDF, RDFS, SKOS, Literal, URIRef

from crmgraph.describing.reference.hand import LANGUAGES, Hand, concept
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

__all__ = ["describe_instrument"]

_DESCRIPTION = "description"
_PLAN = "plan"
_UNDERTAKINGS = ("fund", "mechanism", "programme")
_OURS = {
    "es": ("El título en español es una traducción de crmgraph.", "The Spanish title is a translation by crmgraph."),
    "en": ("El título en inglés es una traducción de crmgraph.", "The English title is a translation by crmgraph."),
}
_UNNAMED = {
    "es": "El plan no le da nombre: lo que aquí consta en lugar de título es una descripción de crmgraph.",
    "en": "The plan gives it no name: what stands here in place of a title is a description by crmgraph.",
}


_OF_THE_PLAN = {
    "es": "El título en español es el que le da el plan; no se halló otra fuente que lo tenga.",
    "en": "The Spanish title is the one that the plan gives it; no other source was found that has it.",
}


def describe_instrument(hand: Hand, row: Row) -> None:
    """An instrument. A title that no source has, or a plan alone, is its label, with a note, but not its dcterms:title.

    One that nobody names has a description for a label, in both languages. Raises TableError where it has it in one
    alone, where a party or the adopter is in no table, or its date in no calendar.
    """
    subject = hand.start(row, f"instrument/{row['id']}", CG.Instrument)
    if row["kind"] in _UNDERTAKINGS:
        hand.graph.add((subject, RDF.type, CG.Undertaking))
    hand.say(row, subject, RDFS.label, "title")
    hand.name(row, subject)
    _title(hand, row, subject)
    if row["title_en_by"]:
        hand.translated(row, subject, row["title_en"])
    hand.graph.add((subject, CG.instrumentKind, concept("instrument-kind", row["kind"])))
    hand.date(row, subject, DCTERMS.date, "date")
    hand.link(row, subject, CG.party, "parties", "country")
    hand.link(row, subject, CG.adoptedBy, "adopted_by")


def _title(hand: Hand, row: Row, subject: URIRef) -> None:
    ways = [row[f"title_{language}_by"] for language in LANGUAGES]
    if (ways[0] == _DESCRIPTION) != (ways[1] == _DESCRIPTION):
        raise row.problem("title_en_by", "what has no name has none in either language; mend this cell or title_es_by")
    if ways[0] == _DESCRIPTION:
        for language, note in _UNNAMED.items():
            hand.graph.add((subject, SKOS.editorialNote, Literal(note, language)))
        return
    for language, notes in _OURS.items():
        if row[f"title_{language}_by"] == _PLAN:
            for note_language, note in _OF_THE_PLAN.items():
                hand.graph.add((subject, SKOS.editorialNote, Literal(note, note_language)))
        elif row[f"title_{language}_by"]:
            for note, note_language in zip(notes, LANGUAGES, strict=True):
                hand.graph.add((subject, SKOS.editorialNote, Literal(note, note_language)))
        else:
            hand.graph.add((subject, DCTERMS.title, Literal(row[f"title_{language}"], language)))
