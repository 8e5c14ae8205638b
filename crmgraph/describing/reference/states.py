"""States with their codes, the places in them, and the sources that the tables cite."""

from rdflib import DCTERMS, FOAF, RDFS, SDO, SKOS, Literal, URIRef

from crmgraph.describing.reference.hand import Hand
from crmgraph.describing.statements import describe_statement
from crmgraph.describing.tables import Row
from crmgraph.describing.vocabulary import CG

_EUROPEAN = "source/eu-countries"
_ABROAD = {"alt_fr": "fr", "alt_pt": "pt"}
"""The languages that the tables name States in beside their own, by column; all such names are of one source."""

_ABROAD_SOURCE = "source/cldr"
_PROPERTIES = {
    "label": RDFS.label,
    "alt-label": SKOS.altLabel,
    "notation": SKOS.notation,
    "same-as": SDO.sameAs,
    **{code: CG[code] for code in ("iso2", "iso3", "m49")},
}

__all__ = ["describe_place", "describe_source", "describe_state"]


def describe_source(hand: Hand, row: Row) -> None:
    """A source that a web address alone does not cite, and which properties of things it tells of, if only some."""
    subject = hand.start(row, f"source/{row['id']}", DCTERMS.BibliographicResource)
    hand.name(row, subject)
    if row["url"]:
        hand.graph.add((subject, FOAF.page, URIRef(row["url"])))
    for name in row.values("source_of"):
        hand.graph.add((subject, CG.sourceOf, _PROPERTIES[name]))


def describe_state(hand: Hand, row: Row) -> None:
    """A State: its names, its codes, and what it is in other data sets.

    A code is a notation and no name, for in a text it may be a word or the acronym of somebody else.
    """
    subject = hand.start(row, f"country/{row['iso3']}", CG.State)
    hand.say(row, subject, RDFS.label, "name")
    hand.say(row, subject, SKOS.altLabel, "alt")
    for column, language in _ABROAD.items():
        for name in row.values(column):
            called = (subject, SKOS.altLabel, Literal(name, language))
            hand.graph.add(called)
            source = hand.thing(row, column, _ABROAD_SOURCE)
            describe_statement(hand.graph, hand.names, called, source=source)
    for code in ("iso2", "iso3", "m49"):
        hand.graph.add((subject, CG[code], Literal(row[code])))
        hand.graph.add((subject, SKOS.notation, Literal(row[code])))
    for same in (f"http://www.wikidata.org/entity/{row['wikidata']}", f"https://sws.geonames.org/{row['geonames']}/"):
        hand.graph.add((subject, SDO.sameAs, URIRef(same)))
    european = (subject, SDO.sameAs, URIRef(row["eu_authority"]))
    hand.graph.add(european)
    describe_statement(hand.graph, hand.names, european, source=hand.thing(row, "eu_authority", _EUROPEAN))


def describe_place(hand: Hand, row: Row) -> None:
    """A place, and the State that it is in if it is a city.

    Raises TableError where no table has that State, a city has none, or a region has one.
    """
    if (row["kind"] == "city") != bool(row["state"]):
        raise row.problem("state", "a city is in one State, a region in none; mend this cell or the kind")
    subject = hand.start(row, f"place/{row['id']}", CG.Place)
    hand.name(row, subject)
    hand.link(row, subject, CG.inState, "state", "country")
