"""The front page."""

import re
from collections import Counter

import pytest
from httpx import Client

from crmgraph.site.site import Site
from tests.support.pages import classes, having, links, read_page, text


def test_it_counts_what_is_in_the_graph(client: Client) -> None:
    root = read_page(client.get("/es/").text)
    counted = {
        text(next(iter(div.iter("dt")))): text(next(iter(div.iter("dd")))) for div in next(having(root, "counts"))
    }
    findings = counted.pop("hallazgos")
    assert counted == {
        "temas": "3",
        "objetivos": "20",
        "acciones": "33",
        "actividades": "41",
        "entradas de calendario": "37",
        "nota": "1",
    }
    # They are the parts that the page of the plan counts.
    assert f"{sum(map(int, counted.values()))} partes" in text(read_page(client.get("/es/plan").text))
    assert int(findings) == len(client.get("/findings.json").json())


def test_each_objective_has_a_mark_for_each_entry_of_its_schedule(client: Client, site: Site) -> None:
    root = read_page(client.get("/en/").text)
    strips = [[text(mark) for mark in having(strip, "status")] for strip in having(root, "strip")]
    assert len(strips) == 20
    rows = site.select(
        'SELECT ?x ?label { ?x a cg:ScheduleEntry ; cg:status/skos:prefLabel ?label FILTER (LANG(?label) = "en") '
        "?x cg:within id:plan\\/crm }"
    )
    assert Counter(mark for strip in strips for mark in strip) == Counter(row["label"].value for row in rows)
    assert sum(map(len, strips)) == 37


def test_each_status_leads_to_the_parts_that_have_it(client: Client) -> None:
    root = read_page(client.get("/en/").text)
    key = next(having(root, "glance-key"))
    seen = 0
    for link in key.iter("a"):
        counts = [int(number) for number in re.findall(r"\d+", text(next(having(link, "count"))))]
        page = read_page(client.get(link.get("href", "")).text)
        found = list(having(page, "hit"))
        entries = [part for part in found if "part-scheduleentry" in classes(part)]
        assert counts == ([len(found)] if len(entries) == len(found) else [len(entries), len(found)])
        seen += counts[0]
    assert seen == 37


def test_each_status_that_a_part_of_the_plan_has_is_in_the_key(client: Client, site: Site) -> None:
    key = next(having(read_page(client.get("/en/").text), "glance-key"))
    stated = site.select("SELECT DISTINCT ?status { ?x cg:status ?status ; cg:within id:plan\\/crm }")
    names = {row["status"].value.rpartition("#")[2] for row in stated}
    assert {link.get("href", "").rpartition("=")[2] for link in key.iter("a")} == names


@pytest.mark.parametrize(("language", "words"), [("es", "sin calendario"), ("en", "without a schedule")])
def test_an_objective_without_a_schedule_says_so(client: Client, language: str, words: str) -> None:
    root = read_page(client.get(f"/{language}/").text)
    for strip in having(root, "strip"):
        assert (text(strip) == words) == (not list(having(strip, "status")))
    assert words in {text(strip) for strip in having(root, "strip")}


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_leads_to_the_plan_its_source_and_questions(client: Client, language: str) -> None:
    addresses = set(links(read_page(client.get(f"/{language}/").text)).values())
    assert {f"/{language}{path}" for path in ("/plan", "/id/source/crm", "/queries", "/id/plan/crm/pgm/7")} <= addresses
    questions = [address for address in addresses if address.startswith(f"/{language}/queries/")]
    assert len(questions) == 3
    assert all(client.get(address).status_code == 200 for address in questions)


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("es", "Agenda 2030: metas que conciernen a la migración", "no es el plan de un proceso"),
        ("en", "2030 Agenda: targets that concern migration", "not the plan of a process"),
    ],
)
def test_it_names_all_that_the_plan_is_compared_with(client: Client, language: str, name: str, said: str) -> None:
    page = read_page(client.get(f"/{language}/").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "other-plans")
    agenda = next(item for item in section.iter("li") if name in text(item))
    assert links(agenda) == {name: f"/{language}/crosswalk/crm/sdg"}
    assert said in text(agenda)
    compared = next(having(read_page(client.get(f"/{language}/crosswalk").text), "coverage"))
    assert len(list(section.iter("li"))) == len(compared.findall("tbody/tr"))
