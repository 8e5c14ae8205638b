"""Each question of the library as a page, and its answer as files."""

import csv
import io
import json
import re
import shlex

import openpyxl
import pytest
from httpx import Client
from rdflib import Graph, Namespace

from crmgraph.library import ANY
from crmgraph.site import Site
from tests.support.pages import having, links, phrase_of, read_page, text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")


def _column(client: Client, address: str, name: str) -> list[str]:
    root = read_page(client.get(address).text)
    return [text(cell) for cell in next(having(root, "results")).iter("td") if cell.get("data-column") == name]


def test_every_question_answers_on_its_page(client: Client, site: Site) -> None:
    for name in site.library:
        for language in ("es", "en"):
            answer = client.get(f"/{language}/queries/{name}")
            assert answer.status_code == 200, name
            page = read_page(answer.text)
            assert [*having(page, "results"), *having(page, "nothing")], name
            sentence = phrase_of(page) if site.library[name].phrase else ""
            assert sentence.endswith("?") == bool(site.library[name].phrase), name
            assert "{" not in sentence, name
            controls = {each.get("name"): each for each in page.iter() if each.tag in ("input", "select")}
            assert {each.name for each in site.library[name].parameters} <= set(controls), name


@pytest.mark.parametrize(
    ("language", "degree", "words"),
    [
        ("es", "baja", "o que se deducen de lo que dicen las fuentes"),
        ("en", "low", "or that follow from what sources state"),
    ],
)
def test_the_lead_of_the_presidencies_holds_for_those_that_no_source_states(
    client: Client, language: str, degree: str, words: str
) -> None:
    address = f"/{language}/queries/presidencies"
    assert degree in _column(client, address, "confidence_label")
    assert words in text(read_page(client.get(address).text))


def test_a_page_shows_the_answer_with_links_words_and_what_columns_mean(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    table = next(having(root, "results"))
    first = next(row for row in table.iter("tr") if row.find("td") is not None)
    cells = {cell.get("data-column"): cell for cell in first.iter("td")}
    assert text(cells["objectives"]) == "11"
    assert next(iter(cells["label"].iter("a"))).get("href") == "/en/id/plan/crm/pgm"
    assert text(cells["label"]).startswith("Migration Policies and Management")
    assert "@en" not in text(table)
    assert cells["label"].get("data-heading") == "Name of the theme"
    words = next(iter(cells["exact"].iter("a")))
    assert (words.get("href"), text(words)) == ("/en/id/source/crm#c140-170", "POLÍTICAS Y GESTIÓN MIGRATORIA")
    heading = next(cell for cell in table.iter("th") if "Schedule entries" in text(cell))
    assert text(next(iter(heading.iter("a")))) == text(heading) == "Schedule entries"


def test_how_something_is_counted_is_folded_and_other_questions_are_called_by_their_words(client: Client) -> None:
    page = read_page(client.get("/es/queries/body-duties").text)
    lead = text(next(having(page, "lead")))
    folded = text(next(having(page, "fold")))
    assert "«de cada red»" in folded
    assert "«de cada red»" not in lead
    assert links(page)["¿Qué partes del plan nombran a un actor, y en qué papel?"] == "/es/queries/agent-roles"


def test_explanations_name_no_columns_or_questions_by_their_codes(site: Site) -> None:
    for question in site.library.values():
        codes = {name for name in (*question.columns, *site.library) if "_" in name or "-" in name}
        for explanation in question.explanation.values():
            assert not [code for code in codes if code in explanation], question.name


def test_an_empty_answer_leads_on(client: Client) -> None:
    page = read_page(client.get("/en/queries/instruments?instrument=instrument/acuerdo-mex-gtm-2005").text)
    assert list(having(page, "nothing"))
    there = links(next(having(page, "near")))
    wider = there[
        "Which instruments does the plan speak of, on which does it rely, and where and how does it use them?"
    ]
    assert len(links(next(having(read_page(client.get(wider).text), "results")))) > 1
    search = next(address for words, address in there.items() if words.startswith("Search for “Agreement"))
    assert client.get(search).status_code == 200
    assert there["Choose another question"] == "/en/queries"
    full = read_page(client.get("/en/queries/instruments").text)
    assert not list(having(full, "near"))


@pytest.mark.parametrize(("language", "says"), [("en", "Nobody has read"), ("es", "Nadie ha leído")])
def test_what_nobody_has_read_in_a_plan_is_not_said_to_be_nothing(language: str, says: str, client: Client) -> None:
    page = read_page(client.get(f"/{language}/queries/agent-roles?plan=plan/gcm").text)
    assert text(next(having(page, "notice"))).startswith(says)
    nothing = text(next(having(page, "nothing")))
    assert "the graph" not in nothing
    assert "el grafo" not in nothing
    read = client.get(f"/{language}/queries/agent-roles?agent=country/HND&role=hosts").text
    assert says not in read


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/en/queries/untouched-targets?plan=plan/gcm", "Not every objective of this plan was compared"),
        ("/es/queries/untouched-targets?plan=plan/gcm", "No se compararon todos los objetivos de este plan"),
        ("/en/queries/parts-not-reached?plan=plan/gcm&other=plan/csm", "Not every part of this plan was compared"),
        ("/es/queries/parts-not-reached?plan=plan/gcm&other=plan/csm", "No se compararon todas las partes de este"),
        ("/en/queries/correspondences?objective=plan/gcm/gcsorm/9&other=plan/csm", "Nobody has said whether anything"),
        ("/es/queries/correspondences?objective=plan/gcm/gcsorm/9&other=plan/csm", "Nadie ha dicho si algo de lo que"),
    ],
)
def test_what_nobody_compared_is_not_said_to_correspond(address: str, says: str, client: Client) -> None:
    page = read_page(client.get(address).text)
    assert text(next(having(page, "notice"))).startswith(says)
    assert "gra" not in text(next(having(page, "nothing")))
    compared = read_page(client.get(address.partition("?")[0]).text)
    assert not list(having(compared, "notice"))


