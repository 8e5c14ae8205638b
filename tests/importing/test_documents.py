"""The paragraphs of documents: headings, lists and the numbers that a program shows before them."""

from pathlib import Path

import pytest

from crmgraph.errors import SourceError
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
    assert "> Timeframe: Q2 2027. Budget: USD 22,000" in found, "a second paragraph of an item has no label"
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


def test_tables_and_pages_of_a_pdf() -> None:
    document = read_document(PLANS / "porto-novo.pdf")
    assert lines(document)[10:13] == ["#### Matrice des actions", "55 x 8", "* Montants indicatifs, qui n’engagent pa"]
    table = document.blocks[11]
    assert isinstance(table, Grid)
    by_page = {row[1][:5]: page for row, page in zip(table.rows, table.pages, strict=True)}
    assert (by_page["1.1 T"], by_page["10.3 "], by_page["10.4 "]) == (2, 6, 7)
    assert next(row[1] for row in table.rows if "psychosociale" in row[1]).startswith("10.3 Suivre"), "a broken row"
    assert [text[:11] for kind, text in document.asides if kind == "footnote"] == ["1 Y compris"]
    assert sum(kind == "page footer" for kind, _ in document.asides) == 7


def test_a_scanned_pdf(tmp_path: Path) -> None:
    pixel = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length 23 >>\nstream\nq 9 0 0 9 0 0 cm /I Do Q\nendstream",
        pixel + b"\nstream\n0\nendstream",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    file = tmp_path / "plan.pdf"
    file.write_bytes(b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n")
    with pytest.raises(SourceError, match="page 1 is a picture"):
        read_document(file)
