"""`crmgraph import` as a stranger meets it."""

import json
from pathlib import Path

import openpyxl
import pytest

from crmgraph.building import SOURCE
from crmgraph.reading import read_plan
from tests.support.commands import Run
from tests.support.counting import counted
from tests.support.saving import as_docx


def test_a_plan_of_others_in_two_commands(run: Run, workbook: str, tmp_path: Path) -> None:
    done = run("import", workbook, "--output", "movilidad.txt")
    assert (done.status, done.out) == (0, "")
    assert done.err == (
        "crmgraph: 3 themes, 30 objectives, 30 actions, 60 activities, 60 in the calendar; in Spanish; numbers "
        "were added, in brackets, where the file has none; the columns were guessed (--guess shows how)\n"
        "crmgraph: not in the plan: “Costo”\n"
    )
    plan = read_plan(tmp_path / "movilidad.txt")
    assert plan.title == "Plan Regional de Movilidad Humana 2027"
    assert [counted(part) for part, _ in plan.walk() if part.kind == "Objective"][:11] == [*map(str, range(1, 11)), "1"]
    checked = run("check", "movilidad.txt", "--fail-on", "never")
    assert checked.status == 0


def test_a_mapping_is_guessed_mended_and_used(run: Run, workbook: str, tmp_path: Path) -> None:
    guessed = run("import", workbook, "--guess").out
    assert 'objectives = "Resultado esperado"' in guessed
    assert "header = 3" in guessed
    assert guessed.endswith('\n# not in the plan: "Costo"\n')
    (tmp_path / "m.toml").write_text(
        guessed.replace('activities = "Tarea"', 'activities = ["Tarea", "Costo"]'), "utf-8"
    )
    done = run("import", workbook, "--mapping", "m.toml")
    assert "\t[1.1.1] Taller 5\n" in done.out
    assert "guessed" not in done.err


def test_a_mapping_that_does_not_fit_has_no_headings_to_list(run: Run, workbook: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('table = 9\n[columns]\nthemes = "Eje"\n', "utf-8")
    done = run("import", workbook, "--mapping", "m.toml", "--guess")
    assert (done.status, done.out) == (2, "")
    assert "the mapping names table 9, and there are " in done.err


def test_the_real_plan_as_a_word_document(run: Run, tmp_path: Path) -> None:
    before, *cells = SOURCE.read_text(encoding="utf-8").split("\n\t")
    rows = [cells[start : start + 5] for start in range(0, len(cells), 5)]
    as_docx((before.split("\n"), rows), tmp_path / "crm.docx")
    assert run("import", "crm.docx", "--output", "crm.txt").status == 0
    assert run("diff", "crm", "crm.txt", "--lang", "en").out == "The two say the same.\n"
    ours, theirs = (run("check", file, "--format", "json") for file in (str(SOURCE), "crm.txt"))
    assert theirs.out.count('"code"') == ours.out.count('"code"')


def test_what_was_assumed_and_left_out_is_told(run: Run, tmp_path: Path) -> None:
    text = "Eje;Objetivo;Acción;Plazo\nProtección;Atención;Apoyar¹;2027\nTotal;;;5\n¹ En frontera\n"
    (tmp_path / "plan.csv").write_bytes(text.encode("cp1252"))
    done = run("import", "plan.csv", "--output", "plan.txt")
    assert done.err.splitlines()[1:] == [
        "crmgraph: read as Windows-1252, for it is not UTF-8; look whether its accents are right",
        "crmgraph: not in the plan: 1 total (“Total”), 1 note (“¹ En frontera”), 1 footnote mark (¹)",
    ]
    assert "\t[1.1] Apoyar\n" in (tmp_path / "plan.txt").read_text(encoding="utf-8")


def test_what_a_plan_without_a_title_is_called_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "otro.csv").write_text("Eje,Objetivo\nTrabajo,Vías\n", encoding="utf-8")
    done = run("import", "otro.csv", "--output", "movilidad.txt")
    assert "; no title stands above it, so it is called “movilidad”, as the file is\n" in done.err
    assert read_plan(tmp_path / "movilidad.txt").title == "movilidad"
    book = openpyxl.Workbook()
    book.properties.title = "Plan regional"
    for row in (["Eje", "Objetivo"], ["Trabajo", "Vías"]):
        book.active.append(row)
    book.save(tmp_path / "libro.xlsx")
    done = run("import", "libro.xlsx", "--output", "libro.txt")
    assert "called “Plan regional”, as its properties say\n" in done.err


def test_where_a_plan_is_from_is_written_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("Eje,Objetivo,Acción\nTrabajo,Vías,Firmar\n", encoding="utf-8")
    assert "say --output" in run("import", "plan.csv", "--source", "https://e.example/").err
    assert "is no address" in run("import", "plan.csv", "--source", "the web", "--output", "plan.txt").err
    assert run("import", "plan.csv", "--source", "https://e.example/", "--output", "plan.txt").status == 0
    said = json.loads((tmp_path / "plan.origin.json").read_text(encoding="utf-8"))
    assert (said["file"], said["media_type"], said["source"]) == ("plan.csv", "text/csv", "https://e.example/")


