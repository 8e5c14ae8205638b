from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from rdflib import DCTERMS, FOAF, RDF, RDFS, SDO, SKOS, Graph, Literal, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key
from tests.support.reference import concept, line_of, refused, states, texts, thing

COUNTRY_CODES = (
    "https://github.com/datasets/country-codes/blob/caa72d1e0e5af8876c170bb36a9e4d64a01bba88/data/country-codes.csv"
)


def test_all_states_and_the_territories_that_take_part_in_processes_are_there(reference: Graph) -> None:
    """The 193 members of the United Nations, two observers, and 13 territories."""
    assert len(set(reference.subjects(RDF.type, CG.State))) == 193 + 2 + 13


def test_a_state_has_codes_names_and_matches(reference: Graph) -> None:
    mexico = thing("country/MEX")
    assert set(reference.objects(mexico, SKOS.notation)) == {Literal("MX"), Literal("MEX"), Literal("484")}
    assert reference.value(mexico, CG.iso3) == Literal("MEX")
    assert reference.value(mexico, CG.iso2) == Literal("MX")
    assert set(reference.objects(mexico, RDFS.label)) == {Literal("México", "es"), Literal("Mexico", "en")}
    assert texts(reference, mexico, SKOS.altLabel, "es") == ["Estados Unidos Mexicanos", "República Mexicana"]
    assert set(reference.objects(mexico, SDO.sameAs)) == {
        URIRef("http://www.wikidata.org/entity/Q96"),
        URIRef("https://sws.geonames.org/3996063/"),
        URIRef("http://publications.europa.eu/resource/authority/country/MEX"),
    }
    assert set(reference.objects(mexico, DCTERMS.source)) == {
        thing("source/country-codes"),
        thing("source/cldr"),
        thing("source/eu-countries"),
    }


def test_each_source_of_the_states_tells_what_it_is_the_source_of(reference: Graph) -> None:
    assert set(reference.objects(thing("source/country-codes"), CG.sourceOf)) == {
        *(CG[code] for code in ("iso2", "iso3", "m49")),
        *(SKOS.altLabel, SKOS.notation, SDO.sameAs),
    }
    assert set(reference.objects(thing("source/cldr"), CG.sourceOf)) == {RDFS.label}
    assert reference.value(thing("source/country-codes"), FOAF.page) == URIRef(COUNTRY_CODES)
    (statement,) = reference.subjects(CG.object, URIRef("http://publications.europa.eu/resource/authority/country/MEX"))
    assert reference.value(statement, DCTERMS.source) == thing("source/eu-countries")


@pytest.mark.parametrize(
    ("code", "m49", "spanish", "english", "wikidata", "geonames"),
    [
        ("ABW", "533", "Aruba", "Aruba", "Q21203", "3577279"),
        ("BRN", "096", "Brunéi", "Brunei", "Q921", "1820814"),
        ("BTN", "064", "Bután", "Bhutan", "Q917", "1252634"),
        ("ISR", "376", "Israel", "Israel", "Q801", "294640"),
        ("KHM", "116", "Camboya", "Cambodia", "Q424", "1831722"),
        ("MCO", "492", "Mónaco", "Monaco", "Q235", "2993457"),
        ("MNG", "496", "Mongolia", "Mongolia", "Q711", "2029969"),
        ("PRK", "408", "Corea del Norte", "North Korea", "Q423", "1873107"),
        ("SMR", "674", "San Marino", "San Marino", "Q238", "3168068"),
        ("TLS", "626", "Timor-Leste", "Timor-Leste", "Q574", "1966436"),
        ("VAT", "336", "Ciudad del Vaticano", "Vatican City", "Q237", "3164670"),
        ("AFG", "004", "Afganistán", "Afghanistan", "Q889", "1149361"),
        ("COD", "180", "República Democrática del Congo", "Democratic Republic of the Congo", "Q974", "203312"),
        ("KNA", "659", "San Cristóbal y Nieves", "Saint Kitts and Nevis", "Q763", "3575174"),
        ("NAM", "516", "Namibia", "Namibia", "Q1030", "3355338"),
        ("TUR", "792", "Turquía", "Türkiye", "Q43", "298795"),
        ("ZWE", "716", "Zimbabue", "Zimbabwe", "Q954", "878675"),
    ],
)
def test_states_from_all_over_the_world(
    reference: Graph, code: str, m49: str, spanish: str, english: str, wikidata: str, geonames: str
) -> None:
    state = thing(f"country/{code}")
    assert reference.value(state, CG.m49) == Literal(m49)
    assert texts(reference, state, RDFS.label, "es") == [spanish]
    assert texts(reference, state, RDFS.label, "en") == [english]
    assert URIRef(f"http://www.wikidata.org/entity/{wikidata}") in set(reference.objects(state, SDO.sameAs))
    assert URIRef(f"https://sws.geonames.org/{geonames}/") in set(reference.objects(state, SDO.sameAs))


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("BOL", "es", "Bolivia (Estado Plurinacional de)"),
        ("BOL", "es", "Estado Plurinacional de Bolivia"),
        ("BGD", "es", "Bangladesh"),
        ("GBR", "es", "Reino Unido de Gran Bretaña e Irlanda del Norte"),
        ("SLV", "es", "República de El Salvador"),
        ("SUR", "es", "Suriname"),
        ("USA", "es", "Estados Unidos de América"),
        ("USA", "es", "EE. UU."),
        ("KOR", "en", "Republic of Korea"),
        ("MMR", "en", "Burma"),
        ("PSE", "en", "Palestinian Territories"),
        ("COD", "es", "Zaire"),
        ("NLD", "es", "Holanda"),
        ("VAT", "es", "Santa Sede"),
        ("DEU", "fr", "Allemagne"),
        ("MMR", "fr", "Birmanie"),
        ("DEU", "pt", "Alemanha"),
        ("KNA", "pt", "São Cristóvão e Neves"),
    ],
)
def test_other_names_that_texts_use(reference: Graph, code: str, language: str, name: str) -> None:
    assert name in texts(reference, thing(f"country/{code}"), SKOS.altLabel, language)


