"""The columns of an answer that people read lose nothing: what is left out is behind a name, or beside its words."""

import pytest
from httpx import Client
from pyoxigraph import QuerySolutions, Store

from crmgraph.site import Site
from crmgraph.site.answers.columns import Layout, naming, read_by_people
from crmgraph.site.links import Links
from crmgraph.site.site import Term
from tests.support.pages import having, links, read_page, text
from tests.support.questions import ANSWERS, LIBRARY, rows_of

NAMES = """
PREFIX cg: <https://w3id.org/crmgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?x ?name {
  ?x rdfs:label|skos:prefLabel|skos:altLabel|dcterms:alternative|skos:notation|cg:number ?name FILTER (ISIRI(?x))
}"""
NAMED_OTHERWISE = {("inferred-statements", "value_label"), ("findings", "other_exact")}
"""A passage has a name that is made of its address where it is what follows; of a finding's other place, its words
are shown."""


@pytest.fixture(scope="module")
def names(store: Store) -> dict[str, set[str]]:
    """All that things are called, by IRI."""
    found: dict[str, set[str]] = {}
    rows = store.query(NAMES, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        found.setdefault(row["x"].value, set()).add(row["name"].value)
    return found


@pytest.mark.parametrize("name", LIBRARY)
def test_a_column_of_names_names_what_it_is_taken_to_name(name: str, names: dict[str, set[str]]) -> None:
    pairs = naming(LIBRARY[name].columns)
    for row in rows_of((ANSWERS / f"{name}.csv").read_text(encoding="utf-8")):
        for column, named in pairs.items():
            known = names.get(row[named], set())
            if row[column] and known and (name, column) not in NAMED_OTHERWISE:
                assert row[column] in known, (column, named)


@pytest.mark.parametrize("name", LIBRARY)
def test_what_is_left_out_is_where_a_name_of_the_row_leads(name: str, client: Client, site: Site) -> None:
    question = LIBRARY[name]
    left_out = {named for named in naming(question.columns).values() if named in question.columns}
    page = read_page(client.get(f"/en/queries/{name}").text)
    shown = [row for table in having(page, "results") for row in table.iter("tr") if row.find("td") is not None]
    in_english = "?lang=en" if any(parameter.name == "lang" for parameter in question.parameters) else ""
    answer = rows_of(client.get(f"/queries/{name}.csv{in_english}").text)
    assert len(shown) == min(len(answer), 100)
    for cells, row in zip(shown, answer, strict=False):
        there = {each.get("href") for each in cells.iter("a")}
        for column in left_out:
            target = Links(site.names).target(row[column], "en") if row[column] else None
            assert target is None or target in there, (column, row[column])


def test_a_page_has_the_columns_that_people_read_and_all_where_they_are_asked_for(client: Client) -> None:
    page = read_page(client.get("/en/queries/schedule-status?status=pending").text)
    headings = [text(cell) for cell in next(having(page, "results")).iter("th")]
    assert headings == [
        "Printed number", "Kind of part", "Status", "Number of the activity", "The activity, in words",
        "Exact words of the source",
    ]  # fmt: skip
    whole = links(page)["All columns as the files have them"]
    page = read_page(client.get(f"/en/queries/schedule-status{whole}").text)
    table = next(having(page, "results"))
    assert [next(iter(cell.iter("code"))).text for cell in table.iter("th")] == list(LIBRARY["schedule-status"].columns)
    back = links(page)["Only the columns for reading"]
    assert "columns" not in back
    assert "status=pending" in back
    assert client.get("/en/queries/schedule-status?columns=some").status_code == 400


def test_what_has_no_name_is_called_by_what_is_known_of_it(client: Client) -> None:
    page = read_page(client.get("/es/queries/uncertain-attachments").text)
    nameless = [
        cell
        for row in next(having(page, "results")).iter("tr")
        for cell in row.iter("td")
        if cell.get("data-column") == "parent_number" and not text(cell)[:1].isdigit()
    ]
    assert nameless
    assert all(links(cell) for cell in nameless)
    assert all(text(cell).startswith("(sin número) ") for cell in nameless)
    assert max(len(text(link)) for cell in nameless for link in cell.iter("a")) < 60


def test_a_number_is_told_with_its_theme_where_the_plan_has_several(client: Client) -> None:
    for language, theme in (("es", "Derechos humanos"), ("en", "Human Rights")):
        page = read_page(client.get(f"/{language}/queries/schedule-status?status=pending").text)
        row = next(row for row in next(having(page, "results")).iter("tr") if row.find("td") is not None)
        cells = {cell.get("data-column"): text(cell) for cell in row.iter("td")}
        assert cells["number"] == f"2.4.3.1 {theme}"
        assert cells["activity_number"] == "2.4.3"
    page = read_page(client.get("/es/queries/plan-outline?plan=plan/gcm").text)
    assert not list(having(page, "theme-of"))
    page = read_page(client.get("/es/queries/topics-by-theme").text)
    assert not list(having(page, "theme-of"))


@pytest.mark.parametrize("name", LIBRARY)
def test_every_number_on_a_page_has_its_theme_in_its_row(name: str, client: Client) -> None:
    page = read_page(client.get(f"/en/queries/{name}").text)
    rows = [row for table in having(page, "results") for row in table.iter("tr") if row.find("td") is not None]
    for row in rows:
        cells = {cell.get("data-column", ""): cell for cell in row.iter("td")}
        of_parts = [
            link
            for column, cell in cells.items()
            for link in cell.iter("a")
            if column.endswith("number") and link.get("href", "").startswith("/en/id/plan/crm/")
        ]
        themes = {link.get("href", "").split("/")[5] for link in of_parts} - {""}
        told = list(having(row, "theme-of"))
        assert not of_parts or "theme_label" in cells or len(told) >= len(themes), text(row)


def test_what_is_empty_in_every_row_is_left_out(client: Client) -> None:
    def columns(page: str) -> set[str | None]:
        return {cell.get("data-column") for cell in read_page(client.get(page).text).iter("td")}

    shown = columns("/en/queries/findings?severity=violation")
    assert {"check", "number", "message", "exact"} <= shown
    assert not shown & {"code", "accepted_by", "accepted_because"}
    assert {"code", "accepted_by"} <= columns("/en/queries/findings?severity=violation&columns=all")


def test_a_finding_has_its_mark_its_check_and_the_line_of_a_figure(client: Client) -> None:
    page = read_page(client.get("/en/queries/findings?severity=violation").text)
    table = next(having(page, "results"))
    assert list(having(table, "severity-violation"))
    assert links(table)["Reference to a part that does not exist"] == "/en/findings/unresolved-cross-reference"
    line = next(having(table, "line"))
    assert text(next(line.iter("mark"))) == "12"
    assert text(line).startswith("1.2.1 Ver actividades del objetivo 12 del tema")


def test_a_blank_degree_of_confidence_is_explained(client: Client) -> None:
    says = "A blank means that nobody gave one."
    assert says in client.get("/en/queries/agent-roles?agent=any").text
    assert says not in client.get("/en/queries/presidencies").text


def test_days_and_classes_are_said_in_words(client: Client) -> None:
    page = read_page(client.get("/en/queries/meetings-during-plan").text)
    days = [cell for cell in page.iter("td") if cell.get("data-column") == "began"]
    assert "29 May 2003" in [text(cell) for cell in days]
    kinds = [
        text(cell)
        for cell in read_page(client.get("/en/queries/plan-outline").text).iter("td")
        if cell.get("data-column") == "kind"
    ]
    assert {"Objective", "Action"} <= set(kinds)


def test_an_answer_with_nothing_to_leave_out_is_whole() -> None:
    assert read_by_people(("group", "check")) == ("group", "check")
    assert read_by_people(("label", "passage", "start", "end")) == ("label", "passage", "start", "end")


def test_a_name_leads_to_a_thing_or_to_a_check_and_no_other_value_leads_anywhere() -> None:
    columns = ("value_label", "value", "check", "code")
    layout = Layout(("value_label", "check"), ("value", "code"), {}, naming(columns), {})
    iri, word = Term("uri", "https://e.org/x"), Term("literal", "2003")
    assert layout.thing({"value_label": word, "value": iri}, "value_label") == iri
    assert layout.thing({"value_label": word, "value": word}, "value_label") is None
    assert layout.thing({"check": word, "code": word}, "check") == word
    assert layout.thing({}, "check") is None


@pytest.mark.parametrize(("language", "property", "statement"), [("es", "etiqueta", "ver"), ("en", "label", "see it")])
def test_what_only_a_program_would_read_is_called_something(
    client: Client, language: str, property: str, statement: str
) -> None:
    page = read_page(client.get(f"/{language}/queries/disagreements").text)
    cells = list(next(having(page, "results")).iter("td"))
    called = {text(cell) for cell in cells if cell.get("data-column") == "property_label"}
    assert property in called
    assert not [each for each in called if ":" in each]
    assert {text(cell) for cell in cells if cell.get("data-column") == "statement"} == {statement}
    assert not list(having(page, "iri"))
