"""Commands run in this process, in an empty folder, with the built dataset; and a plan that others wrote."""

import io
import sys
from pathlib import Path

import openpyxl
import pytest

from crmgraph import building
from crmgraph.building import Manifest
from crmgraph.checking import plans
from crmgraph.cli import main
from crmgraph.describing import Background
from crmgraph.namespaces import Names
from tests.support.commands import Outcome, Run
from tests.support.dataset import real_background

_THEMES = ("Protección de las personas en tránsito", "Trabajo", "Cooperación")


@pytest.fixture
def run(build_folder: Path, manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run crmgraph in an empty folder, with the built dataset named in the environment."""
    assert manifest.graphs
    describe = plans.background

    def known(names: Names) -> Background:
        return real_background() if names == Names() else describe(names)

    for module in (building, plans):
        monkeypatch.setattr(module, "background", known)
    monkeypatch.chdir(tmp_path)
    for name, value in {"CRMGRAPH_BUILD": str(build_folder), "COLUMNS": "200", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    return _run


def _run(*arguments: str, stdin: str = "") -> Outcome:
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="") for data in (stdin.encode(), b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["crmgraph", *arguments])
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as ended:
            main()
    _, out, err = streams
    for stream in (out, err):
        stream.flush()
    # As a text file is read: tables in CSV have the line ends of CSV.
    told = [io.TextIOWrapper(io.BytesIO(stream.buffer.getvalue()), "utf-8").read() for stream in (out, err)]
    return Outcome(int(ended.value.code or 0), *told)


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
