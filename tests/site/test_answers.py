"""Answers as people read them: their columns, their order, the words beside their rows."""

from pyoxigraph import QuerySolutions, Store

from crmgraph.site import Site
from crmgraph.site.base.addresses import Links
from crmgraph.site.base.site import Record, Row, Term
from crmgraph.site.questions.answers import Arrangement, evaluate_question, iri_columns_of
from crmgraph.sparql.engine import Question
from tests.support.pages import having, links, text
from tests.support.questions import ANSWERS, LIBRARY, rows_of
from tests.support.visiting import Visitor, column, data_rows

CG = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> "
HERE = "https://w3id.org/crmgraph/id"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMES = """
PREFIX cg: <https://w3id.org/crmgraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?x ?name {
  ?x rdfs:label|skos:altLabel|dcterms:alternative|skos:notation|cg:number ?name FILTER (ISIRI(?x))
}"""
NAMED_OTHERWISE = {("inferred-statements", "value_label")}
"""A passage has a name that is made of its address where it is what follows."""


def test_a_column_of_names_names_what_it_is_taken_to_name(store: Store) -> None:
    names: dict[str, set[str]] = {}
    rows = store.query(NAMES, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        names.setdefault(row["x"].value, set()).add(row["name"].value)
    wrong = []
    for question in LIBRARY:
        pairs = iri_columns_of(LIBRARY[question].columns)
        for answer in rows_of((ANSWERS / f"{question}.csv").read_text(encoding="utf-8")):
            for name, named in pairs.items():
                known = names.get(answer[named], set())
                if answer[name] and known and (question, name) not in NAMED_OTHERWISE and answer[name] not in known:
                    wrong.append((question, name, answer[name]))
    assert wrong == []


def test_what_is_left_out_is_where_a_name_of_the_row_leads(visit: Visitor, site: Site) -> None:
    """All questions: the page has the rows of the file, each with links to what it leaves out, and with its theme."""
    wrong: list[tuple[object, ...]] = []
    for name, question in LIBRARY.items():
        left_out = {named for named in iri_columns_of(question.columns).values() if named in question.columns}
        shown = data_rows(visit.page(f"/en/queries/{name}"))
        in_english = "?lang=en" if any(parameter.name == "lang" for parameter in question.parameters) else ""
        answer = rows_of(visit.get(f"/queries/{name}.csv{in_english}").text)
        if len(shown) != min(len(answer), 100):
            wrong.append((name, "rows", len(shown)))
        for cells, row in zip(shown, answer, strict=False):
            there = {each.get("href") for each in cells.iter("a")}
            for each in left_out:
                target = Links(site.names).target(row[each], "en") if row[each] else None
                if target is not None and target not in there:
                    wrong.append((name, each, row[each]))
            found = {cell.get("data-column", ""): cell for cell in cells.iter("td")}
            if not all(Links(site.names).target(each, "en") in there for each in row.get("other", "").split()):
                wrong.append((name, "other", row["other"]))
            of_parts = [
                link.get("href", "")
                for at, cell in found.items()
                for link in cell.iter("a")
                if at.endswith("number") and link.get("href", "").startswith("/en/id/plan/crm/")
            ]
            themes = {address.split("/")[5] for address in of_parts} - {""}
            if of_parts and "theme_label" not in found and len(list(having(cells, "theme-of"))) < len(themes):
                wrong.append((name, "theme", text(cells)))
    assert wrong == []


def test_the_columns_that_people_read_and_all_where_they_are_asked_for(visit: Visitor) -> None:
    page = visit.page("/en/queries/schedule-status?status=pending")
    assert [text(cell) for cell in next(having(page, "results")).iter("th")] == [
        "Printed number", "Kind of part", "Status", "Number of the activity", "The activity, in words",
        "Exact words of the source",
    ]  # fmt: skip
    whole = visit.page(f"/en/queries/schedule-status{links(page)['All columns as the files have them']}")
    codes = [next(cell.iter("code")).text for cell in next(having(whole, "results")).iter("th")]
    assert codes == list(LIBRARY["schedule-status"].columns)
    back = links(whole)["Only the columns for reading"]
    assert "columns" not in back
    assert "status=pending" in back
    # What is empty in every row is left out.
    severe = "/en/queries/findings?severity=violation"
    shown = {cell.get("data-column") for row in data_rows(visit.page(severe)) for cell in row}
    assert {"check", "number", "message", "exact"} <= shown
    assert not shown & {"code", "accepted_by", "accepted_because"}
    every = {cell.get("data-column") for row in data_rows(visit.page(f"{severe}&columns=all")) for cell in row}
    assert {"code", "accepted_by"} <= every


def test_values_are_said_in_words(visit: Visitor) -> None:
    page = visit.page("/en/queries/disagreements")
    assert not [each for each in column(page, "property_label") if ":" in text(each)]
    assert not list(having(page, "iri"))
    assert set(map(text, column(visit.page("/es/queries/instrument-parties"), "member"))) <= {"sí", "no"}
    assert "P6M" in text(visit.page("/en/queries/dates-and-places?columns=all"))
    assert "P6M" in visit.get("/en/queries/dates-and-places.csv").text
    assert list(
        having(next(having(visit.page("/en/queries/findings?severity=violation"), "results")), "severity-violation")
    )


def words(*texts: str) -> list[Row]:
    return [{"x": Term("literal", each)} for each in texts]


def numbers(*texts: str) -> list[Row]:
    return [{"x": Term("literal", each, datatype=XSD + "integer")} for each in texts]


def sorted_by(rows: list[Row], is_descending: bool = False) -> list[str]:
    found = Arrangement("x", is_descending).rows_of_page(("x", "y"), rows)
    return [row["x"].value if "x" in row else "" for row in found]


def test_the_order_of_rows() -> None:
    assert sorted_by(numbers("10", "9", "-1")) == ["-1", "9", "10"]
    assert sorted_by(words("Zeta", "árbol", "Belice", "abeja")) == ["abeja", "árbol", "Belice", "Zeta"]
    assert sorted_by(words("2.10", "2.9", "2", "10.1")) == ["2", "2.9", "2.10", "10.1"]
    assert sorted_by([*words("a"), *numbers("5")]) == ["5", "a"]
    rows: list[Row] = [{"y": Term("literal", "z")}, *words("a", "b")]
    assert sorted_by(rows) == ["a", "b", ""]
    assert sorted_by(rows, is_descending=True) == ["b", "a", ""]
    equal: list[Row] = [{"x": Term("literal", "a"), "y": Term("literal", str(place))} for place in range(5)]
    for is_descending in (False, True):
        found = Arrangement("x", is_descending).rows_of_page(("x", "y"), equal)
        assert [row["y"].value for row in found] == ["0", "1", "2", "3", "4"]


def _ask(site: Site, query: str, seconds: float = 20) -> Record:
    return evaluate_question(site, Question(CG + query), seconds)


def test_passages_bring_their_words(site: Site) -> None:
    part = f"<{HERE}/plan/crm/vmd/1.2.1> cg:passage ?p"
    result = _ask(site, f"SELECT ?p {{ {part} }}")
    assert result.has_quotation_column
    assert [quotation.exact[:9] for quotation in result.quotations[0]] == ["1.2.1 Ver"]
    result = _ask(site, f"SELECT ?p ?exact {{ {part} . ?p cg:exact ?exact }}")
    assert (result.quotation_column, result.has_quotation_column, len(result.quotations[0])) == ("exact", False, 1)
