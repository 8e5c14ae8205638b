"""The things that a name may stand for, what the graph says of them, and when one is meant for certain."""

from collections.abc import Iterator, Mapping

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from crmgraph.inference.terms import Row
from crmgraph.linking.entities import Entity, kinds_of, read_entities
from crmgraph.linking.matching import Certainty, Matcher, called_so
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from tests.support.phrases import rows_of

# Matching


LAND, ACTOR = "http://e/State", "http://e/Actor"


def thing(iri: str, *names: str, codes: tuple[str, ...] = (), kinds: tuple[str, ...] = (LAND,)) -> Entity:
    return Entity(iri, kinds, {"es": names[0]}, names, codes, {})


THINGS = (
    thing("gtm", "Guatemala", codes=("GT", "GTM")),
    thing("cri", "Costa Rica", codes=("CR", "CRI")),
    thing("dom", "República Dominicana", "Dominican Republic", codes=("DO",)),
    thing("dma", "Dominica"),
    thing("cog", "Congo", "República del Congo"),
    thing("cod", "República Democrática del Congo"),
    thing("oim", "Organización Internacional para las Migraciones", "OIM", "IOM", kinds=(ACTOR,)),
    thing("oit", "Organización Internacional del Trabajo", "OIT", kinds=(ACTOR,)),
    thing("kor", "República de Corea"),
    thing("prk", "República Popular Democrática de Corea", "Corea del Norte"),
    thing("slv", "El Salvador", codes=("SLV",)),
    thing("bhs", "Bahamas", "Las Bahamas"),
    thing("rcm", "Conferencia Regional sobre Migración", kinds=(ACTOR,)),
    thing("sacm", "Conferencia Suramericana sobre Migraciones", kinds=(ACTOR,)),
    thing("georgia", "Georgia"),
    thing("georgia-us", "Georgia", kinds=(ACTOR,)),
)
MATCHER = Matcher(THINGS)


def first(name: str, *kinds: str) -> tuple[str, bool]:
    match = MATCHER.matches(name, kinds)[0]
    return match.entity.iri, match.is_exact


def test_what_is_meant_comes_first() -> None:
    for name, iri, match in rows_of("first_matches", "linking/tables"):
        assert first(name) == (iri, match == "exact"), name
    assert first("Georgia", ACTOR) == ("georgia-us", True)
    assert [match.entity.iri for match in MATCHER.matches("Georgia") if match.is_exact] == ["georgia", "georgia-us"]


def test_names_of_two_things_or_of_none() -> None:
    for name in ("Dominica (Dominican Republic)", "OIM (OIT)", "Guatemala (la capital)"):
        assert not any(match.is_exact for match in MATCHER.matches(name)), name
    for name in ("", "…", "xyzzy", "de la", "\x00"):
        assert MATCHER.matches(name) == [], name
    assert MATCHER.matches("Guatemala", ["http://e/other"]) == Matcher(()).matches("Guatemala") == []
    assert len(MATCHER.matches("República", most=2)) == 2


def matched(name: str, *things: Entity) -> list[str]:
    return [match.entity.iri for match in Matcher(things).matches(name)]


def test_rank_of_names_that_share_words() -> None:
    america = thing("a", "Comisión de América"), thing("b", "Comisión de América y Centro Americano de América")
    assert matched("Comisión de America / Centro American de América", *america) == ["b", "a"]
    processes = (thing("abu", "Diálogo de Abu Dabi"), thing("rabat", "Proceso de Rabat"), thing("x", "Proceso de Lima"))
    assert matched("Diálogo de Rabat", *processes)[0] == "rabat", "the same words count for more than letters"
    short = thing("ong", "ONG"), thing("onu", "Organización")
    assert matched("Hong Kong", *short) == []
    assert matched("ONGG", *short)[0] == "ong"
    marino = Matcher((thing("smr", "San Marino", "Saint-Marin"), thing("lca", "Saint Lucia", "San Lucas")))
    assert all(match.similarity < 0.9 for name in ("Saint Martin", "San Martín") for match in marino.matches(name))
    assert marino.matches("SanMarino")[0].similarity > 0.9


def slips(name: str) -> Iterator[str]:
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :]
        yield name[:place] + "x" + name[place:]
        yield name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :]


