"""The candidates for names as people write them, in the real graph."""

import pytest

from crmgraph.reconciliation.things import Things
from tests.serving.reconciliation.asked import CG, ID, STATE, found, names

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


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Conferencia Regional sobre Migraciones", "process/rcm"),
        ("Conferencia Regional para las Migraciones", "process/rcm"),
        ("Regional Conference on Migrations", "process/rcm"),
        ("Corea (Rep.)", "country/KOR"),
        ("Congo (Rep. Dem.)", "country/COD"),
        ("Salvador", "country/SLV"),
        ("RCM plan", "plan/crm"),
        ("Plan de la CRM", "plan/crm"),
        ("7.1.1.", "plan/crm/pgm/7.1.1"),
        ("Segunda Conferencia Regional sobre Migración", "meeting/crm-ii"),
    ],
)
def test_what_is_like_one_name_more_than_others_comes_first_and_is_not_certain(
    name: str, meant: str, things: Things
) -> None:
    best = found(things, f'"query": "{name}"')[0]
    assert (best.entity.iri, best.is_certain) == (f"{ID}{meant}", False)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", ["Declaración de Los Ángeles", "Los Angeles Declaration"])
def test_what_a_plan_and_a_process_are_called_is_certain_for_neither(name: str, language: str, things: Things) -> None:
    best = found(things, f'"query": "{name}"', language)[:2]
    assert sorted(names(best)) == ["plan/los-angeles", "process/la-declaration"]
    assert [(each.score, each.is_certain) for each in best] == [(100, False), (100, False)]


@pytest.mark.parametrize("name", ["7.", "Objective 7", "Objetivo 7"])
def test_the_objectives_of_a_number_are_found_by_it(name: str, things: Things) -> None:
    judged = found(things, f'"query": "{name}", "type": "{CG}Objective"')
    assert "plan/crm/pgm/7" in names(judged)
    assert {each.score for each in judged[:2]} == {100}
    assert not any(each.is_certain for each in judged)


def test_what_two_states_are_called_brings_both(things: Things) -> None:
    for name, states in (("Congo", {"COG", "COD"}), ("Guinea", {"GIN", "GNQ"})):
        judged = found(things, f'"query": "{name}", {STATE}')
        assert {each.removeprefix("country/") for each in names(judged)[:2]} == states
        assert [each.score for each in judged[:2]] == [100, 100]


@pytest.mark.parametrize("name", ["Saint Martin", "San Martín", "Hong Kong"])
def test_a_place_that_is_not_there_is_not_much_like_another(name: str, things: Things) -> None:
    for asked in ("", f", {STATE}"):
        assert all(each.score < 90 for each in found(things, f'"query": "{name}"{asked}'))


def test_a_short_acronym_is_no_slip_for_the_words_of_a_name(things: Things) -> None:
    assert "actor/organizaciones-no-gubernamentales" not in names(found(things, '"query": "Hong Kong"'))
