"""Which things a name may stand for."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.linking import Entity, Matcher

STATE, ACTOR = "http://e/State", "http://e/Actor"


def entity(iri: str, *names: str, codes: tuple[str, ...] = (), kinds: tuple[str, ...] = (STATE,)) -> Entity:
    return Entity(iri, kinds, {"es": names[0]}, names, codes, {})


THINGS = (
    entity("gtm", "Guatemala", codes=("GT", "GTM")),
    entity("cri", "Costa Rica", codes=("CR", "CRI")),
    entity("dom", "República Dominicana", "Dominican Republic", codes=("DO",)),
    entity("dma", "Dominica"),
    entity("cog", "Congo", "República del Congo"),
    entity("cod", "República Democrática del Congo"),
    entity("oim", "Organización Internacional para las Migraciones", "OIM", "IOM", kinds=(ACTOR,)),
    entity("oit", "Organización Internacional del Trabajo", "OIT", kinds=(ACTOR,)),
    entity("kor", "República de Corea"),
    entity("prk", "República Popular Democrática de Corea", "Corea del Norte"),
    entity("slv", "El Salvador", codes=("SLV",)),
    entity("bhs", "Bahamas", "Las Bahamas"),
    entity("rcm", "Conferencia Regional sobre Migración", kinds=(ACTOR,)),
    entity("sacm", "Conferencia Suramericana sobre Migraciones", kinds=(ACTOR,)),
    entity("georgia", "Georgia"),
    entity("georgia-us", "Georgia", kinds=(ACTOR,)),
)
MATCHER = Matcher(THINGS)


def first(name: str, *kinds: str) -> tuple[str, bool]:
    match = MATCHER.matches(name, kinds)[0]
    return match.entity.iri, match.is_exact


@pytest.mark.parametrize(
    ("name", "meant", "is_exact"),
    [
        ("GUATEMALA", "gtm", True),
        ("gt", "gtm", True),
        ("Guatemla", "gtm", False),
        ("Costarica", "cri", False),
        ("Rep. Dominicana", "dom", False),
        ("Dominicana, República", "dom", True),
        ("dominica", "dma", True),
        ("Rep. Dem. del Congo", "cod", False),
        ("Dominicana", "dom", False),
        ("O.I.M.", "oim", True),
        ("Org. Int. Migraciones", "oim", False),
        ("organizacion internacional trabajo", "oit", True),
        ("Conferencia Regional sobre Migraciones", "rcm", False),
        ("Conferencia Regional de las Migraciones", "rcm", False),
        ("Conferencias Suramericanas sobre Migración", "sacm", False),
        ("Corea (Rep.)", "kor", False),
        ("Corea, Rep.", "kor", False),
        ("el salvador", "slv", True),
        ("Salvador, El", "slv", True),
        ("Salvador", "slv", False),
        ("the Bahamas", "bhs", True),
    ],
)
def test_what_is_meant_comes_first(name: str, meant: str, is_exact: bool) -> None:
    assert first(name) == (meant, is_exact)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Organización Internacional para las Migraciones (OIM)", "oim"),
        ("OIM – Organización Internacional para las Migraciones", "oim"),
        ("IOM / OIM", "oim"),
        ("Dominican Republic (República Dominicana)", "dom"),
        ("Guatemala (GTM)", "gtm"),
    ],
)
def test_two_names_of_one_thing_are_its_own(name: str, meant: str) -> None:
    assert first(name) == (meant, True)


@pytest.mark.parametrize("name", ["Dominica (Dominican Republic)", "OIM (OIT)", "Guatemala (la capital)"])
def test_names_of_two_things_are_nobody_s(name: str) -> None:
    assert not any(match.is_exact for match in MATCHER.matches(name))


def test_only_things_of_a_kind() -> None:
    assert first("Georgia", ACTOR) == ("georgia-us", True)
    assert [match.entity.iri for match in MATCHER.matches("Georgia") if match.is_exact] == ["georgia", "georgia-us"]
    assert MATCHER.matches("Guatemala", ["http://e/other"]) == []


def test_a_word_with_a_dot_behind_it_may_be_cut_off() -> None:
    assert first("Dominica.") == ("dma", False)
    assert first("Congo.") == ("cog", False)
    assert first("O.I.M.") == ("oim", True)


def test_a_word_counts_once_however_often_it_is_said() -> None:
    twice = Matcher(
        (entity("a", "Comisión de América"), entity("b", "Comisión de América y Centro Americano de América"))
    )
    assert [match.entity.iri for match in twice.matches("Comisión de America / Centro American de América")] == [
        "b",
        "a",
    ]


def test_where_all_words_are_known_those_that_are_the_same_count_and_not_letters() -> None:
    things = (entity("abu", "Diálogo de Abu Dabi"), entity("rabat", "Proceso de Rabat"), entity("x", "Proceso de Lima"))
    assert Matcher(things).matches("Diálogo de Rabat")[0].entity.iri == "rabat"


@pytest.mark.parametrize("name", ["", "…", "xyzzy", "de la", "\x00"])
def test_what_is_like_nothing(name: str) -> None:
    assert MATCHER.matches(name) == []


def test_nothing_to_match_with() -> None:
    assert Matcher(()).matches("Guatemala") == []


def test_no_more_than_asked_for() -> None:
    assert len(MATCHER.matches("República", most=2)) == 2


def slips(name: str) -> Iterator[str]:
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :]
        yield name[:place] + "x" + name[place:]
        yield name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :]


def test_one_slip_of_the_pen_anywhere() -> None:
    for name, iri in (("Guatemala", "gtm"), ("Costa Rica", "cri"), ("República Dominicana", "dom")):
        assert {MATCHER.matches(slip)[0].entity.iri for slip in slips(name)} == {iri}


def test_a_slip_is_not_made_up_for_by_the_words_that_are_right() -> None:
    marino = Matcher((entity("smr", "San Marino", "Saint-Marin"), entity("lca", "Saint Lucia", "San Lucas")))
    assert all(match.likeness < 0.9 for name in ("Saint Martin", "San Martín") for match in marino.matches(name))
    assert marino.matches("SanMarino")[0].likeness > 0.9


def test_no_short_word_is_meant_by_a_slip_but_alone() -> None:
    things = Matcher((entity("ong", "ONG"), entity("onu", "Organización")))
    assert things.matches("Hong Kong") == []
    assert things.matches("ONGG")[0].entity.iri == "ong"


@given(st.text() | st.sampled_from(THINGS).map(lambda thing: thing.names[0]))
def test_any_name(name: str) -> None:
    matches = MATCHER.matches(name)
    assert all(0.3 <= match.likeness <= 1 for match in matches)
    assert all(match.likeness == 1 for match in matches if match.is_exact)
    assert [match.likeness for match in matches] == sorted((match.likeness for match in matches), reverse=True)
    assert len({match.entity.iri for match in matches}) == len(matches)


def test_of_several_names_that_are_the_same_the_first_is_told() -> None:
    matcher = Matcher((entity("oim", "OIM", "Organización para las Migraciones", "Organización de las Migraciones"),))
    [match] = matcher.matches("Organización de las Migraciones (OIM)")
    assert (match.name, match.is_exact) == ("Organización para las Migraciones", True)
