"""The questions of the library: the list, each as a page with a form, and its answer as files."""

import io
import re
import shlex

import openpyxl
import pytest
from pyoxigraph import RdfFormat, parse

from crmgraph.site import Searcher, Site
from crmgraph.site.questions.pages import STARTING_VALUES, AskedQuestion, find_questions, starting_questions
from tests.support.pages import having, links, phrase_of, text
from tests.support.visiting import Visitor, column, data_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_list_has_every_question_in_the_language(visit: Visitor, site: Site) -> None:
    for language in ("es", "en"):
        root = visit.page(f"/{language}/queries")
        found = links(root)
        for question in site.library.values():
            assert found[" ".join(question.title[language].split())] == f"/{language}/queries/{question.name}"
        good = links(next(having(root, "good-questions")))
        assert len(good) == 3
        for words, address in good.items():
            assert words.endswith("?")
            assert data_rows(visit.page(address))
    page = visit.page("/es/queries")
    assert [text(each) for each in page.iter("h2")][:2] == ["Para empezar", "Quién hace qué"]
    listed = " ".join(text(each) for each in having(page, "questions"))
    assert not [name for name in site.library if "-" in name and name in listed]
    assert "agent-roles" in text(next(having(visit.page("/es/queries/agent-roles"), "aside")))


def test_the_list_is_data_too(visit: Visitor, site: Site) -> None:
    listed = visit.json("/queries.json")
    assert [question["name"] for question in listed] == list(site.library)
    counts, roles = (next(each for each in listed if each["name"] == name) for name in ("theme-counts", "agent-roles"))
    assert set(counts["question"]) == {"es", "en"}
    written = {
        quad.subject.value.rpartition("/")[2]: quad.object.value
        for quad in parse(visit.get("/queries.ttl").content, RdfFormat.TURTLE)
        if quad.predicate.value == "http://www.w3.org/ns/shacl#select"
    }
    assert written == {each["name"]: each["query"] for each in listed}
    assert {parameter["name"] for parameter in counts["parameters"]} == {"plan", "lang"}
    assert counts["query"].startswith("PREFIX")
    assert roles["phrase"]["en"] == "Which parts of the plan name {agent}[ in the role {role}]?"
    assert [parameter["open"] for parameter in roles["parameters"]] == [False, True, True, False]


@pytest.fixture(scope="module")
def searcher(site: Site) -> Searcher:
    return Searcher(site)


def test_questions_are_found_by_their_words(site: Site, searcher: Searcher) -> None:
    def found(words: str, language: str = "en") -> list[AskedQuestion]:
        return [choice for choices in find_questions(site, searcher, words, language).values() for choice in choices]

    for words in ("", "¿?"):
        assert sorted(choice.question.name for choice in found(words)) == sorted(site.library)
    # Every word counts, in either language and in its other forms.
    for words in ("members observers", "miembros observadores", "OBSERVADOR miembro", "observer memb"):
        assert "process-members" in [choice.question.name for choice in found(words)]
    assert len(found("miembros observadores")) < len(found("miembros"))
    assert found("zyxwv") == found("members zyxwv") == []


def test_which_questions_are_proposed(site: Site) -> None:
    spanish, english = starting_questions(site, "es"), starting_questions(site, "en")
    assert set(STARTING_VALUES) <= set(site.library)
    assert [choice.given_path for choice in spanish] == [choice.given_path for choice in english]
    assert len(spanish) == 3
    assert spanish[0].sentence == "¿Qué actividades están pendientes según el calendario?"
    assert english[0].given_path == "/queries/schedule-status?status=pending"
    for choice in (*spanish, *english):
        assert "plan/crm" not in choice.sentence
        # The first sentence of the explanation.
        assert choice.summary.endswith(".")
        assert not re.search(r"\.\s+[A-ZÁÉÍÓÚ¿“«]", choice.summary)


