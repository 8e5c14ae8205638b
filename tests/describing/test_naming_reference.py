"""The names of the curated tables, found by themselves and told apart from what only looks like them."""

import pytest
from babel import Locale
from rdflib import RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing import describe_background
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.resources import resource

KINDS = (
    "State",
    "Organ",
    "Organisation",
    "AgentGroup",
    "Network",
    "ConsultativeProcess",
    "Instrument",
    "Meeting",
    "Place",
)


@pytest.fixture(scope="module")
def names() -> Graph:
    dataset = describe_background(resource("ontology"), resource("data"), Names()).dataset
    return sum((dataset.graph(URIRef(Names().graph(graph))) for graph in ("reference", "processes")), Graph())


@pytest.fixture(scope="module")
def lexicon(names: Graph) -> Lexicon:
    return Lexicon(names, [str(CG[kind]) for kind in KINDS])


def test_every_spanish_name_leads_to_its_thing(names: Graph, lexicon: Lexicon) -> None:
    wanted = {thing for kind in KINDS for thing in names.subjects(predicate=None, object=CG[kind])}
    # An acronym is one in whatever language.
    right = {str(name) for predicate in (RDFS.label, SKOS.altLabel) for _, name in names.subject_objects(predicate)}
    missed = []
    for predicate in (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel):
        for thing, name in names.subject_objects(predicate):
            if predicate == SKOS.hiddenLabel and str(name) in right:
                continue
            if thing in wanted and isinstance(name, Literal) and name.language == "es":
                whole = {each.iri for each in lexicon.find(name) if (each.start, each.end) == (0, len(name))}
                if str(thing) not in whole:
                    missed.append((thing, name))
    assert missed == []


@pytest.mark.parametrize(("name", "code"), [("Congo", "COG"), ("Guinea", "GIN")])
def test_a_name_that_others_give_to_another_state_too_stands_for_its_own(
    name: str, code: str, lexicon: Lexicon
) -> None:
    found = lexicon.find(f"con {name} en ello")
    assert [(each.iri, each.form) for each in found] == [(Names().id("country", code), "full-name")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("COIMBRA, OIMa, oim, st, can, sv, ppt", []),
        ("un cartel red, la red de agua, en la red", []),
        ("Nuevo México, el Golfo de Guinea, mexicanos", []),
        ("PPT/ST", ["PPT", "ST"]),
        ("los ONG’s, la CRM’s", ["ONG’s", "CRM’s"]),
        ("Estados Unidos Mexicanos y Estados Unidos", ["Estados Unidos Mexicanos", "Estados Unidos"]),
        ("el FYBEMID, la Presidencia Pro Tempore", ["FYBEMID", "Presidencia Pro Tempore"]),
    ],
)
def test_traps(lexicon: Lexicon, text: str, words: list[str]) -> None:
    assert [text[each.start : each.end] for each in lexicon.find(text)] == words


SLIPS = """
    Honduraz Hondurus Hnduras Mexco Méxcio Canda Ecuadro Nicaragüa Nicargua Guatemla Guatamala Costa·Rrica El·Salbador
    Panamma Belcie Colombai Argetina Brsil Urugauy Venezula Bolvia Estdos·Unidos República·Dominciana GCRM ACNURR CEPLA
    Argentinia Lybia Marruuecos Estados·Unido Emiratos·Árabe·Unidos Organización·de·las·Naciones·Unida
"""


@pytest.mark.parametrize("slip", [slip.replace("·", " ") for slip in SLIPS.split()])
def test_a_slip_in_the_name_of_a_state_or_an_acronym(slip: str, lexicon: Lexicon) -> None:
    text = f"Apoyar a {slip} en ello"
    assert [(text[each.start : each.end], each.form) for each in lexicon.find(text)] == [(slip, "misspelling")]


NO_SLIPS = """
    argentino argentina argentinos argentinas barbadense bahameño beliceño beliceña beliceños boliviano
    boliviana bolivianas brasileño brasileña brasileiro canadiense canadienses chileno chilena colombiano
    colombiana colombianos costarricense tico cubano cubana dominicano dominicana dominicanos dominico dominical
    ecuatoriano ecuatoriana ecuatorial salvadoreño salvadoreña salvadora salvadoras salvado granadino granadina
    guatemalteco guatemalteca chapín guyanés guyanesa haitiano haitiana hondureño hondureña hondureños hondura
    honduras·hondos jamaicano jamaiquino estadounidense mexicano mexicana mexicanas mexica mexicas nicaragüense
    nica panameño panameña paraguayo paraguaya peruano peruana surinamés trinitense uruguayo uruguaya uruguayos
    venezolano venezolana alemana rumana lituana letona sueca suecas filipino filipinos filipina italiano
    francesa español española

    Argentine Argentinian Bahamian Barbadian Belizean Bolivian Brazilian Canadian Chilean Colombian Cuban
    Dominican Ecuadorian Ecuadorean Salvadoran Grenadian Guatemalan Guyanese Haitian Honduran Hondurans Jamaican
    Mexican Mexicans Nicaraguan Panamanian Paraguayan Peruvian Surinamese Uruguayan Venezuelan Filipino American
    Americans

    compras cómodas comeros grabada ganada gravada armería armonía alegría malaria malditas librería seria sucia
    sucias médico médicos médica cantada casada cansada cañada camada basílica servía letanía saltador águila
    bélica palos palcos gracia francas frunza china chinas hungry surname seria basil armada granadas granado
    ganado

    Olivia Bolívar Columbia Cameron Camerún·Norte Noriega Angélica Argelino Georgina Giorgia Mauricio Maurilio
    Maurizio Salvatore Salvador·Allende Monserrat Montserrat Cyrus Jourdan Jordana Gracia Granados Américo
    Amelia Armentia Iolanda Yolanda Virginia Virgilio Victoria Dominga Domínguez Domenica Paula Panamera Paraná
    Ecuatoria Brasilia Guayana Almería Alería Caracas Granollers Armenteros Guadalupe Nicaro Hondarribia
    Costa·Brava Costa·Azul Puerto·Rico San·Martino Guayaquil Canarias Canadell Mexicali Méridas Belén
    Belice·City Benice Chipiona Bahía Urania Panza Costa·Arriba Reino·Animal Estado·Mayor República·Popular
    El·Saltador Villa·Rica Costas·Ricas

    Siria Syria Libya Guiana Paraguai Uruguai Kenya Los·Estado las·Naciones·Unida·Ana
    mail voice·mail mail·masivo preu bruma benni kenai sapin togna
"""


@pytest.mark.parametrize("word", [word.replace("·", " ") for word in NO_SLIPS.split()])
def test_what_looks_like_a_slip_and_is_none(word: str, lexicon: Lexicon) -> None:
    """Demonyms and adjectives, words that may begin a sentence, names of people and of towns."""
    for text in (word, word.capitalize(), word.upper(), f"{word.title()} en ello"):
        assert [each for each in lexicon.find(text) if each.form == "misspelling"] == [], text


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_territory_of_the_world_and_no_language_is_a_slip(language: str, lexicon: Lexicon) -> None:
    locale = Locale.parse(language)
    said = [*locale.territories.values(), *locale.languages.values()]
    wrong = {text: each.name for text in said for each in lexicon.find(text.title()) if each.form == "misspelling"}
    assert wrong == {}
