"""Indexes as data, and the order of names."""

import csv
import json

from crmgraph.site.indexes.index import Column, Entry, Index, Part, Section, folded

COLUMNS = (
    Column("what", "What it is", "texts"),
    Column("roles", "Roles", "counted"),
    Column("parts", "Parts", "parts"),
    Column("sure", "Sure", "truth"),
    Column("none", "Nothing", "number"),
)
ONE = Entry(
    "a:1",
    {"what": {"es": "Uno", "en": "One"}, "roles": (("a:role", 2),), "parts": (Part("a:t", 3, "7.1", "a:p"),)},
)
TWO = Entry("a:2", {"what": None, "roles": (), "parts": (), "sure": False})
INDEX = Index(
    COLUMNS,
    (Section("first", "First", (ONE, TWO)), Section("again", "Again", (ONE,))),
    {"a:1": {"es": "Ávila; uno", "en": "Avila"}, "a:role": {"en": "doing"}},
)


def test_each_thing_is_in_the_data_once() -> None:
    document = json.loads(INDEX.as_json())
    assert [thing["iri"] for thing in document["things"]] == ["a:1", "a:2"]
    first, second = document["things"]
    assert first["section"] == "first"
    assert first["label"] == {"es": "Ávila; uno", "en": "Avila"}
    assert first["roles"] == [{"iri": "a:role", "times": 2}]
    assert first["parts"] == [{"iri": "a:p", "number": "7.1", "theme": "a:t"}]
    assert (first["sure"], second["sure"], first["none"]) == (None, False, None)
    assert document["labels"]["a:role"] == {"en": "doing"}


def test_a_table_opens_in_a_spreadsheet() -> None:
    heading, first, second = csv.reader(INDEX.as_csv("es").splitlines())
    assert heading == ["iri", "label", "section", "what", "roles", "parts", "sure", "none"]
    assert first == ["a:1", "Ávila; uno", "first", "Uno", "doing (2)", "a:p", "", ""]
    assert second == ["a:2", "a:2", "first", "", "", "", "false", ""]


def test_a_column_in_which_nothing_is_said_is_not_shown() -> None:
    [first, again] = INDEX.sections
    assert [column.name for column in INDEX.shown(first)] == ["what", "roles", "parts", "sure"]
    assert [column.name for column in INDEX.shown(again)] == ["what", "roles", "parts"]


def test_names_stand_where_a_reader_looks_for_them() -> None:
    names = ["Zaire", "Élite", "ecuador", "Artículo 10", "Artículo 2", "Ñandú"]
    assert sorted(names, key=folded) == ["Artículo 2", "Artículo 10", "ecuador", "Élite", "Ñandú", "Zaire"]
