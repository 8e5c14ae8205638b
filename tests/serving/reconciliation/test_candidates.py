"""The candidates for names and properties, in the real graph."""

import pytest

from crmgraph.linking.spelling import words_of
from crmgraph.serving.reconciliation.candidates import Candidate, candidates
from crmgraph.serving.reconciliation.queries import read_queries
from crmgraph.serving.reconciliation.things import Things

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"
STATE = f'"type": "{CG}State"'


def found(things: Things, query: str, language: str = "es") -> list[Candidate]:
    return candidates(things, read_queries(f'{{"q": {{{query}}}}}')["q"], language)


def names(judged: list[Candidate]) -> list[str]:
    return [each.entity.iri.removeprefix(ID) for each in judged]


def test_a_name_of_one_thing_is_certain(things: Things) -> None:
    best = found(things, '"query": "republica de guatemala"')[0]
    assert best.entity.iri == f"{ID}country/GTM"
    assert (best.score, best.is_certain) == (100, True)


def test_a_slip_is_never_certain(things: Things) -> None:
    best = found(things, '"query": "Guatemla"')[0]
    assert best.entity.iri == f"{ID}country/GTM"
    assert 90 < best.score < 100
    assert not best.is_certain


def test_a_name_of_several_things_is_not_certain(things: Things) -> None:
    judged = found(things, '"query": "OIM"')
    assert [each.is_certain for each in judged if each.match and each.match.is_exact] == [True]
    shared = found(things, '"query": "México"')
    exact = [each for each in shared if each.match and each.match.is_exact]
    assert len(exact) == 1 or not any(each.is_certain for each in exact)


