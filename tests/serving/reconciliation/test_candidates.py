"""The candidates for names, kinds and properties, in the real graph."""

import pytest

from crmgraph.reconciliation.things import Things
from tests.serving.reconciliation.asked import CG, ID, STATE, found, names


def test_properties_bring_another_forward(things: Things) -> None:
    asked = f'"query": "Congo", {STATE}'
    assert names(found(things, asked))[0] == "country/COG"
    judged = found(things, f'{asked}, "properties": [{{"pid": "{CG}iso3", "v": "cod"}}]')
    assert names(judged)[0] == "country/COD"
    assert not any(each.is_certain for each in judged)
    assert found(things, '"query": " "') == []


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


@pytest.mark.parametrize(
    ("query", "kind", "first"),
    [
        ("Los Angeles Declaration", "ConsultativeProcess", "process/la-declaration"),
        ("Los Angeles Declaration", "Plan", "plan/los-angeles"),
        ("Gobierno de Honduras", "State", "country/HND"),
        ("Border control", "Objective", "plan/niamey/nd/5"),
    ],
)
def test_what_should_be_of_a_kind_stands_behind_what_is(query: str, kind: str, first: str, things: Things) -> None:
    judged = found(things, f'"query": "{query}", "type": "{CG}{kind}", "type_strict": "should"')
    assert names(judged)[0] == first
    others = [each for each in judged if f"{CG}{kind}" not in each.entity.kinds]
    assert others
    for each in others:
        assert not each.has_kind
        assert each.match
        assert each.score == pytest.approx(80 * each.match.likeness, abs=0.1)
