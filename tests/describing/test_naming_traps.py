"""What is a mention, and what only looks like one: sentences, each with all that it names and by which words."""

import unicodedata

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import BASE, ONTOLOGY

ID = BASE + "id/"
NAMES = """
country/BLZ State | Belice
country/CAN State | Canadá
country/CHL State | Chile
country/CRI State | Costa Rica
country/DMA State | Dominica
country/DOM State | República Dominicana
country/ESP State | España
country/GIN State | Guinea
country/GRD State | Granada
country/GTM State | Guatemala | República de Guatemala
country/HND State | Honduras
country/IRN State | Irán
country/JAM State | Jamaica
country/MEX State | México | Estados Unidos Mexicanos
country/NER State | Níger
country/NGA State | Nigeria
country/PAN State | Panamá
country/SLV State | El Salvador | República de El Salvador
country/USA State | Estados Unidos | Estados Unidos de América | EE. UU.
place/ciudad-de-guatemala Place | Ciudad de Guatemala
place/cuenca Place | Cuenca
place/puebla Place | Puebla
place/san-jose Place | San José
place/san-salvador Place | San Salvador
place/tela Place | Tela
actor/acnur Organisation | Alto Comisionado de las Naciones Unidas para los Refugiados | ACNUR=
actor/can Organisation | Secretaría General de la Comunidad Andina | CAN=
actor/ceam Organisation | Comisión Especial de Asuntos Migratorios (OEA) | Comisión Especial de Asuntos Migratorios
actor/cepal Organisation | Comisión Económica para América Latina y el Caribe | CEPAL=
actor/cepal-celade Organisation | Centro Latinoamericano y Caribeño de Demografía | CEPAL/CELADE=
actor/grcm Organ | Grupo Regional de Consulta sobre Migración | GRCM=
actor/oim Organisation | Organización Internacional para las Migraciones | OIM=
actor/onu Organisation | Organización de las Naciones Unidas | ONU= | Naciones Unidas
actor/ppt Organ | Presidencia Pro-Témpore | PPT=
actor/st Organ | Secretaría Técnica | ST=
actor/viceministerial Organ | Reunión Viceministerial
actor/aerolineas AgentGroup | Aerolíneas | líneas aéreas
actor/autoridades-migratorias AgentGroup | Autoridades migratorias
actor/funcionarios-consulares AgentGroup | Funcionarios consulares
actor/ong AgentGroup | ONG interesadas en los derechos humanos | ONG= | ONG’s | organizaciones no gubernamentales
actor/organos-tutelares AgentGroup | Órganos estatales tutelares de derechos humanos
actor/paises-miembros AgentGroup | Países miembros de la CRM | países miembros
actor/policia-fronteriza AgentGroup | Policía fronteriza
network/red-trata Network | Red para el Combate a la Trata de Personas | Red para el Combate a la Trata
network/red-proteccion-consular Network | Red de Protección Consular
network/redes-enlace Network | Redes de enlace | ~cada red
network/rrocm Network | Red Regional de Organizaciones Civiles para las Migraciones | RROCM=
process/rcm ConsultativeProcess | Conferencia Regional sobre Migración | CRM= | Proceso Puebla
process/fibemyd ConsultativeProcess | Foro Iberoamericano sobre Migración y Desarrollo | FIBEMYD= | ~FYBEMID
meeting/crm-xiv Meeting | XIV Conferencia Regional sobre Migración | XIV CRM
instrument/udhr-1948 Instrument | Declaración Universal de los Derechos Humanos
topic#derechos-humanos topic | derechos humanos | DDHH=
topic#documentos topic | documentos de viaje
topic#trafico topic | tráfico ilícito de migrantes
topic#trata topic | trata de personas
population-group#migrantes population-group | migrantes
population-group#extrarregionales population-group | migrantes extrarregionales
population-group#inmigrantes population-group | inmigrantes
population-group#mujeres population-group | mujeres refugiadas
population-group#ninos population-group | niños migrantes no acompañados
population-group#refugiados population-group | refugiados
"""