def test_the_answer_can_be_downloaded_for_the_same_values(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    address = links(root)["CSV"]
    rows = list(csv.DictReader(io.StringIO(client.get(address).text)))
    assert [row["objectives"] for row in rows] == ["11", "5", "4"]
    assert rows[0]["label"] == "Migration Policies and Management"


def test_the_sentence_says_what_is_asked_and_so_does_the_title(client: Client) -> None:
    root = read_page(client.get("/es/queries/agent-roles?agent=actor/oim&role=implements").text)
    agent = "Organización Internacional para las Migraciones"
    asked = f"¿Qué partes del plan nombran a {agent} en el papel "
    assert phrase_of(root) == f"{asked}implementación?"
    assert text(next(root.iter("title"))) == f"{asked}«implementación»? · crmgraph"
    others = {each.get("name") for each in next(having(root, "more")).iter("select")}
    assert others == {"plan", "lang"}


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
    first = _column(client, "/es/queries/plan-outline?columns=all", "element")
    second = _column(client, "/es/queries/plan-outline?columns=all&page=2", "element")
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


def test_a_form_that_no_answer_has_is_refused(client: Client) -> None:
    assert client.get("/queries/theme-counts?format=pdf").status_code == 400
    assert client.get("/queries/theme-counts?format=").status_code == 400
    assert client.get("/queries/theme-counts", headers={"Accept": "application/pdf"}).status_code == 406


def test_the_query_itself_holds_the_values(client: Client) -> None:
    assert 'VALUES ?lang { "en" }' in client.get("/queries/theme-counts.rq?lang=en").text


def test_a_page_leads_to_the_workbench_and_the_command_line(client: Client) -> None:
    root = read_page(client.get("/en/queries/theme-counts").text)
    assert client.get(links(root)["Open it in the query editor"]).status_code == 200
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
    assert notes["Pregunta"] == "¿Qué actividades están pendientes según el calendario?"
    assert notes["Dirección"] == (
        "https://w3id.org/crmgraph/queries/schedule-status?plan=plan%2Fcrm&status=pending&lang=es"
    )
    assert notes["Conjunto de datos"] == site.digest
    assert notes["Consulta"].startswith("PREFIX")
    assert notes["El estado"] == "pendiente"
    assert notes["El plan"] == "Plan de la CRM"
    assert next(value for name, value in notes.items() if name.startswith("El idioma")) == "español"
    about, sheet = book["Sobre la respuesta"], book["Respuesta"]
    (address,) = [row[1] for row in about.iter_rows() if row[0].value == "Dirección"]
    assert address.hyperlink.target == notes["Dirección"]
    activity = sheet.cell(2, names.index("activity") + 1)
    assert activity.hyperlink.target == activity.value == rows["results"]["bindings"][0]["activity"]["value"]


def test_an_open_value_is_said_in_the_workbook_as_in_the_form(client: Client) -> None:
    for language, sheet, name, said in (
        ("es", "Sobre la respuesta", "El estado", "están en cualquier estado"),
        ("en", "About the answer", "The status", "have any status"),
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
    assert "“Which activities are pending according to the schedule?”, in: " in cited
    assert "https://w3id.org/crmgraph/queries/schedule-status?plan=plan%2Fcrm&status=pending&lang=en" in cited
    assert f"data {site.digest[:12]}" in cited
    page = read_page(client.get(links(root)["For reference managers and as files"]).text)
    assert text(next(having(page, "citation"))) == cited
    entry = next(each for each in root.iter("code") if each.get("id") == "cite-bibtex")
    assert text(entry) in [text(code) for code in page.iter("code")]


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


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_name_leads_to_its_thing(client: Client, language: str) -> None:
    page = read_page(client.get(f"/{language}/queries/agent-roles").text)
    names = [cell for cell in next(having(page, "results")).iter("td") if cell.get("data-column") == "agent_label"]
    assert names
    assert [links(cell) for cell in names] == [{text(cell): f"/{language}/id/actor/oim"} for cell in names]


@pytest.mark.parametrize(("language", "words"), [("es", {"sí", "no"}), ("en", {"yes", "no"})])
def test_what_is_true_is_said_in_words(client: Client, language: str, words: set[str]) -> None:
    page = read_page(client.get(f"/{language}/queries/instrument-parties").text)
    told = [text(cell) for cell in next(having(page, "results")).iter("td") if cell.get("data-column") == "member"]
    assert told
    assert set(told) <= words
    assert client.get(f"/{language}/queries/instrument-parties.csv").text.count("true") > 1


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_title_of_a_question_names_none_of_the_things_that_others_can_take_the_place_of(
    site: Site, language: str
) -> None:
    usual = {
        question.name: {
            each.term(each.default, site.names)[1:-1]
            for each in question.parameters
            if each.type == "iri" and each.name != "plan" and each.default != ANY
        }
        for question in site.library.values()
    }
    things = " ".join(f"<{iri}>" for iri in sorted(set().union(*usual.values())))
    names: dict[str, set[str]] = {}
    for row in site.select(f"SELECT ?x ?name {{ VALUES ?x {{ {things} }} ?x rdfs:label|skos:altLabel ?name }}"):
        names.setdefault(row["x"].value, set()).add(row["name"].value)
    for name, iris in usual.items():
        words = site.library[name].title[language]
        assert not [each for iri in iris for each in names.get(iri, ()) if re.search(rf"\b{re.escape(each)}\b", words)]


def test_the_heading_is_true_of_whichever_process_is_asked_about(client: Client) -> None:
    page = read_page(client.get("/es/queries/shared-members?process=process/sacm").text)
    assert text(next(page.iter("h1"))) == "¿Qué procesos comparten más miembros con un proceso consultivo?"


@pytest.mark.parametrize(
    ("language", "months", "day"), [("es", "6 meses", "marzo de 2005"), ("en", "6 months", "March 2005")]
)
def test_dates_and_durations_are_in_words_on_a_page_and_codes_in_files(
    client: Client, language: str, months: str, day: str
) -> None:
    page = read_page(client.get(f"/{language}/queries/dates-and-places").text)
    told = {each.get("datetime"): text(each) for each in next(having(page, "results")).iter("time")}
    assert (told["P6M"], told["2005-03"]) == (months, day)
    whole = text(read_page(client.get(f"/{language}/queries/dates-and-places?columns=all").text))
    assert "P6M" in whole
    assert "P6M" in client.get(f"/{language}/queries/dates-and-places.csv").text


def test_files_are_in_the_language_of_their_address_or_of_the_visitor(client: Client) -> None:
    def kinds(path: str, liked: str = "") -> str:
        answer = client.get(f"{path}/queries/plan-outline.csv", headers={"Accept-Language": liked})
        assert "Accept-Language" in answer.headers["vary"]
        return answer.text.splitlines()[1].split(",")[1]

    assert kinds("/en") == kinds("") == kinds("", "en") == kinds("/en", "es") == "Theme"
    assert kinds("/es") == kinds("", "es") == kinds("/es", "en") == "Tema"
    chosen = client.get("/en/queries/plan-outline.csv?lang=es").text.splitlines()[1].split(",")[1]
    assert chosen == "Tema"
    assert 'VALUES ?lang { "en" }' in client.get("/en/queries/plan-outline.rq").text


def test_statuses_have_their_marks_in_the_legend_of_a_chart(client: Client) -> None:
    page = read_page(client.get("/en/queries/status-counts").text)
    [legend] = having(page, "chart-legend")
    marks = [path.get("d") for path in legend.iter("{http://www.w3.org/2000/svg}path")]
    assert len(set(marks)) == len(marks) == len(list(legend.iter("li"))) > 5
