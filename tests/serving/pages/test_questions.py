"""The library on the site: a list, a page for each question, and each question as data."""

import csv
import io
import shlex

import pytest
from httpx import Client

from crmgraph.serving.pages import Site
from crmgraph.serving.pages.rendering import GROUPS
from tests.support.pages import having, links, read_page, text


def test_the_list_has_every_question_in_the_language(client: Client, site: Site) -> None:
    for language in ("es", "en"):
        found = links(read_page(client.get(f"/{language}/queries").text))
        for question in site.library.values():
            assert found[" ".join(question.title[language].split())] == f"/{language}/queries/{question.name}"


def test_the_list_is_data_too(client: Client, site: Site) -> None:
    listed = client.get("/queries", headers={"Accept": "application/json"}).json()
    assert [question["name"] for question in listed] == list(site.library)
    counts = next(question for question in listed if question["name"] == "theme-counts")
    assert set(counts["question"]) == {"es", "en"}
    assert {parameter["name"] for parameter in counts["parameters"]} == {"plan", "lang"}
    assert counts["query"].startswith("PREFIX")


def test_groups_of_the_library_have_names_for_people(site: Site) -> None:
    assert {question.group for question in site.library.values()} <= set(GROUPS)


def test_every_question_answers_on_its_page(client: Client, site: Site) -> None:
    for name in site.library:
        for language in ("es", "en"):
            answer = client.get(f"/{language}/queries/{name}")
            assert answer.status_code == 200, name
            page = read_page(answer.text)
            assert [*having(page, "results"), *having(page, "nothing")], name


