"""The pages of things, held against the graph: marked words, statements, readings, questions, disputes of sources."""

import csv

import pytest

from crmgraph.files import resource
from crmgraph.site.base.site import Record, Site
from crmgraph.site.things.pages import (
    POINTING_SHOWN,
    disputed_claims,
    read_gists,
    read_thing,
    readings_about,
    statement_tables,
)
from crmgraph.site.things.profiles import read_profile
from tests.support.pages import classes, having, links, text
from tests.support.visiting import Visitor, section, sections

ID = "https://w3id.org/crmgraph/id/"
ONTOLOGY = "https://w3id.org/crmgraph/ontology#"


def marked_wrongly(visit: Visitor, elements: dict[str, list[str]]) -> list[str]:
    wrong = []
    for iri, words in elements.items():
        root = visit.page("/en/id/" + iri.removeprefix(ID))
        # The page of a finding has them once more, in its card.
        cards = {mark for listed in having(root, "findings") for mark in listed.iter("mark")}
        marks = ["".join(mark.itertext()) for mark in root.iter("mark") if mark not in cards]
        if marks != words:
            wrong.append(iri)
    return wrong


@pytest.fixture(scope="module")
def elements(site: Site) -> dict[str, list[str]]:
    """The parts of all plans with their words in the source."""
    rows = site.select("SELECT ?x ?exact { ?x cg:passage [ cg:exact ?exact ; cg:start ?start ] } ORDER BY ?start")
    found: dict[str, list[str]] = {}
    for row in rows:
        if "/plan/" in row["x"].value:
            found.setdefault(row["x"].value, []).append(row["exact"].value)
    assert len(found) > 130
    return found


@pytest.mark.parametrize("step", [40, pytest.param(1, marks=pytest.mark.drill)])
def test_parts_have_their_words_marked_in_the_source(visit: Visitor, elements: dict[str, list[str]], step: int) -> None:
    every = enumerate(sorted(elements.items()))
    some = {iri: words for place, (iri, words) in every if place % step == 0 or len(words) > 3}
    assert marked_wrongly(visit, some) == []


# Statements


def found(site: Site, path: str, language: str = "en") -> Record:
    it = read_thing(site, ID + path, language)
    assert it is not None
    return it


def test_what_the_graph_says_of_a_thing(site: Site) -> None:
    part = found(site, "plan/crm/vmd/1.2.1", "es")
    assert (part.types[0], part.number, part.language) == (ONTOLOGY + "Activity", "1.2.1", "es")
    assert "Activity" in part.kinds
    assert "Theme" not in part.kinds
    assert [quotation.exact[:5] for quotation in part.quotations] == ["1.2.1"]
    assert [finding.code for finding in part.findings] == ["unresolved-cross-reference", "activity-without-agent"]
    # What is asserted comes before what is inferred.
    activity = found(site, "plan/crm/pgm/7.1.1")
    within = next(group for group in activity.about if group.predicate == ONTOLOGY + "within")
    assert [said.is_inferred for said in within.statements] == [False, True, True, True]
    assert within.statements[0].graphs == [site.names.graph("plan", "crm")]
    assert all(
        list(said.graphs) == sorted(said.graphs)
        for group in found(site, "process/rcm").about
        for said in group.statements
    )
    # What is in the language of the page comes first.
    for language in ("es", "en"):
        groups = found(site, "actor/oim", language).about
        spoken = [[said.value.language for said in group.statements] for group in groups]
        bilingual = [each for each in spoken if set(each) >= {"es", "en"}]
        assert len(bilingual) > 2
        assert all(each == sorted(each, key=lambda tongue: tongue != language) for each in bilingual)
    assert found(site, "plan/crm/dh/2.4.3.1").status.endswith("status#pending")
    assert [quotation.exact for quotation in found(site, "source/crm/13046-13048").quotations] == ["12"]
    assert read_thing(site, f"{ID}plan/crm/pgm/99", "en") is None


def test_inferred_statements_are_told_from_asserted_ones(visit: Visitor) -> None:
    root = visit.page("/en/id/plan/crm/pgm/7.1.1")
    inferred = list(having(root, "inferred"))
    assert inferred
    assert all("inferred" in text(row).split() for row in inferred)
    asserted = [row for row in root.iter("tr") if "inferred" not in classes(row) and row.find("td") is not None]
    assert not [row for row in asserted if list(having(row, "inferred-mark"))]


