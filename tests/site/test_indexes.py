"""The indexes of actors, networks, instruments, meetings, States, topics and groups, held against the questions."""

from collections.abc import Iterable
from typing import Any

import pytest

from crmgraph.site import Site
from crmgraph.site.base.site import name_key
from crmgraph.site.indexes.kinds import KINDS, address_of_concept, numeral_value_expression
from tests.support.pages import having, text
from tests.support.visiting import Visitor

ID = "https://w3id.org/crmgraph/id/"
ONTOLOGY = "https://w3id.org/crmgraph/ontology/"


def things(visit: Visitor, path: str) -> dict[str, dict[str, Any]]:
    return {each["iri"]: each for each in visit.json(f"/es{path}.json")["things"]}


def gathered(rows: Iterable[dict[str, str]], name: str, value: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row[name], set()).add(row[value])
    return found


def test_actors_have_the_roles_that_the_library_counts(visit: Visitor) -> None:
    found = things(visit, "/actors")
    parts: dict[tuple[str, str], set[str]] = {}
    for row in visit.csv("/queries/agent-roles.csv?agent=any"):
        parts.setdefault((row["agent"], row["role"]), set()).add(row["element"])
    told = {(iri, role["iri"]): role["times"] for iri, each in found.items() for role in each["roles"] or ()}
    assert told == {pair: len(elements) for pair, elements in parts.items()}
    assert len(told) > 50
    assert not found[f"{ID}actor/bafd"]["roles"]


def test_networks_have_the_objectives_that_defer_to_them(visit: Visitor) -> None:
    found = things(visit, "/networks")
    rows = visit.csv("/queries/network-objectives.csv")
    for network in {row["network"] for row in rows}:
        counted = {(row["objectives"], row["with_each"]) for row in rows if row["network"] == network}
        own, through = ({each["iri"] for each in found[network][name] or ()} for name in ("objectives", "throughAll"))
        assert counted == {(str(len(own)), str(len(own | through)))}
    assert [each["number"] for each in found[f"{ID}network/red-trata"]["objectives"]] == ["3", "4", "5"]


def test_instruments_are_relied_on_where_the_library_says_so(visit: Visitor) -> None:
    found = things(visit, "/instruments")
    rows = visit.csv("/queries/instruments.csv")
    relied = {row["instrument"] for row in rows if row["relied"] == "true"}
    assert {iri for iri, each in found.items() if each["relied"]} == relied
    assert {iri for iri, each in found.items() if each["relied"] is None}.isdisjoint(
        {row["instrument"] for row in rows}
    )
    memorandum = found[f"{ID}instrument/mou-2006"]
    assert (memorandum["date"], memorandum["parties"]) == ("2006-05", 5)


def test_meetings(visit: Visitor) -> None:
    found = things(visit, "/meetings")
    during = {row["meeting"] for row in visit.csv("/queries/meetings-during-plan.csv")}
    told = {iri for iri, each in found.items() if each["during"]}
    assert during <= told
    assert not [iri for iri in told - during if "/meeting/crm-" in iri]
    assert (found[f"{ID}meeting/crm-ii"]["during"], found[f"{ID}meeting/crm-x"]["during"]) == (False, True)
    assert visit.json("/meetings.json")["things"][0]["section"] == "viceministerial"
    # One in a place that is a State was in that State.
    assert found[f"{ID}meeting/crm-xvi"]["states"] == [f"{ID}country/DOM"]
    assert all(each["states"] for each in found.values() if each["places"])
    assert ">Began<" not in visit.get("/en/meetings").text


def test_roman_numerals(site: Site) -> None:
    numerals = ("I", "IV", "XIX", "XXIX", "a", "")
    listed = " ".join(f'"{numeral}"' for numeral in numerals)
    rows = site.select(f"SELECT ?x ({numeral_value_expression('?x')} AS ?n) {{ VALUES ?x {{ {listed} }} }}")
    assert {row["x"].value: row["n"].python_value for row in rows} == dict(
        zip(numerals, (1, 4, 19, 29, 0, 0), strict=True)
    )