@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.drill)])
def test_every_question_answers_on_its_page(visit: Visitor, site: Site, every: int) -> None:
    # All of those in English are looked at in test_answers.
    for name, question in list(site.library.items())[::every]:
        page = visit.page(f"/es/queries/{name}")
        assert [*having(page, "results"), *having(page, "nothing")], name
        asked = phrase_of(page) if question.phrase else ""
        assert asked.endswith("?") == bool(question.phrase), name
        assert "{" not in asked, name
        controls = {each.get("name") for each in page.iter() if each.tag in ("input", "select")}
        assert {each.name for each in question.parameters} <= controls, name
        codes = {each for each in (*question.columns, *site.library) if "_" in each or "-" in each}
        for explanation in question.explanation.values():
            assert not [code for code in codes if code in explanation], name


def test_a_page_shows_its_answer_and_leads_on(visit: Visitor) -> None:
    root = visit.page("/en/queries/theme-counts")
    cells = {cell.get("data-column"): cell for cell in data_rows(root)[0].iter("td")}
    assert (text(cells["objectives"]), cells["label"].get("data-heading")) == ("11", "Name of the theme")
    assert visit.get(links(root)["Open it in the query editor"]).status_code == 200
    asked = visit.page("/es/queries/agent-roles?agent=actor/oim&role=implements")
    assert phrase_of(asked).endswith("Organización Internacional para las Migraciones en el papel implementación?")
    assert {each.get("name") for each in next(having(asked, "more")).iter("select")} == {"plan", "lang"}
    names = column(visit.page("/en/queries/agent-roles"), "agent_label")
    assert [links(cell) for cell in names] == [{text(cell): "/en/id/actor/oim"} for cell in names] != []
    nothing = text(next(having(visit.page("/en/queries/agent-roles?plan=plan/gcm"), "nothing")))
    assert "the graph" not in nothing, "what nobody has read is not said to be nothing"
    assert len(list(next(having(visit.page("/es/queries?q=miembros"), "questions")).iter("a"))) < 20
    assert visit.json("/queries.json?q=zyxwv") == []


def test_rows_are_sorted_by_a_column_and_shown_in_parts(visit: Visitor) -> None:
    path = "/en/queries/secretariats"
    head = next(cell for cell in visit.page(path).iter("th") if "processes" in text(cell))
    assert next(head.iter("a")).get("href") == "?lang=en&sort=processes#answer"
    counts, up, down = (
        [int(text(cell)) for cell in column(visit.page(f"{path}{query}"), "processes")]
        for query in ("", "?lang=en&sort=processes", "?sort=processes&order=desc")
    )
    assert up == sorted(counts) != sorted(counts, reverse=True) == down
    root = visit.page(f"{path}?sort=processes&order=desc")
    assert [cell.get("aria-sort") for cell in root.iter("th") if cell.get("aria-sort")] == ["descending"]
    first, second = (
        list(map(text, column(visit.page(f"/es/queries/plan-outline?columns=all{page}"), "element")))
        for page in ("", "&page=2")
    )
    assert len(first) == 100
    assert len(first) + len(second) == len(visit.csv("/queries/plan-outline.csv"))
    assert not set(first) & set(second)
    pages = links(next(having(visit.page("/es/queries/plan-outline?page=2"), "pager")))
    assert pages["Anterior"] == "?lang=es#answer"
    assert "Siguiente" not in pages


def test_files_have_the_values_of_the_page(visit: Visitor) -> None:
    rows = visit.csv(links(visit.page("/en/queries/theme-counts"))["CSV"])
    assert [row["objectives"] for row in rows] == ["11", "5", "4"]
    assert rows[0]["label"] == "Migration Policies and Management"

    # They are in the language of their address, or of the visitor.
    def kind(path: str, liked: str = "") -> str:
        answer = visit.client.get(f"{path}/queries/plan-outline.csv", headers={"Accept-Language": liked})
        assert "Accept-Language" in answer.headers["vary"]
        return answer.text.splitlines()[1].split(",")[1]

    assert kind("/en") == kind("") == kind("", "en") == kind("/en", "es") == "Theme"
    assert kind("/es") == kind("", "es") == kind("/es", "en") == "Tema"
    assert visit.csv("/en/queries/plan-outline.csv?lang=es")[0]["kind"] == "Tema"
    # They have a name that says what they are.
    root = visit.page("/es/queries/agent-roles?agent=actor/acnur&role=implements")
    files = {text(link): link for link in next(having(root, "formats")).iter("a")}
    assert files["Turtle"].get("download") == "agent-roles.ttl"
    for link in files.values():
        answer = visit.get(link.get("href") or "")
        assert answer.headers["content-disposition"] == f'inline; filename="{link.get("download")}"'


