"""`crmgraph check`: of the built dataset, and of plans in files."""

import json
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SH, Dataset, Graph, URIRef

from crmgraph.building import dataset, parts
from crmgraph.building import manifest as inputs
from crmgraph.building.manifest import Manifest
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import ContradictionError
from crmgraph.namespaces import Names
from tests.support.commands import Run
from tests.support.defects import defective_plan

HEADINGS = ("TEMAS", "OBJETIVOS", "ACCION", "ACTIVIDADES", "CALENDARIO")
OUTSIDE = ("Tema", "2. Dos", "9.9 A", "", "")
ACCEPTED = "code,element,exact,accepted_by,accepted_on,reason_es,reason_en\n"
BY_ANA = "Ana,2026-11-26,Se sabe.,It is known.\n"


def table(*cells: str) -> str:
    return "".join(f"\t{cell}\n" for cell in (*HEADINGS, *cells))


def write(folder: Path, name: str, *cells: str) -> None:
    (folder / name).write_text(table(*cells), encoding="utf-8")


def test_built_dataset_in_each_form(run: Run, tmp_path: Path) -> None:
    done = run("check", "--format", "json", "--fail-on", "never")
    assert done.status == 0
    rows = json.loads(done.out)
    assert len(rows) == 24
    spanish = run("check")
    assert (spanish.status, spanish.err) == (1, "")
    assert spanish.out.splitlines()[-1] == "24 hallazgos: 2 errores, 15 advertencias, 7 informativos."
    english = run("check", "--lang", "en").out
    assert english.splitlines()[-1] == "24 findings: 2 errors, 15 warnings, 7 for information."
    assert "  Link between Migration and Development, activity 1.2.1: “Ver actividades del" in english
    results = Graph().parse(data=run("check", "--format", "turtle").out, format="turtle").subjects(SH.focusNode)
    sarif = json.loads(run("check", "--format", "sarif").out)["runs"][0]["results"]
    assert len(set(results)) == 24
    assert [(each["ruleId"], each["locations"][0]["physicalLocation"]["region"]["charOffset"]) for each in sarif] == [
        (row["code"], row["start"]) for row in rows
    ]
    assert run("check", "--format", "html").out.count('<li class="finding"') == 24
    assert {row["file"] for row in rows} == {"data/source/crm.txt"}
    [missing] = [row for row in rows if row["code"] == "unresolved-cross-reference"]
    lines = inputs.SOURCE.read_text(encoding="utf-8").splitlines()
    assert lines[missing["line"] - 1][missing["column"] - 1 :].startswith(missing["exact"])
    only = run("check", "--only", "title-differs", "--only", "plan-undated", "--format", "json")
    assert (only.status, {row["code"] for row in json.loads(only.out)}) == (0, {"title-differs", "plan-undated"})
    accepted = ("unresolved-cross-reference,vmd/1.2.1,12,", "note-contradicts-schedule,vmd/4-a,,")
    (tmp_path / "mine.csv").write_text(ACCEPTED + "".join(row + BY_ANA for row in accepted), encoding="utf-8")
    done = run("check", "--accepted", "mine.csv")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1].endswith("2 aceptados como explicados.")


def test_what_is_not_yet_translated_is_no_defect(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "crm.txt", "Tema", "1. Uno", "1.1 Acción", "1.1.1 Actividad", "1.1.1.1 Pendiente")
    done = run("check", "crm.txt", "--only", "translation-missing", "--fail-on", "info", "--format", "json")
    assert (done.status, len(json.loads(done.out))) == (0, 5)


@pytest.mark.drill
def test_the_reference_engine_reports_the_same(run: Run, tmp_path: Path) -> None:
    for seed in range(3):
        (tmp_path / f"{seed}.txt").write_text(defective_plan(seed).source.text, encoding="utf-8")
    for file in ("0.txt", "1.txt", "2.txt", str(inputs.SOURCE)):
        fast, reference = (run("check", file, "--format", "json", *more) for more in ((), ("--engine", "pyshacl")))
        assert fast.out == reference.out
        assert len(json.loads(fast.out)) > 3


def test_plan_from_standard_input(run: Run, tmp_path: Path) -> None:
    done = run("check", "-", "--lang", "en", stdin=table(*OUTSIDE))
    assert done.status == 1
    assert "    standard input:8:2\n" in done.out
    rows = json.loads(run("check", "-", "--format", "json", stdin=table(*OUTSIDE)).out)
    [outside] = [row for row in rows if row["code"] == "number-outside-parent"]
    assert outside["element"].endswith("/id/plan/stdin/9.9")
    assert (outside["file"], outside["line"], outside["column"]) == ("standard input", 8, 2)
    named = run("check", "-", "--id", "mine", "--format", "json", stdin=table(*OUTSIDE))
    assert "/id/plan/mine" in json.loads(named.out)[0]["element"]
    (tmp_path / "mis planes").mkdir()
    write(tmp_path / "mis planes", "año.txt", *OUTSIDE)
    log = json.loads(run("check", str(tmp_path / "mis planes" / "año.txt"), "--format", "sarif").out)
    assert log["runs"][0]["artifacts"][0]["location"]["uri"] == "mis%20planes/a%C3%B1o.txt"


