"""The columns of an answer that people read lose nothing: what is left out is behind a name, or beside its words."""

import pytest
from httpx import Client
from pyoxigraph import QuerySolutions, Store

from crmgraph.serving.pages import Site
from crmgraph.serving.pages.answers.columns import naming, read_by_people
from crmgraph.serving.pages.links import Links
from tests.support.pages import having, links, read_page, text
from tests.support.questions import ANSWERS, LIBRARY, rows_of

NAMES = """
PREFIX cg: <https://w3id.org/crmgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?x ?name { ?x rdfs:label|skos:prefLabel|skos:altLabel|cg:number ?name FILTER (ISIRI(?x)) }"""
NAMED_BY_ADDRESS = {("inferred-statements", "value_label")}
"""A passage has a name that is made of its address where it is what follows."""


@pytest.fixture(scope="module")
def names(store: Store) -> dict[str, set[str]]:
    """All that things are called, by IRI."""
    found: dict[str, set[str]] = {}
    solutions = store.query(NAMES, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        found.setdefault(row["x"].value, set()).add(row["name"].value)
    return found


@pytest.mark.parametrize("name", LIBRARY)
def test_a_column_of_names_names_what_it_is_taken_to_name(name: str, names: dict[str, set[str]]) -> None:
    pairs = naming(LIBRARY[name].columns)
    for row in rows_of((ANSWERS / f"{name}.csv").read_text(encoding="utf-8")):
        for column, named in pairs.items():
            known = names.get(row[named], set())
            if row[column] and known and (name, column) not in NAMED_BY_ADDRESS:
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
    assert [heading.split(" Sort by")[0] for heading in headings] == [
        "Printed number", "Kind of part", "Status", "Number of the activity", "Words of the activity",
        "Exact words of the source",
    ]  # fmt: skip
    whole = links(page)["All columns as the files have them"]
    page = read_page(client.get(f"/en/queries/schedule-status{whole}").text)
    table = next(having(page, "results"))
    assert [next(iter(cell.iter("code"))).text for cell in table.iter("th")] == list(LIBRARY["schedule-status"].columns)
    back = links(page)["The columns for reading alone"]
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
