"""The library on the site: a list, a page for each question, and each question as data."""

import csv
import io
import json
import shlex
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from httpx import Client
from rdflib import Graph, Namespace

from crmgraph.serving.pages import Site
from crmgraph.serving.pages.rendering import GROUPS
from tests.support.pages import having, links, read_page, text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")


def _phrase(root: Element) -> str:
    """The sentence of a form as a reader sees it: of each menu the choice, of each input what stands in it."""

    def said(element: Element) -> str:
        if element.tag == "input":
            return element.get("value", "")
        if element.tag == "select":
            return next(text(option) for option in element if option.get("selected") is not None)
        return (element.text or "") + "".join(said(each) + (each.tail or "") for each in element)

    return " ".join(said(next(having(root, "phrase"))).split())


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
    roles = next(question for question in listed if question["name"] == "agent-roles")
    assert roles["phrase"]["en"] == "Which elements of the plan name {agent} in a role of {role}?"
    assert [parameter["open"] for parameter in roles["parameters"]] == [False, True, True, False]


def test_groups_of_the_library_have_names_for_people(site: Site) -> None:
    assert {question.group for question in site.library.values()} <= set(GROUPS)


def test_every_question_answers_on_its_page(client: Client, site: Site) -> None:
    for name in site.library:
        for language in ("es", "en"):
            answer = client.get(f"/{language}/queries/{name}")
            assert answer.status_code == 200, name
            page = read_page(answer.text)
            assert [*having(page, "results"), *having(page, "nothing")], name
            sentence = _phrase(page) if site.library[name].phrase else ""
            assert sentence.endswith("?") == bool(site.library[name].phrase), name
            assert "{" not in sentence, name
            controls = {each.get("name"): each for each in page.iter() if each.tag in ("input", "select")}
            assert {each.name for each in site.library[name].parameters} <= set(controls), name


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
    assert text(heading) == "Schedule entries Sort by: Schedule entries schedule_entries"


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
    assert (field.get("value") or "").startswith("4 ")
    assert "<https://w3id.org/crmgraph/id/plan/crm/vmd/4>" in text(list(root.iter("pre"))[-1])


