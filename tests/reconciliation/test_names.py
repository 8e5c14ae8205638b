"""Which things a name, a kind and properties are matched with in the real graph, and which matches are certain.

`names.csv` has names as people write them: `certain` where they mean one thing beyond doubt, `uncertain` where they may
mean several things or one that is not there, `first` where the thing is the likeliest.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.reconciliation.matching import Candidate, Things, find_candidates
from crmgraph.reconciliation.operations import read_queries
from tests.support.cases import cases

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"


def typed(*kinds: str) -> str:
    """The part of a query that asks for things of one of these kinds."""
    names = ", ".join(f'"{kind if kind.startswith("http") else CG + kind}"' for kind in kinds)
    return f'"type": [{names}]'


STATE = typed("State")


def found(things: Things, query: str, language: str = "es") -> list[Candidate]:
    """The candidates for a query, given as what a JSON object has in it."""
    return find_candidates(things, read_queries(f'{{"q": {{{query}}}}}')["q"], language)


def named(things: Things, name: str, asked: str = "", language: str = "es") -> list[Candidate]:
    return found(things, f'"query": "{name}"' + (f", {asked}" if asked else ""), language)


def ends(judged: list[Candidate]) -> list[str]:
    return [each.entity.iri.removeprefix(ID) for each in judged]


def listed(expected: str, things: Things) -> Iterator[tuple[tuple[str, str, str], list[Candidate]]]:
    """Yield each name in the table that is expected to be so, with its thing and what was asked, and the candidates."""
    with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["expected"] == expected]
    assert len(rows) > 10
    for row in rows:
        asked = [typed(*row["kinds"].split())] if row["kinds"] else []
        asked += [f'"type_strict": "{row["strictness"]}"'] if row["strictness"] else []
        asked += [f'"limit": {row["limit"]}'] if row["limit"] else []
        for name in row["names"].split("; "):
            judged = named(things, name, ", ".join(asked), row["language"] or "es")
            yield (name, row["thing"], ", ".join(asked)), judged


def test_names_of_one_thing_are_certain(things: Things) -> None:
    missed = [
        (case, ends(judged[:1]))
        for case, judged in listed("certain", things)
        if not judged or (ends(judged)[0], judged[0].score, judged[0].is_certain) != (case[1], 100, True)
    ]
    assert missed == []


def test_names_that_several_things_may_have_are_not_certain(things: Things) -> None:
    assert [case for case, judged in listed("uncertain", things) if any(each.is_certain for each in judged)] == []


def test_likeliest_candidate_comes_first(things: Things) -> None:
    assert [case for case, judged in listed("first", things) if ends(judged)[:1] != [case[1]]] == []
    assert 90 < named(things, "Guatemla")[0].score < 100
    for name in ("7.", "Objective 7", "Objetivo 7"):
        assert "plan/crm/pgm/7" in ends(named(things, name, typed("Objective"))), name
    for each in named(things, "Gobierno de Honduras", f'{STATE}, "type_strict": "should"'):
        if f"{CG}State" not in each.entity.kinds:
            assert each.match
            assert not each.has_kind
            assert each.score == pytest.approx(80 * each.match.similarity, abs=0.1)
    assert "actor/oim" not in ends(named(things, "OIM", f'{typed("Agent", "State")}, "type_strict": "all"'))


def test_name_of_several_things_brings_all_of_them(things: Things) -> None:
    for name, kind, language, meant in cases("reconciliation/several"):
        judged = named(things, name, typed(kind) if kind else "", language)
        assert sorted(end for end, each in zip(ends(judged), judged, strict=True) if each.score == 100) == meant.split()
        assert not any(each.is_certain for each in judged)


def test_places_that_are_not_in_the_graph_are_not_much_like_others(things: Things) -> None:
    for name in ("Saint Martin", "San Martín", "Hong Kong"):
        for asked in ("", STATE):
            assert all(each.score < 90 for each in named(things, name, asked))
    assert "actor/organizaciones-no-gubernamentales" not in ends(named(things, "Hong Kong"))
    assert named(things, "https://www.geonames.org/484") == []
    assert named(things, " ") == []


def having(name: str, value: str) -> str:
    return f'"properties": [{{"pid": "{name if ":" in name else CG + name}", "v": {value}}}]'


def test_properties_decide_between_candidates(things: Things) -> None:
    judged = named(things, "Congo", f"{STATE}, {having('iso3', chr(34) + 'cod' + chr(34))}")
    assert ends(judged)[0] == "country/COD"
    assert not any(each.is_certain for each in judged)
    member, process = having("member", '"Guatemala"'), typed("ConsultativeProcess")
    judged = found(things, f'{process}, "limit": 50, {member}')
    assert (len(judged), {each.score for each in judged}) == (4, {100})
    assert named(things, "Proceso Puebla", f"{process}, {member}")[0].is_certain
    disagreeing = named(things, "Conferencia Regional sobre Migración", having("member", '"Tailandia"'))
    assert (ends(disagreeing)[0], disagreeing[0].is_certain) == ("process/rcm", False)
    unknown = named(things, "Guatemala", having("http://e/p", '"x"'))[0]
    assert (unknown.score, unknown.properties, unknown.is_certain) == (100, {}, False)
    year = found(things, f'{having("startDate", chr(34) + "2014" + chr(34))}, {typed("Meeting")}, "limit": 1')
    assert {each.score for each in year} == {100}


@pytest.mark.parametrize(
    ("thing", "name", "value", "likeness"),
    [
        ("Guatemala", "https://schema.org/sameAs", '"http://www.wikidata.org/entity/Q775"', 0),
        ("Guatemala", "https://schema.org/sameAs", '"Q774"', 1),
        ("Guatemala", "m49", "320.0", 1),
        ("Conferencia Regional sobre Migración", "member", f'{{"id": "{ID}country/THA"}}', 0),
        ("Conferencia Regional sobre Migración", "member", '"Republica Dominicana"', 1),
    ],
)
def test_only_words_of_properties_may_be_misspelt(
    things: Things, thing: str, name: str, value: str, likeness: float
) -> None:
    kinds = typed("State", "ConsultativeProcess")
    [best, *_] = named(things, thing, f"{kinds}, {having(name, value)}")
    assert list(best.properties.values()) == [likeness]
