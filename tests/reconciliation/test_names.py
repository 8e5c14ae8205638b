"""Which things a name, a kind and properties are matched with in the real graph, and which matches are certain."""

from collections.abc import Iterator

import pytest

from crmgraph.reconciliation.matching import Candidate, Things, find_candidates
from crmgraph.reconciliation.operations import read_queries

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"
TOPIC, GROUP = (CG.removesuffix("#") + name for name in ("/topic", "/population-group"))


def typed(*kinds: str) -> str:
    """The part of a query that asks for things of one of these kinds."""
    names = ", ".join(f'"{kind if kind.startswith("http") else CG + kind}"' for kind in kinds)
    return f'"type": [{names}]'


STATE = typed("State")


def found(things: Things, query: str, language: str = "es") -> list[Candidate]:
    """The candidates for a query, given as what a JSON object has in it."""
    return find_candidates(things, read_queries(f'{{"q": {{{query}}}}}')["q"], language)


def named(things: Things, name: str, asked: str = "", language: str = "es") -> list[Candidate]:
    return found(things, f'"query": "{name}"' + (f", {asked}" if asked else ""), language)


def ends(judged: list[Candidate]) -> list[str]:
    return [each.entity.iri.removeprefix(ID) for each in judged]


def listed(written: str) -> list[str]:
    return [name.strip() for line in written.strip().splitlines() for name in line.split(";")]


def pairs(written: str) -> Iterator[tuple[str, str]]:
    """The names and the thing that each means, of lines such as `thing: name; name`."""
    for line in written.strip().splitlines():
        thing, _, names = line.strip().partition(": ")
        for name in names.split("; "):
            yield name, thing


CERTAIN = {
    "State": """
        country/ARE: Emiratos Árabes; U.A.E.; Émirats arabes unis; Emirados Árabes Unidos
        country/BOL: Bolivia; Bolivia, Plurinational State of; Bolivie
        country/CIV: Costa de Marfil; Cote d'Ivoire; Ivory Coast; Costa do Marfim
        country/COD: Zaire; RD Congo; DR Congo; Congo (Kinshasa); Congo, the Democratic Republic of the
        country/COG: República del Congo; Congo-Brazzaville
        country/CRI: CRI
        country/DOM: República Dominicana; La República Dominicana; République dominicaine
        country/GBR: Gran Bretaña; Great Britain; U.K.; UK; Royaume-Uni
        country/GIN: Guinea-Conakry; Guinea Conakry; Guinée
        country/KOR: Corea del Sur; Korea, Republic of; Corée du Sud; Coreia do Sul
        country/PER: Peru; Perú
        country/PRK: Corea del Norte; DPRK; Corée du Nord; Korea, Democratic People's Republic of
        country/TUR: Turquía; Turkey; Türkiye; Turkiye; Turquie; Republic of Turkey
        country/USA: EE. UU.; EEUU; EUA; E.U.A.; USA; U.S.A.; The United States; États-Unis; Estados Unidos da América
        country/VAT: Santa Sede; The Holy See; Vaticano; Vatican City State; Cidade do Vaticano
        country/ZAF: Suráfrica; África do Sul; Afrique du Sud
        country/CAN: CAN""",
    "Organisation": """
        actor/acnur: ACNUR; UNHCR; UN Refugee Agency; Haut-Commissariat des Nations Unies pour les réfugiés
        actor/cicr: CICR; ICRC; Comité international de la Croix-Rouge; Comitê Internacional da Cruz Vermelha
        actor/oim: OIM; IOM; UN Migration; International Organisation for Migration
        actor/onu: Naciones Unidas; United Nations Organization; Nations unies; Nações Unidas
        actor/unodc: UNODC; ONUDC""",
    "": """
        country/GTM: republica de guatemala; https://www.wikidata.org/wiki/Special:EntityData/Q774
        country/GTM: https://www.wikidata.org/wiki/Q774/; https://www.geonames.org/3595528/guatemala.html
        country/GTM: http://w3id.org/crmgraph/id/country/GTM/; https://w3id.org/crmgraph/id/country/GTM
        country/CRI: Q800
        country/SLV: El Salvador
        country/SSD: Sudan, South
        country/PRK: Korea (North)
        country/TTO: Trinidad & Tobago
        country/DOM: República Dominicana.
        country/GMB: The Gambia
        country/ZAF: África del Sur
        actor/oim: OIM; I.O.M.; OIM (Organización Internacional para las Migraciones)
        actor/oim: Organización Internacional de las Migraciones.
        instrument/udhr-1948: Universal Declaration of Human Rights; Declaración Universal de los Derechos Humanos
        instrument/puebla-1996: Comunicado conjunto de Puebla
        instrument/carta-estatutaria: Carta Estatutaria de la CRM
        process/rcm: Puebla Process; Proceso de Puebla; Conferencia Regional de Migración
        process/la-declaration: LA Declaration
        process/sacm: CSM
        plan/crm: plan/crm
        plan/crm/pgm/7.1.1: plan/crm/pgm/7.1.1""",
    # What is called by what it is, where its kind is asked for.
    "Organ": "actor/st: Secretaría Técnica\nactor/ppt: PPT",
    "AgentGroup": "actor/paises-miembros: Estados miembros",
    "Network": "network/redes-enlace: Redes de enlace",
    "Instrument": "instrument/politica-migratoria-nacional: Política migratoria nacional",
    "Plan": """
        plan/marrakesh: Plan de Acción de Marrakech
        plan/bali: Adelaide Strategy
        plan/crm: Plan de la CRM
        plan/gcm: Global Compact""",
    "ConsultativeProcess": "process/asem: ASEM\nprocess/colombo: CP",
    "Meeting": """
        meeting/crm-xv: 15th Regional Conference on Migration; 15.ª Conferencia Regional sobre Migración
        meeting/crm-xxi: Twenty-First Regional Conference on Migration; vigésima primera CRM""",
    TOPIC: f"{TOPIC}#labour-migration: labor migration",
}  # fmt: skip