@pytest.mark.parametrize(
    "word",
    ["CR", "n.a.", "N.A.", "NU", "S.A.", "sur", "Sur", "and", "CAN", "no", "La", "320", "10.7", "Secretaría Ejecutiva",
     "remesas", "Plan de Acción", "oim", "Guatemala."],
)  # fmt: skip
def test_words_that_may_mean_much_else_are_not_certain(word: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{word}"'))


@pytest.mark.parametrize("word", ["NA", "n.a.", "no", "sur", "La", "CR", "320"])
def test_nor_are_they_in_a_column_of_states(word: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{word}", {STATE}'))


@pytest.mark.parametrize(("word", "meant"), [("CRI", "country/CRI"), ("Peru", "country/PER"), ("Perú", "country/PER")])
def test_what_is_certain_in_a_column_of_states(word: str, meant: str, things: Things) -> None:
    best = found(things, f'"query": "{word}", {STATE}')[0]
    assert (best.entity.iri, best.is_certain) == (f"{ID}{meant}", True)


@pytest.mark.parametrize("word", ["OIM", "I.O.M.", "Q800", f"{ID}country/CRI"])
def test_what_is_certain_anywhere(word: str, things: Things) -> None:
    assert found(things, f'"query": "{word}"')[0].is_certain


def test_the_wrong_kind_is_never_certain(things: Things) -> None:
    judged = found(things, f'"query": "Guatemala", "type": "{CG}Instrument", "type_strict": "should"')
    assert judged[0].entity.iri == f"{ID}country/GTM"
    assert not any(each.is_certain for each in judged)


def test_properties_bring_another_forward(things: Things) -> None:
    asked = f'"query": "Congo", {STATE}'
    assert names(found(things, asked))[0] == "country/COG"
    judged = found(things, f'{asked}, "properties": [{{"pid": "{CG}iso3", "v": "cod"}}]')
    assert names(judged)[0] == "country/COD"
    assert not any(each.is_certain for each in judged)
    assert found(things, '"query": " "') == []


@pytest.mark.parametrize(
    ("kind", "offered"),
    [("", {"actor/ue", "country/USA"}), ("State", {"country/USA"}), ("Organisation", {"actor/ue"})],
)
def test_in_spanish_eu_is_the_union_or_the_united_states_and_neither_for_certain(
    kind: str, offered: set[str], things: Things
) -> None:
    judged = found(things, f'"query": "EU"{f", {STATE}".replace("State", kind) if kind else ""}')
    assert {each.entity.iri.removeprefix(ID) for each in judged if each.score == 100} == offered
    assert not any(each.is_certain for each in judged)


def test_in_english_eu_is_the_union_alone(things: Things) -> None:
    for asked, is_certain in (("", False), (f', "type": "{CG}Organisation"', True)):
        judged = [each for each in found(things, f'"query": "EU"{asked}', "en") if each.score == 100]
        assert [(each.entity.iri, each.is_certain) for each in judged] == [(f"{ID}actor/ue", is_certain)]
    assert not any(each.is_certain for each in found(things, f'"query": "EU", {STATE}', "en"))


def test_a_thing_is_known_by_what_it_has(things: Things) -> None:
    member = f'{{"pid": "{CG}memberOf", "v": "Proceso Puebla"}}'
    judged = found(things, f'{STATE}, "limit": 50, "properties": [{member}]')
    assert len(judged) == 11
    assert {each.score for each in judged} == {100}
    assert found(things, f'"query": "Guatemala", {STATE}, "properties": [{member}]')[0].is_certain


def test_what_nobody_has_speaks_against_nobody(things: Things) -> None:
    best = found(things, '"query": "Guatemala", "properties": [{"pid": "http://e/p", "v": "x"}]')[0]
    assert (best.score, best.properties, best.is_certain) == (100, {}, False)


def test_a_property_that_disagrees_brings_no_noise_forward(things: Things) -> None:
    bali = f'{{"pid": "{CG}memberOf", "v": "Proceso de Bali"}}'
    judged = found(things, f'"query": "Guatemala", "properties": [{bali}]')
    assert judged[0].entity.iri == f"{ID}country/GTM"
    assert not judged[0].is_certain


@pytest.mark.parametrize(
    ("name", "value", "likeness"),
    [
        ("https://schema.org/sameAs", '"http://www.wikidata.org/entity/Q775"', 0),
        ("https://schema.org/sameAs", '"Q774"', 1),
        (f"{CG}m49", "320.0", 1),
        (f"{CG}memberOf", f'{{"id": "{ID}process/bali"}}', 0),
        (f"{CG}memberOf", '"Conferencia Regional sobre Migracion"', 1),
    ],
)
def test_only_words_may_be_slips(things: Things, name: str, value: str, likeness: float) -> None:
    best = found(things, f'"query": "Guatemala", {STATE}, "properties": [{{"pid": "{name}", "v": {value}}}]')[0]
    assert best.properties == {name: likeness}


def test_a_day_is_in_its_year(things: Things) -> None:
    asked = f'"properties": [{{"pid": "{CG}startDate", "v": "2014"}}]'
    assert {each.score for each in found(things, f'{asked}, "type": "{CG}Meeting", "limit": 1')} == {100}


def test_kinds_are_any_all_or_only_liked(things: Things) -> None:
    both = f'"query": "OIM", "type": ["{CG}Agent", "{CG}State"], "type_strict"'
    assert names(found(things, f'{both}: "any"'))[0] == "actor/oim"
    assert "actor/oim" not in names(found(things, f'{both}: "all"'))
    assert names(found(things, f'{both}: "should"'))[0] == "actor/oim"


WRITTEN_STATES = """
    ARE: Emiratos Árabes; UAE; U.A.E.; Émirats arabes unis; Emirados Árabes Unidos
    BEN: Dahomey
    BFA: Alto Volta; Upper Volta
    BIH: Bosnia; Bosnie-Herzégovine
    BLR: Bielorrusia; Belarús; Biélorussie
    BLZ: Honduras Británica; British Honduras
    BOL: Bolivia; Bolivia, Plurinational State of; Bolivie
    BRN: Brunéi; Brunei Darussalam
    CHE: Suiza; Suisse; Suíça
    CIV: Costa de Marfil; Cote d'Ivoire; Ivory Coast; Costa do Marfim
    COD: Zaire; RD Congo; DR Congo; Congo (Kinshasa); Congo, the Democratic Republic of the
    COG: República del Congo; Congo-Brazzaville
    CPV: Cabo Verde; Cape Verde; Cap-Vert
    CZE: Chequia; República Checa; Czech Republic; Tchéquie
    DEU: Allemagne; Alemanha
    DOM: República Dominicana; La República Dominicana; République dominicaine
    ESP: Espagne; Espanha
    FRA: França
    GBR: Gran Bretaña; Great Britain; U.K.; Royaume-Uni
    GIN: Guinea-Conakry; Guinea Conakry; Guinée
    GNB: Guinea Bissau; Guinée-Bissau; Guiné-Bissau
    GUY: Guayana Británica
    IRL: República de Irlanda; Republic of Ireland
    IRN: Irán; Iran (Islamic Republic of); Irã; Irão; Persia
    KHM: Camboya; Kampuchea; Cambodge
    KOR: Corea del Sur; Korea, Republic of; Corée du Sud; Coreia do Sul
    LAO: Laos; Lao PDR; República Democrática Popular Lao
    LKA: Ceilán; Ceylon
    MDA: Moldavia; Moldova; Moldavie
    MEX: Mexique
    MKD: Macedonia; Macedonia del Norte; Macedonia, The Former Yugoslav Republic of; Macédoine du Nord
    MMR: Birmania; Burma; Birmanie; Mianmar
    NLD: Holanda; Holland; The Netherlands; Pays-Bas; Países Baixos
    PRK: Corea del Norte; DPRK; North Korea; Corée du Nord; Korea, Democratic People's Republic of
    PSE: Palestina; Palestine, State of; Territorios Palestinos
    RUS: Rusia; Russian Federation; Russie
    SWZ: Suazilandia; Swazilandia; Swaziland; Eswatini
    SYR: Siria; Syrian Arab Republic; Syrie
    THA: Siam
    TLS: Timor Oriental; East Timor; Timor Leste
    TUR: Turquía; Turkey; Türkiye; Turkiye; Turquie; Republic of Turkey
    TZA: Tanzania; Tanzanía, República Unida de; Tanzanie
    USA: EE. UU.; EEUU; EUA; E.U.A.; USA; U.S.A.; The United States; États-Unis; Estados Unidos da América
    VAT: Santa Sede; The Holy See; Vaticano; Vatican City State; Cidade do Vaticano
    VEN: Venezuela; Venezuela, República Bolivariana de
    VNM: Vietnam; Viet Nam; Vietnã; Vietname
    ZAF: Suráfrica; África do Sul; Afrique du Sud
"""

WRITTEN_ORGANISATIONS = """
    acnur: ACNUR; UNHCR; UN Refugee Agency; Agencia de la ONU para los Refugiados
    acnur: Haut-Commissariat des Nations Unies pour les réfugiés; Alto Comissariado das Nações Unidas para os Refugiados
    cepal: CEPAL; ECLAC; Comisión Económica para América Latina; CEPALC
    cicr: CICR; ICRC; Comité international de la Croix-Rouge; Comitê Internacional da Cruz Vermelha
    oea: OEA; OAS; Organización de Estados Americanos; Organisation des États américains
    oim: OIM; IOM; UN Migration; ONU Migración; International Organisation for Migration
    oim: Organisation internationale pour les migrations; Organização Internacional para as Migrações
    oit: OIT; ILO; International Labor Organization; Organisation internationale du travail
    onu: Naciones Unidas; United Nations Organization; Nations unies; Nações Unidas
    pnud: PNUD; UNDP; UN Development Programme
    segib: SEGIB; Ibero-American General Secretariat
    sica: SICA; Sistema de Integración Centroamericana
    unfpa: UNFPA; FNUAP; United Nations Fund for Population Activities
    unicef: UNICEF; United Nations International Children's Emergency Fund; Fundo das Nações Unidas para a Infância
    unodc: UNODC; ONUDC
"""


def pairs(written: str) -> list[tuple[str, str]]:
    lines = (line.strip().split(": ", 1) for line in written.strip().splitlines())
    return [(name, thing) for thing, names in lines for name in names.split("; ")]


@pytest.mark.parametrize(("name", "state"), pairs(WRITTEN_STATES))
def test_a_state_is_known_by_what_people_write(name: str, state: str, things: Things) -> None:
    best = found(things, f'"query": "{name}", {STATE}')[0]
    assert (best.entity.iri, best.score, best.is_certain) == (f"{ID}country/{state}", 100, True)


@pytest.mark.parametrize(("name", "body"), pairs(WRITTEN_ORGANISATIONS))
def test_an_organisation_is_known_by_what_people_write(name: str, body: str, things: Things) -> None:
    best = found(things, f'"query": "{name}", "type": "{CG}Organisation"')[0]
    assert (best.entity.iri, best.score, best.is_certain) == (f"{ID}actor/{body}", 100, True)


AMBIGUOUS = """
    Congo; Guinea; Corea; Korea; Guayana; Guiana; Guiné; Macao; Checoslovaquia; Yugoslavia; URSS; Soviet Union
    Inglaterra; England; Escocia; América; America; Norteamérica; San Martín; Antigua; Trinidad; Dominicana
    Salvador; Rodesia; RDC; DRC; US; U.S.; Taiwan; Hong Kong; Puerto Rico; Kosovo; Maurice; Dominique
    mexicano; guatemalteca; Salvadoran; Argentine; estadounidense
"""


@pytest.mark.parametrize("asked", ["", f", {STATE}"], ids=["anything", "states"])
@pytest.mark.parametrize(
    "name", [name.strip() for line in AMBIGUOUS.split("\n") for name in line.split(";") if name.strip()]
)
def test_what_may_be_several_states_or_none_is_not_certain(name: str, asked: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{name}"{asked}'))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Conferencia Regional sobre Migraciones", "process/rcm"),
        ("Conferencia Regional para las Migraciones", "process/rcm"),
        ("Regional Conference on Migrations", "process/rcm"),
        ("Corea (Rep.)", "country/KOR"),
        ("Congo (Rep. Dem.)", "country/COD"),
        ("Salvador", "country/SLV"),
    ],
)
def test_what_is_like_one_name_more_than_others_comes_first_and_is_not_certain(
    name: str, meant: str, things: Things
) -> None:
    best = found(things, f'"query": "{name}"')[0]
    assert (best.entity.iri, best.is_certain) == (f"{ID}{meant}", False)