def test_a_page_shows_the_answer_with_links_words_and_what_columns_mean(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    table = next(having(root, "results"))
    first = next(row for row in table.iter("tr") if row.find("td") is not None)
    cells = {cell.get("data-column"): cell for cell in first.iter("td")}
    assert text(cells["objectives"]) == "11"
    assert next(iter(cells["theme"].iter("a"))).get("href") == "/en/id/plan/crm/pgm"
    assert text(cells["theme"]) == "id:plan/crm/pgm"
    assert text(cells["label"]).startswith("Migration Policies and Management")
    assert "@en" not in text(table)
    assert cells["label"].get("data-heading") == "The name of the theme"
    words = next(iter(cells["exact"].iter("a")))
    assert (words.get("href"), text(words)) == ("/en/id/source/crm#c140-170", "POLÍTICAS Y GESTIÓN MIGRATORIA")
    heading = next(cell for cell in table.iter("th") if "schedule_entries" in text(cell))
    assert text(heading) == "Schedule entries schedule_entries"


def test_the_answer_can_be_downloaded_for_the_same_values(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    address = links(root)["CSV"]
    rows = list(csv.DictReader(io.StringIO(client.get(address).text)))
    assert [row["objectives"] for row in rows] == ["11", "5", "4"]
    assert rows[0]["label"] == "Migration Policies and Management"


def test_values_change_the_answer_and_stay_in_the_form(client: Client) -> None:
    root = read_page(client.get("/en/queries/objective-contents?objective=plan/crm/vmd/4").text)
    assert "id:plan/crm/vmd/4.1" in text(next(having(root, "results")))
    field = next(element for element in root.iter("input") if element.get("name") == "objective")
    assert field.get("value") == "plan/crm/vmd/4"
    assert "<https://w3id.org/crmgraph/id/plan/crm/vmd/4>" in text(next(iter(root.iter("pre"))))


@pytest.mark.parametrize(
    ("language", "path", "name", "offered", "selected"),
    [
        ("es", "findings?severity=warning", "severity", {"cualquiera", "advertencia"}, "advertencia"),
        ("en", "schedule-status", "status", {"any", "pending", "in progress"}, "any"),
        ("es", "theme-counts", "lang", {"español", "inglés"}, "español"),
        ("en", "theme-counts", "lang", {"Spanish", "English"}, "English"),
        ("en", "network-objectives", "network", {"any", "Liaison networks"}, "any"),
    ],
)
def test_few_values_are_a_menu_in_the_language_of_the_page(
    client: Client, language: str, path: str, name: str, offered: set[str], selected: str
) -> None:
    root = read_page(client.get(f"/{language}/queries/{path}").text)
    options = list(next(e for e in root.iter("select") if e.get("name") == name))
    assert offered <= {text(option) for option in options}
    assert [text(option) for option in options if option.get("selected") is not None] == [selected]


def test_many_values_are_suggested_while_one_types(client: Client) -> None:
    root = read_page(client.get("/en/queries/objective-contents").text)
    field = next(element for element in root.iter("input") if element.get("name") == "objective")
    suggested = next(element for element in root.iter("datalist") if element.get("id") == field.get("list"))
    words = {option.get("value"): text(option) for option in suggested}
    assert len(words) > 50
    assert words["plan/crm/vmd/4.1"].startswith("4.1 Carry out activities")
    assert not list(read_page(client.get("/en/queries/text-search").text).iter("datalist"))


@pytest.mark.parametrize(
    ("path", "spanish", "english"),
    [
        ("state-processes?state=mexic", "¿quería decir country/MEX?", "did you mean country/MEX?"),
        ("schedule-status?status=pendin", "¿quería decir pending", "did you mean pending"),
        ("agent-roles?agent=actor/nadie-de-aqui", "no tiene un valor actor/nadie", "has no value actor/nadie"),
    ],
)
def test_a_value_that_the_graph_does_not_know_is_400_and_names_what_is_near(
    client: Client, path: str, spanish: str, english: str
) -> None:
    for language, said in (("es", spanish), ("en", english)):
        page = client.get(f"/{language}/queries/{path}")
        assert page.status_code == 400
        assert said in text(next(having(read_page(page.text), "problem")))
    assert client.get(f"/queries/{path}", headers={"Accept": "text/csv"}).status_code == 400


def test_a_value_may_be_given_as_a_whole_iri(client: Client) -> None:
    whole = client.get("/queries/state-processes.csv", params={"state": "https://w3id.org/crmgraph/id/country/MEX"})
    assert whole.text == client.get("/queries/state-processes.csv?state=country/MEX").text


@pytest.mark.parametrize(
    ("query", "spanish", "english"),
    [
        ("lang=xx", "el parámetro lang es uno de es, en, no xx", "parameter lang is one of es, en, not xx"),
        (
            "nonsense=1",
            "theme-counts no tiene un parámetro nonsense; sus",
            "theme-counts has no parameter nonsense; its",
        ),
        ("plan=a%20%3E%20b", "el parámetro plan no tiene un valor a > b", "parameter plan has no value a > b"),
    ],
)
def test_a_value_that_does_not_fit_is_400_in_either_form(
    client: Client, query: str, spanish: str, english: str
) -> None:
    for language, said in (("es", spanish), ("en", english)):
        page = client.get(f"/{language}/queries/theme-counts?{query}")
        assert page.status_code == 400
        root = read_page(page.text)
        assert said in text(next(having(root, "problem")))
        assert "crmgraph query" not in text(root)
    data = client.get(f"/queries/theme-counts.csv?{query}")
    assert (data.status_code, data.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert client.get(f"/queries/theme-counts?{query}", headers={"Accept": "text/csv"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/queries/theme-counts", "text/csv", "text/csv"),
        ("/queries/theme-counts", "application/json", "application/json"),
        ("/queries/theme-counts", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("/queries/theme-counts.tsv", "text/html", "text/tab-separated-values"),
        ("/queries/theme-counts?format=json", "text/html", "application/sparql-results+json"),
        ("/queries/theme-counts?format=csv&timeout=5&lang=en", "text/html", "text/csv"),
        ("/queries/theme-counts.rq", "text/html", "application/sparql-query"),
    ],
)
def test_a_question_is_an_operation(client: Client, path: str, accept: str, media_type: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.text


@pytest.mark.parametrize("path", ["/en/queries/agent-roles", "/queries/agent-roles.csv", "/queries/agent-roles.rq"])
def test_a_parameter_that_is_there_twice_is_refused(client: Client, path: str) -> None:
    assert client.get(path, params=[("agent", "actor/oim"), ("agent", "actor/acnur")]).status_code == 400


def test_a_form_that_no_answer_has_is_refused(client: Client) -> None:
    assert client.get("/queries/theme-counts?format=pdf").status_code == 400
    assert client.get("/queries/theme-counts?format=").status_code == 400
    assert client.get("/queries/theme-counts", headers={"Accept": "text/turtle"}).status_code == 406


def test_the_query_itself_holds_the_values(client: Client) -> None:
    assert 'VALUES ?lang { "en" }' in client.get("/queries/theme-counts.rq?lang=en").text


def test_a_page_leads_to_the_workbench_and_the_command_line(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    assert client.get(links(root)["Open it in the workbench"]).status_code == 200
    assert "crmgraph query theme-counts --param lang=en" in text(root)


def test_the_command_line_is_safe_to_copy(client: Client) -> None:
    value = "plan/crm/$(touch;x)'&"
    root = read_page(client.get("/es/queries/inferred-statements", params={"thing": value}).text)
    (command,) = [text(code) for code in root.iter("code") if text(code).startswith("crmgraph query")]
    assert shlex.split(command) == ["crmgraph", "query", "inferred-statements", "--param", f"thing={value}"]
