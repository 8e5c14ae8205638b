"""The parts in a row: lists, paragraphs, continued and repeated parts, rows outside the plan, and skipped levels."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from crmgraph.errors import InputError, quoted
from crmgraph.importing import PlanTable, guess_mapping, read_tables
from crmgraph.importing.rows import list_items
from tests.importing.made import (
    CASES,
    FILE,
    FILES,
    above,
    assumptions,
    check_all,
    omissions,
    outline,
    table,
    texts,
)  # fmt: skip
from tests.support.phrases import rows_of


def test_points_of_a_cell() -> None:
    check_all((cell, list(list_items(cell)), expected.split("|")) for cell, expected in rows_of("lists", CASES))


def test_lists_in_a_table() -> None:
    grids = table(
        "P|O|A|• Uno\n• Dos|2027", "|||a) Tres\nb) Cuatro|• 2028\n• 2029", "||• Una acción\n• de dos líneas|Cinco|",
    )  # fmt: skip
    cases = [
        (grids, "AVS", "add", "A1.1 A|V1.1.1 Uno|S1.1.1.1 2027|V1.1.2 Dos|S1.1.2.1 2027|V1.1.3 Tres|S1.1.3.1 2028"
         "|V1.1.4 Cuatro|S1.1.4.1 2029|A1.2 • Una acción • de dos líneas|V1.2.1 Cinco"),
        (table("P|1. O|1.1 A|• Uno\n• Dos|2027", "|2. O|2.1 A|2.1.1 B\n• b\n• c"), "V", None,
         "V Uno|V Dos|V2.1.1 B • b • c"),
        (table("P|O|A|• Realizar a reunião|• 2027"), "V", "add", "V1.1.1 Realizar a reunião"),
    ]  # fmt: skip
    check_all((grids[0].rows[1], outline(grids, kinds, numbers), said) for grids, kinds, numbers, said in cases)
    dates = [
        ("- Uno\n- Dos\n- Tres", "2027\n2028\n2029", {"2027": "Uno", "2028": "Dos", "2029": "Tres"}),
        ("• Uno\n• Dos", "marzo de 2027\njunio de 2028", {"marzo de 2027": "Uno", "junio de 2028": "Dos"}),
        ("a) Uno\nb) Dos", "2027\n2028-2029", {"2027": "Uno", "2028-2029": "Dos"}),
    ]
    for row, numbers in (("P|O|A", "add"), ("P|1. O|1.1 A", "keep")):
        for activities, calendar, expected in dates:
            found = above(table(f"{row}|{activities}|{calendar}"), numbers)
            assert expected.items() <= found.items(), (activities, numbers)


def test_lists_of_files() -> None:
    """Word has no bullets in the text: a list is a style or a property of paragraphs."""
    for ending, activities, objectives in (
        ("docx", ["Uno", "Dos"], ["O"]),
        ("html", ["Uno ◦ dentro", "Dos", "Tres", "Cuatro"], ["O", "Q"]),
        ("odt", ["Uno", "Dos"], ["O"]),
    ):
        grids = read_tables(FILES / f"lists.{ending}")
        assert (texts(grids, "V"), texts(grids, "O")) == (activities, objectives), ending


def test_paragraphs_of_a_cell() -> None:
    compared: list[tuple[str, object, object]] = []
    for activities, when, several in rows_of("paragraphs", CASES):
        expected = several.split("|") if several else [" ".join(activities.split()), " ".join(when.split("\n"))]
        for parts in ("Trata|Prevenir|Campaña", "Trata|1. Prevenir|1.1 Campaña")[: 2 if several else 1]:
            shown = [each.replace(",", "") for each in texts(table(f"{parts}|{activities}|{when}"), "VS")]
            compared.append((activities, shown, [each.replace(",", "") for each in expected]))
    check_all(compared)
    assert texts(read_tables(FILES / "paragraphs.html"), "VS") == ["Primera", "2027", "Segunda", "2027"]


def test_parts_that_come_back() -> None:
    rows = (
        "Fronteras|1. Cooperar|1.1 Firmar|1.1.1 Reunión|", "Protección|1. Albergar|1.1 Abrir|1.1.1 Edificio|",
        "Fronteras|1. Cooperar|1.1 Firmar|1.1.2 Informe|", "||1.2 Publicar|1.2.1 Guía|",
        "Protección|1. Albergar|1.2 Atender|1.2.1 Visita|",
    )  # fmt: skip
    for numbers in ("add", "keep"):
        assert outline(table(*rows), numbers=numbers) == (
            "T Fronteras|O1 Cooperar|A1.1 Firmar|V1.1.1 Reunión|V1.1.2 Informe|A1.2 Publicar|V1.2.1 Guía"
            "|T Protección|O1 Albergar|A1.1 Abrir|V1.1.1 Edificio|A1.2 Atender|V1.2.1 Visita"
        )
    said = "put together, for they come back after others: “1. Cooperar”, “1. Albergar”, “1.1 Firmar”"
    assert assumptions(table(*rows))[0] == said
    again = table("T1|O1|A", "|O2|A", "T2|P|A", "T1|O3|A")
    assert outline(again, "TO", "add") == "T T1|O1 O1|O2 O2|O3 O3|T T2|O1 P"


AGAIN = (
    "Trabajo|Vías|Firmar|Reunión|2027", "Trabajo|Vías|Firmar|Informe|2028", "Trabajo|Vías|Firmar||2029",
    "Trabajo|Vías|Publicar|Guía|2030", "Trabajo|Vías|||2031",
)  # fmt: skip
PRINTED = (
    "Trabajo|1. Vías|1.1 Firmar|1.1.1 Reunión|2027", "Trabajo|1. Vías|1.1 Firmar|1.1.2 Informe|2028",
    "Trabajo|1. Vías|1.1 Firmar||2029", "Trabajo|1. Vías|1.2 Publicar|1.2.1 Guía|2030", "Trabajo|1. Vías|||2031",
)  # fmt: skip


def test_dates_that_stand_alone() -> None:
    said = {"2027": "Reunión", "2028": "Informe", "2029": "Firmar", "2030": "Guía", "2031": "Vías"}
    merged = table(*AGAIN[:3], spans={(3, 3): (2, 3)})
    cases = [
        (above(table(*AGAIN), "add"), said),
        (above(table(*PRINTED), "keep"), said),
        (above(table("Trabajo", *(row.removeprefix("Trabajo") for row in AGAIN))), {"2029": "Firmar"}),
        # Where empty cells go on, a date is one more of the activity.
        (above(table(AGAIN[0], "||||2028", AGAIN[3])), {"2027": "Reunión", "2028": "Reunión", "2030": "Guía"}),
        (above(merged), {"2027": "Reunión", "2028": "Informe", "2029": "Informe"}),
    ]
    check_all((place, found, found | expected) for place, (found, expected) in enumerate(cases))


def test_loose_parts() -> None:
    grids = table("Trabajo|Vías|Firmar||2027", "|||Reunión|2028", "||Publicar|Guía|2029", "|Datos|||2030",
                  "||Difundir|Boletín|2031")  # fmt: skip
    assert above(grids) == {
        "Trabajo": "", "Vías": "Trabajo", "Firmar": "Vías", "2027": "Firmar", "Reunión": "Firmar", "2028": "Reunión",
        "Publicar": "Vías", "Guía": "Publicar", "2029": "Guía", "Datos": "Trabajo", "2030": "Datos",
        "Difundir": "Datos", "Boletín": "Difundir", "2031": "Boletín",
    }  # fmt: skip
    first = "Trabajo|Vías|1.1 Firmar|1.1.1 Reunión|2028"
    for row in ("Salud||Atender", "Salud|Cuidar||Visita", "Salud|Cuidar|Atender||2027"):
        assert "belongs to nothing" in outline(table(first, row), numbers="add"), row


COSTED = "Eje|Objetivo|Acción|Actividad|Plazo|Costo"
ROWS = ("Protección|Albergar|Abrir|Tres albergues|2027|10", "|||Formar al personal|2028|20",
        "Trabajo|Regularizar|Otorgar|Permisos|2027|5")  # fmt: skip


def test_totals_and_notes() -> None:
    whole = outline(table(*ROWS, header=COSTED))
    asides = [tuple(row) for row in rows_of("asides", CASES)]
    totals, notes, parts = ([row for row, each in asides if each == kind] for kind in ("total", "note", "part"))
    subtotal = "Subtotal|||||30"
    cases: list[tuple[tuple[str, ...], list[str]]]
    cases = [((*ROWS[:2], subtotal, ROWS[2], subtotal, "Total|||||60"), ["3 totals (“Subtotal”, “Total”)"])]
    for row in totals:
        said = next(cell for cell in row.split("|") if "total" in cell.lower())
        cases.append(((*ROWS, row), [f"1 total (“{said}”)"]))
    cases += [((*ROWS, "", note, "Nota: otra"), [f"2 notes ({quoted(note, 60)}, “Nota: otra”)"]) for note in notes]
    compared = []
    for rows, said_of_it in cases:
        grids = table(*rows, header=COSTED)
        compared.append((rows[-2:], (outline(grids), omissions(grids)), (whole, ["“Costo”", *said_of_it])))
    check_all(compared)
    for row in parts:
        grids = table(*ROWS, row, header=COSTED)
        assert len(outline(grids)) > len(whole), row
        assert omissions(grids) == ["“Costo”"], row


def test_what_looks_like_a_note() -> None:
    cases = [
        ((*ROWS, "Retorno digno"), ["Protección", "Trabajo", "Retorno digno"]),
        (("1. Que toda persona migrante viva sin miedo en la región.", "* Retorno"),
         ["Que toda persona migrante viva sin miedo en la región.", "* Retorno"]),
        (("Elaboración de normas", "|O|A", "Fuentes de empleo", "|P|B"),
         ["Elaboración de normas", "Fuentes de empleo"]),
    ]  # fmt: skip
    check_all((rows, texts(table(*rows, header=COSTED), "T"), themes) for rows, themes in cases)
    grids = table("T|1. O|1.1 A|1.1.1 B|1.1.1.1 2027", "|||Nota: con apoyo de la OIM")
    assert texts(grids, "N") == ["Nota: con apoyo de la OIM"]


WORDS = st.sampled_from(["", "Uno", "Dos", "2. Tres", "Total", "Nota: cuatro", "* cinco", "10", "• seis\n• siete", "-"])


@given(st.lists(st.tuples(*[WORDS] * 5), min_size=1, max_size=6))
@example([("", "", "", "", "Uno"), ("", "", "", "2. Tres", "Total")])
def test_any_word_is_in_the_plan_or_told(rows: list[tuple[str, ...]]) -> None:
    grids = table(*map("|".join, rows))
    try:
        said = PlanTable(grids, guess_mapping(grids, FILE), FILE).text_table("plan") + " ".join(omissions(grids))
    except InputError:
        return
    words = {word for row in rows for cell in row for word in re.findall("[a-z]{3,}", cell.lower())}
    assert words <= set(re.findall("[a-z]{3,}", said.lower()))
