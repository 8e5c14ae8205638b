"""Item numbers: those in the file, in cells or columns of their own, and those that an import adds."""

from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crmgraph.importing import read_tables
from crmgraph.reading.model import Attachment
from tests.importing.made import (
    HEADER,
    book,
    check_all,
    omissions,
    outline,
    plan,
    plan_text,
    table,
    table_cases,
    texts,
)

APART = "Tema|No.|Objetivo|Acción|Actividad|Calendario"
RESULTS = "Tema|No.|Resultado|Acción|Actividad|Calendario"
SIZES = st.lists(st.integers(1, 45), min_size=1, max_size=5)


def printed(grids: Sequence[object], kind: str) -> list[tuple[str | None, str]]:
    return [(part.number, part.text) for part, _ in plan(list(grids)).walk() if part.kind == kind]  # type: ignore[arg-type]


def counted(sizes: list[int], runs_on: bool) -> list[tuple[str, int, str]]:
    """Return rows of theme, number and objective; `sizes` are numbers of objectives, and numbers may run on."""
    rows, count = [], 0
    for at, size in enumerate(sizes):
        count = count if runs_on else 0
        for place in range(size):
            count += 1
            rows.append((f"Tema {'ABCDE'[at]}" if place == 0 else "", count, f"Proteger {'ABCDE'[at]} {place}"))
    return rows


IN_A_COLUMN = [f"|{style}|{{}}" for style in ("{}", "{}.", "{})", "({})", "{}.º")]
IN_THE_CELL = [f"|{style}" for style in ("{}. {}", "{}) {}", "{}.- {}", "{}.{}")]


@settings(max_examples=30)
@given(SIZES, st.booleans(), st.sampled_from([*IN_A_COLUMN, *IN_THE_CELL]), st.sampled_from([APART, RESULTS]))
def test_numbers_of_objectives(sizes: list[int], runs_on: bool, style: str, header: str) -> None:
    rows = counted(sizes, runs_on)
    header = header if style in IN_A_COLUMN else HEADER
    found = plan(table(*(f"{theme}{style.format(n, text)}|Hacer|Algo" for theme, n, text in rows), header=header))
    assert plan_text(found, "O") == "|".join(f"O{n} {text}" for _, n, text in rows)


def test_printed_numbers() -> None:
    pairs = (
        ("1. Albergar", "1.1 Abrir"), ("1.Albergar", "1.1.Abrir"), ("1) Albergar", "1.1) Abrir"),
        ("1.- Albergar", "1.1.- Abrir"), ("1.-Albergar", "1.1.-Abrir"),
    )  # fmt: skip
    rows = [f"Protección|{objective}|{action}|Visita" for objective, action in pairs]
    once = "T Protección|O1 Albergar|A1.1 Abrir|V1.1.1 Visita"
    check_all((row, outline(table(row), numbers="add"), once) for row in rows)


def test_schemes_of_numbers() -> None:
    letters = table(
        "A. Fronteras|A.1 Cooperar|A.1.a Capacitar|A.1.a.i Taller|2027", "||A.1.b Equipar|A.1.b.i Comprar|2028",
        "B. Protección|B.1 Albergar|B.1.a Abrir|B.1.a.i Edificio|2028",
    )  # fmt: skip
    assert outline(letters, "TOAV", "add") == (
        "TA Fronteras|O1 A.1 Cooperar|A1.1 A.1.a Capacitar|V1.1.1 A.1.a.i Taller|A1.2 A.1.b Equipar"
        "|V1.2.1 A.1.b.i Comprar|TB Protección|O1 B.1 Albergar|A1.1 B.1.a Abrir|V1.1.1 B.1.a.i Edificio"
    )
    people = table("Salud|100 enfermeras|a|b", "|5 protocolos|a|b", "Trabajo|30 becas|a|b", "|12 acuerdos|a|b")
    assert [number for number, _ in printed(people, "Objective")] == [None] * 4


def test_columns_that_count_rows() -> None:
    check_all(
        (rows, [outline(grids, "TO"), " ¶ ".join(omissions(grids))], expected)
        for rows, grids, expected in table_cases("counts")
    )


def test_merged_numbers(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    header = "N°|Eje|Objetivo|Acción"
    book(file, header, "1|Derechos|Proteger|a", "2||Informar|b", "3|Empleo|Facilitar|c", merged="B2:B3")
    assert outline(read_tables(file), "TO") == "T Derechos|O1 Proteger|O2 Informar|T Empleo|O1 Facilitar"
    assert omissions(read_tables(file)) == ["“N°”"]


BESIDE = "Eje|N°|Objetivo|Acción|Actividad|Plazo"
WHOLE = (
    "T Protección|O1 Albergar|A1.1 Abrir|V1.1.1 Actividad 1|V1.1.2 Actividad 2|A1.2 Formar|V1.2.1 Actividad 3"
    "|V1.2.2 Actividad 4|O2 Retornar|A2.1 Acordar|V2.1.1 Actividad 5"
)


def beside(again: str, actions: tuple[str, ...]) -> list[str]:
    """Return rows of two objectives; the first has `actions`, and `again` is its number and text in further rows."""
    first = ["Protección|1|Albergar|Abrir", *(f"|{again}|{each}" for each in actions[1:]), "|2|Retornar|Acordar"]
    return [f"{row}|Actividad {place}" for place, row in enumerate(first, 1)]


def test_a_number_beside_its_text(tmp_path: Path) -> None:
    found: list[tuple[object, object, object]] = [
        (again, outline(table(*beside(again, actions), header=BESIDE)), WHOLE)
        for again in ("|", "1|Albergar", "1|", "|Albergar")
        for actions in (("Abrir", "", "Formar", ""), ("Abrir", "Abrir", "Formar", "Formar"))
    ]
    first, *rows = beside("1|", ("Abrir", "", "Formar", ""))
    found.append(("headings of a new page", outline(table(first, BESIDE, *rows, header=BESIDE)), WHOLE))
    book(tmp_path / "plan.xlsx", BESIDE, first, *rows, merged="A2:A6 C2:C5 D2:D3 D4:D5")
    found.append(("merged", outline(read_tables(tmp_path / "plan.xlsx")), WHOLE))
    other = table("A|1|Albergar|Abrir|x", "B||Albergar|Abrir|y", header=BESIDE)
    found.append(("another theme", texts(other, "O"), ["Albergar", "Albergar"]))
    check_all(found)


def test_numbers_of_the_calendar() -> None:
    """Kept numbers determine the parent, except below an activity without a number; schedule entries have brackets."""
    rows = ("Trabajo|1. Vías|1.1 Firmar|1.1.1 Reunión|2027", "||||y 2028", "||1.2 Publicar|Guía sin número|2029")
    entries = {
        part.text: (part.attached_by, parent.text)
        for part, parent in plan(table(*rows), "keep").walk()
        if parent and "20" in part.text
    }
    assert entries["2027"] == entries["y 2028"] == (Attachment.FILE_ROW, "Reunión")
    assert entries["2029"][0] is not Attachment.FILE_ROW
    kept = plan(table("Trabajo|1. Vías|1.1 Firmar|1.1.1 Reunión|1.1.1.1 2027"), "keep")
    assert [part.number for part, _ in kept.walk()][-1] == "1.1.1.1"
