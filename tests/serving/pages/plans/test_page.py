"""The page on which the plan is looked through."""

import csv

import pytest
from httpx import Client
from rdflib import Graph

from tests.support.pages import classes, having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"


def test_the_whole_plan_is_a_tree(client: Client) -> None:
    root = read_page(client.get("/es/plan").text)
    assert len(list(having(root, "theme"))) == 3
    assert len(list(having(root, "objective"))) == 20
    parts = list(having(root, "part"))
    kinds = [next(name for name in classes(part) if name.startswith("part-")) for part in parts]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "part-action": 33,
        "part-activity": 41,
        "part-scheduleentry": 37,
        "part-note": 1,
    }
    assert len(list(root.iter("details"))) == 20
    assert not [details for details in root.iter("details") if details.get("open") is not None]


def test_every_part_leads_to_its_page_in_the_same_language(client: Client) -> None:
    root = read_page(client.get("/en/plan").text)
    addresses = [link.get("href", "") for link in having(root, "part-link")]
    assert len(addresses) == 20 + 33 + 41 + 37 + 1
    assert all(address.startswith("/en/id/plan/crm/") for address in addresses)
    assert client.get(addresses[-1]).status_code == 200


def test_findings_statuses_and_missing_numbers_are_marked(client: Client) -> None:
    root = read_page(client.get("/en/plan").text)
    objective = next(part for part in having(root, "objective") if part.get("id") == "vmd-1")
    assert "3 findings (" in text(next(iter(objective.iter("summary"))))
    assert "continuous" in [text(chip) for chip in having(objective, "status")]
    assert any("no printed number" in text(number) for number in having(root, "none"))


def test_what_was_chosen_is_shown_with_what_it_is_part_of(client: Client) -> None:
    root = read_page(client.get("/en/plan?status=pending").text)
    (hit,) = having(root, "hit")
    assert "part-scheduleentry" in classes(hit)
    assert len(list(having(root, "theme"))) == len(list(having(root, "objective"))) == 1
    assert all(details.get("open") is not None for details in root.iter("details"))
    assert "1 part matches" in text(root)


@pytest.mark.parametrize(
    ("language", "rule", "matching"),
    [
        ("es", "únicamente la más específica de las que así lo cumplen", "5 partes coinciden"),
        ("en", "only the most specific of these is marked", "5 parts match"),
    ],
)
def test_the_lead_says_what_is_marked_and_counted(client: Client, language: str, rule: str, matching: str) -> None:
    page = read_page(client.get(f"/{language}/plan?topic=return&status=continuous").text)
    assert rule in text(next(having(page, "lead")))
    hits = list(having(page, "hit"))
    assert len(hits) == 5
    assert matching in text(page)
    # Parts together with what is below them are among these, and what is below is shown beside.
    assert len(list(having(page, "part"))) > len(list(having(page, "status"))) > 0
    # Where nothing is chosen there is nothing to explain.
    assert rule not in text(next(having(read_page(client.get(f"/{language}/plan").text), "lead")))


def test_a_theme_keeps_its_colour_where_others_are_left_out(client: Client) -> None:
    (theme,) = having(read_page(client.get("/en/plan?status=pending").text), "theme")
    assert "theme-2" in classes(theme)


def test_more_than_three_themes_have_one_colour(client: Client) -> None:
    themes = list(having(read_page(client.get("/es/plan/csm").text), "theme"))
    assert len(themes) > 3
    assert all(classes(theme) == ["theme"] for theme in themes)


def test_what_was_chosen_can_be_taken_back_one_by_one(client: Client) -> None:
    root = read_page(client.get("/en/plan?status=continuous&topic=return").text)
    chosen = next(having(root, "chosen"))
    assert sorted(links(chosen).values()) == ["/en/plan?status=continuous", "/en/plan?topic=return"]


def test_the_data_are_what_is_shown(client: Client) -> None:
    root = read_page(client.get("/en/plan?actor=actor/oim").text)
    hits = list(having(root, "hit"))
    rows = list(csv.DictReader(client.get("/plan.csv?actor=actor/oim").text.splitlines()))
    assert len({row["part"] for row in rows}) == len(hits) > 3
    assert all(row["exact"] and row["source"] == f"{ID}source/crm" for row in rows)
    graph = Graph().parse(data=client.get("/plan.ttl?actor=actor/oim").text, format="turtle")
    assert {str(subject) for subject in graph.subjects()} == {row["part"] for row in rows}
    offered = {link.get("href") for link in root.iter("link") if link.get("rel") == "alternate" and link.get("type")}
    assert "/en/plan.csv?actor=actor%2Foim" in offered