def test_names_of_one_thing_are_certain(things: Things) -> None:
    missed = []
    for kind, written in CERTAIN.items():
        for name, meant in pairs(written):
            best = named(things, name, typed(kind) if kind else "")[:1]
            if [(each.entity.iri.removeprefix(ID), each.score, each.is_certain) for each in best] != [
                (meant, 100, True)
            ]:
                missed.append((kind, name, meant, ends(best)))
    assert missed == []


# Names of which more than one thing may be meant, or something that is not there: of states, then of anything.
OF_STATES = """
    Congo; Guinea; Corea; Guayana; Macao; Checoslovaquia; URSS; Soviet Union; Inglaterra; América; Antigua; Dominicana
    Salvador; RDC; US; Taiwan; Hong Kong; Maurice; mexicano; Salvadoran; NA; n.a.; no; sur; CR; 320; franca; Franca
    suede; chili; servía; EU; Guatemla
"""
OF_ANYTHING = """
    CR; n.a.; S.A.; sur; and; CAN; no; La; 320; 10.7; Secretaría Ejecutiva; remesas; oim; Guatemala.; EU; Plan de Acción
    Plan of Action; Plan Estratégico 2023-2026; Brazil Plan of Action; Declaration; Declaración de Cartagena; Charter
    Comunicado conjunto; Carta Estatutaria; 2006 MoU; Memorándum de Entendimiento de 2006; National migration policy
    Derecho internacional; Global Compact; Liaison networks; cada red; Estados miembros; Gobiernos; ONG; Cancillerías
    Secretaría Técnica; PPT; Reunión Viceministerial; Ministerio de Relaciones Exteriores; ASEM; 5+5; CP; UN; UK
    MERCOSUR; Saint Martin; Tijuana; Los Ángeles; Lima; Puebla; Bali; RCM plan; Conferencia Regional sobre Migraciones
    Corea (Rep.); Plan de la CRM; 7.1.1.; franca; Congo; Segunda Conferencia Regional sobre Migración
"""
ORGANISATIONS = "IFRC; Cruz Roja; Red Cross; OHCHR; CARICOM; Comunidad Andina; Unión Africana; CELADE"
PUT_OTHERWISE = """
    sur de África; the south of Africa; Sur de Sudán; norte de Corea; Women in the UN; mujeres y migrantes
    dialogue on international migration; Desarrollo de la migración; Antigua y Guatemala; smuggling by migrants
    mujeres para migrantes; trata para personas; Migración en salud; in Mexico; a turkey; mujeres: migrantes
    mujeres • migrantes; Guinea: Bissau; la declaration; LA DECLARATION; Proceso en Quito; migración, salud
    Carta Estatutaria sobre la CRM; Trinidad/Tobago; https://country/GTM; https://q774; http://place/puebla; 5m CRM
"""
UNCERTAIN = [
    (OF_STATES, STATE, "es"),
    (OF_ANYTHING, "", "es"),
    (OF_ANYTHING, "", "en"),
    (ORGANISATIONS, typed("Organisation"), "es"),
    (PUT_OTHERWISE, "", "es"),
    (PUT_OTHERWISE, STATE, "es"),
    (PUT_OTHERWISE, typed(TOPIC, GROUP, "Place"), "es"),
    ("Plan de Acción; Plan Estratégico 2023-2026", typed("Plan"), "es"),
    ("Memorándum de Entendimiento de 2006; Plan of Action", typed("Instrument"), "es"),
    ("Guatemala", f'{typed("Instrument")}, "type_strict": "should"', "es"),
    ("CAN", typed("State", "Organisation"), "es"),
    ("EU", STATE, "en"),
    ("Congo; Guinea", '"limit": 1', "es"),
    ("7.1.1", typed("Activity"), "es"),
]


