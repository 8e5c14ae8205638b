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