def test_one_slip_of_the_pen_anywhere() -> None:
    for name, iri in (("Guatemala", "gtm"), ("Costa Rica", "cri"), ("República Dominicana", "dom")):
        assert {MATCHER.matches(slip)[0].entity.iri for slip in slips(name)} == {iri}


def test_first_of_several_equal_names_is_told() -> None:
    matcher = Matcher((thing("oim", "OIM", "Organización para las Migraciones", "Organización de las Migraciones"),))
    [match] = matcher.matches("Organización de las Migraciones (OIM)")
    assert (match.name, match.is_exact) == ("Organización para las Migraciones", True)


@given(st.text() | st.sampled_from(THINGS).map(lambda thing: thing.names[0]))
def test_matches_of_any_name(name: str) -> None:
    matches = MATCHER.matches(name)
    assert all(0.3 <= match.similarity <= 1 for match in matches)
    assert all(match.similarity == 1 for match in matches if match.is_exact)
    assert [match.similarity for match in matches] == sorted((match.similarity for match in matches), reverse=True)
    assert len({match.entity.iri for match in matches}) == len(matches)


# Certainty


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
    values = {properties[name]: (Literal(value),) for name, value in said.items()}
    acronym = (said["acronym"],) if "acronym" in said else ()
    return Entity(iri, kinds, {"es": names[0]}, (*names, *acronym), acronym, values)


