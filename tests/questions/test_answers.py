"""Each question of the library gives the answer that was checked against the document by reading."""

import csv
import io
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, Store

from crmgraph.library import LibraryQuestion, load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource

LIBRARY = load_library(resource("queries"), Names())
ANSWERS = Path(__file__).parent / "answers"
SOURCE = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
PLAN = Names().id("plan", "crm", "")


def answer(store: Store, question: LibraryQuestion, **values: str) -> list[dict[str, str]]:
    solutions = store.query(question.with_values(values), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    text = (solutions.serialize(format=QueryResultsFormat.CSV) or b"").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_question_has_a_pinned_answer_and_every_pin_a_question() -> None:
    assert {file.stem for file in ANSWERS.glob("*.csv")} == set(LIBRARY)
    assert len(LIBRARY) >= 10


@pytest.mark.parametrize("name", LIBRARY)
def test_the_answer_is_the_one_that_was_checked(name: str, store: Store) -> None:
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        pinned = list(csv.DictReader(file))
    assert pinned
    assert answer(store, LIBRARY[name]) == pinned


@pytest.mark.parametrize("name", LIBRARY)
def test_its_columns_are_the_ones_that_it_explains(name: str, store: Store) -> None:
    assert list(answer(store, LIBRARY[name])[0]) == list(LIBRARY[name].columns)


@pytest.mark.parametrize("name", [name for name in LIBRARY if {"start", "end", "exact"} <= set(LIBRARY[name].columns)])
def test_its_rows_quote_the_source_exactly(name: str, store: Store) -> None:
    for row in answer(store, LIBRARY[name]):
        assert SOURCE[int(row["start"]) : int(row["end"])] == row["exact"]


@pytest.mark.parametrize("name", [n for n in LIBRARY if any(p.name == "lang" for p in LIBRARY[n].parameters)])
def test_it_answers_as_much_in_english(name: str, store: Store) -> None:
    spanish, english = (answer(store, LIBRARY[name], lang=lang) for lang in ("es", "en"))
    assert len(spanish) == len(english)
    assert spanish != english


def test_counts_by_theme_as_in_the_document(store: Store) -> None:
    columns = ("objectives", "actions", "activities", "unnumbered", "schedule_entries")
    rows = answer(store, LIBRARY["theme-counts"])
    counts = {row["theme"].removeprefix(PLAN): [int(row[column]) for column in columns] for row in rows}
    assert counts == {"pgm": [11, 17, 22, 4, 18], "dh": [5, 11, 14, 2, 14], "vmd": [4, 5, 5, 0, 5]}


def test_other_values_for_parameters(store: Store) -> None:
    pending = answer(store, LIBRARY["schedule-status"], status="pending")
    assert [row["number"] for row in pending] == ["2.4.3.1"]
    assert [row["number"] for row in answer(store, LIBRARY["schedule-status"], status="done")] == ["7.3.1.1"]
    under = answer(store, LIBRARY["objective-contents"], objective="plan/crm/vmd/4")
    assert [row["element"].removeprefix(PLAN) for row in under] == ["vmd/4-a", "vmd/4.1", "vmd/4.1.1", "vmd/4.1.1.1"]
    assert answer(store, LIBRARY["findings"], severity="info") == []


def test_members_that_are_no_party(store: Store) -> None:
    rows = answer(store, LIBRARY["instrument-parties"])
    assert {row["state"][-3:] for row in rows if row["party"] == "true"} == {"MEX", "SLV", "GTM", "HND", "NIC"}
    assert {row["state"][-3:] for row in rows if row["party"] == "false"} == {"BLZ", "CAN", "CRI", "DOM", "PAN", "USA"}
    assert all("crmsv.org" in row["sources"] for row in rows)
    assert all(("doc4pdf.com" in row["sources"]) == (row["party"] == "true") for row in rows)


@pytest.mark.parametrize(
    "thing", ["plan/crm/pgm/7.1.1", "country/MEX", "process/rcm", "network/red-trata", "source/crm/140-170"]
)
def test_every_inferred_statement_is_explained(thing: str, store: Store) -> None:
    inferred = store.quads_for_pattern(NamedNode(Names().id(thing)), None, None, NamedNode(Names().graph("inferred")))
    said = {(quad.predicate.value, quad.object.value) for quad in inferred}  # type: ignore[union-attr]
    explained = {(row["predicate"], row["value"]) for row in answer(store, LIBRARY["inferred-statements"], thing=thing)}
    assert said
    assert explained == said