def test_other_numbers_are_told(run: Run, tmp_path: Path) -> None:
    rows = ("Eje,Objetivo,Acción", "1. Trata,1.1 Prevenir,1.1.1 Campaña", "2. Retorno,2.1 Acoger,2.1.1 Vuelos")
    (tmp_path / "plan.csv").write_text("\n".join(rows), encoding="utf-8")
    assert (
        "crmgraph: numbers that the file prints are not those of the plan: “1.1 Prevenir” is counted as 1 in it, "
        "and keeps its words. A plan has 1 for an objective, 1.1 for an action of it, 1.1.1 for an activity of that, "
        "begun anew or run on in each theme"
    ) in run("import", "plan.csv", "--output", "plan.txt").err


def test_a_column_that_is_taken_by_its_numbers_is_told(run: Run, tmp_path: Path) -> None:
    rows = "Eje,Objetivo,Línea de trabajo\nTrabajo,1. Abrir vías,1.1 Firmar acuerdos\n,2. Formar,2.1 Dar cursos\n"
    (tmp_path / "plan.csv").write_text(rows, encoding="utf-8")
    done = run("import", "plan.csv", "--output", "plan.txt")
    assert done.status == 0
    assert "taken as actions, for its texts have numbers such as these have: “Línea de trabajo”" in done.err
    (tmp_path / "m.toml").write_text(run("import", "plan.csv", "--guess").out, encoding="utf-8")
    # Who says it in a mapping knows it.
    assert "taken as actions" not in run("import", "plan.csv", "--mapping", "m.toml").err


def test_a_level_that_no_column_was_found_for_is_refused_and_may_be_left_out(run: Run, tmp_path: Path) -> None:
    rows = "Eje,Compromiso,Acción\nTrabajo,Vías regulares,Firmar acuerdos\n"
    (tmp_path / "plan.csv").write_text(rows, encoding="utf-8")
    done = run("import", "plan.csv", "--output", "plan.txt")
    assert done.status == 2
    assert "the text below “Compromiso” would be in no plan" in done.err
    assert not (tmp_path / "plan.txt").exists()
    (tmp_path / "m.toml").write_text(run("import", "plan.csv", "--guess").out, encoding="utf-8")
    done = run("import", "plan.csv", "--mapping", "m.toml", "--output", "plan.txt")
    assert (done.status, done.err.splitlines()[-1]) == (0, "crmgraph: not in the plan: “Compromiso”")


def test_months_that_may_be_days_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(
        "Tema,Objetivo,Actividad,Inicio,Término\nTrabajo,Vías,Firmar,mar-27,dic-28\n", encoding="utf-8"
    )
    told = (
        "crmgraph: not read in the calendar, for the figures may be those of a year or of a day: “mar-27”, “dic-28”; "
        "write the year in full (2027-03)"
    )
    assert told in run("import", "plan.csv", "--output", "plan.txt").err.splitlines()
    with (tmp_path / "plan.csv").open("a", encoding="utf-8") as file:
        file.write(",,Publicar,abril de 2027,ene-28\n")
    assert "not read" not in run("import", "plan.csv", "--output", "plan.txt", "--force").err


