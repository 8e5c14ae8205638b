"""CSV as Excel saves it."""

from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import read_tables


def test_csv_in_windows_1252(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes("Eje;Acción\r\nProtección;“Niñez” – 5 €\r\n".encode("cp1252"))
    [grid] = read_tables(file)
    assert grid.rows == (("Eje", "Acción"), ("Protección", "“Niñez” – 5 €"))
    assert grid.told == ("read as Windows-1252, for it is not UTF-8; look whether its accents are right",)


def test_csv_in_utf_16(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes("Eje;Acción\n".encode("utf-16"))
    [grid] = read_tables(file)
    assert (grid.rows, grid.told) == ((("Eje", "Acción"),), ())


def test_csv_whose_accents_some_program_has_damaged(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("Tema,Objetivo\nNÃO,ProtecciÃ³n e InÃ©s\n", encoding="utf-8")
    [grid] = read_tables(file)
    [told] = grid.told
    assert told.startswith(
        "its accents look damaged (“ProtecciÃ³n” for “Protección”, “InÃ©s” for “Inés”): some program has taken "
    )
    file.write_text("Tema,Objetivo\nNÃO,Protección de migrantes em São Tomé\n", encoding="utf-8")
    assert [each.told for each in read_tables(file)] == [()]


@pytest.mark.parametrize("said", ["", "sep=,\n"])
def test_the_row_with_a_quotation_mark_that_is_not_closed(said: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(f'{said}Tema,Objetivo\n"Uno\ny medio",Dos\nTrata,"Prevenir\nRetorno,Volver\n', encoding="utf-8")
    with pytest.raises(SourceError, match="look at the quotation marks of the row that begins here") as refused:
        read_tables(file)
    assert refused.value.place is not None
    assert refused.value.place.line == (5 if said else 4)


@pytest.mark.parametrize("data", ["Acción, protección\n".encode() + b"\xf3", b"a,b\n\x81\n", b"\xff\xfea"])
def test_csv_that_is_damaged(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(data)
    with pytest.raises(SourceError, match=r"not UTF-8|text in UTF-16"):
        read_tables(file)