def told(site: Site, *path: str) -> Record:
    return statement_tables(site, found(site, "/".join(path)), "en")


def test_many_values_are_folded_and_few_are_not(site: Site, visit: Visitor) -> None:
    there = told(site, "process", "rcm")
    long = [group for group in (*found(site, "process/rcm").about, *there.pointing) if group.is_long]
    assert long
    assert all(len(group.statements) > 20 for group in long)
    tables = having(visit.page("/en/id/process/rcm"), "statements")
    shown = [fold for table in tables for fold in having(table, "fold")]
    assert [text(next(fold.iter("summary"))) for fold in shown] == [f"{len(group.statements)} values" for group in long]
    assert [len(list(next(having(fold, "folded")))) for fold in shown] == [len(group.listed) for group in long]
    assert not any(fold.get("open") is not None for fold in shown)


def test_tables_of_statements(site: Site) -> None:
    there = told(site, "plan", "crm", "dh", "2.4.3.1")
    [status] = [iri for iri in there.labels if iri.endswith("status#pending")]
    assert there.labels[status]["en"] == "pending"
    parts = next(group for group in told(site, "plan", "crm", "pgm").pointing if group.predicate.endswith("isPartOf"))
    numbers = [said.value.value.rpartition("/")[2] for said in parts.statements]
    assert numbers == [str(n) for n in range(1, 12)], "in natural order"
    source = told(site, "source", "crm")
    assert source.is_cut
    assert sum(len(group.statements) for group in source.pointing) <= POINTING_SHOWN


# Questions that a page leads to


def test_every_conflict_of_sources_is_on_its_page(visit: Visitor, site: Site) -> None:
    with (resource("data") / "reference" / "statements.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rank"]]
    assert len(rows) >= 60
    subjects = sorted({row["subject"] for row in rows})
    assert {"process/sacm", "process/budapest", "process/rcm", "meeting/crm-xvi", "actor/st"} <= set(subjects)
    missing = []
    for place, subject in enumerate(subjects):
        language = ("es", "en")[place % 2]
        said = text(section(visit.page(f"/{language}/id/{subject}"), "disputes"))
        notes = [" ".join(row[f"note_{language}"].split()) for row in rows if row["subject"] == subject]
        missing += [(subject, note) for note in notes if note not in said]
        for claims in disputed_claims(site, ID + subject, "es"):
            standing = [claim.is_preferred for claim in claims]
            assert standing == sorted(standing, reverse=True), "what is preferred comes first"
            assert all(claim.sources for claim in claims)
    assert missing == []
    for name in ("process-level#regional", "membership-role#observer"):
        assert disputed_claims(site, f"https://w3id.org/crmgraph/ontology/{name}", "en") == [], "what many things have"
    assert disputed_claims(site, f"{ID}country/GTM", "es") == []


def test_a_state_tells_what_sources_disagree_on_that_concerns_it(visit: Visitor, site: Site) -> None:
    for state, of, about, is_preferred in (
        ("BFA", "process/midwa", "member", False),
        ("SLV", "process/rcm", "member", True),
        ("AFG", "process/add", "member", False),
        ("IRN", "membership/almaty-IRN-observer", "role", True),
    ):
        [[claim, *_]] = disputed_claims(site, f"{ID}country/{state}", "en")
        assert (claim.of, claim.property.rpartition("#")[2]) == (ID + of, about)
        assert claim.is_preferred is is_preferred
        shown = section(visit.page(f"/en/id/country/{state}"), "disputes")
        assert f"/en/id/{of}" in links(shown).values()
        assert claim.note in text(shown)
    assert "disputes" not in sections(visit.page("/en/id/country/GTM"))


