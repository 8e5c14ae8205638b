"""The columns of the schedule and their entries: dates, starts and ends, years, and merged cells."""

from pathlib import Path

from crmgraph.importing import Mapping, PlanTable, guess_mapping, read_tables
from tests.importing.made import (
    CASES,
    FILE,
    FILES,
    HEADER,
    book,
    check_all,
    omissions,
    outline,
    plan,
    plan_text,
    table,
    texts,
)  # fmt: skip
from tests.support.phrases import rows_of

PARTS = "Tema|Objetivo|Acción|Actividad"
HEADINGS = rows_of("headings", CASES)


def listed(text: str) -> list[str]:
    return text.replace("\n", "|").split("|")


def entries(header: str, *rows: str) -> list[str]:
    return texts(table(*(f"T|O|A|{row}" for row in rows), header=f"{PARTS}|{header}"), "S")


def test_headings_of_calendars() -> None:
    rows, cases = ("B|junio de 2027", "C|2028"), []
    for kind, name in HEADINGS:
        if kind == "text":
            cases.append((name, entries(name, "B|sin fecha aún"), ["sin fecha aún"]))
        elif kind == "end":
            cases.append((name, entries(name, *rows), [f"{name}: junio de 2027", f"{name}: 2028"]))
        else:
            first, last = name.split("|")
            said = [f"{first}: 2027-01-01; {last}: 2027-12-31"]
            cases.append((name, entries(f"{name}|Status", "B|2027-01-01|2027-12-31|x"), said))
    check_all(cases)


def test_which_column_is_the_calendar() -> None:
    def found(header: str, rows: str) -> list[str]:
        filled = (f"|||{row}" if row.startswith("|") else f"T|O|A|{row}" for row in rows.split("¶"))
        return texts(table(*filled, header=f"{PARTS}|{header}"), "S")

    cases = rows_of("calendars", CASES)
    check_all((header, "|".join(found(header, rows)), expected) for header, rows, expected in cases)


def test_lines_of_one_calendar_in_a_plan_with_numbers() -> None:
    grids = table("T|1. O|1.1 A|1.1.1 B|2027\n2028\n2029", header=HEADER)
    assert texts(grids, "S", "keep") == ["2027, 2028, 2029"]


def test_calendars_in_a_mapping() -> None:
    columns = {"themes": "Tema", "objectives": "Objetivo", "actions": "Acción", "activities": "Actividad"}
    grids = table("T|O|A|B|junio de 2027", "T|O|A|C|2028", header=f"{PARTS}|Hito")
    assert omissions(grids) == ["“Hito”"]
    mapped = Mapping.model_validate({"columns": {**columns, "schedule": "Hito"}})
    assert PlanTable(grids, mapped, FILE).omissions() == []
    grids = table("T|O|A|B|01/2027|06/2028", header=f"{PARTS}|Start date|End date")
    mapped = Mapping.model_validate({"numbers": "add", "columns": {**columns, "schedule": ["Start date", "End date"]}})
    assert plan_text(plan(grids, columns=mapped), "S") == "S1.1.1.1 Start date: 01/2027; End date: 06/2028"
    assert guess_mapping(grids, FILE).columns.schedule == ("Start date", "End date")


def test_merged_calendars() -> None:
    """One schedule for three activities, and one for the next objective. LibreOffice writes equal rows only once."""
    expected = [["2027", "2027", "2028"]] * 3 + [["2027", "2027", "2027", "2028"]]
    assert [texts(read_tables(FILES / f"merged.{each}"), "S") for each in ("xlsx", "docx", "html", "ods")] == expected


def test_merged_years(tmp_path: Path) -> None:
    """A mark across two years applies to both; a text across two years is not repeated."""
    rows = (f"{PARTS}|Calendario|", "||||2027|2028", "P|O|A|Uno|x|", "P|O|A|Dos|Todo el año|")
    book(tmp_path / "plan.xlsx", *rows, merged="E1:F1 E3:F3 E4:F4")
    assert outline(read_tables(tmp_path / "plan.xlsx"), "S") == "S1.1.1.1 2027, 2028|S1.1.2.1 2027, 2028: Todo el año"
