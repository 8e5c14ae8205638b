"""Findings that somebody has accepted as explained: in a table beside the plan, strict as every table is."""

from pathlib import Path

import pytest

from crmgraph.checking.accepting import AcceptedTable, beside
from crmgraph.checking.findings import Acceptance, Finding
from crmgraph.errors import TableError
from tests.support.findings import PLAN, finding, spot

HEADER = "code,element,exact,accepted_by,accepted_on,reason_es,reason_en\n"
REASON = "Ana,2026-11-26,Se sabe.,It is known.\n"


def table(folder: Path, *rows: str) -> Path:
    file = folder / "plan.accepted.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    return file


def accept(findings: list[Finding], file: Path) -> tuple[list[Finding], list[str]]:
    """The findings as the table marks them, and the lines about rows that fit none."""
    read = AcceptedTable(file)
    return read.mark(findings), read.stale


def test_a_row_marks_the_finding_it_names_and_no_other(tmp_path: Path) -> None:
    findings = [finding(), finding("7.1 Tres"), finding(code="other-code")]
    told, stale = accept(findings, table(tmp_path, "some-code,pgm/7,12," + REASON))
    assert [each.accepted for each in told] == [Acceptance("Ana", "2026-11-26", "Se sabe.", "It is known."), None, None]
    assert stale == []


def test_an_element_may_be_written_in_full_and_blank_space_in_the_words_is_no_difference(tmp_path: Path) -> None:
    broken = finding(None, spot=spot("uno\n  dos", "uno\n  dos"))
    told, _ = accept([broken], table(tmp_path, f"some-code,{PLAN}pgm/7,uno dos," + REASON))
    assert told[0].accepted is not None


def test_the_plan_itself_has_no_path_and_a_row_without_words_fits_any(tmp_path: Path) -> None:
    findings = [finding(None, spot=spot("12", element=PLAN[:-1])), finding("7.1 Tres"), finding()]
    rows = ("some-code,,," + REASON, "some-code,pgm/7,,Eva,2026-11-25,Todo.,All.\n", "some-code,pgm/7,12," + REASON)
    told, stale = accept(findings, table(tmp_path, *rows))
    assert [each.accepted.by for each in told if each.accepted] == ["Ana", "Eva", "Ana"]
    assert stale == []


def test_a_row_that_fits_nothing_any_more_is_told_with_its_line(tmp_path: Path) -> None:
    file = table(tmp_path, "some-code,pgm/9,12," + REASON, "date-past,,," + REASON)
    told, stale = accept([finding()], file)
    assert told == [finding()]
    assert stale == [
        f"{file}, line 2: nothing is found any more that is some-code in pgm/9 with the words “12”; "
        "take the row away or correct it",
        f"{file}, line 3: nothing is found any more that is date-past about the plan itself; "
        "take the row away or correct it",
    ]


def test_a_row_that_fits_in_one_of_several_plans_is_not_stale(tmp_path: Path) -> None:
    rows = ("some-code,pgm/7,12," + REASON, "some-code,pgm/8,12," + REASON)
    marking = AcceptedTable(table(tmp_path, *rows))
    assert marking.mark([]) == []
    assert [each.accepted is None for each in marking.mark([finding()])] == [False]
    [line] = marking.stale
    assert "some-code in pgm/8" in line


def test_a_code_that_there_is_not_is_refused(tmp_path: Path) -> None:
    file = table(tmp_path, "some-code,pgm/7,12," + REASON, "sme-code,pgm/7,12," + REASON)
    with pytest.raises(TableError) as caught:
        AcceptedTable(file, {"some-code", "date-past"})
    assert str(caught.value) == (f"{file}, line 3, column 1: code: there is no check sme-code; did you mean some-code?")


def test_what_was_accepted_before_counts_no_more_where_another_table_is_given(tmp_path: Path) -> None:
    before, _ = accept([finding()], table(tmp_path, "some-code,pgm/7,12," + REASON))
    assert accept(before, table(tmp_path))[0] == [finding()]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (",pgm/7,12," + REASON, 1, "code: the cell is empty"),
        ("Some Code,pgm/7,12," + REASON, 1, "is not the code of a check"),
        ("some-code,pgm/7,12,,2026-11-26,a,b\n", 4, "accepted_by: the cell is empty"),
        ("some-code,pgm/7,12,Ana,yesterday,a,b\n", 5, "is not a day, such as"),
        ("some-code,pgm/7,12,Ana,2026-02-30,a,b\n", 5, 'there is no day "2026-02-30"'),
        ("some-code,pgm/7,12,Ana,2026-11-26,a,\n", 7, "reason_en: the cell is empty"),
        ("some-code,pgm/7,12\n", 4, "the row has 3 cells"),
    ],
)
def test_a_wrong_row_is_named_by_line_and_column(row: str, column: int, says: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=says) as caught:
        accept([], table(tmp_path, row))
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.column) == (2, column)


def test_two_rows_about_the_same(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="already in line 2"):
        accept([], table(tmp_path, "some-code,pgm/7,12," + REASON, "some-code,pgm/7,12," + REASON))


def test_the_table_stands_beside_the_plan(tmp_path: Path) -> None:
    assert beside(tmp_path / "plan.txt") is None
    file = table(tmp_path)
    assert beside(tmp_path / "plan.txt") == file