@pytest.mark.parametrize(
    ("language", "path", "name", "offered", "selected"),
    [
        ("es", "findings?severity=warning", "severity", {"que sea", "advertencia"}, "advertencia"),
        ("en", "schedule-status", "status", {"in any state", "pending", "in progress"}, "in any state"),
        ("es", "theme-counts", "lang", {"español", "inglés"}, "español"),
        ("en", "theme-counts", "lang", {"Spanish", "English"}, "English"),
        ("en", "network-objectives", "network", {"any network", "Liaison networks"}, "any network"),
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
    names = [option.get("value") or "" for option in suggested]
    assert len(names) == len(set(names)) > 50
    assert [name for name in names if name.startswith("4.1 Carry out activities")]
    assert not list(read_page(client.get("/en/queries/text-search").text).iter("datalist"))


@pytest.mark.parametrize(
    ("path", "language", "near", "leads"),
    [
        ("state-processes?state=mexic", "es", "México", "?state=country%2FMEX&lang=es"),
        ("schedule-status?status=pendin", "en", "pending", "?status=pending&lang=en"),
    ],
)
def test_a_value_that_the_graph_does_not_know_is_400_and_leads_to_what_is_near(
    client: Client, path: str, language: str, near: str, leads: str
) -> None:
    page = client.get(f"/{language}/queries/{path}")
    assert page.status_code == 400
    root = read_page(page.text)
    address = links(next(having(root, "problem")))[near]
    assert sorted(address.removeprefix("?").split("&")) == sorted(leads.removeprefix("?").split("&"))
    assert client.get(f"/{language}/queries/{path.partition('?')[0]}{address}").status_code == 200
    field = next(each for each in root.iter("input") if each.get("aria-invalid") == "true")
    assert field.get("value") == path.partition("=")[2]
    data = client.get(f"/queries/{path}", headers={"Accept": "text/csv"})
    assert data.status_code == 400
    assert "did you mean" in data.json()["detail"]


def test_a_value_like_none_is_400_and_says_so(client: Client) -> None:
    for language, said in (("es", "No queda claro qué valor"), ("en", "It is not clear which value")):
        page = client.get(f"/{language}/queries/agent-roles?agent=actor/nadie-de-aqui")
        assert page.status_code == 400
        assert said in text(next(having(read_page(page.text), "problem")))


def test_a_name_leads_to_the_address_with_the_identifier(client: Client) -> None:
    for given in (
        "Organización Internacional para las Migraciones",
        "organizacion internacional para las migraciones",
        "OIM",
    ):
        answer = client.get(
            "/en/queries/agent-roles", params={"agent": given, "role": "implementación", "sort": "number"}
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == "?agent=actor%2Foim&role=implements&sort=number"
    listed = client.get("/queries/agent-roles.csv", params={"agent": "OIM", "role": "implementing"})
    assert listed.text == client.get("/queries/agent-roles.csv?agent=actor/oim&role=implements").text
    assert listed.text.count("actor/oim") > 0


def test_a_name_that_several_parts_have_is_asked_about(client: Client) -> None:
    page = client.get("/en/queries/objective-contents", params={"objective": "7"})
    assert page.status_code == 400
    near = [
        address for name, address in links(next(having(read_page(page.text), "problem"))).items() if name[:2] == "7 "
    ]
    assert "?objective=plan%2Fcrm%2Fpgm%2F7&lang=en" in {
        "?" + "&".join(sorted(address[1:].split("&"), reverse=True)) for address in near
    }


def test_what_is_left_empty_is_left_open(client: Client) -> None:
    answer = client.get("/en/queries/mentions?thing=")
    assert (answer.status_code, answer.headers["location"]) == (303, "?thing=any")


def test_the_sentence_says_what_is_asked_and_so_does_the_title(client: Client) -> None:
    root = read_page(client.get("/es/queries/agent-roles?agent=actor/oim&role=implements").text)
    agent = "Organización Internacional para las Migraciones"
    asked = f"¿Qué elementos del plan nombran a {agent} en un papel de implementación?"
    assert _phrase(root) == asked
    assert text(next(root.iter("title"))) == f"{asked} · crmgraph"
    others = {each.get("name") for each in next(having(root, "more")).iter("select")}
    assert others == {"plan", "lang"}


def test_a_value_may_be_given_as_a_whole_iri(client: Client) -> None:
    whole = client.get("/queries/state-processes.csv", params={"state": "https://w3id.org/crmgraph/id/country/MEX"})
    assert whole.text == client.get("/queries/state-processes.csv?state=country/MEX").text


def _column(client: Client, address: str, name: str) -> list[str]:
    root = read_page(client.get(address).text)
    return [text(cell) for cell in next(having(root, "results")).iter("td") if cell.get("data-column") == name]


def test_rows_are_sorted_by_a_column_either_way(client: Client) -> None:
    page = read_page(client.get("/en/queries/secretariats").text)
    heading = next(cell for cell in page.iter("th") if "processes" in text(cell))
    address = next(iter(heading.iter("a"))).get("href") or ""
    assert address == "?lang=en&sort=processes#answer"
    counts = [int(number) for number in _column(client, "/en/queries/secretariats", "processes")]
    up = [int(number) for number in _column(client, f"/en/queries/secretariats{address}", "processes")]
    down = [int(n) for n in _column(client, "/en/queries/secretariats?sort=processes&order=desc", "processes")]
    assert up == sorted(counts) != sorted(counts, reverse=True) == down
    root = read_page(client.get("/en/queries/secretariats?sort=processes&order=desc").text)
    assert [cell.get("aria-sort") for cell in root.iter("th") if cell.get("aria-sort")] == ["descending"]


def test_a_long_answer_is_shown_in_parts(client: Client) -> None:
    first = _column(client, "/es/queries/plan-outline", "element")
    second = _column(client, "/es/queries/plan-outline?page=2", "element")
    whole = client.get("/queries/plan-outline.csv").text.count("\n") - 1
    assert len(first) == 100
    assert len(first) + len(second) == whole
    assert not set(first) & set(second)
    root = read_page(client.get("/es/queries/plan-outline?page=2").text)
    pages = links(next(having(root, "pager")))
    assert pages["Anterior"] == "?lang=es#answer"
    assert "Siguiente" not in pages


@pytest.mark.parametrize(
    ("query", "status"),
    [("sort=nothing", 400), ("order=up", 400), ("page=0", 400), ("page=x", 400), ("page=٣", 400), ("page=99", 404)],
)
def test_an_arrangement_that_there_is_not_is_refused(client: Client, query: str, status: int) -> None:
    for language in ("es", "en"):
        assert client.get(f"/{language}/queries/theme-counts?{query}").status_code == status
    assert client.get(f"/queries/theme-counts.csv?{query}").status_code == 400


@pytest.mark.parametrize(
    ("query", "spanish", "english"),
    [
        (
            "nonsense=1",
            "En esta pregunta no hay nada que se llame «nonsense».",
            "This question has nothing called “nonsense”.",
        ),
        ("lang=xx", "qué valor se quiere decir con «xx»", "which value is meant by “xx”"),
        ("plan=a%20%3E%20b", "qué valor se quiere decir con «a > b»", "which value is meant by “a > b”"),
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
        ("/queries/theme-counts.xlsx", "text/html", XLSX),
        ("/queries/theme-counts", XLSX, XLSX),
        ("/queries/theme-counts?format=xlsx", "text/html", XLSX),
        ("/queries/theme-counts", "text/turtle", "text/turtle"),
        ("/queries/theme-counts.rdf", "text/html", "application/rdf+xml"),
        ("/queries/theme-counts?format=jsonld", "text/html", "application/ld+json"),
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
    assert client.get("/queries/theme-counts", headers={"Accept": "application/pdf"}).status_code == 406


def test_the_query_itself_holds_the_values(client: Client) -> None:
    assert 'VALUES ?lang { "en" }' in client.get("/queries/theme-counts.rq?lang=en").text


def test_a_page_leads_to_the_workbench_and_the_command_line(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    assert client.get(links(root)["Open it in the workbench"]).status_code == 200
    assert "crmgraph query theme-counts --param lang=en" in text(root)


def test_the_command_line_is_safe_to_copy(client: Client) -> None:
    value = "plan/crm/$(touch;x)'&"
    root = read_page(client.get("/es/queries/text-search", params={"words": value}).text)
    (command,) = [text(code) for code in root.iter("code") if text(code).startswith("crmgraph query")]
    assert shlex.split(command) == ["crmgraph", "query", "text-search", "--param", f"words={value}"]


def test_the_workbook_has_the_rows_with_their_types_and_says_what_they_are(client: Client, site: Site) -> None:
    address = "/queries/schedule-status.xlsx?status=pendiente&lang=es"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    assert book.sheetnames == ["Respuesta", "Sobre la respuesta"]
    rows = json.loads(client.get("/queries/schedule-status.json?status=pending&lang=es").text)
    names = rows["head"]["vars"]
    headings, *cells = book["Respuesta"].iter_rows(values_only=True)
    assert headings == tuple(site.library["schedule-status"].columns[name]["es"] for name in names)
    assert len(cells) == len(rows["results"]["bindings"]) > 0
    for found, row in zip(cells, rows["results"]["bindings"], strict=True):
        for name, value in zip(names, found, strict=True):
            said = row.get(name, {}).get("value")
            assert value == (int(said) if name in ("start", "end") else said)
    notes = dict(book["Sobre la respuesta"].iter_rows(values_only=True))
    assert notes["Pregunta"] == "¿Qué actividades están en el estado pendiente, según el calendario?"
    assert notes["Dirección"] == (
        "https://w3id.org/crmgraph/queries/schedule-status?plan=plan%2Fcrm&status=pending&lang=es"
    )
    assert notes["Conjunto de datos"] == site.digest
    assert notes["Consulta"].startswith("PREFIX")
    assert notes["El estado"] == "pendiente"
    assert notes["El plan"] == "PLAN DE ACCION"
    assert next(value for name, value in notes.items() if name.startswith("El idioma")) == "español"
    about, sheet = book["Sobre la respuesta"], book["Respuesta"]
    (address,) = [row[1] for row in about.iter_rows() if row[0].value == "Dirección"]
    assert address.hyperlink.target == notes["Dirección"]
    activity = sheet.cell(2, names.index("activity") + 1)
    assert activity.hyperlink.target == activity.value == rows["results"]["bindings"][0]["activity"]["value"]


def test_an_open_value_is_said_in_the_workbook_as_in_the_form(client: Client) -> None:
    for language, sheet, name, said in (
        ("es", "Sobre la respuesta", "El estado", "que sea"),
        ("en", "About the answer", "The status", "in any state"),
    ):
        content = client.get(f"/queries/schedule-status.xlsx?lang={language}").content
        notes = dict(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))
        assert notes[name] == said


@pytest.mark.parametrize(("suffix", "syntax"), [("ttl", "turtle"), ("rdf", "xml"), ("nt", "nt")])
def test_the_graph_of_an_answer_says_the_same_as_its_rows(client: Client, suffix: str, syntax: str) -> None:
    address = "/queries/role-counts"
    graph = Graph().parse(data=client.get(f"{address}.{suffix}").content, format=syntax)
    table = json.loads(client.get(f"{address}.json").text)
    expected = [{name: value["value"] for name, value in row.items()} for row in table["results"]["bindings"]]
    assert {str(name) for name in graph.objects(None, RS.resultVariable)} == set(table["head"]["vars"])
    found = {
        int(str(graph.value(row, RS["index"]))): {
            str(graph.value(binding, RS.variable)): str(graph.value(binding, RS.value))
            for binding in graph.objects(row, RS.binding)
        }
        for row in graph.objects(None, RS.solution)
    }
    assert [found[index] for index in sorted(found)] == expected
    assert [int(str(size)) for size in graph.objects(None, RS.size)] == [len(expected)]


def test_an_answer_is_cited_with_all_its_values(client: Client, site: Site) -> None:
    root = read_page(client.get("/en/queries/schedule-status?status=pending").text)
    cited = text(next(having(root, "cite-words")))
    assert "Which activities are pending, according to the schedule?" in cited
    assert "https://w3id.org/crmgraph/queries/schedule-status?plan=plan%2Fcrm&status=pending&lang=en" in cited
    assert site.digest[:12] in cited


def test_the_list_is_filtered_by_words_and_by_the_names_of_values(client: Client) -> None:
    for language, words, path, sentence in (
        ("es", "secretaría procesos", "secretariats", "¿Quién presta secretaría a cuántos procesos?"),
        (
            "es",
            "actividades pendientes",
            "schedule-status?status=pending",
            "¿Qué actividades están en el estado pendiente, según el calendario?",
        ),
        (
            "en",
            "who implements",
            "agent-roles?agent=any&role=implements",
            "Which elements of the plan name any actor in a role of implementing?",
        ),
    ):
        root = read_page(client.get(f"/{language}/queries", params={"q": words}).text)
        listed = {text(link): link.get("href") for each in having(root, "questions") for link in each.iter("a")}
        assert listed[sentence] == f"/{language}/queries/{path}"
        assert len(listed) < 20
        assert client.get(f"/{language}/queries/{path}").status_code == 200


def test_words_that_no_question_has_are_said_to_be_none(client: Client) -> None:
    page = client.get("/en/queries", params={"q": "zyxwv"})
    assert page.status_code == 200
    root = read_page(page.text)
    assert "No question has all of these words" in text(next(having(root, "nothing")))
    assert client.get("/queries", params={"q": "zyxwv"}, headers={"Accept": "application/json"}).json() == []
    assert client.get("/en/queries?w=1").status_code == 400


def test_the_list_begins_with_three_good_questions(client: Client) -> None:
    for language in ("es", "en"):
        root = read_page(client.get(f"/{language}/queries").text)
        good = links(next(having(root, "good-questions")))
        assert len(good) == 3
        for sentence, address in good.items():
            answer = client.get(address)
            assert answer.status_code == 200
            page = read_page(answer.text)
            assert next(having(page, "results")) is not None
            assert sentence.endswith("?")


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("agent-roles", "agent"), ("meetings-during-plan", "from"), ("text-search", "words"), ("theme-counts", "lang")],
)
@pytest.mark.parametrize("value", ["", "\x00", "ñ" * 3000, "<script>", "a\nb", "{role}", "_:b", "-1"])
def test_odd_values_get_a_sentence(client: Client, name: str, parameter: str, value: str) -> None:
    answer = client.get(f"/es/queries/{name}", params={parameter: value})
    assert answer.status_code in (200, 303, 400)
    if answer.status_code != 303:
        root = read_page(answer.text)
        assert [
            *having(root, "problem"),
            *having(root, "problem-detail"),
            *having(root, "results"),
            *having(root, "nothing"),
        ]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("element-agents", "element=2.1.1"),
        ("agent-roles", "agent=actor/none"),
        ("agent-roles", "agnt=actor/oim"),
        ("meetings-during-plan", "from=soon"),
        ("text-search", "words=.*"),
    ],
)
def test_what_is_not_understood_is_not_answered_as_something_else(
    client: Client, site: Site, name: str, query: str
) -> None:
    for language in ("es", "en"):
        page = client.get(f"/{language}/queries/{name}?{query}")
        assert page.status_code == 400
        root = read_page(page.text)
        assert text(next(root.iter("title"))) == f"{site.library[name].title[language]} · crmgraph"
        assert "SELECT" not in text(root)
        assert "crmgraph query" not in text(root)
        said = text(next(having(root, "problem")))
        assert "param" not in said
        assert not [*having(root, "results"), *having(root, "formats")]
        assert not [link for link in root.iter("link") if (link.get("type") or "").startswith("text/csv")]


def test_a_mistyped_name_leads_to_the_one_that_is_meant(client: Client) -> None:
    root = read_page(client.get("/es/queries/agent-roles?agnt=actor/oim&role=implements").text)
    problem = next(having(root, "problem"))
    assert "no hay nada que se llame «agnt»" in text(problem)
    assert links(problem) == {"El actor: actor/oim": "?role=implements&agent=actor%2Foim"}
    assert client.get("/es/queries/agent-roles?role=implements&agent=actor%2Foim").status_code == 200
    assert _phrase(root).endswith("en un papel de implementación?")
    listed = text(next(having(read_page(client.get("/en/queries/agent-roles?xyz=1").text), "problem")))
    assert "The actor agent" in listed


@pytest.mark.parametrize("words", [".*", '"', "…", "()"])
def test_words_without_a_letter_are_refused(client: Client, words: str) -> None:
    for language, said in (
        ("es", "tiene que tener alguna letra o cifra."),
        ("en", "it has to have a letter or a digit."),
    ):
        page = client.get(f"/{language}/queries/text-search", params={"words": words})
        assert page.status_code == 400
        assert said in text(next(having(read_page(page.text), "problem")))
    data = client.get("/queries/text-search", params={"words": words}, headers={"Accept": "text/csv"})
    assert data.status_code == 400
    assert "has to have a letter or a digit" in data.json()["detail"]


def test_a_thing_that_the_graph_does_not_know_is_refused_and_what_is_near_is_told(client: Client) -> None:
    for value, near in (("zzz", None), ("actor/oin", "actor%2Foim")):
        page = client.get("/en/queries/inferred-statements", params={"thing": value})
        assert page.status_code == 400
        problem = next(having(read_page(page.text), "problem"))
        assert f"which value is meant by “{value}”" in text(problem)
        if near:
            assert [address for address in links(problem).values() if f"thing={near}" in address]
        data = client.get("/queries/inferred-statements", params={"thing": value}, headers={"Accept": "text/csv"})
        assert data.status_code == 400
        assert f"parameter thing has no value {value}" in data.json()["detail"]
    named = client.get("/en/queries/inferred-statements", params={"thing": "OIM"})
    assert (named.status_code, named.headers["location"]) == (303, "?thing=actor%2Foim")
    known = "/en/queries/inferred-statements?thing=https://w3id.org/crmgraph/graph/inferred"
    assert client.get(known).status_code == 200


def test_files_have_a_name_that_says_what_they_are(client: Client) -> None:
    root = read_page(client.get("/es/queries/agent-roles?agent=actor/acnur&role=implements").text)
    files = {text(link): link for link in next(having(root, "formats")).iter("a")}
    assert files["Turtle"].get("download") == "agent-roles-actor-acnur-implements-es.ttl"
    assert files["XLSX"].get("download") == "agent-roles-actor-acnur-implements-es.xlsx"
    for link in files.values():
        answer = client.get(link.get("href") or "")
        assert answer.headers["content-disposition"] == f'inline; filename="{link.get("download")}"'
    named = client.get("/queries/text-search.csv", params={"words": 'niñez; «País»/../x"', "lang": "en"})
    assert named.headers["content-disposition"] == 'inline; filename="text-search-ninez-Pais-..-x-en.csv"'
