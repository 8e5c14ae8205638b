"""`crmgraph diff` as a stranger meets it."""

import json
from pathlib import Path

import pytest
from rdflib import Graph

from crmgraph.building import SOURCE
from tests.support.commands import Run


@pytest.fixture
def newer(tmp_path: Path) -> str:
    """The real plan, with an activity handed to somebody else."""
    text = SOURCE.read_text(encoding="utf-8")
    assert text.count("La OIM preparara") == 1
    (tmp_path / "crm-2027.txt").write_text(text.replace("La OIM preparara", "La CEPAL preparara"), encoding="utf-8")
    return "crm-2027.txt"


def test_what_changed(run: Run, newer: str) -> None:
    done = run("diff", "crm", newer)
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("1 de 98 partes cambiaron\n\nactividad pgm/1.2.1: encomendada a otros (línea 21")
    assert "se nombra: {+Comisión Económica para América Latina y el Caribe+}" in done.out


def test_in_every_format(run: Run, newer: str) -> None:
    assert json.loads(run("diff", "crm", newer, "--format", "json").out)["changes"][0]["changes"] == ["reassigned"]
    assert "<ins>CEPAL</ins>" in run("diff", "crm", newer, "--format", "html", "--lang", "en").out
    assert len(Graph().parse(data=run("diff", "crm", newer, "--format", "turtle").out, format="turtle")) > 90


def test_nothing(run: Run) -> None:
    done = run("diff", "crm", "crm", "--lang", "en")
    assert (done.status, done.out) == (0, "The two say the same.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("crm", "none"), "there is no file none, and no plan of that name; there are crm, bali, "),
        (("crm", "none.txt"), "none.txt"),
        (("crm", "crm", "--format", "turtle"), "both plans would be called crm; give the new one another name by --id"),
        (("crm", "crm", "--id", "Not An Id"), "a plan's id has lower-case letters"),
    ],
)
def test_what_cannot_be_compared(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("diff", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
