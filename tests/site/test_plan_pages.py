"""The front page, and the pages on which a plan is looked through as a tree."""

import re
from collections import Counter

from rdflib import Graph

from crmgraph.files import resource
from crmgraph.site.base.site import Site
from tests.support.pages import classes, having, text
from tests.support.visiting import Visitor, section

ID = "https://w3id.org/crmgraph/id/"


def test_the_front_page_counts_what_is_in_the_graph(visit: Visitor) -> None:
    counts = next(having(visit.page("/es/"), "counts"))
    counted = {text(next(div.iter("dt"))): text(next(div.iter("dd"))) for div in counts}
    assert int(counted.pop("hallazgos")) == len(visit.json("/findings.json"))
    assert counted == {
        "temas": "3",
        "objetivos": "20",
        "acciones": "33",
        "actividades": "41",
        "entradas de calendario": "37",
        "nota": "1",
    }
    assert f"{sum(map(int, counted.values()))} partes" in text(visit.page("/es/plan"))


def test_the_front_page_shows_the_status_of_each_objective(visit: Visitor, site: Site) -> None:
    root = visit.page("/en/")
    strips = [[text(mark) for mark in having(strip, "status")] for strip in having(root, "strip")]
    assert len(strips) == 20
    rows = site.select(
        'SELECT ?x ?label { ?x a cg:ScheduleEntry ; cg:status/skos:prefLabel ?label FILTER (LANG(?label) = "en") '
        "?x cg:within id:plan\\/crm }"
    )
    assert Counter(mark for strip in strips for mark in strip) == Counter(row["label"].value for row in rows)
    assert {text(strip) for strip in having(root, "strip") if not list(having(strip, "status"))} == {
        "without a schedule"
    }
    # Each status leads to the parts that have it, and says how many they are.
    key = next(having(root, "glance-key"))
    stated = site.select("SELECT DISTINCT ?status { ?x cg:status ?status ; cg:within id:plan\\/crm }")
    names = {row["status"].value.rpartition("#")[2] for row in stated}
    assert {link.get("href", "").rpartition("=")[2] for link in key.iter("a")} == names
    seen = 0
    for link in key.iter("a"):
        counted = [int(number) for number in re.findall(r"\d+", text(next(having(link, "count"))))]
        hits = list(having(visit.page(link.get("href", "")), "hit"))
        entries = [part for part in hits if "part-scheduleentry" in classes(part)]
        assert counted == ([len(hits)] if len(entries) == len(hits) else [len(entries), len(hits)])
        seen += counted[0]
    assert seen == 37


def test_the_whole_plan_is_a_tree(visit: Visitor) -> None:
    root = visit.page("/en/plan")
    assert len(list(having(root, "theme"))) == 3
    numbers = [text(next(having(each, "number"))) for each in having(root, "objective")]
    assert numbers == [str(number) for number in (*range(1, 12), *range(1, 6), *range(1, 5))]
    kinds = [next(name for name in classes(part) if name.startswith("part-")) for part in having(root, "part")]
    expected = {"part-action": 33, "part-activity": 41, "part-scheduleentry": 37, "part-note": 1}
    assert Counter(kinds) == expected
    assert [each.get("open") for each in root.iter("details")] == [None] * 20
    addresses = [link.get("href", "") for link in having(root, "part-link")]
    assert len(addresses) == 20 + sum(expected.values())
    assert all(address.startswith("/en/id/plan/crm/") for address in addresses)
    assert len({row["part"] for row in visit.json("/plan.json")}) == 3 + len(addresses)
    outside = len(visit.csv("/queries/plan-outline.csv")) - 135
    assert f"{outside} references to work plans and to other parts are not counted, because they belong to" in text(
        root
    )