def test_the_command_line_is_safe_to_copy(visit: Visitor) -> None:
    value = "plan/crm/$(touch;x)'&"
    root = visit.page("/es/queries/text-search?words=plan%2Fcrm%2F%24%28touch%3Bx%29%27%26")
    [command] = [text(code) for code in root.iter("code") if text(code).startswith("crmgraph query")]
    asked = ["--param", "lang=es", "--param", f"words={value}"]
    assert shlex.split(command) == ["crmgraph", "query", "text-search", *asked]


def test_the_workbook(visit: Visitor, site: Site) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(visit.get("/queries/schedule-status.xlsx?status=pendiente&lang=es").content)
    )
    assert book.sheetnames == ["Respuesta", "Sobre la respuesta"]
    rows = visit.json("/queries/schedule-status.json?status=pending&lang=es")
    names, bindings = rows["head"]["vars"], rows["results"]["bindings"]
    headings, *cells = book["Respuesta"].iter_rows(values_only=True)
    assert headings == tuple(site.library["schedule-status"].columns[name]["es"] for name in names)
    assert len(cells) == len(bindings) > 0
    notes = dict(book["Sobre la respuesta"].iter_rows(values_only=True))
    address = "https://w3id.org/crmgraph/queries/schedule-status?plan=plan%2Fcrm&status=pending&lang=es"
    assert notes["Pregunta"] == "¿Qué actividades están pendientes según el calendario?"
    assert (notes["Dirección"], notes["Conjunto de datos"]) == (address, site.digest)
    assert notes["Consulta"].startswith("PREFIX")
    assert (notes["El estado"], notes["El plan"]) == ("pendiente", "Plan de la CRM")
    assert next(value for name, value in notes.items() if name.startswith("El idioma")) == "español"
    english = openpyxl.load_workbook(io.BytesIO(visit.get("/queries/schedule-status.xlsx?lang=en").content))
    assert dict(english["About the answer"].iter_rows(values_only=True))["The status"] == "have any status"


def test_an_answer_is_cited_with_all_its_values(visit: Visitor, site: Site) -> None:
    root = visit.page("/en/queries/schedule-status?status=pending")
    cited = text(next(having(root, "cite-words")))
    assert "“Which activities are pending according to the schedule?”, in: " in cited
    assert "https://w3id.org/crmgraph/queries/schedule-status?plan=plan%2Fcrm&status=pending&lang=en" in cited
    assert f"data {site.digest[:12]}" in cited
    page = visit.page(links(root)["For reference managers and as files"])
    assert text(next(having(page, "citation"))) == cited
    entry = next(each for each in root.iter("code") if each.get("id") == "cite-bibtex")
    assert text(entry) in [text(code) for code in page.iter("code")]


def test_questions_are_described_for_programs(visit: Visitor, site: Site) -> None:
    paths = visit.json("/openapi.json")["paths"]
    for name, question in site.library.items():
        described = paths[f"/queries/{name}"]["get"]
        assert (described["operationId"], described["summary"]) == (name, question.title["en"])
        assert question.explanation["en"][:40] in described["description"]
        told = {each["name"]: each for each in described["parameters"]}
        assert list(told) == [*(each.name for each in question.parameters), "format", "timeout"]
        assert "csv" in told["format"]["schema"]["enum"]
        assert all(each["in"] == "query" and each["required"] is False for each in told.values())
    assert {path for path in paths if path.startswith("/queries/")} == {
        f"/queries/{name}" for name in (*site.library, "{name}")
    }
    told = {each["name"]: each for each in paths["/queries/meetings-during-plan"]["get"]["parameters"]}
    assert told["lang"]["schema"] == {"type": "string", "enum": ["es", "en"]}
    assert told["from"]["schema"] == {"type": "integer", "format": "int64", "default": 2003}
