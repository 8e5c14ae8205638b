"""What the search page finds, as the graph has it."""

import pytest

from crmgraph.site import Site
from crmgraph.site.search.everything import findable
from crmgraph.site.search.findable import GROUPS, Findable


@pytest.fixture(scope="module")
def things(site: Site) -> dict[str, Findable]:
    return {each.entry.name.removeprefix(site.names.id()): each for each in findable(site)}


def said(thing: Findable) -> set[tuple[str, str, str]]:
    return {(each.role, each.language, each.text) for each in thing.entry.texts}


def test_there_is_something_of_every_group_in_their_order(things: dict[str, Findable]) -> None:
    assert list(dict.fromkeys(thing.entry.group for thing in things.values())) == list(GROUPS)


def test_everything_has_a_label_in_both_languages_and_is_of_a_kind(things: dict[str, Findable]) -> None:
    bare = [
        name
        for name, thing in things.items()
        if not thing.kind.keys() >= {"es", "en"} or not thing.entry.labels or not thing.entry.texts
    ]
    assert bare == []
    own = [thing for thing in things.values() if thing.entry.group == "part"]
    assert all(thing.entry.labels.keys() >= {"es", "en"} for thing in own)


def test_no_part_of_the_plan_is_left_out(site: Site, things: dict[str, Findable]) -> None:
    rows = site.select("SELECT DISTINCT ?x { ?x a cg:PlanElement }")
    assert len(rows) > 200
    assert {row["x"].value.removeprefix(site.names.id()) for row in rows} <= things.keys()


@pytest.mark.parametrize("kind", ["cg:State", "cg:Agent", "cg:Instrument", "cg:Meeting", "cg:Finding", "cg:Event"])
def test_nothing_of_these_kinds_is_left_out(site: Site, things: dict[str, Findable], kind: str) -> None:
    rows = site.select(f"SELECT DISTINCT ?x {{ ?x a {kind} }}")
    assert rows
    assert {row["x"].value.removeprefix(site.names.id()) for row in rows} <= things.keys()


def test_a_part_of_the_plan_has_its_text_its_translation_its_number_and_its_place(
    site: Site, things: dict[str, Findable]
) -> None:
    part = things["plan/crm/pgm/6.2.1"]
    texts = said(part)
    assert ("number", "", "6.2.1") in texts
    assert ("number", "es", "Actividad 6.2.1") in texts
    assert ("number", "en", "Activity 6.2.1") in texts
    assert {(role, language) for role, language, _ in texts} >= {("text", "es"), ("translation", "en")}
    assert part.number == "6.2.1"
    assert part.kind["es"] == "Actividad"
    above = [iri.removeprefix(site.names.id()) for iri in part.above]
    assert above == ["plan/crm", "plan/crm/pgm", "plan/crm/pgm/6", "plan/crm/pgm/6.2"]
    assert part.words
    assert part.words.source == site.names.id("source", "crm")
    [row] = site.select(f"SELECT ?start {{ <{part.words.iri}> cg:start ?start }}")
    assert int(row["start"].value) == part.words.start


def test_a_thing_has_all_its_names_and_each_once(things: dict[str, Findable]) -> None:
    texts = said(things["actor/oim"])
    assert ("label", "es", "Organización Internacional para las Migraciones") in texts
    assert ("acronym", "es", "OIM") in texts
    assert ("acronym", "en", "IOM") in texts
    assert [role for role, _, text in texts if text == "OIM"] == ["acronym"]
    assert ("code", "", "SLV") in said(things["country/SLV"])


def test_findings_and_questions_lead_to_their_pages(things: dict[str, Findable]) -> None:
    finding = next(thing for name, thing in things.items() if name.startswith("finding/title-differs/"))
    assert finding.path.startswith("/findings/title-differs#title-differs_")
    assert finding.is_in_graph
    question = things["/queries/text-search"]
    assert question.path == "/queries/text-search"
    assert not question.is_in_graph
    assert {role for role, _, _ in said(question)} == {"label", "explanation", "code"}
