"""The things that a name may stand for, what the graph says of them, and when one is meant for certain."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from crmgraph.inference.rules import Row
from crmgraph.linking.entities import Entity, kinds_of, read_entities
from crmgraph.linking.matching import Certainty, Matcher, drop_unofficial_matches
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names
from tests.support.phrases import rows_of

LAND, ACTOR = "http://e/State", "http://e/Actor"
TABLES = "linking/tables"


def thing(iri: str, *names: str, codes: tuple[str, ...] = (), kinds: tuple[str, ...] = (LAND,)) -> Entity:
    return Entity(iri, kinds, {"es": names[0]}, names, codes, {})


THINGS = tuple(
    thing(iri, *names.split("|"), codes=tuple(filter(None, codes.split("|"))), kinds=(f"http://e/{kind}",))
    for iri, kind, names, codes in rows_of("things", TABLES)
)
MATCHER = Matcher(THINGS)


def first(name: str, *kinds: str) -> tuple[str, bool]:
    match = MATCHER.matches(name, kinds)[0]
    return match.entity.iri, match.is_exact


def test_what_is_meant_comes_first() -> None:
    for name, iri, match in rows_of("first_matches", TABLES):
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


STATE, INSTRUMENT, AGENT = (f"{ONTOLOGY}#{name}" for name in ("State", "Instrument", "Agent"))
SAID = (PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "notation", PREFIXES["schema"] + "sameAs")
"""The properties in the last columns of known.csv: the official title, the acronym, and what is the same elsewhere."""


def kinds_in(cell: str) -> tuple[str, ...]:
    return tuple(f"{ONTOLOGY}/topic" if name == "topic" else f"{ONTOLOGY}#{name}" for name in cell.split())


def known() -> Iterator[Entity]:
    for iri, kinds, *cells in rows_of("known", TABLES):
        names, acronym = tuple(cells[0].split("|")), tuple(filter(None, cells[2:3]))
        values = {name: (Literal(cell),) for name, cell in zip(SAID, cells[1:], strict=True) if cell}
        yield Entity(iri, kinds_in(kinds), {"es": names[0]}, (*names, *acronym), acronym, values)


KNOWN = tuple(known())
KNOWN_MATCHER, CERTAINTY = Matcher(KNOWN), Certainty(KNOWN)


def meant(name: str, *kinds: str) -> str | None:
    found = CERTAINTY.certain_match(name, KNOWN_MATCHER.matches(name, kinds, len(KNOWN)), kinds, "es")
    return found.entity.iri if found else None


def test_which_names_are_certain() -> None:
    """Names of their own are; descriptions under their own kind alone, and words in another order are not."""
    rows = rows_of("certain", TABLES)
    assert [(name, kinds, meant(name, *kinds_in(kinds)) or "") for name, kinds, _ in rows] == [*map(tuple, rows)]
    assert CERTAINTY.certain_match("Guatemala", KNOWN_MATCHER.matches("Guatemala"), (INSTRUMENT,), "es") is None


def test_names_that_only_some_use_elsewhere_give_way() -> None:
    given = {"EUR": frozenset({"es"})}
    euro = Entity(
        "usa", (STATE,), {}, ("EUR",), (), {}, unofficial_names=given, never_official_names=frozenset({"EUR"})
    )
    matches = Matcher((thing("ue", "EUR", kinds=(STATE,)), euro)).matches("EUR")
    assert {match.entity.iri for match in drop_unofficial_matches(matches, "es")} == {"ue", "usa"}
    assert {match.entity.iri for match in drop_unofficial_matches(matches, "en")} == {"ue"}


@given(st.text() | st.sampled_from([name for known in KNOWN for name in known.names]), st.sampled_from([(), (AGENT,)]))
def test_only_exact_names_are_ever_certain(name: str, kinds: tuple[str, ...]) -> None:
    matches = KNOWN_MATCHER.matches(name, kinds, len(KNOWN))
    found = CERTAINTY.certain_match(name, matches, kinds, "es")
    assert found is None or [match for match in matches if match.is_exact] == [found]


CG = PREFIXES["cg"]
NAMES = Names("http://e/")
GTM, RCM, TARGET = NAMES.id("country", "GTM"), NAMES.id("process", "rcm"), "http://metadata.un.org/sdg/10.7"


def test_names_codes_and_values_from_the_graph() -> None:
    rows: list[Row] = []
    for thing, name, text, language in rows_of("said", TABLES):
        space, _, term = name.partition(":")
        value = NamedNode(text) if language == "iri" else Literal(text, language=language or None)
        rows.append({"entity": NamedNode(thing), "property": NamedNode(PREFIXES[space] + term), "value": value})
    things = read_entities(rows, {GTM: {"es": "Guatemala"}}, NAMES)
    guatemala = things[GTM]
    assert guatemala.kinds == (CG + "State",)
    assert guatemala.labels == {"es": "Guatemala"}
    assert set(guatemala.names) == {"Guatemala", "República de Guatemala", "Goatemala", "GT", "Guate"}
    assert guatemala.unofficial_names == {"GT": {"es"}, "Guate": {"es"}}
    assert guatemala.never_official_names == {"Guate"}
    assert guatemala.foreign_names == {"Goatemala"}
    assert {"320", "GTM", "Q774", GTM, "country/GTM"} <= set(guatemala.codes)
    assert things[RCM].values[CG + "member"] == (NamedNode(GTM),)
    assert not {CG + "participation", CG + "order"} & set(guatemala.values)
    assert {CG + "State", CG + "ConsultativeProcess"} <= set(kinds_of(things))
    assert {"10.7", "SDG 10.7", "ODS 10.7", "Target 10.7", "Meta 10.7"} <= set(things[TARGET].codes)