def test_names_that_several_things_may_have_are_not_certain(things: Things) -> None:
    missed = [
        (name, asked, language)
        for names, asked, language in UNCERTAIN
        for name in listed(names)
        if any(each.is_certain for each in named(things, name, asked, language))
    ]
    assert missed == []


FIRST = [
    ("Guatemla", "", "country/GTM"),
    ("Conferencia Regional para las Migraciones", "", "process/rcm"),
    ("Regional Conference on Migrations", "", "process/rcm"),
    ("Corea (Rep.)", "", "country/KOR"),
    ("Congo (Rep. Dem.)", "", "country/COD"),
    ("Salvador", "", "country/SLV"),
    ("RCM plan", "", "plan/crm"),
    ("7.1.1.", "", "plan/crm/pgm/7.1.1"),
    ("7.1.1", typed("Activity"), "plan/crm/pgm/7.1.1"),
    ("Segunda Conferencia Regional sobre Migración", "", "meeting/crm-ii"),
    ("Guatemala", f'{typed("Instrument")}, "type_strict": "should"', "country/GTM"),
    ("Los Angeles Declaration", f'{typed("ConsultativeProcess")}, "type_strict": "should"', "process/la-declaration"),
    ("Los Angeles Declaration", f'{typed("Plan")}, "type_strict": "should"', "plan/los-angeles"),
    ("Border control", f'{typed("Objective")}, "type_strict": "should"', "plan/niamey/nd/5"),
    ("OIM", f'{typed("Agent", "State")}, "type_strict": "any"', "actor/oim"),
    ("OIM", f'{typed("Agent", "State")}, "type_strict": "should"', "actor/oim"),
]


