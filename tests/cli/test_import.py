"""`crmgraph import`: plans in tables, in text and in RDF."""

import json
from pathlib import Path

import pytest

from crmgraph.reading import read_plan
from tests.importing.made import counted
from tests.support.commands import Run
from tests.support.phrases import rows_of

ENGLISH = "Theme,Objective,Action,Activity,Target date,Status\nBorders,Manage,Train,Do a review,31/12/2027,Ongoing\n"
MEXICO = "<https://w3id.org/crmgraph/id/country/MEX>"


def test_plan_of_others_in_two_commands(run: Run, workbook: str, tmp_path: Path) -> None:
    done = run("import", workbook, "--output", "movilidad.txt")
    assert (done.status, done.out) == (0, "")
    assert done.err == (
        "crmgraph: themes: 3, objectives: 30, actions: 30, activities: 60, in the calendar: 60; in Spanish; numbers "
        "were added, in brackets, where the file has none; the columns were guessed (--guess shows how)\n"
        "crmgraph: not in the plan: “Costo”\n"
    )
    plan = read_plan(tmp_path / "movilidad.txt")
    assert plan.title == "Plan Regional de Movilidad Humana 2027"
    assert [counted(part) for part, _ in plan.walk() if part.kind == "Objective"][:11] == [*map(str, range(1, 11)), "1"]
    assert run("check", "movilidad.txt", "--fail-on", "never").status == 0


def test_mapping_is_guessed_mended_and_used(run: Run, workbook: str, tmp_path: Path) -> None:
    guessed = run("import", workbook, "--guess").out
    assert 'objectives = "Resultado esperado"' in guessed
    assert "header = 3" in guessed
    assert guessed.endswith('\n# not in the plan: "Costo"\n')
    mapping = tmp_path / "m.toml"
    mapping.write_text(guessed.replace('activities = "Tarea"', 'activities = ["Tarea", "Costo"]'), "utf-8")
    done = run("import", workbook, "--mapping", "m.toml")
    assert "\t[1.1.1] Taller 5\n" in done.out
    assert "guessed" not in done.err
    (tmp_path / "plan.csv").write_text(f"A plan,,,,,\n{ENGLISH}", encoding="utf-8")
    for file, text, said in (
        (workbook, 'table = 9\n[columns]\nthemes = "Eje"\n', "the mapping names table 9, and there are "),
        ("plan.csv", '[columns]\nthemes = "Pillar"\n', "row 1 of the table has no heading “Pillar”; it has “A plan”"),
        (workbook, guessed.replace('# language = "es"', 'language = "en"'), "that the language is English, and the"),
    ):
        mapping.write_text(text, "utf-8")
        done = run("import", file, "--mapping", "m.toml", "--output", "plan.txt")
        assert (done.status, said in done.err, (tmp_path / "plan.txt").exists()) == (2, True, False)


@pytest.mark.parametrize(("name", "encoding", "text", "said", "written"), rows_of("told_of_tables", "cli"))
def test_what_is_told_of_a_table(
    run: Run, tmp_path: Path, name: str, encoding: str, text: str, said: str, written: str
) -> None:
    (tmp_path / f"{name}.csv").write_text(text, encoding)
    done = run("import", f"{name}.csv", "--output", f"plans/of/others/{name}.txt")
    assert (done.status, done.out) == (0, "")
    assert [each for each in said.split("|") if each not in done.err] == []
    assert written in (tmp_path / "plans" / "of" / "others" / f"{name}.txt").read_text(encoding="utf-8")


def test_what_a_mapping_says_is_not_told_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(ENGLISH, encoding="utf-8")
    guessed = run("import", "plan.csv", "--guess").out
    for old, new, said, written in (
        ('# language = "es"', 'language = "pt"', "in the calendar: 1; in Portuguese", "\tATIVIDADES\n\tCALENDÁRIO\n"),
        ('"Target date"', '["Target date", "Status"]', "in the calendar: 1; in English", "31/12/2027; Ongoing\n"),
    ):
        (tmp_path / "map.toml").write_text(guessed.replace(old, new), encoding="utf-8")
        done = run("import", "plan.csv", "--mapping", "map.toml")
        assert (said in done.err, written in done.out, "guessed" in done.err) == (True, True, False)


def test_title_and_origin(run: Run, tmp_path: Path) -> None:
    (tmp_path / "libro.csv").write_text("Eje,Objetivo,Acción\nTrabajo,Vías,Firmar\n", encoding="utf-8")
    done = run("import", "libro.csv", "--source", "https://e.example/", "--output", "libro.txt")
    assert "called “libro”\n" in done.err
    origin = json.loads((tmp_path / "libro.origin.json").read_text(encoding="utf-8"))
    assert (origin["file"], origin["source"]) == ("libro.csv", "https://e.example/")


def test_plan_in_text_is_checked_and_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    cells = ("TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO", "Uno", "1. Uno", "1.1 Uno", "1.1.1 Uno", "")
    text = "\ufeffPlan\r\n\r\n" + "".join(f"\t{cell}\r\n" for cell in cells)
    (tmp_path / "mine.txt").write_bytes(text.encode())
    done = run("import", "mine.txt", "--output", "quito.txt")
    assert (done.status, done.out) == (0, "")
    assert done.err == (
        "crmgraph: themes: 1, objectives: 1, actions: 1, activities: 1, in the calendar: 0; in Spanish; it is a plan "
        "in text already, and was not changed\n"
    )
    assert (tmp_path / "quito.txt").read_bytes() == text.encode()
    shown = run("import", "mine.txt")
    assert (shown.status, shown.out.lstrip("\ufeff").splitlines()[0]) == (0, "Plan")


def test_what_cannot_be_imported_changes_nothing(run: Run, workbook: str, tmp_path: Path) -> None:
    prefix = "@prefix : <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    for name, text in {
        "there.txt": "kept",
        "one.ttl": f"{prefix}:x :p :y .",
        "cut.ttl": f"{prefix}:x :p",
        "same.ttl": f"{prefix}:mexico owl:sameAs {MEXICO} ; :p :x .",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert workbook in before
    misses = []
    for arguments, said in rows_of("cannot_be_imported", "cli"):
        done = run("import", *arguments.split())
        if (done.status, done.out) != (2, "") or said not in done.err:
            misses.append((arguments, done))
    assert misses == []
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_graph_of_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text("<rel> <http://e/p> <otro>, 1 .", encoding="utf-8")
    done = run("import", "mine.ttl", "--source", "https://e.example/plan", "--output", "quito.nt")
    assert (done.status, done.err) == (0, "crmgraph: statements: 3, about things: 2\n")
    written = (tmp_path / "quito.nt").read_text(encoding="utf-8")
    space = "<https://w3id.org/crmgraph/id/plan/quito/"
    assert f"{space}rel> <http://e/p> {space}otro> ." in written
    assert "graph/plan/quito> <http://purl.org/dc/terms/source> <https://e.example/plan> ." in written