def things() -> Graph:
    """A thing a line: its IRI, its class or scheme, its label, other names (acronyms with =, misspellings with ~)."""
    graph = Graph()
    for line in NAMES.strip().splitlines():
        head, label, *others = (cell.strip() for cell in line.split("|"))
        path, kind = head.split()
        iri = URIRef(f"{ONTOLOGY}/{path}" if "#" in path else ID + path)
        if "#" in path:
            graph.add((iri, SKOS.inScheme, URIRef(f"{ONTOLOGY}/{kind}")))
        else:
            graph.add((iri, RDF.type, CG[kind]))
        graph.add((iri, SKOS.prefLabel if "#" in path else RDFS.label, Literal(label, "es")))
        for other in others:
            name = Literal(other.strip("=~"), "es")
            graph.add((iri, SKOS.hiddenLabel if other[0] == "~" else SKOS.altLabel, name))
            if other[-1] == "=":
                graph.add((iri, SKOS.notation, Literal(str(name))))
        if kind == "State":
            graph.add((iri, SKOS.notation, Literal(path[-3:])))
    return graph


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(things())


def found(lexicon: Lexicon, text: str) -> list[tuple[str, str, str]]:
    return [
        (text[each.start : each.end], each.iri.removeprefix(ID).removeprefix(f"{ONTOLOGY}/"), each.form)
        for each in lexicon.find(text)
    ]