@pytest.mark.parametrize(("code", "language", "name"), [("CHE", "fr", "Suisse"), ("CHE", "pt", "Suíça")])
def test_a_name_in_another_language_has_a_source_of_its_own(
    reference: Graph, code: str, language: str, name: str
) -> None:
    (statement,) = reference.subjects(CG.literal, Literal(name, language))
    assert reference.value(statement, CG.subject) == thing(f"country/{code}")
    assert reference.value(statement, CG.predicate) == SKOS.altLabel
    assert reference.value(statement, DCTERMS.source) == thing("source/cldr")


def names_by_cldr(reference: Graph) -> Iterator[tuple[str, Literal]]:
    """The names that are credited to CLDR, with the code of the State: by their own statement, or else as its label."""
    cldr = thing("source/cldr")
    for state in reference.subjects(RDF.type, CG.State):
        code = str(reference.value(state, CG.iso2))
        own = {reference.value(statement, CG.literal): statement for statement in reference.subjects(CG.subject, state)}
        for predicate in (RDFS.label, SKOS.altLabel):
            for name in reference.objects(state, predicate):
                assert isinstance(name, Literal)
                inherited = predicate == RDFS.label and (state, DCTERMS.source, cldr) in reference
                if (own[name], DCTERMS.source, cldr) in reference if name in own else inherited:
                    yield code, name


def test_cldr_says_each_name_that_is_credited_to_it(reference: Graph) -> None:
    names = list(names_by_cldr(reference))
    assert len(names) > 600
    for code, name in names:
        spoken = {"pt": ("pt", "pt_PT")}.get(str(name.language), (str(name.language),))
        assert str(name) in {Locale.parse(each).territories[code] for each in spoken}, (code, name)


@pytest.mark.parametrize("code", ["COD", "COG", "LCA", "MMR", "PSE", "TTO"])
def test_a_name_that_cldr_does_not_say_has_another_source(reference: Graph, code: str) -> None:
    state = thing(f"country/{code}")
    (label,) = texts(reference, state, RDFS.label, "en")
    (statement,) = (
        each for each in reference.subjects(CG.literal, Literal(label, "en")) if (each, CG.subject, state) in reference
    )
    assert reference.value(statement, DCTERMS.source) == thing("source/country-codes")
    assert reference.value(statement, CG.rank) is None
    iso2 = str(reference.value(state, CG.iso2))
    assert Locale("en").territories[iso2] in texts(reference, state, SKOS.altLabel, "en")


def test_another_language_has_names_of_its_own_only_where_they_are_other_names(reference: Graph) -> None:
    for state in reference.subjects(RDF.type, CG.State):
        ours: set[str] = set()
        others: set[str] = set()
        for predicate in (RDFS.label, SKOS.altLabel):
            for name in reference.objects(state, predicate):
                assert isinstance(name, Literal)
                (ours if name.language in ("es", "en") else others).add(key(str(name)))
        assert not ours & others


def test_codes_identify_and_are_no_names(reference: Graph) -> None:
    for code in (CG.iso2, CG.iso3, CG.m49):
        codes = [str(value) for value in reference.objects(None, code)]
        assert len(set(codes)) == len(codes) == 208
    names = {str(name) for predicate in (RDFS.label, SKOS.altLabel) for name in reference.objects(None, predicate)}
    assert names & {str(code) for code in reference.objects(None, CG.iso3)} == {"USA"}, "which all the world says"


def test_what_two_states_are_called_is_noted_with_the_one_whose_name_it_is_not(reference: Graph) -> None:
    names = {name for predicate in (RDFS.label, SKOS.altLabel) for name in reference.objects(None, predicate)}
    for code, name in (("COD", "Congo"), ("GNQ", "Guinea")):
        for language in ("es", "en"):
            assert texts(reference, thing(f"country/{code}"), SKOS.hiddenLabel, language) == [name]
            assert Literal(name, language) in names


