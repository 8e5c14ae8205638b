"""Which names are certain, so that they are taken by themselves, in the real graph."""

import pytest

from crmgraph.linking.spelling import words_of
from crmgraph.reconciliation.things import Things
from tests.serving.reconciliation.asked import CG, ID, STATE, found

TOPIC, GROUP = (CG.removesuffix("#") + name for name in ("/topic", "/population-group"))


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


def test_an_article_that_is_a_part_of_a_name_is_not_left_out(things: Things) -> None:
    assert found(things, '"query": "El Salvador"')[0].is_certain
    assert not any(each.is_certain for each in found(things, '"query": "Declaration"'))


@pytest.mark.parametrize("asked", ["", f', "type": "{CG}Agent"', f", {STATE}"])
@pytest.mark.parametrize("name", ["Congo", "Guinea"])
def test_it_is_certain_for_neither_where_but_one_is_wanted(name: str, asked: str, things: Things) -> None:
    assert [each.is_certain for each in found(things, f'"query": "{name}", "limit": 1{asked}')] == [False]


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


TURNED = """
    sur de África; el sur de África; the south of Africa; sul da África; Sur de Sudán; South of Sudan; Sud du Soudan
    norte de Corea; north of Korea; norte da Coreia; south of Korea; Norte de Macedonia; en el norte de Macedonia
    Women in the UN; Mujeres en la ONU; dialogue on international migration; Diálogo sobre la migración internacional
    mujeres y migrantes; mujeres y refugiadas; trabajadores y migrantes; women and migrants; violencia y género
    Desarrollo de la migración; development of migration; Antigua y Guatemala
    smuggling by migrants; tráfico ilícito por migrantes; aportaciones a los migrantes; contributions to migrants
    mujeres para migrantes; trata para personas; Migración en salud; UN in migration; in Mexico; a turkey
    mujeres: migrantes; mujeres • migrantes; Guinea: Bissau; UN: Women; South: Sudan; la declaration; LA DECLARATION
    Proceso en Quito; Proceso sobre Bali; Ciudad en Guatemala; Carta Estatutaria sobre la CRM; Declaración sobre Managua
    migración, salud; laws, regulations; Euro-African Dialogue on Migration, Development; Trinidad/Tobago
    https://country/GTM; https://q774; http://place/puebla; 5m CRM
"""


@pytest.mark.parametrize("kind", ["", f", {STATE}", f', "type": ["{TOPIC}", "{GROUP}", "{CG}Place"]'])
@pytest.mark.parametrize("name", listed(TURNED))
def test_the_words_of_a_name_otherwise_put_together_are_not_certain(name: str, kind: str, things: Things) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{name}"{kind}'))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Sudan, South", "country/SSD"),
        ("Korea (North)", "country/PRK"),
        ("Trinidad & Tobago", "country/TTO"),
        ("OIM (Organización Internacional para las Migraciones)", "actor/oim"),
        ("https://www.wikidata.org/wiki/Q783", "country/HND"),
        ("https://www.wikidata.org/wiki/Special:EntityData/Q774", "country/GTM"),
        ("https://www.geonames.org/3595528/guatemala.html", "country/GTM"),
        ("http://w3id.org/crmgraph/id/country/GTM/", "country/GTM"),
        ("República Mexicana", "country/MEX"),
        ("Conferencia Regional de Migración", "process/rcm"),
        ("Foro Mundial de Migración y Desarrollo", "process/gfmd"),
        ("plan/crm/pgm/7.1.1", "plan/crm/pgm/7.1.1"),
        ("plan/crm", "plan/crm"),
        ("https://www.wikidata.org/wiki/Q774/", "country/GTM"),
        ("LA Declaration", "process/la-declaration"),
        ("Organización Internacional de las Migraciones.", "actor/oim"),
        ("República Dominicana.", "country/DOM"),
        ("The Gambia", "country/GMB"),
        ("Bélgica:", "country/BEL"),
        ("Proceso de Puebla", "process/rcm"),
    ],
)
def test_other_ways_to_put_a_name_or_an_address_are_certain(name: str, meant: str, things: Things) -> None:
    best = found(things, f'"query": "{name}"')[0]
    assert (best.entity.iri, best.is_certain) == (f"{ID}{meant}", True)


@pytest.mark.parametrize(
    ("name", "kind", "meant"),
    [
        ("labor migration", "/topic", f"{CG.removesuffix('#')}/topic#labour-migration"),
        ("15th Regional Conference on Migration", "#Meeting", f"{ID}meeting/crm-xv"),
        ("15.ª Conferencia Regional sobre Migración", "#Meeting", f"{ID}meeting/crm-xv"),
        ("Twenty-First Regional Conference on Migration", "#Meeting", f"{ID}meeting/crm-xxi"),
        ("vigésima primera CRM", "#Meeting", f"{ID}meeting/crm-xxi"),
        ("Plan de la CRM", "#Plan", f"{ID}plan/crm"),
        ("Global Compact", "#Plan", f"{ID}plan/gcm"),
    ],
)
def test_numbers_american_words_and_short_names_of_plans_are_understood(
    name: str, kind: str, meant: str, things: Things
) -> None:
    best = found(things, f'"query": "{name}", "type": "{CG.removesuffix("#")}{kind}"')[0]
    assert (best.entity.iri, best.is_certain) == (meant, True)


def test_three_letters_that_stand_for_a_state_are_not_certain_where_it_may_be_an_organisation(things: Things) -> None:
    kinds = f'["{CG}State", "{CG}Organisation"]'
    assert not any(each.is_certain for each in found(things, f'"query": "CAN", "type": {kinds}'))
    assert found(things, f'"query": "CAN", {STATE}')[0].is_certain


def test_the_number_of_a_state_is_no_number_of_geonames(things: Things) -> None:
    assert found(things, '"query": "https://www.geonames.org/484"') == []


def test_a_part_of_a_plan_is_found_by_its_number_and_not_certain(things: Things) -> None:
    judged = found(things, f'"query": "7.1.1", "type": "{CG}Activity"')
    assert [(each.entity.iri, each.is_certain) for each in judged] == [(f"{ID}plan/crm/pgm/7.1.1", False)]
