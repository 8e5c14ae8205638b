"""The candidates for names and properties, in the real graph."""

import pytest

from crmgraph.serving.reconciliation.candidates import Candidate, candidates
from crmgraph.serving.reconciliation.queries import read_queries
from crmgraph.serving.reconciliation.things import Things

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"
STATE = f'"type": "{CG}State"'


def found(things: Things, query: str) -> list[Candidate]:
    return candidates(things, read_queries(f'{{"q": {{{query}}}}}')["q"])


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


@pytest.mark.parametrize("code", ["CR", "DO"])
def test_two_letters_are_certain_where_a_kind_is_asked_for(things: Things, code: str) -> None:
    assert not any(each.is_certain for each in found(things, f'"query": "{code}"'))
    assert found(things, f'"query": "{code}", {STATE}')[0].is_certain


def test_properties_bring_another_forward(things: Things) -> None:
    asked = f'"query": "Congo", {STATE}'
    assert names(found(things, asked))[0] == "country/COG"
    judged = found(things, f'{asked}, "properties": [{{"pid": "{CG}iso3", "v": "cod"}}]')
    assert names(judged)[0] == "country/COD"
    assert not any(each.is_certain for each in judged)


def test_a_thing_is_known_by_what_it_has(things: Things) -> None:
    member = f'{{"pid": "{CG}memberOf", "v": "Proceso Puebla"}}'
    judged = found(things, f'{STATE}, "limit": 50, "properties": [{member}]')
    assert len(judged) == 11
    assert {each.score for each in judged} == {100}
    assert found(things, f'"query": "Guatemala", {STATE}, "properties": [{member}]')[0].is_certain


def test_what_nobody_has_speaks_against_nobody(things: Things) -> None:
    best = found(things, '"query": "Guatemala", "properties": [{"pid": "http://e/p", "v": "x"}]')[0]
    assert (best.score, best.properties) == (100, {})


def test_kinds_are_any_all_or_only_liked(things: Things) -> None:
    both = f'"query": "OIM", "type": ["{CG}Agent", "{CG}State"], "type_strict"'
    assert names(found(things, f'{both}: "any"'))[0] == "actor/oim"
    assert "actor/oim" not in names(found(things, f'{both}: "all"'))
    assert names(found(things, f'{both}: "should"'))[0] == "actor/oim"
