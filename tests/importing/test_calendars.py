"""The columns of the schedule and their entries: dates, starts and ends, years, and merged cells."""

from pathlib import Path

from crmgraph.importing import Mapping, PlanTable, guess_mapping, read_tables
from crmgraph.importing.cells import is_date
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
        elif kind == "date":
            cases.append((name, entries(name, *rows, "D|por definir"), ["junio de 2027", "2028", "por definir"]))
            cases.append((name, entries(name, "B|tres", "C|2027"), []))
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


def test_columns_left_out_of_the_calendar() -> None:
    check_all(
        (heading, omissions(table(f"T|O|A|B|{one}", f"T|O|A|C|{two}", header=f"{PARTS}|{heading}")), [said])
        for heading, one, two, said in rows_of("left_calendars", CASES)
    )
    assert omissions(table("T|O|A|B|2027|2029", header=f"{PARTS}|Término|Plazo")) == ["“Término”"]
    assert omissions(table("T|O|A|B|x|x", header=f"{PARTS}|2026|2027")) == []
    assert omissions(table("T|O|A|B|2027|2028|x", header=f"{PARTS}|Inicio|Fin|Status")) == [
        '“Status” (a mapping has it in the calendar with schedule = ["Inicio", "Fin", "Status"])'
    ]


def test_calendars_in_a_mapping() -> None:
    columns = {"themes": "Tema", "objectives": "Objetivo", "actions": "Acción", "activities": "Actividad"}
    grids = table("T|O|A|B|junio de 2027", "T|O|A|C|2028", header=f"{PARTS}|Hito")
    assert "it has dates" in PlanTable(grids, Mapping.model_validate({"columns": columns}), FILE).omissions()[0]
    mapped = Mapping.model_validate({"columns": {**columns, "schedule": "Hito"}})
    assert PlanTable(grids, mapped, FILE).omissions() == []
    grids = table("T|O|A|B|01/2027|06/2028", header=f"{PARTS}|Start date|End date")
    mapped = Mapping.model_validate({"numbers": "add", "columns": {**columns, "schedule": ["Start date", "End date"]}})
    assert plan_text(plan(grids, columns=mapped), "S") == "S1.1.1.1 Start date: 01/2027; End date: 06/2028"
    assert guess_mapping(grids, FILE).columns.schedule == ("Start date", "End date")


def test_dates() -> None:
    dates = """2027|2027-2028|2027-06|2027-06-30|30/06/2027|30.06.2027|6/2027|30/06/27|June 30, 2027|T2 2027|mar-27
a fines de junio de 2027|2027 Q1 - Q3|2.º trimestre de 2027|1er semestre 2027|mars 2027|Dec. 2027|2027, 2028|Dic.-28
by the end of 2027|fim de março de 2027"""
    assert [each for each in listed(dates) if not is_date(each)] == []
    others = ["", "junio", "12", "1.1.10", "3.2027.1", "20270", "Ley de 2020", "2000 personas", "X"]
    assert [each for each in others if is_date(each)] == []


def test_merged_calendars() -> None:
    """One schedule for three activities, and one for the next objective. LibreOffice writes equal rows only once."""
    expected = [["2027", "2027", "2028"]] * 3 + [["2027", "2027", "2027", "2028"]]
    assert [texts(read_tables(FILES / f"merged.{each}"), "S") for each in ("xlsx", "docx", "html", "ods")] == expected


def test_merged_years(tmp_path: Path) -> None:
    """A mark across two years applies to both; a text across two years is not repeated."""
    rows = (f"{PARTS}|Calendario|", "||||2027|2028", "P|O|A|Uno|x|", "P|O|A|Dos|Todo el año|")
    book(tmp_path / "plan.xlsx", *rows, merged="E1:F1 E3:F3 E4:F4")
    assert outline(read_tables(tmp_path / "plan.xlsx"), "S") == "S1.1.1.1 2027, 2028|S1.1.2.1 2027, 2028: Todo el año"