def test_likeliest_candidate_comes_first(things: Things) -> None:
    missed = [(name, asked) for name, asked, meant in FIRST if ends(named(things, name, asked))[:1] != [meant]]
    assert missed == []
    assert 90 < named(things, "Guatemla")[0].score < 100
    for name in ("7.", "Objective 7", "Objetivo 7"):
        assert "plan/crm/pgm/7" in ends(named(things, name, typed("Objective"))), name
    for each in named(things, "Gobierno de Honduras", f'{STATE}, "type_strict": "should"'):
        if f"{CG}State" not in each.entity.kinds:
            assert each.match
            assert not each.has_kind
            assert each.score == pytest.approx(80 * each.match.similarity, abs=0.1)
    assert "actor/oim" not in ends(named(things, "OIM", f'{typed("Agent", "State")}, "type_strict": "all"'))


@pytest.mark.parametrize(
    ("name", "asked", "language", "meant"),
    [
        ("Declaración de Los Ángeles", "", "es", {"plan/los-angeles", "process/la-declaration"}),
        ("Los Angeles Declaration", "", "en", {"plan/los-angeles", "process/la-declaration"}),
        ("Congo", STATE, "es", {"country/COG", "country/COD"}),
        ("Guinea", STATE, "es", {"country/GIN", "country/GNQ"}),
        ("EU", "", "es", {"actor/ue", "country/USA"}),
        ("EU", STATE, "es", {"country/USA"}),
        ("EU", "", "en", {"actor/ue"}),
    ],
)
def test_name_of_several_things_brings_all_of_them(
    name: str, asked: str, language: str, meant: set[str], things: Things
) -> None:
    judged = named(things, name, asked, language)
    assert {end for end, each in zip(ends(judged), judged, strict=True) if each.score == 100} == meant
    assert not any(each.is_certain for each in judged)


def test_places_that_are_not_in_the_graph_are_not_much_like_others(things: Things) -> None:
    for name in ("Saint Martin", "San Martín", "Hong Kong"):
        for asked in ("", STATE):
            assert all(each.score < 90 for each in named(things, name, asked))
    assert "actor/organizaciones-no-gubernamentales" not in ends(named(things, "Hong Kong"))
    assert named(things, "https://www.geonames.org/484") == []
    assert named(things, " ") == []


def having(name: str, value: str) -> str:
    return f'"properties": [{{"pid": "{name if ":" in name else CG + name}", "v": {value}}}]'


def test_properties_decide_between_candidates(things: Things) -> None:
    judged = named(things, "Congo", f"{STATE}, {having('iso3', chr(34) + 'cod' + chr(34))}")
    assert ends(judged)[0] == "country/COD"
    assert not any(each.is_certain for each in judged)
    member = having("memberOf", '"Proceso Puebla"')
    judged = found(things, f'{STATE}, "limit": 50, {member}')
    assert (len(judged), {each.score for each in judged}) == (11, {100})
    assert named(things, "Guatemala", f"{STATE}, {member}")[0].is_certain
    disagreeing = named(things, "Guatemala", having("memberOf", '"Proceso de Bali"'))
    assert (ends(disagreeing)[0], disagreeing[0].is_certain) == ("country/GTM", False)
    unknown = named(things, "Guatemala", having("http://e/p", '"x"'))[0]
    assert (unknown.score, unknown.properties, unknown.is_certain) == (100, {}, False)
    year = found(things, f'{having("startDate", chr(34) + "2014" + chr(34))}, {typed("Meeting")}, "limit": 1')
    assert {each.score for each in year} == {100}


@pytest.mark.parametrize(
    ("name", "value", "likeness"),
    [
        ("https://schema.org/sameAs", '"http://www.wikidata.org/entity/Q775"', 0),
        ("https://schema.org/sameAs", '"Q774"', 1),
        ("m49", "320.0", 1),
        ("memberOf", f'{{"id": "{ID}process/bali"}}', 0),
        ("memberOf", '"Conferencia Regional sobre Migracion"', 1),
    ],
)
def test_only_words_of_properties_may_be_misspelt(things: Things, name: str, value: str, likeness: float) -> None:
    best = named(things, "Guatemala", f"{STATE}, {having(name, value)}")[0]
    assert list(best.properties.values()) == [likeness]
