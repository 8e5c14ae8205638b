from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from crmgraph.describing.literals import date_literal
from crmgraph.describing.reference.hand import Hand, concept, read_cell
from crmgraph.describing.tables import Column, Row
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import TableError
from tests.support.reference import NAMES, thing

THING = URIRef("http://example.org/thing")
KNOWN = frozenset({"source/book", "actor/oim", "country/MEX", "country/CAN"})


def row(**cells: str) -> Row:
    columns = tuple(Column(name, many=name.startswith(("alt", "note", "source", "members"))) for name in cells)
    return Row(Path("table.csv"), 7, columns, tuple(cells.values()))


@pytest.fixture
def hand() -> Hand:
    return Hand(Graph(), NAMES, KNOWN)


def test_a_thing_starts_with_its_class_its_sources_and_how_sure_it_is(hand: Hand) -> None:
    cells = row(id="x", confidence="low", source_url="https://example.org/a|source/book")
    subject = hand.start(cells, "actor/x", CG.Organisation)
    assert subject == thing("actor/x")
    assert set(hand.graph) == {
        (subject, RDF.type, CG.Organisation),
        (subject, DCTERMS.source, URIRef("https://example.org/a")),
        (subject, DCTERMS.source, thing("source/book")),
        (subject, CG.confidence, concept("confidence", "low")),
    }


def test_a_table_may_have_neither_sources_nor_confidence(hand: Hand) -> None:
    hand.start(row(id="x"), "source/x", DCTERMS.BibliographicResource)
    assert len(hand.graph) == 1


def test_an_unknown_source_is_refused(hand: Hand) -> None:
    with pytest.raises(TableError, match=r"table\.csv, line 7, column 2: source_url: no table has source/rumour"):
        hand.sources(row(id="x", source_url="source/rumour"))


def test_names_acronyms_descriptions_notes_and_page(hand: Hand) -> None:
    cells = row(
        label_es="Uno", label_en="One", acronym_es="U", acronym_en="", alt_es="Un|Una", alt_en="", hidden_es="Unno",
        what_es="Algo.", what_en="A thing.", note_es="Ay.|Oh.", note_en="Oh.", page_url="https://example.org",
    )  # fmt: skip
    hand.name(cells, THING)
    said = {(predicate, value) for _, predicate, value in hand.graph}
    assert said == {
        (RDFS.label, Literal("Uno", "es")), (RDFS.label, Literal("One", "en")),
        (SKOS.altLabel, Literal("U", "es")), (SKOS.notation, Literal("U")),
        (SKOS.altLabel, Literal("Un", "es")), (SKOS.altLabel, Literal("Una", "es")),
        (SKOS.hiddenLabel, Literal("Unno", "es")),
        (DCTERMS.description, Literal("Algo.", "es")), (DCTERMS.description, Literal("A thing.", "en")),
        (SKOS.note, Literal("Ay.", "es")), (SKOS.note, Literal("Oh.", "es")), (SKOS.note, Literal("Oh.", "en")),
        (FOAF.page, URIRef("https://example.org")),
    }  # fmt: skip


def test_links_by_path_and_by_id(hand: Hand) -> None:
    hand.link(row(members="actor/oim|country/MEX"), THING, CG.member, "members")
    hand.link(row(parties="CAN"), THING, CG.party, "parties", "country")
    hand.link(row(parties=""), THING, CG.adoptedBy, "parties", "country")
    assert {(p, o) for _, p, o in hand.graph} == {
        (CG.member, thing("actor/oim")),
        (CG.member, thing("country/MEX")),
        (CG.party, thing("country/CAN")),
    }
    with pytest.raises(TableError, match="parties: no table has country/ZZZ; add its row there, or correct this cell"):
        hand.link(row(parties="ZZZ"), THING, CG.party, "parties", "country")


def test_years_and_dates(hand: Hand) -> None:
    hand.year(row(year="1996"), THING, CG.since, "year")
    hand.year(row(year=""), THING, CG.year, "year")
    hand.date(row(start="1996-03"), THING, CG.startDate, "start")
    hand.date(row(start=""), THING, CG.endDate, "start")
    assert {(p, o) for _, p, o in hand.graph} == {
        (CG.since, Literal("1996", datatype=XSD.gYear)),
        (CG.startDate, Literal("1996-03", datatype=XSD.gYearMonth)),
    }
    with pytest.raises(TableError, match="line 7, column 1: start: no calendar has 1996-02-30"):
        hand.date(row(start="1996-02-30"), THING, CG.startDate, "start")


def test_a_cell_that_cannot_be_read_is_named() -> None:
    assert read_cell(row(when="2005"), "when", date_literal) == Literal("2005", datatype=XSD.gYear)
    with pytest.raises(TableError, match="line 7, column 1: when: later is not a year"):
        read_cell(row(when="later"), "when", date_literal)