def test_readings_are_all_that_the_graph_has(site: Site) -> None:
    rows = site.select("SELECT ?element ?agent ?x { ?element cg:participation ?x . ?x cg:agent ?agent }")
    told = readings_about(site, f"{ID}plan/crm", ("PlanElement",))
    expected = sorted((row["element"].value, row["agent"].value) for row in rows)
    assert sorted((x.element, x.value.value) for x in told.by_kind["participations"]) == expected
    oim = f"{ID}actor/oim"
    about = readings_about(site, oim).by_kind["participations"]
    assert sorted(x.element for x in about) == [element for element, agent in expected if agent == oim]
    # They are in the order of the document.
    seven = readings_about(site, f"{ID}plan/crm/pgm/7", ("PlanElement",)).by_kind["participations"]
    order = list(dict.fromkeys(x.number for x in seven))
    assert order == ["7", "7.2", "7.3", "7.1.1", "7.2.1", "7.2.2", "7.3.1", "7.3.1.1"]
    # Every one of which the graph has doubts is marked. That of a network deferred to is its participation.
    doubted = site.select(
        f"""SELECT DISTINCT ?x {{ ?x cg:confidence ?degree FILTER (?degree != confidence:high)
          {{ ?element cg:participation|cg:instrumentUse ?x }} UNION {{ ?x rdf:subject ?element ; a cg:Statement }}
          ?element cg:within <{ID}plan/crm> . FILTER NOT EXISTS {{ ?x cg:comparedWith ?other }}
          FILTER NOT EXISTS {{ ?x rdf:predicate cg:deferredTo }} }}"""
    )
    every = (
        *told.by_kind["participations"],
        *told.by_kind["uses"],
        *told.by_kind["subjects"],
        *told.by_kind["circumstances"],
    )
    assert len(doubted) > 25
    assert {each.certainty.iri for each in every if each.certainty.label} == {row["x"].value for row in doubted}
    # Mentions are listed that stand in no other reading.
    for path in ("country/MEX", "meeting/crm-xiv"):
        assert readings_about(site, ID + path).by_kind["mentions"]
        assert not readings_about(site, ID + path).further_mentions
    process = readings_about(site, f"{ID}process/rcm")
    assert 0 < len(process.further_mentions) < len(process.by_kind["mentions"])


def test_nameless_things_are_told_of_in_words(site: Site) -> None:
    nameless = site.select(
        "SELECT DISTINCT ?x { GRAPH ?graph { ?x a ?class } FILTER (STRSTARTS(STR(?x), STR(id:))) "
        "FILTER NOT EXISTS { ?x rdfs:label ?label } }"
    )
    iris = {row["x"].value for row in nameless}
    assert len(iris) > 500
    assert iris - read_gists(site, iris).keys() == set()


def test_questions_about_a_thing(visit: Visitor) -> None:
    for process, other in (("rcm", "fibemyd"), ("fibemyd", "rcm")):
        asked = set(links(visit.page(f"/en/id/process/{process}")).values())
        compared = f"/en/queries/members-apart?process=process%2F{process}&other=process%2F{other}"
        assert {compared, f"/en/queries/shared-members?process=process%2F{process}"} <= asked
        assert visit.get(compared).status_code == 200
    found = links(visit.page("/en/id/plan/crm"))["Which parts of the plan say when or where, in any way?"]
    assert "plan=plan%2Fcrm" in found
    assert visit.get(found).status_code == 200
    # Of what the plan does not speak, no question asks where it does.
    unused = links(visit.page("/en/id/instrument/acuerdo-mex-gtm-2005")).values()
    assert not [each for each in unused if "/queries/instruments?" in each]
    assert not [each for each in visit.page("/en/id/plan/crm/pgm/7.1.1").iter("h2") if each.get("id") == "asking"]


def test_profiles(site: Site, visit: Visitor) -> None:
    classes = ("cg:ConsultativeProcess", "cg:Network", "cg:Organ", "cg:Meeting", "cg:Presidency")
    query = " UNION ".join(f"{{ ?x a {name} }}" for name in classes)
    iris = [row["x"].value for row in site.select(f"SELECT DISTINCT ?x {{ {query} }}")]
    assert len(iris) > 80
    for place, iri in enumerate(iris):
        made = read_profile(site, found(site, iri.removeprefix(ID)), ("es", "en")[place % 2])
        assert made is not None
        assert made.facts
    for path in ("plan/crm/pgm/7", "place/puebla", "source/cldr"):
        assert read_profile(site, found(site, path), "en") is None
    # Each party is there once, in the order of the names.
    facts = {
        text(next(line.iter("dt"))): [text(item) for item in next(line.iter("dd")).iter("li")]
        for line in section(visit.page("/en/id/process/rcm"), "in-short").iter("div")
    }
    assert len(facts["Members (11)"]) == 11
    parties = facts["Observers and partners, not members (19)"]
    assert len(parties) == len(set(parties)) == 19
