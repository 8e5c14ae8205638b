"""Answers as workbooks, read back as a spreadsheet reads them."""

import io
import json
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.exporting import Note, write_workbook
from tests.support.phrases import rows_of

XSD = "http://www.w3.org/2001/XMLSchema#"


def answer(*terms: dict[str, Any] | None) -> bytes:
    rows = [{} if term is None else {"x": term} for term in terms]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


def literal(value: str, datatype: str = "") -> dict[str, Any]:
    return {"type": "literal", "value": value, **({"datatype": XSD + datatype} if datatype else {})}


def book(body: bytes, notes: tuple[Note, ...] = (), language: str = "en") -> Any:
    written = write_workbook(body, ("Answer", "About"), {"x": "The thing"}, notes, language)
    return openpyxl.load_workbook(io.BytesIO(written))


def test_values_are_cells_of_their_types() -> None:
    rows = rows_of("cells", "exporting")
    iri = {"type": "uri", "value": "https://w3id.org/crmgraph/id/actor/oim"}
    others = ({"type": "literal", "value": "año", "xml:lang": "es"}, iri, None)
    column = book(answer(*(literal(value, datatype) for value, datatype, *_ in rows), *others))["Answer"]["A"][1:]
    found = [[cell.data_type, str(cell.value)] for cell in column]
    assert found == [*(row[2:] for row in rows), ["s", "año"], ["s", iri["value"]], ["n", "None"]]


def test_texts_are_no_formulas() -> None:
    texts = ["=1+1", '=HYPERLINK("http://example.org")', "+1", "@SUM(A1)", "-2"]
    column = book(answer(*map(literal, texts)))["Answer"]["A"][1:]
    assert [(found.value, found.data_type) for found in column] == [(text, "s") for text in texts]


def test_long_texts_are_cut_and_say_so() -> None:
    for language, said in (("en", "cut here"), ("es", "cortado aquí")):
        found = book(answer(literal("a" * 40_000)), language=language)["Answer"]["A2"].value
        assert len(found) == 32_767
        assert said in found[-60:]


def test_sheets_have_headings_links_and_notes() -> None:
    iri = "https://w3id.org/crmgraph/id/actor/oim"
    unlinked = ({"type": "uri", "value": "urn:x"}, {"type": "uri", "value": "http://" + "a" * 3000}, literal(iri))
    notes = (Note("Question", "=What?"), Note("Address", "here", "https://example.org/x"))
    made = book(answer({"type": "uri", "value": iri}, *unlinked), notes)
    sheet, about = made["Answer"], made["About"]
    assert (sheet["A1"].value, sheet["A1"].font.bold) == ("The thing", True)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:A5")
    assert sheet["A2"].hyperlink.target == iri
    assert [found.hyperlink for found in sheet["A"][2:]] == [None] * 3
    assert list(about.iter_rows(values_only=True)) == [("Question", "=What?"), ("Address", "here")]
    assert (about["B1"].data_type, about["B1"].hyperlink) == ("s", None)
    assert about["B2"].hyperlink.target == "https://example.org/x"
    empty = book(answer())["Answer"]
    assert list(empty.iter_rows(values_only=True)) == [("The thing",)]
    assert empty.column_dimensions["A"].width == len("The thing") + 2


@settings(max_examples=40)
@given(st.text(max_size=40), st.sampled_from(["", "integer", "decimal", "double", "boolean", "date", "gYear"]))
def test_whatever_is_in_a_literal_there_is_a_workbook(text: str, datatype: str) -> None:
    value = book(answer(literal(text.encode("utf-8", "replace").decode(), datatype)))["Answer"]["A2"].value
    assert value is not None or not text