def test_states_are_members_since_when_they_are(visit: Visitor) -> None:
    found = things(visit, "/states")
    since = {row["agent"]: row["since"] for row in visit.csv("/queries/process-members.csv?role=member")}
    members = {iri: each["since"] for iri, each in found.items() if f"{ID}process/rcm" in (each["member"] or ())}
    assert members == since
    assert len(found) == 208
    assert all(each["member"] == sorted(each["member"]) for each in found.values() if each["member"])
    named = gathered(visit.csv("/queries/states-named.csv"), "state", "element")
    told = {iri: each["named"] for iri, each in found.items() if each["named"]}
    assert told == {iri: len(elements) for iri, elements in named.items()}


def test_concepts_have_the_objectives_that_concern_them(visit: Visitor) -> None:
    for path, question, name in (
        ("/topics", "topic-objectives", "topic"),
        ("/population-groups", "group-objectives", "group"),
    ):
        objectives = gathered(visit.csv(f"/queries/{question}.csv?{name}=any"), name, "objective")
        told = {iri: {part["iri"] for part in each["objectives"] or ()} for iri, each in things(visit, path).items()}
        assert {iri: parts for iri, parts in told.items() if parts} == objectives
        assert len(objectives) > 15


@pytest.mark.parametrize("path", sorted(kind.path for kind in KINDS))
def test_an_index_on_its_page_and_as_data(visit: Visitor, path: str) -> None:
    kind = next(kind for kind in KINDS if kind.path == path)
    data = visit.json(f"{path}.json")
    page = visit.page(f"/en{path}")
    addresses = {each.get("href", "") for each in page.iter("a")}
    for thing in data["things"]:
        own = address_of_concept(thing["iri"]) or "/id/" + thing["iri"].removeprefix(ID)
        assert f"/en{own}" in addresses
        assert set(thing["label"]) >= {"es", "en"}
    assert {f"/en/queries/{name}" for name in kind.questions} <= {each.partition("?")[0] for each in addresses}
    assert visit.client.get(path, headers={"accept": "application/json"}).json() == data
    assert visit.get(f"{path}.csv").headers["content-type"] == "text/csv; charset=utf-8"
    assert len(visit.csv(f"{path}.csv")) == len(data["things"])
    jsonld = visit.get(f"{path}.jsonld").text
    assert all(thing["iri"].rpartition("/")[2].rpartition("#")[2] in jsonld for thing in data["things"][:5])
    # What has two broader things is counted once.
    counts = [int(text(each)) for each in having(page, "count") if each.tag == "small"]
    assert not counts or counts[0] == sum(counts[1:])


@pytest.mark.parametrize("language", ["es", "en"])
def test_names_in_an_index(visit: Visitor, language: str) -> None:
    """Short names are explained, and lists stand in the order of their names."""
    for path in ("/states", "/actors"):
        page = visit.page(f"/{language}{path}")
        [told] = having(page, "short-names")
        shorts = list(map(text, told.iter("dt")))
        assert len(shorts) == len(set(shorts)) == len(list(told.iter("dd")))
        lists = [[text(item) for item in each.iter("li")] for each in having(page, "names")]
        several = [names for names in lists if len(names) > 2 and not any(each[-1].isdigit() for each in names)]
        assert len(several) > 5
        assert all(names == sorted(names, key=name_key) for names in several)


def test_how_certain_a_thing_is(visit: Visitor) -> None:
    for path, iri, degree in (
        ("/meetings", "meeting/crm-xxvii", "#low"),
        ("/instruments", "instrument/acuerdos-pais", "#medium"),
    ):
        degrees = {each["iri"]: each["certainty"] for each in things(visit, path).values()}
        assert degrees[ID + iri].endswith(degree)
        assert not [each for each in degrees.values() if each.endswith("#high")], "what is certain is not marked"
        assert "" in degrees.values()
