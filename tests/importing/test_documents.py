"""The paragraphs of documents: headings, lists and the numbers that a program shows before them."""

from pathlib import Path

import pytest

from crmgraph.importing import read_document
from crmgraph.importing.tables import Document, Grid, Paragraph, format_number

PLANS = Path(__file__).parent / "plans"


def lines(document: Document) -> list[str]:
    """Return a line for each paragraph, with its level, depth and label, and for each table with its size."""
    return [
        f"{len(each.rows)} x {len(each.rows[0])}"
        if isinstance(each, Grid)
        else " ".join(f"{'#' * each.heading}{'>' * each.depth} {each.label} {each.text}".split())[:40]
        for each in document.blocks
    ]


def test_numbers_that_word_shows() -> None:
    document = read_document(PLANS / "comision.docx")
    found = lines(document)
    assert found[3] == "# Introducción"
    assert found[6:9] == [
        "# Eje estratégico 1. Información y conoc",
        "## Objetivo específico 1.1. Producir dat",
        "Cuadro 1. Programación del objetivo espe",
    ]
    first, second = (each for each in document.blocks[9:13] if isinstance(each, Grid))
    assert [row[0].strip() for row in (*first.rows[:3], *second.rows[1:3])] == [
        "N.º", "1.1.1", "1.1.2", "1.2.1", "1.2.2",
    ]  # fmt: skip
    assert [kind for kind, _ in document.asides] == ["page header", "page footer", "footnote"]


def test_lists_and_navigation_of_a_page() -> None:
    document = read_document(PLANS / "pacific.html")
    found = lines(document)
    at = found.index("#### Measures")
    assert found[at : at + 4] == [
        "#### Measures",
        "> 1. Agree on a common definition of rec",
        "> 2. Amend national regulations on priva",
        ">> a. Compare the licensing laws in forc",
    ]
    assert "> Timeframe: Q2 2027. Budget: USD 22,00" in found, "a second paragraph of an item has no label"
    assert not any("cookies" in each or "Skip to main" in each for each in found)
    assert "navigation texts" in document.omissions[0]


@pytest.mark.parametrize(
    ("number", "format", "text"),
    [
        (4, "lowerRoman", "iv"),
        (1949, "upperRoman", "MCMXLIX"),
        (28, "lowerLetter", "bb"),
        (3, "decimalZero", "03"),
        (7, "none", ""),
        (2, "ordinalText", "2"),
    ],
)
def test_formats_of_numbers(number: int, format: str, text: str) -> None:
    assert format_number(number, format) == text


def test_items_of_lists(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<ol start=3 type=I><li>a<li value=7>b<ul><li>c</ul>d</ol>e<br>f<h2>g<p>h<div>i</div>", "utf-8")
    assert list(read_document(file).blocks) == [
        Paragraph("a", depth=1, label="III."),
        Paragraph("b", depth=1, label="VII."),
        Paragraph("c", depth=2, label="•"),
        Paragraph("d", depth=1),
        Paragraph("e\nf"),
        Paragraph("g", heading=2),
        Paragraph("h"),
        Paragraph("i"),
    ]
