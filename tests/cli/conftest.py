"""A built dataset and an empty folder for every command, and a plan that others wrote."""

import os
import subprocess
from pathlib import Path

import openpyxl
import pytest

from crmgraph.building import Manifest
from tests.support.commands import Outcome, Run
from tests.support.servers import crmgraph_command

_THEMES = ("Protección de las personas en tránsito", "Trabajo", "Cooperación")


@pytest.fixture
def run(build_folder: Path, manifest: Manifest, tmp_path: Path) -> Run:
    """Run crmgraph in an empty folder, with the built dataset named in the environment."""
    assert manifest.graphs

    def run(*arguments: str, stdin: str = "") -> Outcome:
        environment = {**os.environ, "CRMGRAPH_BUILD": str(build_folder), "COLUMNS": "200", "NO_COLOR": "1"}
        done = subprocess.run(
            [*crmgraph_command(), *arguments],
            input=stdin, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, env=environment, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


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
