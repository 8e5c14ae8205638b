"""The plan of the RCM and random plans: every character is read."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from crmgraph.errors import SourceError
from crmgraph.files import resource
from crmgraph.reading import Plan, plan_id, read_plan, read_plan_text
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Attachment, Source
from tests.support import tables
from tests.support.phrases import HEADINGS

DOCUMENT = resource("data") / "source" / "crm.txt"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(DOCUMENT)


def assert_lossless(plan: Plan) -> None:
    """Assert that each non-blank character is in exactly one leaf passage, and that each passage quotes its span."""
    text = plan.source.text
    owners: Counter[int] = Counter()
    for leaf in plan.leaves:
        assert text[leaf.start : leaf.end] == leaf.exact
        owners.update(range(leaf.start, leaf.end))
    assert all(one.end <= other.start for one, other in pairwise(plan.leaves))
    assert [i for i, character in enumerate(text) if not character.isspace() and owners[i] != 1] == []
    for part, _ in plan.walk():
        assert text[part.passage.start : part.passage.end] == part.passage.exact


def test_every_character_of_the_document_is_in_one_part(plan: Plan) -> None:
    assert plan.source.sha256 == "c602a6ca0e5753850dfae9639e77a1ae46ece78cd20a08da2a66e87831795556"
    assert len(plan.source.text) == 14_202
    assert plan.title == "PLAN DE ACCION"
    assert_lossless(plan)


def test_the_document_has_these_parts(plan: Plan) -> None:
    counts = Counter((part.kind, part.id.split("/")[0]) for part, _ in plan.walk())
    assert [counts["Objective", theme] for theme in ("pgm", "dh", "vmd")] == [11, 5, 4]
    assert [counts["Action", theme] for theme in ("pgm", "dh", "vmd")] == [17, 11, 5]
    assert Counter(part.kind for part, _ in plan.walk()) == {
        "Theme": 3, "Objective": 20, "Action": 33, "Activity": 41, "ScheduleEntry": 37,
        "Note": 1, "Referral": 16, "CrossReference": 1,
    }  # fmt: skip
    # A theme that a page repeats is no new theme.
    assert [[repeat.start for repeat in theme.repeats] for theme in plan.themes] == [[4127], [11974], []]
    for theme in plan.themes:
        assert all(one.passage < other.passage for one, other in pairwise(theme.parts))


@settings(max_examples=40)
@given(tables.plans(), tables.STYLES)
def test_random_plans_are_read_as_they_were_written(written: tuple[tables.Theme, ...], style: tables.Style) -> None:
    read, plain = (
        read_plan_text(Source(tables.write_table(written, each).decode("utf-8-sig")), "random")
        for each in (style, tables.Style())
    )
    assert_lossless(read)
    assert shape(read) == shape(plain)
    assert [key(theme.text) for theme in read.themes] == [key(theme.title) for theme in written]
    expected: list[tuple[str, str | None, str, str | None]] = []
    for theme, shown in zip(written, read.themes, strict=True):
        expected += [
            (kind, number, key(text), parent and f"{shown.id}/{parent}") for kind, number, text, parent in _parts(theme)
        ]
    assert sorted(expected, key=str) == sorted(
        (
            (part.kind, part.number, key(part.text), parent.id if parent and parent.kind != "Theme" else None)
            for part, parent in read.walk()
            if part.kind not in ("Theme", "Referral", "CrossReference")
        ),
        key=str,
    )


def _parts(theme: tables.Theme) -> list[tuple[str, str | None, str, str | None]]:
    found: list[tuple[str, str | None, str, str | None]] = []
    for objective in theme.objectives:
        found.append(("Objective", objective.number, objective.text, None))
        if objective.note:
            found.append(("Note", None, objective.note, objective.number))
        for action in objective.actions:
            found.append(("Action", action.number, action.text, objective.number))
            for activity in action.activities:
                found.append(("Activity", activity.number, activity.text, action.number))
                parent = activity.number or f"{action.number}-a"
                found += [("ScheduleEntry", number, text, parent) for number, text in activity.schedule]
    return found


def test_a_plan_is_named_by_its_file(tmp_path: Path) -> None:
    assert plan_id(Path("Plan de Acción (2010).txt")) == "plan-de-accion-2010"
    assert plan_id(Path("¿?.txt")) == "plan"
    copy = tmp_path / "Otro plan.txt"
    copy.write_bytes(DOCUMENT.read_bytes())
    assert read_plan(copy).id == "otro-plan"
    assert read_plan(copy, "mine").id == "mine"


def test_the_document_written_otherwise_is_the_same_plan(plan: Plan, tmp_path: Path) -> None:
    data = DOCUMENT.read_bytes()
    (file := tmp_path / "crm.txt").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") + b"\n\n   \n")
    marked = read_plan(file)
    file.write_bytes(data.replace(b" Inter", "\u00a0Inter".encode()).replace("ó".encode(), "o\u0301".encode()))
    for changed in (marked, read_plan(file)):
        assert_lossless(changed)
        assert shape(changed) == shape(plan)


def shape(plan: Plan) -> list[tuple[str, str, str | None, str, Attachment]]:
    return [(part.id, part.kind, part.number, tidy(part.text), part.attached_by) for part, _ in plan.walk()]


def cells(*rows: tuple[str, str, str, str, str]) -> str:
    return "".join(f"\t{cell}\n" for row in (HEADINGS, *rows) for cell in row)


def problem(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_plan_text(Source(text, Path("plan.txt")), "plan")
    return caught.value


def test_a_row_with_four_cells_is_named_by_its_line() -> None:
    good = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad", "1.1.1.1 Continuo")
    whole = cells(good, ("", "2. Dos", "2.1 Acción", "2.1.1 Actividad", "2.1.1.1 Continuo"))
    lines = whole.splitlines(keepends=True)
    for missing in range(5, len(lines)):
        text = "".join(lines[:missing] + lines[missing + 1 :])
        error = problem(text)
        assert error.place is not None
        assert error.place.file == Path("plan.txt")
        assert error.place.line is not None
        assert abs(error.place.line - missing) <= 5


def test_a_row_that_cannot_be_read_is_named_by_its_line() -> None:
    blank = ("", "", "", "", "")
    for rows in ((), (blank,), (blank, blank)):
        assert "the table is empty: no cell below its headings has any words" in str(problem(cells(*rows)))
    error = str(problem(cells(("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad", "")).rsplit("\t", 1)[0]))
    assert error.startswith("plan.txt, line 6, column 1: ")
    assert "4 cells" in error
    error = str(problem(cells(("Tema", "1. Uno", "1.1 Acción\n1.1.1 fuera de lugar", "", ""))))
    assert error.startswith("plan.txt, line 9, column 1: ")
    assert "1.1.1 fits nowhere" in error
    assert "must name a theme" in str(problem(cells(("", "1. Uno", "", "", ""))))


def ids(*rows: tuple[str, str, str, str, str]) -> list[str]:
    return [part.id for part, _ in read_plan_text(Source(cells(*rows)), "plan").walk()]


def test_rows_with_blank_cells() -> None:
    # An action of a theme that has no objective yet.
    for rows in (
        [("Tema", "", "1.1 Acción", "1.1.1 Actividad", "")],
        [("Tema", "", "", "", ""), ("", "", "1.1 Acción", "1.1.1 Actividad", "")],
    ):
        assert ids(*rows) == ["t", "t/1.1", "t/1.1.1"]
    # A theme that comes back after another goes on.
    text = cells(("Tema", "1. Uno", "", "", ""), ("Otro", "1. Dos", "", "", ""), ("TEMA", "2. Tres", "", "", ""))
    plan = read_plan_text(Source(text), "plan")
    assert [part.id for part, _ in plan.walk()] == ["t", "t/1", "t/2", "o", "o/1"]
    assert [repeat.exact for repeat in plan.themes[0].repeats] == ["TEMA"]
    # A row goes on with the objective above.
    going_on = ids(("Tema", "1. Uno", "1.1 Acción", "", ""), ("", "", "1.2 Otra", "1.2.1 Actividad", ""))
    assert going_on == ["t", "t/1", "t/1.1", "t/1.2", "t/1.2.1"]
    # A blank row says nothing.
    blank = ("", "", "", "", "")
    row = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad", "1.1.1.1 Continuo")
    assert ids(blank, row, blank) == ids(row) == ["t", "t/1", "t/1.1", "t/1.1.1", "t/1.1.1.1"]