@pytest.mark.parametrize(
    ("language", "within"),
    [("es", "2.4.3 Crear un espacio"), ("en", "2.4.3 Create a space")],
)
def test_a_row_says_in_words_what_its_part_is_part_of(client: Client, language: str, within: str) -> None:
    [row] = csv.DictReader(client.get(f"/{language}/plan.csv?status=pending").text.splitlines())
    assert row["part_of"] == f"{ID}plan/crm/dh/2.4.3"
    assert f"{row['part_of_number']} {row['part_of_label']}".startswith(within)


def test_what_the_tree_does_not_count_is_told(client: Client) -> None:
    page = text(read_page(client.get("/en/plan").text))
    outside = len(client.get("/queries/plan-outline.csv").text.splitlines()) - 1 - 135
    assert "135 parts" in page
    assert f"{outside} references to work plans and to other parts are not counted, because they belong to" in page
    assert "are not counted" not in text(read_page(client.get("/en/plan/gcm").text))


def test_all_parts_are_there_as_data(client: Client) -> None:
    rows = client.get("/plan.json").json()
    assert len({row["part"] for row in rows}) == 3 + 20 + 33 + 41 + 37 + 1
    answer = client.get("/plan", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("name", ["gcm", "los-angeles", "marrakesh", "niamey", "csm", "bali"])
@pytest.mark.parametrize(
    ("language", "titles", "tree"),
    [
        ("es", "De este plan solo están aquí los títulos de sus partes.", "El plan como árbol"),
        ("en", "Of this plan only the titles of its parts are held here.", "The plan as a tree"),
    ],
)
def test_a_plan_of_which_only_titles_were_read_says_so(
    client: Client, name: str, language: str, titles: str, tree: str
) -> None:
    page = read_page(client.get(f"/{language}/plan/{name}").text)
    lead = text(next(having(page, "lead")))
    assert titles in lead
    assert tree not in lead
    whole = text(next(having(read_page(client.get(f"/{language}/plan").text), "lead")))
    assert tree in whole
    assert titles not in whole


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/en/plan", "Choosing a topic or a group includes its narrower ones."),
        ("/es/plan", "Al elegir una materia o un grupo se incluyen los más específicos."),
        ("/en/plan/bali", "Choose a topic to see only the titles that concern it or a narrower one."),
        ("/es/plan/bali", "Elija una materia para ver solo los títulos que tratan de ella o de otra más específica."),
    ],
)
def test_the_lead_tells_of_nothing_that_cannot_be_chosen(client: Client, address: str, told: str) -> None:
    assert text(next(having(read_page(client.get(address).text), "lead"))).endswith(told)


def test_only_what_has_something_to_choose_is_offered(client: Client) -> None:
    page = read_page(client.get("/en/plan/gcm").text)
    choices = {each.get("name"): each.findall("option")[1:] for each in page.iter("select")}
    assert choices.keys() == {"group", "topic"}
    assert all(choices.values())
    assert not list(having(page, "tree-tools"))
    page = read_page(client.get("/en/plan").text)
    assert len(list(page.iter("select"))) == 6
    assert list(having(page, "tree-tools"))


def test_other_plans_are_looked_through_as_well(client: Client) -> None:
    root = read_page(client.get("/en/plan/gcm").text)
    assert len(list(having(root, "objective"))) > 0
    assert next(having(root, "facets")).get("action") == "/en/plan/gcm"
    assert client.get("/en/plan/nowhere").status_code == 404
    assert client.get("/plan/nowhere.csv").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [("status=x", "«x»"), ("actor=../x", "«../x»"), ("nothing=1", "nothing"), ("topic=a&topic=b", "dos")],
)
def test_a_value_that_no_part_has_is_refused_in_a_sentence(client: Client, query: str, said: str) -> None:
    answer = client.get(f"/es/plan?{query}")
    assert answer.status_code == 400
    assert said in text(read_page(answer.text))


def test_an_empty_value_is_any(client: Client) -> None:
    page = client.get("/es/plan?status=&actor=&network=&group=&topic=&finding=").text
    assert len(list(having(read_page(page), "objective"))) == 20
