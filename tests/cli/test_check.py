"""`crmgraph check` as a stranger meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SH, Dataset, Graph, URIRef
from typer.testing import CliRunner

from crmgraph import building
from crmgraph.building import Manifest
from crmgraph.building import dataset as put_together
from crmgraph.cli import app
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import ContradictionError
from crmgraph.namespaces import Names
from tests.support.commands import Run
from tests.support.servers import crmgraph_command

HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO")
TABLE = "".join(f"\t{cell}\n" for cell in (*HEADINGS, "Tema", "2. Dos", "9.9 A", "", ""))
ACCEPTED = "code,element,exact,accepted_by,accepted_on,reason_es,reason_en\n"


def write(folder: Path, name: str, *cells: str) -> None:
    (folder / name).write_text("".join(f"\t{cell}\n" for cell in (*HEADINGS, *cells)), encoding="utf-8")


def codes(text: str) -> set[tuple[str, str]]:
    return {(each["code"], each["severity"]) for each in json.loads(text) if each["severity"] != "info"}


def test_the_built_dataset(run: Run) -> None:
    done = run("check", "--format", "json", "--fail-on", "never")
    assert done.status == 0
    assert len(json.loads(done.out)) == 77
    spanish = run("check")
    assert (spanish.status, spanish.err) == (1, "")
    assert spanish.out.splitlines()[-1] == "77 hallazgos: 2 errores, 32 advertencias, 43 informativos."
    english = run("check", "--lang", "en")
    assert english.out.splitlines()[-1] == "77 findings: 2 errors, 32 warnings, 43 for information."
    assert "      1.2.1 Ver actividades del objetivo 12 del tema" in english.out


@pytest.mark.parametrize("form", ["text", "json", "turtle", "sarif", "html"])
def test_the_report_of_the_built_dataset_needs_no_heavy_library(
    form: str, build_folder: Path, manifest: Manifest
) -> None:
    assert manifest.graphs
    code = (
        "import sys\nfrom crmgraph.cli import app\n"
        f"app(['check', '--fail-on', 'never', '--format', '{form}'], standalone_mode=False)\n"
        "print([name for name in ('rdflib', 'shifty', 'fastapi') if name in sys.modules], file=sys.stderr)"
    )
    environment = {**os.environ, "CRMGRAPH_BUILD": str(build_folder)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr.strip() == "[]"
    assert done.stdout


def test_the_forms_agree(run: Run) -> None:
    rows = json.loads(run("check", "--format", "json").out)
    results = Graph().parse(data=run("check", "--format", "turtle").out, format="turtle").subjects(SH.focusNode)
    sarif = json.loads(run("check", "--format", "sarif").out)["runs"][0]["results"]
    assert len(rows) == len(set(results)) == len(sarif)
    assert [(each["ruleId"], each["locations"][0]["physicalLocation"]["region"]["charOffset"]) for each in sarif] == [
        (row["code"], row["start"]) for row in rows
    ]
    assert run("check", "--format", "html").out.count('<li class="finding"') == len(rows)


def test_a_file_by_severity(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "mío.txt", "Tema", "1. Uno", "1.1 A", "1.1.1 B", "")
    done = run("check", "mío.txt", "--format", "json")
    assert done.status == 0
    assert codes(done.out) == {("activity-without-schedule", "warning"), ("plan-undated", "warning")}
    assert run("check", "mío.txt", "--fail-on", "warning").status == 1
    assert run("check", "mío.txt", "--fail-on", "never").status == 0


@pytest.mark.parametrize("form", ["text", "json", "turtle", "sarif", "html"])
def test_a_plan_without_defects_gives_no_finding_in_any_form(form: str, run: Run, tmp_path: Path) -> None:
    cells = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad", "1.1.1.1 Pendiente")
    write(tmp_path, "plan.txt", *cells)
    clean = "Plan de acción\nAdoptado en Ottawa el 9 de abril de 2003\n" + (tmp_path / "plan.txt").read_text("utf-8")
    (tmp_path / "plan.txt").write_text(clean.replace("CION", "CIÓN"), encoding="utf-8")
    done = run("check", "plan.txt", "--fail-on", "info", "--format", form)
    assert (done.status, done.err) == (0, "")
    if form == "text":
        assert done.out == "No se halló ningún defecto.\n"
    elif form == "json":
        assert json.loads(done.out) == []
    elif form == "turtle":
        report = Graph().parse(data=done.out, format="turtle")
        assert [bool(value) for value in report.objects(None, SH.conforms)] == [True]
        assert list(report.objects(None, SH.result)) == []
    elif form == "sarif":
        assert json.loads(done.out)["runs"][0]["results"] == []
    else:
        assert "<mark" not in done.out


def test_only_a_plan_that_is_being_translated_lacks_translations(run: Run, tmp_path: Path) -> None:
    cells = ("Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad", "1.1.1.1 Pendiente")
    for name in ("plan.txt", "crm.txt"):
        write(tmp_path, name, *cells)
    asked = ("--only", "translation-missing", "--fail-on", "info", "--format", "json")
    assert json.loads(run("check", "plan.txt", *asked).out) == []
    done = run("check", "crm.txt", *asked)
    assert done.status == 0
    assert [row["element"].rpartition("/crm/")[2] for row in json.loads(done.out)][1:] == [
        "t",
        "t/1",
        "t/1.1",
        "t/1.1.1",
    ]


@pytest.mark.parametrize("option", ["--fail-on", "--format", "--lang"])
def test_a_choice_that_there_is_not_is_one_clear_line(option: str, run: Run) -> None:
    done = run("check", option, "bad")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"crmgraph: Invalid value for '{option}': 'bad' is not one of '")
    assert done.err.count("\n") == 1


def test_the_built_dataset_is_located_in_its_file(run: Run) -> None:
    rows = json.loads(run("check", "--format", "json").out)
    assert {row["file"] for row in rows} == {"data/source/crm.txt"}
    [missing] = [row for row in rows if row["code"] == "unresolved-cross-reference"]
    lines = building.SOURCE.read_text(encoding="utf-8").splitlines()
    assert lines[missing["line"] - 1][missing["column"] - 1 :].startswith(missing["exact"])


def test_a_file_cut_off_within_its_last_cell_is_refused(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "plan.txt", "Tema", "1. Uno", "1.1 A", "1.1.1 B", "1.1.1.1 Pendiente de")
    assert run("check", "plan.txt").err == ""
    whole = (tmp_path / "plan.txt").read_bytes()
    (tmp_path / "plan.txt").write_bytes(whole.removesuffix(b"\n"))
    done = run("check", "plan.txt", "--fail-on", "never")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "crmgraph: plan.txt, line 10, column 22: the last line has no line end, as if the file had been cut off here; "
        "if it is whole, end the line\n"
    )


def test_a_plan_from_standard_input(run: Run) -> None:
    done = run("check", "-", "--lang", "en", stdin=TABLE)
    assert done.status == 1
    assert "    standard input:8:2 [" in done.out
    rows = json.loads(run("check", "-", "--format", "json", stdin=TABLE).out)
    [outside] = [row for row in rows if row["code"] == "number-outside-parent"]
    assert outside["element"].endswith("/id/plan/stdin/t/9.9")
    assert (outside["file"], outside["line"], outside["column"]) == ("standard input", 8, 2)
    named = run("check", "-", "--id", "mine", "--format", "json", stdin=TABLE)
    assert "/id/plan/mine" in json.loads(named.out)[0]["element"]


def test_a_file_in_sarif_has_a_relative_address(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mis planes").mkdir()
    write(tmp_path / "mis planes", "año.txt", "Tema", "2. Dos", "9.9 A", "", "")
    log = json.loads(run("check", str(tmp_path / "mis planes" / "año.txt"), "--format", "sarif").out)
    assert log["runs"][0]["artifacts"][0]["location"]["uri"] == "mis%20planes/a%C3%B1o.txt"


def test_only_some_kinds(run: Run) -> None:
    asked = ("--only", "date-past", "--only", "plan-undated", "--format", "json")
    done = run("check", *asked)
    assert done.status == 0
    assert {row["code"] for row in json.loads(done.out)} == {"date-past", "plan-undated"}


@pytest.mark.parametrize("given", [(), ("-",)])
def test_a_kind_that_there_is_not(given: tuple[str, ...], run: Run) -> None:
    done = run("check", *given, "--only", "date-pst", stdin=TABLE)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("crmgraph: --only: there is no check date-pst; did you mean date-past")
    assert run("check", *given, "--only", "xyzzy", stdin=TABLE).err == (
        "crmgraph: --only: there is no check xyzzy; https://w3id.org/crmgraph/findings lists the codes\n"
    )


def test_only_what_is_new_since_an_earlier_report(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "v1.txt", "Tema", "2. Dos", "9.9 A", "", "")
    (tmp_path / "v1.json").write_text(run("check", "v1.txt", "--format", "json").out, encoding="utf-8")
    text = (tmp_path / "v1.txt").read_text(encoding="utf-8")
    (tmp_path / "v2.txt").write_text("Otro título\n" + text, encoding="utf-8")
    same = run("check", "v2.txt", "--baseline", "v1.json", "--only", "number-outside-parent", "--lang", "en")
    assert (same.status, same.out) == (0, "Nothing new was found. 1 already known is not shown.\n")
    write(tmp_path, "v2.txt", "Tema", "2. Dos", "9.9 A", "8.8.8 B", "")
    more = run("check", "v2.txt", "--baseline", "v1.json", "--only", "number-outside-parent", "--format", "json")
    assert more.status == 1
    assert [row["number"] for row in json.loads(more.out)] == ["8.8.8"]
    sarif = run("check", "v2.txt", "--baseline", "v1.json", "--format", "sarif").out
    assert {result["baselineState"] for result in json.loads(sarif)["runs"][0]["results"]} == {"new"}


def test_a_baseline_that_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    done = run("check", "--baseline", "x.json")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("crmgraph: x.json: this is no report; make one with")


def test_what_is_accepted_beside_the_plan_is_shown_and_does_not_count(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "plan.txt", "Tema", "2. Dos", "9.9 A", "", "")
    assert run("check", "plan.txt").status == 1
    row = "number-outside-parent,t/9.9,,Ana,2026-11-26,Se sabe.,It is known.\n"
    (tmp_path / "plan.accepted.csv").write_text(ACCEPTED + row, encoding="utf-8")
    done = run("check", "plan.txt", "--lang", "en")
    assert (done.status, done.err) == (0, "")
    assert "    Accepted by Ana on 2026-11-26: It is known." in done.out
    [told] = [
        row["accepted"] for row in json.loads(run("check", "plan.txt", "--format", "json").out) if "accepted" in row
    ]
    assert told["by"] == "Ana"
    (tmp_path / "other.csv").write_text(ACCEPTED + row.replace("t/9.9", "t/8"), encoding="utf-8")
    stale = run("check", "plan.txt", "--accepted", "other.csv")
    assert stale.status == 1
    assert stale.err == (
        "crmgraph: other.csv, line 2: nothing is found any more that is number-outside-parent in t/8; "
        "take the row away or correct it\n"
    )


def test_a_table_for_several_plans(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "Tema", "2. Dos", "9.9 A", "", "")
    write(tmp_path, "b.txt", "Salud", "2. Dos", "9.9 A", "", "")
    rows = [f"number-outside-parent,{theme}/9.9,,Ana,2026-11-26,Se sabe.,It is known.\n" for theme in "tsx"]
    (tmp_path / "both.csv").write_text(ACCEPTED + "".join(rows[:2]), encoding="utf-8")
    done = run("check", "a.txt", "b.txt", "--accepted", "both.csv")
    assert (done.status, done.err) == (0, "")
    (tmp_path / "both.csv").write_text(ACCEPTED + "".join(rows), encoding="utf-8")
    done = run("check", "a.txt", "b.txt", "--accepted", "both.csv")
    assert (done.status, done.err.count("\n")) == (0, 1)
    assert done.err.startswith("crmgraph: both.csv, line 4: nothing is found any more that is number-outside-parent")
    done = run("check", "a.txt", "none.txt", "--accepted", "both.csv")
    assert (done.status, done.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("given", [(), ("plan.txt",)])
def test_a_mistyped_code_in_the_table_of_what_is_accepted(given: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    write(tmp_path, "plan.txt", "Tema", "2. Dos", "9.9 A", "", "")
    row = "number-outside-parnet,t/9.9,,Ana,2026-11-26,Se sabe.,It is known.\n"
    (tmp_path / "mine.csv").write_text(ACCEPTED + row, encoding="utf-8")
    done = run("check", *given, "--accepted", "mine.csv")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(
        "crmgraph: mine.csv, line 2, column 1: code: there is no check number-outside-parnet; "
        "did you mean number-outside-parent"
    )


def test_a_finding_of_the_built_dataset_is_accepted_from_a_table(run: Run, tmp_path: Path) -> None:
    rows = ("unresolved-cross-reference,vmd/1.2.1,12,", "note-contradicts-schedule,vmd/4-a,,")
    text = ACCEPTED + "".join(f"{row}Ana,2026-11-26,Se sabe.,It is known.\n" for row in rows)
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    done = run("check", "--accepted", "mine.csv")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1].endswith("2 aceptados como explicados.")


def test_a_wrong_table_of_what_is_accepted(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "plan.txt", "Tema", "1. Uno", "", "", "")
    (tmp_path / "plan.accepted.csv").write_text(ACCEPTED + "a,b,c,d,soon,f,g\n", encoding="utf-8")
    done = run("check", "plan.txt")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("crmgraph: plan.accepted.csv, line 2, column 5: accepted_on: ")
    assert run("check", "--accepted", "none.csv").err.startswith("crmgraph: none.csv: cannot be read")


def test_of_several_files_the_good_ones_are_reported_and_the_bad_ones_told(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "Tema", "2. Dos", "9.9 A", "", "")
    (tmp_path / "b.txt").write_text("Nothing here is a table.\n", encoding="utf-8")
    write(tmp_path, "c.txt", "Tema", "1. Uno", "", "", "")
    done = run("check", "a.txt", "b.txt", "none.txt", "c.txt", "--format", "json")
    assert done.status == 2
    assert {row["file"] for row in json.loads(done.out)} == {"a.txt", "c.txt"}
    first, second = done.err.splitlines()
    assert first.startswith("crmgraph: b.txt")
    assert second.startswith("crmgraph: none.txt: cannot be read")


def test_a_row_of_one_cell_is_told_in_the_singular(run: Run) -> None:
    done = run("check", "-", stdin=TABLE + "\tTema\n")
    assert done.err.startswith("crmgraph: standard input, line 11, column 1: the row that begins here has 1 cell and")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("latin1.txt", "PLAN DE ACCIÓN\n".encode("latin-1")),
        ("noise.txt", b"\x80\xff" * 2048),
        ("prose.txt", b"Nothing here is a table.\n"),
        ("blank.txt", "".join(f"\t{cell}\n" for cell in (*HEADINGS, *[""] * 5)).encode()),
        ("truncated.txt", TABLE[:-3].encode()),
        ("truncated-in-the-last-cell.txt", building.SOURCE.read_bytes()[:6000]),
        ("missing.txt", None),
    ],
)
def test_rubbish_is_one_clear_line(name: str, data: bytes | None, run: Run, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = run("check", name)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"crmgraph: {name}")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("piece", [b"\x00\xff\x80a", b"\tTema\n", b"x"])
def test_fifty_megabytes_are_refused_at_once(piece: bytes, build_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "huge.txt").write_bytes(piece * (50 * 2**20 // len(piece)))
    for arguments, stdin in ((("huge.txt",), None), (("-",), tmp_path / "huge.txt")):
        began = os.times().children_user
        with (stdin or Path(os.devnull)).open("rb") as given:
            done = subprocess.run(
                [*crmgraph_command(), "check", *arguments],
                stdin=given, capture_output=True, text=True, cwd=tmp_path, check=False,
                env={**os.environ, "CRMGRAPH_BUILD": str(build_folder)},
            )  # fmt: skip
        assert os.times().children_user - began < 2
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "this is larger than 2,097,152 bytes" in done.stderr


def test_data_that_contradict_the_ontology_stop_the_build_and_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = put_together._dataset

    def wrong(*arguments: Any) -> Dataset:
        dataset = real(*arguments)
        graph = dataset.graph(URIRef(Names().graph("plan/crm")))
        graph.add((URIRef(Names().id("country/MEX")), RDF.type, CG.Organisation))
        return dataset

    monkeypatch.setattr(put_together, "_dataset", wrong)
    with pytest.raises(ContradictionError):
        building.build(tmp_path / "build", Names())
    done = CliRunner().invoke(app, ["check", "--build", str(tmp_path / "build"), "--format", "json"])
    assert done.exit_code == 1
    rows = json.loads(done.stdout)
    assert len(rows) == 78
    [found] = [row for row in rows if row["code"] == "contradiction"]
    assert (found["severity"], found["element"]) == ("violation", Names().id("country/MEX"))
    assert len(found["triples"]) == 3


def test_of_a_plan_in_french_it_is_said_what_is_not_judged(run: Run, tmp_path: Path) -> None:
    cells = ("THÈMES", "OBJECTIFS", "ACTION", "ACTIVITÉS", "CALENDRIER", "Retour", "1. Le retour des migrants",
             "1.1 Les visas", "1.1.1 Une réunion", "1.1.1.1 En cours")  # fmt: skip
    (tmp_path / "cotonou.txt").write_text("Plan 2027\n\n" + "".join(f"\t{cell}\n" for cell in cells), encoding="utf-8")
    done = run("check", "cotonou.txt", "--lang", "en")
    assert (done.status, done.out) == (0, "No defect was found.\n")
    assert done.err == (
        "crmgraph: cotonou.txt: this plan is in French; of its schedule was read only what stands in figures or is "
        "written as in Spanish or English, and how names are spelt was not judged: their words are known in Spanish "
        "and English\n"
    )