def test_accepted_findings(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", *OUTSIDE)
    assert run("check", "a.txt").status == 1
    rows = [f"number-outside-parent,{element},,{BY_ANA}" for element in ("9.9", "x/9.9")]
    (tmp_path / "a.accepted.csv").write_text(ACCEPTED + rows[0], encoding="utf-8")
    done = run("check", "a.txt", "--lang", "en")
    assert (done.status, done.err) == (0, "")
    assert "    Accepted by Ana on 2026-11-26: It is known." in done.out
    (tmp_path / "mine.csv").write_text(ACCEPTED + "".join(rows), encoding="utf-8")
    for files, status, said in ((("a.txt",), 0, ""), (("a.txt", "none.txt"), 2, "crmgraph: none.txt: cannot be read")):
        done = run("check", *files, "--accepted", "mine.csv")
        assert (done.status, done.err.startswith(said), done.err.count("\n")) == (status, True, int(bool(said)))


def test_unreadable_files_are_one_line_each(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a.txt", *OUTSIDE)
    write(tmp_path, "z.txt", "Tema", "1. Uno", "", "", "")
    for name, data in {
        "empty": b"", "noise": b"\x80\xff" * 2048, "prose": b"Nothing here is a table.\n",
        "truncated": table(*OUTSIDE)[:-3].encode(), "huge": b"\tTema\n" * 400_000,
    }.items():  # fmt: skip
        (tmp_path / f"{name}.txt").write_bytes(data)
        done = run("check", f"{name}.txt")
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert done.err.startswith(f"crmgraph: {name}.txt")
    assert "this is larger than 2,097,152 bytes" in done.err
    assert "this is larger than 2,097,152 bytes" in run("check", "-", stdin="x" * 2_200_000).err
    # The others are reported all the same.
    done = run("check", "a.txt", "prose.txt", "none.txt", "z.txt", "--format", "json")
    assert done.status == 2
    assert {row["file"] for row in json.loads(done.out)} == {"a.txt", "z.txt"}
    first, second = done.err.splitlines()
    assert first.startswith("crmgraph: prose.txt")
    assert second.startswith("crmgraph: none.txt: cannot be read")
    assert run("check", "-", stdin=f"{table(*OUTSIDE)}\tTema\n").err.startswith(
        "crmgraph: standard input, line 11, column 1: the row that begins here has 1 cell and"
    )


def test_what_is_not_judged_of_a_plan_in_french(run: Run, tmp_path: Path) -> None:
    cells = ("THÈMES", "OBJECTIFS", "ACTION", "ACTIVITÉS", "CALENDRIER", "Retour", "1. Le retour des migrants",
             "1.1 Les visas", "1.1.1 Une réunion", "1.1.1.1 En cours")  # fmt: skip
    (tmp_path / "cotonou.txt").write_text("Plan 2027\n\n" + "".join(f"\t{cell}\n" for cell in cells), encoding="utf-8")
    done = run("check", "cotonou.txt", "--lang", "en")
    assert (done.status, done.out) == (0, "No defect was found.\n")
    assert done.err.startswith("crmgraph: cotonou.txt: this plan is in French; of its schedule was read only what ")
    assert done.err.endswith(": their words are known in Spanish and English\n")


@pytest.mark.drill
def test_data_that_contradict_the_ontology_stop_the_build_and_are_reported(
    run: Run, tmp_path: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = parts.describe_document

    def wrong(file: Path, *arguments: Any) -> Dataset:
        made = real(file, *arguments)
        if file.stem == "crm":
            graph = made.graph(URIRef(Names().graph("plan/crm")))
            graph.add((URIRef(Names().id("country/MEX")), RDF.type, CG.Organisation))
        return made

    monkeypatch.setattr(parts, "describe_document", wrong)
    with pytest.raises(ContradictionError):
        dataset.build(tmp_path / "build", Names())
    done = run("check", "--build", "build", "--format", "json")
    assert done.status == 1
    rows = json.loads(done.out)
    assert len(rows) == sum(manifest.findings.values()) + 1
    [found] = [row for row in rows if row["code"] == "contradiction"]
    assert (found["severity"], found["element"]) == ("violation", Names().id("country/MEX"))
    assert len(found["triples"]) == 3
