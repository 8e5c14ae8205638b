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


@pytest.mark.parametrize("data", ["Acción, protección\n".encode() + b"\xf3", b"a,b\n\x81\n", b"\xff\xfea"])
def test_csv_that_is_damaged(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(data)
    with pytest.raises(SourceError, match=r"not UTF-8|text in UTF-16"):
        read_tables(file)
