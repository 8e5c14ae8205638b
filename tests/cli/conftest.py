"""Commands in an empty folder with the built dataset, and a plan that others wrote."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from crmgraph.building.manifest import Manifest
from tests.support.commands import Run, commands_in

_THEMES = ("Protección de las personas en tránsito", "Trabajo", "Cooperación")


@pytest.fixture
def run(build_folder: Path, manifest: Manifest, tmp_path: Path) -> Iterator[Run]:
    """Run crmgraph in an empty folder, with the built dataset named in the environment."""
    assert manifest.graphs
    with commands_in(tmp_path, build_folder) as run:
        yield run


@pytest.fixture
def workbook(tmp_path: Path) -> str:
    """A plan of thirty objectives, with columns of its own, merged cells and no numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Plan Regional de Movilidad Humana 2027"])
    sheet.append([])
    sheet.append(["Eje", "Resultado esperado", "Medida", "Tarea", "Plazo", "Costo"])
    for number in range(30):
        theme = _THEMES[number // 10] if number % 10 == 0 else None
        sheet.append([theme, f"Resultado {chr(97 + number % 26)}{number}", "Coordinar con la OIM", "Taller", "2028", 5])
        sheet.append([None, None, None, "Informe de la CEPAL", "Continuo", 1])
    sheet.merge_cells("A4:A23")
    book.save(tmp_path / "movilidad.xlsx")
    return "movilidad.xlsx"