def test_no_two_states_share_a_name_or_a_match(reference: Graph) -> None:
    found: dict[object, set[object]] = {}
    for predicate in (RDFS.label, SKOS.altLabel, SDO.sameAs):
        for state in reference.subjects(RDF.type, CG.State):
            for value in reference.objects(state, predicate):
                found.setdefault(value, set()).add(state)
    assert {value for value, of in found.items() if len(of) > 1} == set()


def test_names_have_no_article_and_no_mark_of_a_footnote(reference: Graph) -> None:
    for state in reference.subjects(RDF.type, CG.State):
        for predicate in (RDFS.label, SKOS.altLabel):
            for name in reference.objects(state, predicate):
                assert not str(name).startswith(("la ", "los ", "las ", "el ", "the ")), name
                assert "*" not in str(name)


def test_a_second_hand_identifier_says_so(reference: Graph) -> None:
    (statement,) = reference.subjects(CG.object, URIRef("http://www.wikidata.org/entity/Q1030"))
    assert reference.value(statement, CG.subject) == thing("country/NAM")
    assert reference.value(statement, CG.confidence) == concept("confidence#low")
    assert reference.value(statement, DCTERMS.source) == thing("source/public-code-files")


def test_a_place_is_in_a_state(reference: Graph) -> None:
    assert len(set(reference.subjects(RDF.type, CG.Place))) >= 19
    for place, code in (("vancouver", "CAN"), ("puebla", "MEX"), ("nueva-orleans", "USA"), ("tela", "HND")):
        assert states(reference, f"place/{place}", CG.inState) == {code}
    assert texts(reference, thing("place/ciudad-de-guatemala"), RDFS.label, "en") == ["Guatemala City"]


def test_a_region_is_a_place_that_no_state_holds_and_that_no_text_is_known_to_name(reference: Graph) -> None:
    region = thing("place/region")
    assert (region, RDF.type, CG.Place) in reference
    assert not states(reference, "place/region", CG.inState)
    assert reference.value(region, DCTERMS.source) == thing("source/crm")
    assert "sin decir hasta dónde llega" in texts(reference, region, SKOS.note, "es")[0]
    assert Lexicon(reference, (CG.Place,)).find("en la región, en la Región") == []


def test_a_source_without_an_address_of_its_own_is_described(reference: Graph) -> None:
    cldr, newsletter = thing("source/cldr"), thing("source/midwa-newsletter")
    assert reference.value(cldr, FOAF.page) == URIRef("https://cldr.unicode.org/")
    assert texts(reference, newsletter, RDFS.label, "en") == ["MIDWA newsletter, address not recorded"]
    assert reference.value(newsletter, FOAF.page) is None


@pytest.mark.parametrize(
    ("table", "line", "cells", "column", "words"),
    [
        ("states", 2, {"iso3": "and"}, "iso3", "is not three capital letters"),
        ("states", 2, {"iso2": "ABW"}, "iso2", "is not two capital letters"),
        ("states", 2, {"m49": "33"}, "m49", "is not three digits"),
        ("states", 2, {"name_en": ""}, "name_en", "the cell is empty"),
        ("states", 2, {"alt_es": "Aruba|"}, "alt_es", "a value is empty"),
        ("states", 2, {"alt_fr": "Aruba|"}, "alt_fr", "a value is empty"),
        ("states", 2, {"alt_pt": "|Aruba"}, "alt_pt", "a value is empty"),
        ("states", 2, {"wikidata": "21203"}, "wikidata", "is not a Wikidata id"),
        ("states", 2, {"geonames": "0"}, "geonames", "is not a GeoNames number"),
        ("states", 2, {"eu_authority": "ABW"}, "eu_authority", "is not a web address"),
        ("states", 2, {"source_url": "source/rumour"}, "source_url", "no table has source/rumour"),
        ("sources", 2, {"id": "C L D R"}, "id", "is not lower-case letters"),
        ("sources", 2, {"url": "cldr.unicode.org"}, "url", "is not a web address"),
        ("places", 2, {"state": "ZZZ"}, "state", "no table has country/ZZZ"),
        ("places", 2, {"state": ""}, "state", "a city is in one State"),
        ("places", 2, {"kind": "region"}, "state", "a region in none"),
        ("places", 2, {"kind": "town"}, "kind", "is not one of city, region"),
        ("places", 2, {"source_url": ""}, "source_url", "the cell is empty"),
    ],
)
def test_a_wrong_cell_is_named(
    folder: Path, table: str, line: int, cells: dict[str, str], column: str, words: str
) -> None:
    at, message = refused(folder, table, line, cells)
    assert at == column
    assert words in message


def test_a_code_that_comes_twice_is_refused(folder: Path) -> None:
    line = line_of(folder, "states", iso3="ZWE")
    at, message = refused(folder, "states", line, {"iso3": "ABW"})
    assert (at, message) == ("iso3", "iso3: ABW is already in line 2; keep one of the two")