def test_a_plan_in_stratml(run: Run, tmp_path: Path) -> None:
    space = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
    goal = "<Goal><Name>Protección</Name><Objective><Name>Albergues</Name></Objective></Goal>"
    (tmp_path / "plan.xml").write_text(f'<StrategicPlan xmlns="{space}">{goal}</StrategicPlan>', encoding="utf-8")
    assert run("import", "plan.xml", "--output", "plan.txt").status == 0
    assert run("check", "plan.txt", "--fail-on", "never").status == 0
    assert [part.text for part, _ in read_plan(tmp_path / "plan.txt").walk()] == ["Protección", "Albergues"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.xlsx",), "none.xlsx"),
        (("plan.odp",), "should end in one of .csv"),
        (("plan.xls",), "open it in a spreadsheet and save it as .xlsx"),
        (("plan.n3",), "or for RDF in one of .ttl, .nt, .rdf, .owl, .jsonld, .trig, .nq"),
        (("movilidad.xlsx", "--output", "plan.docx"), "the name of a plan in text ends in .txt"),
        (("movilidad.xlsx", "--mapping", "none.toml"), "none.toml"),
        (("movilidad.xlsx", "--output", "there.txt"), "there is such a file already"),
        (("there.txt", "--guess"), "the columns of a plan in text are known: leave --mapping and --guess out"),
        (("there.txt", "--output", "plan.nt"), "not a plan's table"),
        (("none.txt", "--output", "plan.nt"), "none.txt: cannot be read"),
        (("none.ttl", "--output", "plan.txt"), "none.ttl: cannot be read"),
        (("there.txt", "--output", "plan.txt"), "not a plan's table"),
    ],
)
def test_what_cannot_be_imported_changes_nothing(
    run: Run, arguments: tuple[str, ...], said: str, workbook: str, tmp_path: Path
) -> None:
    (tmp_path / "there.txt").write_text("kept", encoding="utf-8")
    there = sorted(tmp_path.iterdir())
    done = run("import", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert sorted(tmp_path.iterdir()) == there
    assert workbook in {file.name for file in there}
    assert (tmp_path / "there.txt").read_text(encoding="utf-8") == "kept"


def test_a_plan_in_text_is_checked_and_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    text = "\ufeffPlan\r\n\r\n" + "".join(
        f"\t{cell}\r\n"
        for cell in (
            "TEMAS",
            "OBJETIVOS",
            "ACCION",
            "ACTIVIDADES",
            "CALENDARIO",
            "Uno",
            "1. Uno",
            "1.1 Uno",
            "1.1.1 Uno",
            "",
        )
    )
    (tmp_path / "mine.txt").write_bytes(text.encode())
    done = run("import", "mine.txt", "--output", "quito.txt")
    assert (done.status, done.out) == (0, "")
    assert done.err == (
        "crmgraph: 1 theme, 1 objective, 1 action, 1 activity, 0 in the calendar; in Spanish; it is a plan in text "
        "already, and was not changed\n"
    )
    assert (tmp_path / "quito.txt").read_bytes() == text.encode()
    assert "the name of a plan in text ends in .txt" in run("import", "mine.txt", "--output", "quito.nt").err
    shown = run("import", "mine.txt")
    assert (shown.status, shown.out.lstrip("\ufeff").splitlines()[0]) == (0, "Plan")


ENGLISH = "Theme,Objective,Action,Activity,Target date,Status\nBorders,Manage,Train,Do a review,31/12/2027,Ongoing\n"


def test_the_language_is_told_and_a_mapping_may_say_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(ENGLISH, encoding="utf-8")
    done = run("import", "plan.csv")
    assert "1 in the calendar; in English; numbers were added" in done.err
    assert "\tSCHEDULE\n" in done.out
    mapping = run("import", "plan.csv", "--guess").out
    (tmp_path / "map.toml").write_text(mapping.replace('# language = "es"', 'language = "pt"'), encoding="utf-8")
    done = run("import", "plan.csv", "--mapping", "map.toml")
    assert "1 in the calendar; in Portuguese" in done.err
    assert "\tATIVIDADES\n\tCALENDÁRIO\n" in done.out


def test_a_language_that_the_words_are_not_in_is_refused(run: Run, workbook: str, tmp_path: Path) -> None:
    mapping = run("import", workbook, "--guess").out
    (tmp_path / "map.toml").write_text(mapping.replace('# language = "es"', 'language = "en"'), encoding="utf-8")
    done = run("import", workbook, "--mapping", "map.toml", "--output", "plan.txt")
    assert done.status == 2
    assert "the mapping says that the language is English, and the words are Spanish" in done.err
    assert not (tmp_path / "plan.txt").exists()


def test_a_status_is_in_the_calendar_where_a_mapping_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(ENGLISH, encoding="utf-8")
    done = run("import", "plan.csv")
    assert '“Status” (a mapping has it in the calendar with schedule = ["Target date", "Status"])' in done.err
    mapping = run("import", "plan.csv", "--guess").out
    (tmp_path / "map.toml").write_text(
        mapping.replace('schedule = "Target date"', 'schedule = ["Target date", "Status"]'), encoding="utf-8"
    )
    done = run("import", "plan.csv", "--mapping", "map.toml")
    assert "31/12/2027; Ongoing\n" in done.out


def test_the_folder_of_the_output_is_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(ENGLISH, encoding="utf-8")
    assert run("import", "plan.csv", "--output", "plans/of/others/plan.txt").status == 0
    assert read_plan(tmp_path / "plans" / "of" / "others" / "plan.txt").language == "en"


def test_a_mapping_without_the_row_of_the_headings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(f"A plan,,,,,\n{ENGLISH}", encoding="utf-8")
    (tmp_path / "map.toml").write_text('[columns]\nthemes = "Theme"\n', encoding="utf-8")
    done = run("import", "plan.csv", "--mapping", "map.toml")
    assert (done.status, done.out.splitlines()[0]) == (0, "A plan")
    (tmp_path / "map.toml").write_text('[columns]\nthemes = "Pillar"\n', encoding="utf-8")
    done = run("import", "plan.csv", "--mapping", "map.toml")
    assert done.status == 2
    assert "“header” is 1 where a mapping names none; the headings seem to be in row 2, which has “Theme”" in done.err


def test_of_two_columns_that_say_the_same_the_first_is_taken_and_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(
        "Theme,Objective,Objetivo,Action,Activity,Schedule\nBorders,Train,Capacitar,Agree,Meet,2027\n", encoding="utf-8"
    )
    assert "not in the plan: “Objetivo” (“Objective” says the same, and was taken)" in run("import", "plan.csv").err