def test_an_article_that_is_a_part_of_a_name_is_not_left_out(things: Things) -> None:
    assert found(things, '"query": "El Salvador"')[0].is_certain
    assert not any(each.is_certain for each in found(things, '"query": "Declaration"'))


@pytest.mark.parametrize("asked", ["", f', "type": "{CG}Agent"', f", {STATE}"])
@pytest.mark.parametrize("name", ["Congo", "Guinea"])
def test_it_is_certain_for_neither_where_but_one_is_wanted(name: str, asked: str, things: Things) -> None:
    assert [each.is_certain for each in found(things, f'"query": "{name}", "limit": 1{asked}')] == [False]


def test_what_two_states_are_called_brings_both(things: Things) -> None:
    for name, states in (("Congo", {"COG", "COD"}), ("Guinea", {"GIN", "GNQ"})):
        judged = found(things, f'"query": "{name}", {STATE}')
        assert {each.removeprefix("country/") for each in names(judged)[:2]} == states
        assert [each.score for each in judged[:2]] == [100, 100]


@pytest.mark.parametrize(
    "name",
    ["IFRC", "FICR", "Cruz Roja", "Red Cross", "OHCHR", "ACNUDH", "CARICOM", "Comunidad Andina", "Unión Africana",
     "Federación Internacional de Sociedades de la Cruz Roja y de la Media Luna Roja",
     "International Federation of Red Cross and Red Crescent Societies", "CELADE"],
)  # fmt: skip
def test_an_organisation_that_is_not_there_is_not_taken_for_another(name: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{name}", "type": "{CG}Organisation"'))


@pytest.mark.parametrize(
    "word", ["franca", "Franca", "suede", "Suede", "chili", "malte", "servía", "Servía", "grenade"]
)
def test_a_word_that_is_a_name_in_another_language_must_be_written_as_that_name(word: str, things: Things) -> None:
    for asked in ("", f", {STATE}"):
        assert not any(each.is_certain for each in found(things, f'"query": "{word}"{asked}'))


def test_no_name_of_a_state_is_sure_for_another(things: Things) -> None:
    states = [each for each in things.entities.values() if f"{CG}State" in each.kinds]
    shared: dict[tuple[str, ...], set[str]] = {}
    for state in states:
        for name in state.names:
            shared.setdefault(tuple(sorted(words_of(name))), set()).add(state.iri)
    assert {words for words, of in shared.items() if len(of) > 1} == {("congo",), ("guinea",)}


ANYBODYS = """
    Plan Estratégico 2023-2026; Plan Estratégico; Strategic Plan 2023-2026; Plan de Acción; Plan of Action; Action Plan
    Plan de Trabajo; Plan Nacional; Plan de Acción de Cartagena; Brazil Plan of Action; Valletta Action Plan
    Work Plan on Migrant Smuggling 2019-2025; Plan de Trabajo sobre Tráfico Ilícito de Migrantes 2019-2025
    Declaration Against Terrorism; Declaración contra el Terrorismo; Declaración de Cartagena; New York Declaration
    Comunicado conjunto; Joint Declaration; Carta Estatutaria; Charter; 2006 MoU; Memorándum de Entendimiento de 2006
    Country agreements; Acuerdos de país; National migration policy; Política migratoria nacional; Derecho internacional
    International law; National legislation; Legislación nacional; Proyectos de reinserción de migrantes repatriados
    Projects for the reintegration of repatriated migrants; Pacto Mundial; Global Compact; Agenda 2030
    Liaison networks; Redes de enlace; Red de Protección Consular; Network to Combat Trafficking; cada red
    Estados miembros; Países miembros; Member States; member countries; Gobiernos; Governments; ONG; NGOs; Cancillerías
    Secretaría Técnica; Secretaría Ejecutiva; Secretaría General; Technical Secretariat; Executive Secretariat; PPT
    Presidencia Pro Tempore; Presidencia Pro-Témpore; Reunión Viceministerial; Vice-Ministerial Meeting
    Secretaría de Gobernación; Ministerio de Relaciones Exteriores; Ministry of Foreign Affairs; Dirección de Migración
    ASEM; Asia-Europe Meeting; ASEAN; 5+5; CP; EC; WB; ST; SV; UN; UE; EU; UK; U.K.; MERCOSUR; ALADI; BID; INTERPOL; OMS
    Hong Kong; Saint Martin; San Martín; Sint Maarten; Tijuana; Nueva York; Los Ángeles; Miami; Quito; Lima; Bogotá
    Cartagena; La Paz; Santiago; San Luis; San Juan; Managua; Puebla; Praga; Budapest; Bali; Rabat; Niamey
"""


def listed(written: str) -> list[str]:
    return [name.strip() for line in written.strip().splitlines() for name in line.split(";")]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("asked", ["", f', "type": "{CG}Agent"'], ids=["anything", "agents"])
@pytest.mark.parametrize("name", listed(ANYBODYS))
def test_what_others_are_called_too_is_not_certain(name: str, asked: str, language: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{name}"{asked}', language))


@pytest.mark.parametrize("asked", ["Plan", "Instrument"])
@pytest.mark.parametrize(
    "name", ["Plan de Acción", "Plan of Action", "Plan Estratégico 2023-2026", "Memorándum de Entendimiento de 2006"]
)
def test_a_bare_title_is_never_certain(name: str, asked: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{name}", "type": "{CG}{asked}"'))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Universal Declaration of Human Rights", "instrument/udhr-1948"),
        ("Declaración Universal de los Derechos Humanos", "instrument/udhr-1948"),
        ("Carta Estatutaria de la CRM", "instrument/carta-estatutaria"),
        ("RCM Strategic Plan 2023-2026", "instrument/plan-estrategico-2023-2026"),
        ("Extraordinary Declaration of Managua", "instrument/declaracion-managua-2014"),
        ("Comunicado conjunto de Puebla", "instrument/puebla-1996"),
        ("Red Regional de Organizaciones Civiles para las Migraciones", "network/rrocm"),
        ("RROCM", "network/rrocm"),
        ("Puebla Process", "process/rcm"),
        ("CSM", "process/sacm"),
        ("IDM", "process/idm"),
        ("World Bank", "actor/banco-mundial"),
        ("ECLAC", "actor/cepal"),
        ("África del Sur", "country/ZAF"),
    ],
)
def test_what_has_a_name_of_its_own_is_certain_whatever_is_asked_for(name: str, meant: str, things: Things) -> None:
    best = found(things, f'"query": "{name}"')[0]
    assert (best.entity.iri, best.is_certain) == (f"{ID}{meant}", True)


