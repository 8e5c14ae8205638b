"""Which thing a name means for certain."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.linking import Certainty, Entity, Matcher, Value, called_so
from crmgraph.namespaces import ONTOLOGY, PREFIXES

AGENT, STATE, ORGAN, ORGANISATION, PROCESS, INSTRUMENT, NETWORK, PLACE, PLAN = (
    f"{ONTOLOGY}#{name}"
    for name in (
        "Agent", "State", "Organ", "Organisation", "ConsultativeProcess", "Instrument", "Network", "Place", "Plan",
    )
)  # fmt: skip
TOPIC = f"{ONTOLOGY}/topic"
TITLE, ACRONYM, SAME_AS = PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "notation", PREFIXES["schema"] + "sameAs"


def entity(iri: str, kinds: tuple[str, ...], *names: str, **said: str) -> Entity:
    properties: Mapping[str, str] = {"title": TITLE, "acronym": ACRONYM, "same": SAME_AS}
    values = {properties[name]: (Value(value),) for name, value in said.items()}
    acronym = (said["acronym"],) if "acronym" in said else ()
    return Entity(iri, kinds, {"es": names[0]}, (*names, *acronym), acronym, values)


THINGS = (
    entity("gtm", (AGENT, STATE), "Guatemala"),
    entity("puebla", (PLACE,), "Puebla"),
    entity("antigua", (PLACE,), "Antigua Guatemala"),
    entity("ssd", (AGENT, STATE), "Sudán del Sur", "South Sudan"),
    entity("zaf", (AGENT, STATE), "Sudáfrica", "África del Sur", "South Africa"),
    entity("tto", (AGENT, STATE), "Trinidad y Tabago", "Trinidad and Tobago"),
    entity("ue", (AGENT, ORGANISATION), "Unión Europea", acronym="UE"),
    entity("women", (TOPIC,), "mujeres migrantes", "migrant women"),
    entity("md", (TOPIC,), "migración y desarrollo", "migration and development"),
    entity("gbv", (TOPIC,), "violencia de género"),
    entity("st", (AGENT, ORGAN), "Secretaría Técnica"),
    entity("rcm", (AGENT, PROCESS), "Conferencia Regional", acronym="CRM"),
    entity("colombo", (AGENT, PROCESS), "Proceso de Colombo", acronym="CP"),
    entity("asem", (AGENT, PROCESS), "Conferencia de la ASEM de Directores", acronym="ASEM"),
    entity("la", (AGENT, PROCESS), "Declaración de Los Ángeles", "LA Declaration"),
    entity("law", (INSTRUMENT,), "Derecho internacional"),
    entity("commitments", (INSTRUMENT,), "Compromisos de la CRM"),
    entity("terror", (INSTRUMENT,), "Declaration Against Terrorism", title="Declaration Against Terrorism"),
    entity("charter", (INSTRUMENT,), "Carta de la CRM", title="Carta de la CRM"),
    entity("communique", (INSTRUMENT,), "Comunicado de Puebla", title="Comunicado de Puebla"),
    entity("mou", (INSTRUMENT,), "MoU 2006", "MoU 2006 Guatemala Puebla", title="MoU"),
    entity("udhr", (INSTRUMENT,), "Derechos Humanos", title="Derechos Humanos", same="http://e/Q7813"),
    entity("strategy", (INSTRUMENT,), "Plan Estratégico 2023", title="Plan Estratégico 2023"),
    entity("strategy-crm", (INSTRUMENT,), "Plan Estratégico CRM 2019", title="Plan Estratégico CRM 2019"),
    entity("links", (AGENT, NETWORK), "Redes de enlace"),
    entity("civil", (AGENT, NETWORK), "Red de Organizaciones Civiles", acronym="RROCM"),
    entity("plan", (PLAN,), "Plan de Acción"),
    entity("ocam", (PLAN,), "Plan de Acción de la OCAM"),
    entity("bali", (PLAN,), "Estrategia", "Estrategia de Adelaida"),
)
MATCHER, CERTAINTY = Matcher(THINGS), Certainty(THINGS)


def meant(name: str, *kinds: str) -> str | None:
    found = CERTAINTY.meant(name, MATCHER.matches(name, kinds, len(THINGS)), kinds, "es")
    return found.entity.iri if found else None


@pytest.mark.parametrize("kinds", [(), (AGENT, INSTRUMENT)])
@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("Guatemala", "gtm"),
        ("Conferencia Regional", "rcm"),
        ("CRM", "rcm"),
        ("RROCM", "civil"),
        ("Red de Organizaciones Civiles", "civil"),
        ("Conferencia de la ASEM de Directores", "asem"),
    ],
)
def test_a_name_of_its_own_is_certain(name: str, thing: str, kinds: tuple[str, ...]) -> None:
    assert meant(name, *kinds) == thing


@pytest.mark.parametrize(
    ("name", "thing"),
    [("Carta de la CRM", "charter"), ("Comunicado de Puebla", "communique"), ("Derechos Humanos", "udhr")],
)
def test_a_title_is_where_it_says_whose_or_is_known_elsewhere(name: str, thing: str) -> None:
    assert meant(name) == thing


@pytest.mark.parametrize(
    ("name", "thing", "kind"),
    [
        ("Derecho internacional", "law", INSTRUMENT),
        ("Compromisos de la CRM", "commitments", INSTRUMENT),
        ("Declaration Against Terrorism", "terror", INSTRUMENT),
        ("Redes de enlace", "links", NETWORK),
        ("Secretaría Técnica", "st", ORGAN),
        ("CP", "colombo", PROCESS),
        ("ASEM", "asem", PROCESS),
        ("Estrategia", "bali", PLAN),
    ],
)
def test_what_says_what_a_thing_is_is_certain_under_its_own_kind_alone(name: str, thing: str, kind: str) -> None:
    assert meant(name) is None
    assert meant(name, AGENT) is None
    assert meant(name, kind) == meant(name, AGENT, kind) == thing


@pytest.mark.parametrize("name", ["Plan de Acción", "Plan Estratégico 2023", "MoU 2006"])
def test_a_bare_title_is_certain_nowhere(name: str) -> None:
    assert meant(name) is None
    assert meant(name, PLAN, INSTRUMENT) is None


@pytest.mark.parametrize(
    "name",
    [
        "sur de África",
        "el sur de África",
        "the south of Africa",
        "Sur de Sudán",
        "South of Sudan",
        "Antigua y Guatemala",
        "Antigua, Guatemala",
        "Trinidad, Tobago y Guatemala",
        "Trinidad, Tabago",
    ],
)
def test_a_side_of_a_thing_and_two_things_are_not_what_is_called_like_them(name: str) -> None:
    assert MATCHER.matches(name)
    assert meant(name) is None
    assert meant(name, STATE, PLACE) is None


@pytest.mark.parametrize(
    "name",
    [
        "mujeres y migrantes",
        "mujeres, migrantes",
        "migrantes, mujeres",
        "mujeres / migrantes",
        "mujeres & migrantes",
        "migrantes mujeres",
        "women and migrant",
        "desarrollo de la migración",
        "development of migration",
        "violencia y género",
    ],
)
def test_words_joined_or_turned_otherwise_say_something_else(name: str) -> None:
    assert meant(name, TOPIC) is None


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("Sudan, South", "ssd"),
        ("Sudán (del Sur)", "ssd"),
        ("Africa (South)", "zaf"),
        ("Sudán Sur", "ssd"),
        ("Trinidad & Tobago", "tto"),
        ("Trinidad & Tabago", "tto"),
        ("Unión Europea (UE)", "ue"),
        ("UE (Unión Europea)", "ue"),
        ("UE - Unión Europea", "ue"),
        ("Migración y el Desarrollo", "md"),
        ("la violencia de género", "gbv"),
    ],
)
def test_the_words_of_a_name_in_its_order_are_certain(name: str, thing: str) -> None:
    assert meant(name, STATE, ORGANISATION, TOPIC) == thing


def test_another_kind_than_that_asked_for_is_not_meant() -> None:
    assert CERTAINTY.meant("Guatemala", MATCHER.matches("Guatemala"), (INSTRUMENT,), "es") is None


def test_what_only_some_call_so_elsewhere_gives_way() -> None:
    matcher = Matcher(
        (
            entity("ue", (STATE,), "EUR"),
            Entity(
                "usa", (STATE,), {}, ("EUR",), (), {}, given={"EUR": frozenset({"es"})}, never_own=frozenset({"EUR"})
            ),
        )
    )
    matches = matcher.matches("EUR")
    assert {match.entity.iri for match in called_so(matches, "es")} == {"ue", "usa"}
    assert {match.entity.iri for match in called_so(matches, "en")} == {"ue"}


@given(st.text() | st.sampled_from([name for thing in THINGS for name in thing.names]), st.sampled_from([(), (AGENT,)]))
def test_only_an_exact_name_of_one_thing_is_ever_certain(name: str, kinds: tuple[str, ...]) -> None:
    matches = MATCHER.matches(name, kinds, len(THINGS))
    found = CERTAINTY.meant(name, matches, kinds, "es")
    assert found is None or [match for match in matches if match.is_exact] == [found]
