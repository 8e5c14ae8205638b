"""The tables of what readers saw: strict about every cell, with the place of what is wrong."""

from pathlib import Path

import pytest

from crmgraph.describing.annotations import Reader
from crmgraph.describing.remembering import same_sentences
from crmgraph.describing.tables import Column
from crmgraph.errors import TableError
from tests.support.backgrounds import made_background, made_plan, write_annotations

PLAN = made_plan(
    ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Informa la OIM, informa  Honduras", "1.1.1.1 Continuo"),
)
COLUMNS = (Column("what", required=True),)
HEADER = "element,what,quote,occurrence,annotator\n"


def reader(folder: Path, rows: str = "", header: str = HEADER) -> Reader:
    background = made_background(folder)
    write_annotations(background, "sayings", header + rows)
    return Reader(folder / "made", same_sentences(PLAN, PLAN), background.things)


def test_a_row_is_about_a_part_and_rests_on_its_words(tmp_path: Path) -> None:
    rows = "t/1.1.1,b,informa Honduras,,me\nt/1,z,Uno,,crmgraph\nt/1.1.1,a,OIM,1,me\n"
    found = reader(tmp_path, rows).read("sayings", COLUMNS)
    assert [(each.element.id, each.row["what"], each.passage.exact, each.annotator) for each in found] == [
        ("t/1", "z", "Uno", "crmgraph"),
        ("t/1.1.1", "a", "OIM", "me"),
        ("t/1.1.1", "b", "informa  Honduras", "me"),
    ], "in the order of the plan's words"
    for each in found:
        assert PLAN.source.text[each.passage.start : each.passage.end] == each.passage.exact


def test_no_file_no_annotations(tmp_path: Path) -> None:
    assert reader(tmp_path).read("others", COLUMNS) == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("t/9,a,Uno,,me", "line 2, column 1: element: the plan has no part t/9"),
        (",a,Uno,,me", "line 2, column 1: element: the cell is empty"),
        ("t/1,,Uno,,me", "line 2, column 2: what: the cell is empty"),
        ("t/1,a,Acción,,me", "line 2, column 3: quote: these words are not there"),
        ("t/1,a,uno,,me", "line 2, column 3: quote: these words are not there"),
        ("t/1,a,Un,,me", "line 2, column 3: quote: these words are not there, whole"),
        ("t/1,a,,,me", "line 2, column 3: quote: the cell is empty"),
        ("t/1,a,Uno,2,me", "line 2, column 4: occurrence: these words are there once and no more"),
        ("t/1,a,Uno,0,me", 'line 2, column 4: occurrence: "0" is not a number from 1'),
        ("t/1,a,Uno,first,me", 'line 2, column 4: occurrence: "first" is not a number from 1'),
        ("t/1,a,Uno,,nobody", "line 2, column 5: annotator: no table has annotator/nobody"),
        ("t/1,a,Uno,,", "line 2, column 5: annotator: the cell is empty"),
        ("t/1,a,Uno,,me\nt/1,a,Uno,1,me", "line 3, column 1: element: line 2 says the same of the same words"),
        ("t/1,a,Uno,me", "4 cells, the header 5"),
    ],
)
def test_a_wrong_row_is_named_by_file_line_and_column(row: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        reader(tmp_path, row + "\n").read("sayings", COLUMNS)
    assert says in str(caught.value)
    assert "sayings.csv" in str(caught.value)


def test_the_same_of_other_words_is_not_the_same(tmp_path: Path) -> None:
    rows = "t/1.1.1,a,Informa,,me\nt/1.1.1,a,informa,1,me\nt/1.1.1,b,Informa,,me\n"
    assert len(reader(tmp_path, rows).read("sayings", COLUMNS)) == 3


def test_columns_before_the_element_and_keys(tmp_path: Path) -> None:
    header, row = "id,element,what,quote,occurrence,annotator\n", "x,t/1,a,Uno,,me\n"
    before = (Column("id", required=True),)
    [found] = reader(tmp_path, row, header).read("sayings", COLUMNS, before=before)
    assert (found.row["id"], found.element.id) == ("x", "t/1")
    again = reader(tmp_path, row + "x,t/1.1,a,Acción,,me\n", header)
    with pytest.raises(TableError, match="x is already in line 2"):
        again.read("sayings", COLUMNS, key=("id",), before=before)


def test_what_a_cell_names_must_be_found(tmp_path: Path) -> None:
    def find(value: str) -> int:
        raise ValueError(f"no {value}")

    [found] = reader(tmp_path, "t/1,a,Uno,,me\n").read("sayings", COLUMNS)
    assert found.resolve("what", str.upper) == "A"
    assert found.resolve_all("what", str.upper) == ("A",)
    assert found.resolve_all("occurrence", str.upper) == ()
    with pytest.raises(TableError, match="line 2, column 2: what: no a"):
        found.resolve("what", find)