@pytest.mark.parametrize(
    ("name", "kind", "meant"),
    [
        ("Secretaría Técnica", "Organ", "actor/st"),
        ("PPT", "Organ", "actor/ppt"),
        ("Estados miembros", "AgentGroup", "actor/paises-miembros"),
        ("Redes de enlace", "Network", "network/redes-enlace"),
        ("Política migratoria nacional", "Instrument", "instrument/politica-migratoria-nacional"),
        ("Plan de Acción de Marrakech", "Plan", "plan/marrakesh"),
        ("Adelaide Strategy", "Plan", "plan/bali"),
        ("ASEM", "ConsultativeProcess", "process/asem"),
        ("CP", "ConsultativeProcess", "process/colombo"),
        ("UK", "State", "country/GBR"),
    ],
)
def test_what_is_called_by_what_it_is_is_certain_where_its_kind_is_asked_for(
    name: str, kind: str, meant: str, things: Things
) -> None:
    best = found(things, f'"query": "{name}", "type": "{CG}{kind}"')[0]
    assert (best.entity.iri, best.is_certain) == (f"{ID}{meant}", True)


@pytest.mark.parametrize("name", ["Saint Martin", "San Martín", "Hong Kong"])
def test_a_place_that_is_not_there_is_not_much_like_another(name: str, things: Things) -> None:
    for asked in ("", f", {STATE}"):
        assert all(each.score < 90 for each in found(things, f'"query": "{name}"{asked}'))


def test_a_short_acronym_is_no_slip_for_the_words_of_a_name(things: Things) -> None:
    assert "actor/organizaciones-no-gubernamentales" not in names(found(things, '"query": "Hong Kong"'))
