from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.resources import resource
from tests.support.reference import concept, line_of, refused, states, texts, thing


def test_the_memorandum_has_its_five_parties(reference: Graph) -> None:
    assert states(reference, "instrument/mou-2006", CG.party) == {"MEX", "SLV", "GTM", "HND", "NIC"}


def test_the_memorandum_is_described_as_its_sources_have_it(reference: Graph) -> None:
    memorandum = thing("instrument/mou-2006")
    assert reference.value(memorandum, DCTERMS.date) == Literal("2006-05", datatype=XSD.gYearMonth)
    assert "Repatriación Digna" in str(reference.value(memorandum, DCTERMS.title))
    as_in_the_plan = "Repatriación Ordenada, Ágil y Segura de Nacionales Migrantes Centroamericanos Vía Terrestre"
    assert any(name.endswith(as_in_the_plan) for name in texts(reference, memorandum, SKOS.altLabel, "es"))
    assert reference.value(memorandum, CG.instrumentKind) == concept("instrument-kind#memorandum-of-understanding")
    assert reference.value(memorandum, CG.confidence) == concept("confidence#high")
    assert any("Honduras did not sign" in note for note in texts(reference, memorandum, SKOS.note, "en"))


def test_a_memorandum_that_only_the_press_speaks_of_is_a_note_where_it_may_belong(reference: Graph) -> None:
    for path in ("instrument/mou-2006", "meeting/crm-xiii"):
        for language, words in (("es", "«memorándum» de cinco Estados"), ("en", "“memorandum” of five States")):
            [note] = [note for note in texts(reference, thing(path), SKOS.note, language) if words in note]
            assert "jsf.com.mx" in note
    memorandum = thing("instrument/mou-2006")
    assert not any("jsf.com.mx" in str(source) for source in reference.objects(memorandum, DCTERMS.source))


def test_a_title_that_is_our_translation_is_marked_as_ours(reference: Graph) -> None:
    memorandum, declaration = thing("instrument/mou-2006"), thing("instrument/udhr-1948")
    assert texts(reference, memorandum, DCTERMS.title, "es")
    assert not texts(reference, memorandum, DCTERMS.title, "en")
    assert texts(reference, memorandum, SKOS.editorialNote, "en") == ["The English title is a translation by crmgraph."]
    assert texts(reference, memorandum, SKOS.editorialNote, "es") == [
        "El título en inglés es una traducción de crmgraph."
    ]
    assert texts(reference, declaration, DCTERMS.title, "en") == ["Universal Declaration of Human Rights"]
    assert not list(reference.objects(declaration, SKOS.editorialNote))


@pytest.mark.parametrize(
    ("path", "kind", "undertaking"),
    [
        ("fondo-alta-vulnerabilidad", "fund", True),
        ("programa-extrarregionales", "programme", True),
        ("udhr-1948", "declaration", False),
        ("manual-docs-fraudulentos", "manual", False),
        ("mecanismo-tarifas-reducidas", "mechanism", True),
        ("derecho-internacional", "law", False),
    ],
)
def test_a_fund_a_programme_and_a_mechanism_are_undertakings_and_other_instruments_are_not(
    reference: Graph, path: str, kind: str, undertaking: bool
) -> None:
    instrument = thing(f"instrument/{path}")
    assert (instrument, RDF.type, CG.Instrument) in reference
    assert ((instrument, RDF.type, CG.Undertaking) in reference) is undertaking
    assert reference.value(instrument, CG.instrumentKind) == concept(f"instrument-kind#{kind}")


@pytest.mark.parametrize(
    ("path", "adopter"),
    [
        ("ag-res-2326", "actor/oea"),
        ("lineamientos-nna-trata-2007", "actor/grcm"),
        ("lineamientos-nna-2016", "process/rcm"),
        ("manual-docs-fraudulentos", None),
        ("lineamientos-nna-no-acompanados", None),
    ],
)
def test_who_adopted_an_instrument_is_said_where_a_source_says_it(
    reference: Graph, path: str, adopter: str | None
) -> None:
    adopters = list(reference.objects(thing(f"instrument/{path}"), CG.adoptedBy))
    assert adopters == ([thing(adopter)] if adopter else [])


def test_what_the_plan_does_not_name_has_a_description_and_no_title(reference: Graph) -> None:
    law = thing("instrument/derecho-internacional")
    assert texts(reference, law, RDFS.label, "es") == ["Derecho internacional"]
    assert not list(reference.objects(law, DCTERMS.title))
    assert texts(reference, law, SKOS.editorialNote, "en") == [
        "The plan gives it no name: what stands here in place of a title is a description by crmgraph."
    ]
    assert len(texts(reference, law, SKOS.editorialNote, "es")) == 1
    assert set(reference.objects(law, DCTERMS.source)) == {thing("source/crm")}


def test_a_title_that_the_plan_alone_has_is_not_the_official_one(reference: Graph) -> None:
    programme = thing("instrument/programa-extrarregionales")
    assert texts(reference, programme, RDFS.label, "es")
    assert not list(reference.objects(programme, DCTERMS.title))
    assert "The Spanish title is the one that the plan gives it; no other source was found that has it." in texts(
        reference, programme, SKOS.editorialNote, "en"
    )


def test_every_mention_in_the_plan_of_the_memorandum_is_found(reference: Graph) -> None:
    source = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    found = Lexicon(reference, (CG.Instrument,)).find(source)
    assert str(thing("instrument/mou-2006")) in {mention.iri for mention in found}


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"parties": "MEX|ZZZ"}, "parties", "no table has country/ZZZ"),
        ({"adopted_by": "actor/nobody"}, "adopted_by", "no table has actor/nobody"),
        ({"date": "2006-02-31"}, "date", "no calendar has 2006-02-31"),
        ({"date": "2006-13"}, "date", "is not a year, a month"),
        ({"kind": "treaty"}, "kind", "is not one of agreement, charter"),
        ({"confidence": "none"}, "confidence", "is not one of high, medium, low"),
        ({"title_es_by": "somebody"}, "title_es_by", "is not crmgraph or description or plan, or empty"),
        ({"title_es_by": "description"}, "title_en_by", "what has no name has none in either language"),
        ({"title_en_by": "description"}, "title_en_by", "what has no name has none in either language"),
        ({"title_en": ""}, "title_en", "the cell is empty"),
    ],
)
def test_a_wrong_cell_is_named(folder: Path, cells: dict[str, str], column: str, words: str) -> None:
    at, message = refused(folder, "instruments", line_of(folder, "instruments", id="mou-2006"), cells)
    assert at == column
    assert words in message