KNOWN = (
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
KNOWN_MATCHER, CERTAINTY = Matcher(KNOWN), Certainty(KNOWN)


def meant(name: str, *kinds: str) -> str | None:
    found = CERTAINTY.meant(name, KNOWN_MATCHER.matches(name, kinds, len(KNOWN)), kinds, "es")
    return found.entity.iri if found else None


def test_names_of_their_own_are_certain() -> None:
    own = {
        "Guatemala": "gtm", "Conferencia Regional": "rcm", "CRM": "rcm", "RROCM": "civil",
        "Red de Organizaciones Civiles": "civil", "Conferencia de la ASEM de Directores": "asem",
    }  # fmt: skip
    titles = {"Carta de la CRM": "charter", "Comunicado de Puebla": "communique", "Derechos Humanos": "udhr"}
    assert {name: meant(name) for name in own | titles} == own | titles
    assert {name: meant(name, AGENT, INSTRUMENT) for name in own} == own
    assert CERTAINTY.meant("Guatemala", KNOWN_MATCHER.matches("Guatemala"), (INSTRUMENT,), "es") is None


def test_descriptions_are_certain_under_their_own_kind_alone() -> None:
    for name, iri, kind in (
        ("Derecho internacional", "law", INSTRUMENT),
        ("Compromisos de la CRM", "commitments", INSTRUMENT),
        ("Declaration Against Terrorism", "terror", INSTRUMENT),
        ("Redes de enlace", "links", NETWORK),
        ("Secretaría Técnica", "st", ORGAN),
        ("CP", "colombo", PROCESS),
        ("Estrategia", "bali", PLAN),
    ):
        assert meant(name) is None
        assert meant(name, AGENT) is None
        assert meant(name, kind) == meant(name, AGENT, kind) == iri
    for name in ("Plan de Acción", "Plan Estratégico 2023", "MoU 2006"):
        assert meant(name) is None
        assert meant(name, PLAN, INSTRUMENT) is None


def test_words_in_another_order_or_joined_otherwise_are_not_certain() -> None:
    for name in ("sur de África", "el sur de África", "the south of Africa", "Sur de Sudán", "Antigua y Guatemala",
                 "Antigua, Guatemala", "Trinidad, Tobago y Guatemala", "Trinidad, Tabago"):  # fmt: skip
        assert KNOWN_MATCHER.matches(name)
        assert meant(name) is None, name
        assert meant(name, STATE, PLACE) is None, name
    for name in ("mujeres y migrantes", "mujeres, migrantes", "mujeres / migrantes", "mujeres & migrantes",
                 "women and migrant", "desarrollo de la migración", "violencia y género"):  # fmt: skip
        assert meant(name, TOPIC) is None, name
    same = {
        "Sudan, South": "ssd", "Sudán (del Sur)": "ssd", "Africa (South)": "zaf", "Sudán Sur": "ssd",
        "Trinidad & Tobago": "tto", "Unión Europea (UE)": "ue", "UE (Unión Europea)": "ue", "UE - Unión Europea": "ue",
        "Migración y el Desarrollo": "md", "la violencia de género": "gbv",
    }  # fmt: skip
    assert {name: meant(name, STATE, ORGANISATION, TOPIC) for name in same} == same


def test_names_that_only_some_use_elsewhere_give_way() -> None:
    given = {"EUR": frozenset({"es"})}
    euro = Entity("usa", (STATE,), {}, ("EUR",), (), {}, given=given, never_own=frozenset({"EUR"}))
    matches = Matcher((entity("ue", (STATE,), "EUR"), euro)).matches("EUR")
    assert {match.entity.iri for match in called_so(matches, "es")} == {"ue", "usa"}
    assert {match.entity.iri for match in called_so(matches, "en")} == {"ue"}


@given(st.text() | st.sampled_from([name for known in KNOWN for name in known.names]), st.sampled_from([(), (AGENT,)]))
def test_only_exact_names_are_ever_certain(name: str, kinds: tuple[str, ...]) -> None:
    matches = KNOWN_MATCHER.matches(name, kinds, len(KNOWN))
    found = CERTAINTY.meant(name, matches, kinds, "es")
    assert found is None or [match for match in matches if match.is_exact] == [found]


# What the graph says of the things


CG, RDFS, SKOS, RDF = (PREFIXES[name] for name in ("cg", "rdfs", "skos", "rdf"))
NAMES = Names("http://e/")
GTM, RCM, TARGET = NAMES.id("country", "GTM"), NAMES.id("process", "rcm"), "http://metadata.un.org/sdg/10.7"
ROWS: list[tuple[str, str, Literal | NamedNode]] = [
    (GTM, RDF + "type", NamedNode(CG + "State")),
    (GTM, RDF + "type", NamedNode("http://www.w3.org/ns/org#FormalOrganization")),
    (GTM, RDFS + "label", Literal("Guatemala", language="es")),
    (GTM, SKOS + "altLabel", Literal("República de Guatemala", language="es")),
    (GTM, SKOS + "altLabel", Literal("Guatemala", language="pt")),
    (GTM, SKOS + "altLabel", Literal("Goatemala", language="pt")),
    (GTM, SKOS + "altLabel", Literal("GT", language="en")),
    (GTM, SKOS + "hiddenLabel", Literal("GT", language="es")),
    (GTM, SKOS + "hiddenLabel", Literal("Guate", language="es")),
    (GTM, SKOS + "notation", Literal("320")),
    (GTM, CG + "iso3", Literal("GTM")),
    (GTM, CG + "memberOf", NamedNode(RCM)),
    (GTM, CG + "membership", NamedNode(NAMES.id("membership", "rcm-GTM"))),
    (GTM, CG + "order", Literal("3")),
    (GTM, PREFIXES["schema"] + "sameAs", NamedNode("http://www.wikidata.org/entity/Q774")),
    (RCM, RDF + "type", NamedNode(CG + "ConsultativeProcess")),
    (RCM, RDFS + "label", Literal("CRM", language="es")),
    (TARGET, RDF + "type", NamedNode("http://metadata.un.org/sdg/ontology#Target")),
    (TARGET, SKOS + "notation", Literal("10.7")),
]


def test_names_codes_and_values_from_the_graph() -> None:
    rows: list[Row] = [
        {"entity": NamedNode(iri), "property": NamedNode(name), "value": value} for iri, name, value in ROWS
    ]
    things = read_entities(rows, {GTM: {"es": "Guatemala"}}, NAMES)
    guatemala = things[GTM]
    assert guatemala.kinds == (CG + "State",)
    assert guatemala.labels == {"es": "Guatemala"}
    assert set(guatemala.names) == {"Guatemala", "República de Guatemala", "Goatemala", "GT", "Guate"}
    assert guatemala.given == {"GT": {"es"}, "Guate": {"es"}}
    assert guatemala.never_own == {"Guate"}
    assert guatemala.foreign == {"Goatemala"}
    assert {"320", "GTM", "Q774", GTM, "country/GTM"} <= set(guatemala.codes)
    assert guatemala.values[CG + "memberOf"] == (NamedNode(RCM),)
    assert not {CG + "membership", CG + "order"} & set(guatemala.values)
    assert {CG + "State", CG + "ConsultativeProcess"} <= set(kinds_of(things))
    assert {"10.7", "SDG 10.7", "ODS 10.7", "Target 10.7", "Meta 10.7"} <= set(things[TARGET].codes)