def check(lexicon: Lexicon, text: str, expected: str) -> None:
    """`expected` has `words = thing` with commas in between; `words = thing !` is a misspelling."""
    pairs = [tuple(part.strip() for part in each.split(" = ")) for each in expected.split(";") if each.strip()]
    assert [
        (words, iri + (" !" if form == "misspelling" else "")) for words, iri, form in found(lexicon, text)
    ] == pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La OIM preparó un informe", "OIM = actor/oim"),
        ("Universidade de COIMBRA, OIMa, la oim y el Oim", ""),
        ("la OIM. La OIM, (OIM) «OIM» OIM; OIM:", "; ".join(["OIM = actor/oim"] * 6)),
        ("la OIM¹ y la OIM²", "OIM = actor/oim; OIM = actor/oim"),
        ("la O.I.M. y la O. I. M.", "O.I.M. = actor/oim; O. I. M. = actor/oim"),
        ("OIM2 y 3OIM", ""),
        ("_OIM_ y *OIM*", "OIM = actor/oim; OIM = actor/oim"),
        ("la PPT/ST asiste", "PPT = actor/ppt; ST = actor/st"),
        ("la CRM-RROCM", "CRM = process/rcm; RROCM = network/rrocm"),
        ("the best one can do, 1 st., S. T. Gómez", ""),
        ("la CAN, no Canadá", "CAN = actor/can; Canadá = country/CAN"),
        ("CEPAL/CELADE, CEPAL y CELADE", "CEPAL/CELADE = actor/cepal-celade; CEPAL = actor/cepal"),
        ("Acnur, la Cepal, acnur", "Acnur = actor/acnur; Cepal = actor/cepal"),
        ("las ONGs, ONG’s, ONG's y ONG", "ONGs = actor/ong; ONG’s = actor/ong; ONG's = actor/ong; ONG = actor/ong"),
        ("ONG’s interesadas en los derechos humanos", "ONG’s interesadas en los derechos humanos = actor/ong"),
        ("the CRM’s work", "CRM’s = process/rcm"),
        ("el FYBEMID, el FIBEMYD", "FYBEMID = process/fibemyd !; FIBEMYD = process/fibemyd"),
        (
            "EE.UU., EE. UU., EEUU, EE UU",
            "; ".join(f"{w} = country/USA" for w in ("EE.UU.", "EE. UU.", "EEUU", "EE UU")),
        ),
        ("los DDHH de HND, SLV, MEX y USA; él usa", "DDHH = topic#derechos-humanos"),
    ],
)
def test_acronyms(lexicon: Lexicon, text: str, expected: str) -> None:
    check(lexicon, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Guatemala", "Guatemala = country/GTM"),
        (
            "en la Ciudad de Guatemala, Guatemala",
            "Ciudad de Guatemala = place/ciudad-de-guatemala; Guatemala = country/GTM",
        ),
        ("Ciudad de México", ""),
        ("la CIUDAD DE PANAMÁ y el Canal de Panamá", ""),
        ("Puebla, México", "Puebla = place/puebla; México = country/MEX"),
        ("Estados Unidos Mexicanos", "Estados Unidos Mexicanos = country/MEX"),
        ("los Estados Unidos", "Estados Unidos = country/USA"),
        ("Estados Unidos de América", "Estados Unidos de América = country/USA"),
        ("Nuevo México, Puerto Rico, Guinea Ecuatorial, Papúa Nueva Guinea, Guinea-Bisáu", ""),
        ("Guinea y el Golfo de Guinea", "Guinea = country/GIN"),
        ("Níger, Nigeria, nigerianos", "Níger = country/NER; Nigeria = country/NGA"),
        ("San Salvador, El Salvador", "San Salvador = place/san-salvador; El Salvador = country/SLV"),
        ("República Dominicana", "República Dominicana = country/DOM"),
        ("Dominica y la dominicana", "Dominica = country/DMA"),
        ("Granada; la ciudad de Granada", "Granada = country/GRD"),
        ("granadas, una granada, chile, países bajos, chiles, agua de jamaica, ellos irán, el salvador del mundo", ""),
        ("la tela de la cuenca que se puebla", ""),
        ("Tela, Cuenca", "Tela = place/tela; Cuenca = place/cuenca"),
        ("MEXICO Y CHILE, mexico", "MEXICO = country/MEX; CHILE = country/CHL; mexico = country/MEX"),
        ("San José, COSTA RICA", "San José = place/san-jose; COSTA RICA = country/CRI"),
        ("frontera México-Guatemala", "México = country/MEX; Guatemala = country/GTM"),
        ("México–Belice", "México = country/MEX; Belice = country/BLZ"),
        ("mexicanos, guatemalteca, hondureño, Hondurasx", ""),
        ("pro-México", "México = country/MEX"),
        ("https://example.org/es/guatemala/OIM, www.honduras.example y info@OIM.example", ""),
        ("Santiago de Chile, San José de Costa Rica", ""),
        ("Costa, Rica; Costa / Rica; Costa. Rica", ""),
    ],
)
def test_states_and_places(lexicon: Lexicon, text: str, expected: str) -> None:
    check(lexicon, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un cartel red, la red de agua, las redes sociales, la red", ""),
        ("la red de protección consular", "red de protección consular = network/red-proteccion-consular"),
        ("cada red", "cada red = network/redes-enlace !"),
        ("cada reducción", ""),
        ("Red para el Combate a la Trata de Personas",
         "Red para el Combate a la Trata de Personas = network/red-trata"),
        ("Red para el Combate a la Trata y la trata de personas",
         "Red para el Combate a la Trata = network/red-trata; trata de personas = topic#trata"),
        ("se trata de prevenir la trata", ""),
        ("XIV CRM", "XIV CRM = meeting/crm-xiv"),
        ("la XIV Conferencia Regional sobre Migración", "XIV Conferencia Regional sobre Migración = meeting/crm-xiv"),
        ("XV CRM", "CRM = process/rcm"),
        ("países miembros de la CRM", "países miembros de la CRM = actor/paises-miembros"),
        ("Alto Comisionado de las Naciones Unidas para los Refugiados",
         "Alto Comisionado de las Naciones Unidas para los Refugiados = actor/acnur"),
        ("las Naciones Unidas para todos", "Naciones Unidas = actor/onu"),
        ("Declaración Universal de los Derechos Humanos de 1948",
         "Declaración Universal de los Derechos Humanos = instrument/udhr-1948"),
        ("Comisión Especial de Asuntos Migratorios (OEA)",
         "Comisión Especial de Asuntos Migratorios (OEA) = actor/ceam"),
        ("Comisión Especial de Asuntos Migratorios, OEA", "Comisión Especial de Asuntos Migratorios = actor/ceam"),
        ("tráfico ilícito de migrantes", "tráfico ilícito de migrantes = topic#trafico"),
        ("tráfico de migrantes", "migrantes = population-group#migrantes"),
    ],
)  # fmt: skip
def test_the_longest_name_counts_and_once(lexicon: Lexicon, text: str, expected: str) -> None:
    check(lexicon, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la Presidencia Pro Tempore", "Presidencia Pro Tempore = actor/ppt"),
        ("PRESIDENCIA PRO-TEMPORE", "PRESIDENCIA PRO-TEMPORE = actor/ppt"),
        ("Presidencia Pro‑Témpore", "Presidencia Pro‑Témpore = actor/ppt"),
        ("Presidencia Protémpore", "Presidencia Protémpore = actor/ppt"),
        ("la presidencia pro-Tempore", "presidencia pro-Tempore = actor/ppt"),
        ("Presidencia - Pro Tempore", ""),
        ("la Reunión Vice-Ministerial", "Reunión Vice-Ministerial = actor/viceministerial"),
        ("la Reunión Vice Ministerial", "Reunión Vice Ministerial = actor/viceministerial"),
        ("migrantes extra-regionales", "migrantes extra-regionales = population-group#extrarregionales"),
        ("migrantes extra regionales", "migrantes extra regionales = population-group#extrarregionales"),
        ("actitudes anti-inmigrantes y antiinmigrantes, los no-migrantes", ""),
        ("los Inmigrantes, emigrantes", "Inmigrantes = population-group#inmigrantes"),
        ("trafico ilicito  de\u00a0migrantes", "trafico ilicito  de\u00a0migrantes = topic#trafico"),
        ("tra\u0301fico ili\u0301cito\nde migrantes", "tra\u0301fico ili\u0301cito\nde migrantes = topic#trafico"),
        ("Mé\u00adxi\u200bco\u00ad", "Mé\u00adxi\u200bco = country/MEX"),
        ("😀 México 𝄞", "México = country/MEX"),
    ],
)
def test_ways_of_writing(lexicon: Lexicon, text: str, expected: str) -> None:
    check(lexicon, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un funcionario consular", "funcionario consular = actor/funcionarios-consulares"),
        ("las funcionarias consulares", "funcionarias consulares = actor/funcionarios-consulares"),
        ("una FUNCIONARIA CONSULAR", "FUNCIONARIA CONSULAR = actor/funcionarios-consulares"),
        ("funcionarios/as consulares", "funcionarios/as consulares = actor/funcionarios-consulares"),
        ("funcionarios(as) consulares", "funcionarios(as) consulares = actor/funcionarios-consulares"),
        ("funcionarios consular, consulares", ""),
        ("una aerolínea o línea aérea", "aerolínea = actor/aerolineas; línea aérea = actor/aerolineas"),
        ("la autoridad migratoria", "autoridad migratoria = actor/autoridades-migratorias"),
        ("policías fronterizas", "policías fronterizas = actor/policia-fronteriza"),
        ("policías fronterizos", ""),
        ("órgano estatal tutelar de derechos humanos",
         "órgano estatal tutelar de derechos humanos = actor/organos-tutelares"),
        ("una organización no gubernamental", "organización no gubernamental = actor/ong"),
        ("el país miembro", "país miembro = actor/paises-miembros"),
        ("niña migrante no acompañada", "niña migrante no acompañada = population-group#ninos"),
        ("el refugiado, la refugiada",
         "refugiado = population-group#refugiados; refugiada = population-group#refugiados"),
        ("mujeres refugiadas, hombres refugiados",
         "mujeres refugiadas = population-group#mujeres; refugiados = population-group#refugiados"),
        ("un documento de viaje", "documento de viaje = topic#documentos"),
        ("el derecho humano, los documentos de viajes", "derecho humano = topic#derechos-humanos"),
        ("las secretarías técnicas, el secretario técnico, una red de enlace, Guatemalas", ""),
    ],
)  # fmt: skip
def test_number_and_gender_of_kinds_but_not_of_names(lexicon: Lexicon, text: str, expected: str) -> None:
    check(lexicon, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Conferencia Regoinal sobre Migración", "Conferencia Regoinal sobre Migración = process/rcm !"),
        ("Grupo Regional de Conulta sobre Migración", "Grupo Regional de Conulta sobre Migración = actor/grcm !"),
        ("Comisión Econnómica para América Latina y el Caribe",
         "Comisión Econnómica para América Latina y el Caribe = actor/cepal !"),
        ("Organizazión Internacional para las Migraciones",
         "Organizazión Internacional para las Migraciones = actor/oim !"),
        ("Conferensia Regoinal sobre Migración", ""),
        ("Conferencia Regional sobre Emigración", ""),
        ("Conferencias Regionales sobre Migración", ""),
        ("Conferencia Nacional sobre Migración", ""),
        ("Red de Proyección Consular", ""),
        ("Secretaría Tecnica, Secretaría Ténica, Secretario Técnico", "Secretaría Tecnica = actor/st"),
        ("Guatemla, Hondruas, Migrates, ACNRU",
         "Guatemla = country/GTM !; Hondruas = country/HND !; ACNRU = actor/acnur !"),
        ("guatemla, acnru, ACNAR, Columbia, Hondas, Hondureñas, OMI", ""),
        ("trata de persnas", ""),
    ],
)  # fmt: skip
def test_one_slip_in_a_long_name(lexicon: Lexicon, text: str, expected: str) -> None:
    check(lexicon, text, expected)