def test_what_was_chosen_is_shown_with_what_it_is_part_of(visit: Visitor) -> None:
    root = visit.page("/en/plan?status=pending")
    [hit] = having(root, "hit")
    assert "part-scheduleentry" in classes(hit)
    [theme] = having(root, "theme")
    assert "theme-2" in classes(theme), "a theme keeps its colour where others are left out"
    assert len(list(having(root, "objective"))) == 1
    assert all(details.get("open") is not None for details in root.iter("details"))
    assert "1 part matches" in text(root)
    for language, within in (("es", "2.4.3 Crear un espacio"), ("en", "2.4.3 Create a space")):
        [row] = visit.csv(f"/{language}/plan.csv?status=pending")
        assert row["part_of"] == f"{ID}plan/crm/dh/2.4.3"
        assert f"{row['part_of_number']} {row['part_of_label']}".startswith(within)


def test_the_data_are_what_is_shown(visit: Visitor) -> None:
    root = visit.page("/en/plan?actor=actor/oim")
    rows = visit.csv("/plan.csv?actor=actor/oim")
    assert len({row["part"] for row in rows}) == len(list(having(root, "hit"))) > 3
    assert all(row["exact"] and row["source"] == f"{ID}source/crm" for row in rows)
    graph = Graph().parse(data=visit.get("/plan.ttl?actor=actor/oim").text, format="turtle")
    assert {str(subject) for subject in graph.subjects()} == {row["part"] for row in rows}
    offered = {link.get("href") for link in root.iter("link") if link.get("rel") == "alternate" and link.get("type")}
    assert "/en/plan.csv?actor=actor%2Foim" in offered


def test_a_choice_finds_what_a_query_finds(visit: Visitor, site: Site) -> None:
    kinds = "VALUES ?k { cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note } ?x a ?k"
    prefix = "PREFIX status: <https://w3id.org/crmgraph/ontology/status#>"
    agent = "cg:participation/cg:agent|cg:mentions"
    for query, pattern in (
        # What an activity has of its schedule is found at its schedule entry.
        ("status=pending", "?x cg:status status:pending MINUS { ?x cg:schedule/cg:status status:pending }"),
        ("topic=return", "?x cg:topic/skos:broader* <https://w3id.org/crmgraph/ontology/topic#return>"),
        ("actor=actor/oim", f"?x {agent} id:actor\\/oim"),
        ("network=network/red-trata", f"?x {agent}|cg:deferredTo id:network\\/red-trata"),
        ("finding=title-differs", '?f cg:element ?x ; cg:code "title-differs"'),
    ):
        rows = site.select(f"{prefix} SELECT DISTINCT ?x {{ {pattern} . ?x cg:within <{ID}plan/crm> . {kinds} }}")
        assert {row["part"] for row in visit.json(f"/plan.json?{query}")} == {row["x"].value for row in rows} != set()


def test_an_option_counts_what_it_would_show_beside_the_rest(visit: Visitor) -> None:
    page = visit.page("/en/plan?actor=actor/oim")
    counted = {}
    for menu in page.iter("select"):
        for option in menu.findall("option")[1:]:
            if menu.get("name") in ("status", "topic"):
                counted[f"{menu.get('name')}={option.get('value')}"] = int(re.findall(r"\((\d+)\)", text(option))[-1])
    assert len(counted) > 5
    for choice in list(counted)[:6]:
        hits = list(having(visit.page(f"/en/plan?actor=actor/oim&{choice}"), "hit"))
        assert len(hits) == counted[choice], choice


def test_all_plans_are_listed(visit: Visitor) -> None:
    told = {}
    for row in section(visit.page("/en/crosswalk"), "all").iter("tr"):
        target = row.find("th/a")
        if target is not None:
            told[target.get("href")] = [text(target), *(text(cell) for cell in row.findall("td"))]
    assert len(told) == len(list(resource("data/source").glob("*.txt")))
    title = "GLOBAL COMPACT FOR SAFE, ORDERLY AND REGULAR MIGRATION"
    assert told["/en/id/plan/gcm"] == ["Global Compact", title, "United Nations", "23", "24"]
    assert not any(row[0].isupper() for row in told.values())
    assert next(iter(told)) == "/en/id/plan/crm"
    for plan in ("crm", "gcm"):
        headings = [text(each) for each in visit.page(f"/en/plan/{plan}").iter("h2")]
        assert f"{told[f'/en/id/plan/{plan}'][-1]} parts" in headings
