"""`crmgraph diff` as a stranger meets it."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import docx
import pytest
from rdflib import Graph

from crmgraph.building import MANIFEST, SOURCE, Manifest, plans_digests
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
    counted, changed = done.out.split("\n", 1)
    assert counted.startswith("1 de 98 partes comparadas cambiaron (")
    assert changed.startswith("\nactividad pgm/1.2.1: encomendada a otros (línea 21")
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


SMALL = "\tTEMAS\n\tOBJETIVOS\n\tACCION\n\tACTIVIDADES\n\tCALENDARIO\n\tUno\n\t1. Uno\n\t1.1 Uno\n\t1.1.1 {}\n\t2027\n"


def test_plans_that_the_dataset_was_built_with(
    run: Run, build_folder: Path, manifest: Manifest, tmp_path: Path
) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    for name, words in (("nuevo", "Un taller"), ("nuevo@2006", "Un curso")):
        (plans / f"{name}.txt").write_text(f"Nuevo\n\n{SMALL.format(words)}", encoding="utf-8")
    (tmp_path / "later.txt").write_text(f"Nuevo\n\n{SMALL.format('Tres talleres')}", encoding="utf-8")
    (tmp_path / "nuevo").mkdir()
    folder = tmp_path / "there"
    shutil.copytree(build_folder, folder)
    told = asdict(manifest) | {"plans": str(plans), "further": plans_digests(plans)}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    done = run("diff", "nuevo", "later.txt", "--lang", "en", "--build", str(folder))
    assert (done.status, done.err) == (1, "")
    assert "[-Un taller-] {+Tres talleres+}" in done.out
    assert "{+taller+}" in run("diff", "nuevo-2006", "nuevo", "--build", str(folder)).out
    assert "prague, nuevo, nuevo-2006" in run("diff", "none", "later.txt", "--build", str(folder)).err
    # Two files need no folder of plans.
    shutil.rmtree(plans)
    assert run("diff", "later.txt", "later.txt", "--build", str(folder)).status == 0


def test_a_document_of_word_is_to_be_imported(run: Run, tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "new.docx"))
    done = run("diff", "crm", "new.docx")
    assert (done.status, done.out) == (2, "")
    assert "new.docx: this is a document of Word, and no plan in text; `crmgraph import` makes one of it" in done.err