@pytest.mark.parametrize("way", ["as it is", "upper", "plain", "decomposed", "wide"])
def test_every_name_is_found_at_its_place(lexicon: Lexicon, way: str) -> None:
    names = things()
    for predicate in (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
        for thing, name in names.subject_objects(predicate):
            written = written_as(str(name), way)
            found = {(each.start, each.end, each.iri) for each in lexicon.find(f"ab {written}, cd")}
            assert (3, 3 + len(written), str(thing)) in found, written


def written_as(name: str, way: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    ways = {
        "upper": name.upper(),
        "plain": "".join(c for c in decomposed if not unicodedata.combining(c)),
        "decomposed": decomposed,
        "wide": name.replace(" ", "\u2003\n "),
    }
    return ways.get(way, name)


def test_the_form_is_that_of_the_name(lexicon: Lexicon) -> None:
    text = "México, Estados Unidos Mexicanos, la OIM, el FYBEMID, ONGs, EEUU, un país miembro de la CRM, país miembro"
    assert [form for _, _, form in found(lexicon, text)] == [
        "full-name",
        "short-name",
        "acronym",
        "misspelling",
        "acronym",
        "short-name",
        "full-name",
        "short-name",
    ]


def test_names_in_english() -> None:
    graph = Graph()
    for path, name in (("MEX", "Mexico"), ("TUR", "Turkey"), ("GIN", "Guinea")):
        graph.add((URIRef(ID + path), RDFS.label, Literal(name, "en")))
    text = "Mexico City, New Mexico, Equatorial Guinea, a turkey, Turkey and Mexico"
    mentions = Lexicon(graph, languages=("en",)).find(text)
    assert [text[each.start : each.end] for each in mentions] == ["Turkey", "Mexico"]
    assert Lexicon(graph).find(text) == []
