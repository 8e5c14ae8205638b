"""Answers as workbooks, read back as a spreadsheet reads them."""

import io
import json
from datetime import datetime
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.exporting.workbooks import Note, write_workbook

XSD = "http://www.w3.org/2001/XMLSchema#"


def answer(*terms: dict[str, Any] | None) -> bytes:
    rows = [{} if term is None else {"x": term} for term in terms]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


def literal(value: str, datatype: str = "") -> dict[str, Any]:
    return {"type": "literal", "value": value, **({"datatype": XSD + datatype} if datatype else {})}


def book(body: bytes, notes: tuple[Note, ...] = (), language: str = "en") -> Any:
    written = write_workbook(body, ("Answer", "About"), {"x": "The thing"}, notes, language)
    return openpyxl.load_workbook(io.BytesIO(written))


CELLS: list[tuple[dict[str, Any] | None, object]] = [
    (literal("42", "integer"), 42),
    (literal("-7", "int"), -7),
    (literal("2004", "gYear"), 2004),
    (literal("0.727", "decimal"), 0.727),
    (literal("1.5E3", "double"), 1500),
    (literal("true", "boolean"), True),
    (literal("2004-05-06", "date"), datetime(2004, 5, 6)),
    (literal("1821-09-15", "date"), "1821-09-15"),
    (literal("2004-13-06", "date"), "2004-13-06"),
    (literal("12345678901234567890", "integer"), "12345678901234567890"),
    (literal("NaN", "double"), "NaN"),
    (literal("many", "integer"), "many"),
    (literal("1.10"), "1.10"),
    ({"type": "uri", "value": "https://w3id.org/crmgraph/id/actor/oim"}, "https://w3id.org/crmgraph/id/actor/oim"),
    ({"type": "literal", "value": "año", "xml:lang": "es"}, "año"),
    (literal("a\x01b"), "a\ufffdb"),
    (None, None),
]


def test_values_are_cells_of_their_types() -> None:
    column = book(answer(*(term for term, _ in CELLS)))["Answer"]["A"][1:]
    assert [(found.value, type(found.value)) for found in column] == [(value, type(value)) for _, value in CELLS]


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
