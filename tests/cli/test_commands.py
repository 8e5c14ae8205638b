"""The command line: outputs and exit statuses. Importing, checking and linking have their own files."""

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import docx
import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from crmgraph import __version__
from crmgraph.building.manifest import MANIFEST, SOURCE, Manifest, plan_digests
from crmgraph.checks.findings import SEVERITIES
from crmgraph.cli import data, plans
from crmgraph.exporting import FORMATS
from crmgraph.files import resource
from crmgraph.settings import Settings
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.store.changes import token_digest
from tests.support.commands import COMMANDS, LISTED, Run
from tests.support.phrases import rows_of
from tests.support.servers import crmgraph_command, running_server

SMALL = "\tTEMAS\n\tOBJETIVOS\n\tACCION\n\tACTIVIDADES\n\tCALENDARIO\n\tUno\n\t1. Uno\n\t1.1 Uno\n\t1.1.1 {}\n\t2027\n"
ACCEPTED = "code,element,exact,accepted_by,accepted_on,reason_es,reason_en\n"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Who may write, and as whom an endpoint elsewhere is asked, stands in a file or in the environment.
NO_FLAGS = {"writers"} | {name for name in Settings.model_fields if name.startswith("store_")}


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"crmgraph {__version__}\n"
    listed = run("--help").out
    assert [command for command in COMMANDS if command not in listed] == []
    assert [name for name, whole in COMMANDS.items() if not whole.help.startswith(str(LISTED[name].help))] == []
    shown = {name: " ".join(run(name, "--help").out.split()) for name in ("build", "check", "query", "serve", "export")}
    assert [name for name, words in shown.items() if f"Example: crmgraph {name}" not in words] == []


def test_options_of_commands() -> None:
    flags = {name: {option for each in command.params for option in each.opts} for name, command in COMMANDS.items()}
    assert all({"--base", "--build"} <= flags[name] for name in COMMANDS if name != "token")
    builds = ("query", "explain", "export", "check", "load", "dump", "link", "build")
    assert [name for name in builds if "--plans" not in flags[name]] == []
    assert {"--timeout", "--memory"} <= flags["query"]
    assert {f"--{name.replace('_', '-')}" for name in Settings.model_fields if name not in NO_FLAGS} <= flags["serve"]
    formats = {"table"} | {format.short for format in RESULT_FORMATS + GRAPH_FORMATS}
    assert set(get_args(data.Format)) == formats
    assert get_args(data.ExportFormat) == FORMATS
    assert get_args(plans.FailOn) == (*SEVERITIES, "never")


def test_start_and_report_without_heavy_libraries(build_folder: Path) -> None:
    code = (
        "import sys\nimport crmgraph.building.manifest, crmgraph.files\nfrom crmgraph.cli import app\n"
        "def heavy(*names): print([name for name in names if name in sys.modules], file=sys.stderr)\n"
        "app(['--help'], standalone_mode=False)\n"
        "heavy('rdflib', 'pyoxigraph', 'fastapi', 'pyshacl', 'owlrl', 'uvicorn', 'lxml')\n"
        "for form in ('text', 'json', 'sarif', 'html'):\n"
        "    app(['check', '--fail-on', 'never', '--format', form], standalone_mode=False)\n"
        "heavy('rdflib', 'shifty', 'fastapi')"
    )
    environment = {**os.environ, "CRMGRAPH_BUILD": str(build_folder)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stderr.split("\n") == ["[]", "[]", ""]


def test_wrong_usage_is_one_line_with_status_2(run: Run, tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "new.docx"))
    for folder in ("plans", "letters"):
        (tmp_path / folder).mkdir()
    (tmp_path / "plans" / "num2.xlsx").write_bytes(b"PK")
    for name, text in {
        "a.ttl": "<http://e/1>", "letters/ana.txt": "Dear Ana", "names.tsv": "who\tx\nGuatemla\t1\n",
        "open.csv": 'who,x\n"Guatemla,1\n', "a.txt": SMALL.format("Un taller"),
        "wrong.csv": f"{ACCEPTED}a,b,c,d,soon,f,g\n",
        "mistyped.csv": f"{ACCEPTED}number-outside-parnet,t/9.9,,Ana,2026-11-26,Se sabe.,It is known.\n",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    misses = []
    rows = rows_of("wrong_usage", "cli")
    assert len(rows) > 50
    for arguments, said in rows:
        done = run(*arguments.split(), stdin="ASK {}")
        if (done.status, done.out, done.err.count("\n")) != (2, "", 1) or said not in done.err:
            misses.append((arguments, done))
    assert misses == []
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", [("export", "nq"), ("query", "theme-counts")])
def test_full_disk_is_one_line(arguments: tuple[str, ...], build_folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*crmgraph_command(), *arguments, "--build", str(build_folder)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "crmgraph: standard output: No space left on device\n")


def test_output_that_is_not_read_to_the_end_is_no_error(build_folder: Path) -> None:
    command = [*crmgraph_command(), "export", "nq", "--build", str(build_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_standard_input_is_utf8_whatever_the_locale(build_folder: Path) -> None:
    command = [*crmgraph_command(), "query", "-", "--build", str(build_folder)]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    query = 'SELECT ("ñ" AS ?x) {}'
    read, refused = (
        subprocess.run(command, input=data, capture_output=True, env=environment, check=False)
        for data in (query.encode(), query.encode("latin-1"))
    )
    assert read.stdout.split() == [b"x", "ñ".encode()]
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert refused.stderr.startswith(b"crmgraph: standard input, line 1, column 10: byte 0xf1 is not UTF-8")


def test_names_that_the_data_do_not_have_are_told_beside_the_answer(run: Run) -> None:
    cg = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> "
    done = run("query", "-", "--format", "csv", stdin=f"{cg} SELECT ?x {{ ?x a cg:Activty ; cg:nope ?y }}")
    notices = ["There is no class cg:Activty. Did you mean cg:Activity?", "There is no property cg:nope."]
    assert (done.status, done.out, done.err.splitlines()) == (0, "x\n", notices)
    mixed = run("query", "-", stdin=f"{cg} SELECT (COUNT(*) AS ?n) {{ ?x a cg:Objective }}")
    assert mixed.err.count("\n") == 1
    assert "?part cg:plan <https://w3id.org/crmgraph/id/plan/crm>" in mixed.err


def test_questions_of_the_library(run: Run) -> None:
    for lang, words in (("es", "¿Qué acciones no tienen"), ("en", "Which actions have no")):
        listed = run("query", "--lang", lang).out
        names = [line.partition(":")[0] for line in listed.splitlines() if not line.startswith(" ")]
        assert names == sorted(file.stem for file in resource("queries").glob("*.rq"))
        assert f"actions-without-activities: {words}" in listed
        assert "    plan=plan/crm lang=es" in listed
    rows = list(csv.DictReader(io.StringIO(run("query", "theme-counts").out, newline="")))
    assert [row["objectives"] for row in rows] == ["11", "5", "4"]
    assert len(json.loads(run("query", "theme-counts", "--format", "json").out)["results"]["bindings"]) == 3
    table = run("query", "theme-counts", "--format", "table").out
    assert "id:plan/crm/pgm" in table
    assert "3 rows" in table
    pending = run("query", "schedule-status", "--param", "status=pending", "--param", "lang=en").out
    assert "2.4.3.1 Pendiente" in pending
    assert len(pending.splitlines()) == 2


@pytest.mark.parametrize(("question", "values", "said"), rows_of("unread", "cli"))
def test_what_nobody_has_read_is_said_to_be_unknown(run: Run, question: str, values: str, said: str) -> None:
    asked = run("query", question, *(each for value in values.split() for each in ("--param", value)))
    assert (asked.status, asked.out.count("\n")) == (0, 1)
    assert asked.err.startswith(said)
    assert run("query", question).err == ""


def test_own_queries_and_their_formats(run: Run, tmp_path: Path) -> None:
    for name in ("mine", "theme-counts", "mine.rq"):
        (tmp_path / name).write_text("SELECT * { VALUES (?z ?a) { (1 2) } BIND (3 AS ?m) }", encoding="utf-8")
    assert [run("query", name).out for name in ("mine", "mine.rq", "./theme-counts")] == ["z,a,m\n1,2,3\n"] * 3
    assert run("query", "theme-counts").out.startswith("theme,"), "a name alone is that of a question of the library"
    assert run("query", "-", "--format", "table", stdin="ASK { }").out == "true\n"
    described = run("query", "-", "--format", "nt", stdin="DESCRIBE <https://w3id.org/crmgraph/id/plan/crm/pgm/7.1.1>")
    assert "Memorándum" in described.out
    assert list(pyoxigraph.parse(described.out, RdfFormat.N_TRIPLES))
    for options, asked, said in (
        (("--format", "ttl"), "SELECT * { ?s ?p ?o } LIMIT 1", "none of these formats"),
        (("--format", "csv"), "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "none of these formats"),
        ((), "SELECT * WHERE {\n ?s ?p \n", "Line 2, column 7"),
        (("--timeout", "1"), ENDLESS, ""),
    ):
        done = run("query", "-", *options, stdin=asked)
        assert (done.status, done.out) == (2, "")
        assert said in done.err


def test_exports(run: Run, tmp_path: Path) -> None:
    def words(text: str) -> list[str]:
        return unicodedata.normalize("NFC", text).split()

    assert words(run("export", "render").out) == words(SOURCE.read_text(encoding="utf-8"))
    done = run("export", "jsonld", "--graph", "plan/crm", "--output", "plan.jsonld")
    assert (done.status, done.out) == (0, "")
    assert list(pyoxigraph.parse((tmp_path / "plan.jsonld").read_bytes(), RdfFormat.JSON_LD))
    (tmp_path / "plan.ttl").write_text("precious", encoding="utf-8")
    assert run("export", "ttl", "--graph", "nothing", "--output", "plan.ttl").status == 2
    assert (tmp_path / "plan.ttl").read_text(encoding="utf-8") == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.jsonld", "plan.ttl"]
    assert [run("export", "render", "--graph", f"plan/{name}").err for name in ("a> b", "none")] == [
        f"crmgraph: there is no plan {name} in the dataset\n" for name in ("a> b", "none")
    ]


def test_explanations(run: Run) -> None:
    whole = "<https://w3id.org/crmgraph/id/plan/crm/pgm/7>"
    texts = {run("explain", term, "cg:topicWithin", "topic:return-by-land").out for term in ("plan/crm/pgm/7", whole)}
    assert [text.partition(": ")[0] for text in texts] == [
        "id:plan/crm/pgm/7 cg:topicWithin topic:return-by-land\n  se sigue por prp-spo2"
    ]
    statement = ("plan/crm/pgm/7.1.1.1", "cg:within", "plan/crm", "--format", "json", "--lang", "en")
    [shortest] = json.loads(run("explain", *statement).out)
    every = json.loads(run("explain", *statement, "--all").out)
    assert shortest in every
    assert len(every) > 1
    done = run("explain", "process/rcm", "cg:member", "process/none")
    assert (done.status, done.out) == (1, "")
    assert done.err == "crmgraph: the graph does not say id:process/rcm cg:member id:process/none\n"


def test_diff_with_the_plan_of_the_dataset(run: Run, tmp_path: Path) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    (tmp_path / "crm-2027.txt").write_text(text.replace("La OIM preparara", "La CEPAL preparara"), encoding="utf-8")
    changed = ("diff", "crm", "crm-2027.txt")
    done = run(*changed)
    assert (done.status, done.err) == (1, "")
    counted, told = done.out.split("\n", 1)
    assert counted.startswith("1 de 98 partes comparadas cambiaron (")
    assert told.startswith("\nactividad pgm/1.2.1: encomendada a otros (línea 21")
    assert "se nombra: {+Comisión Económica para América Latina y el Caribe+}" in done.out
    for form, said in (("json", '"reassigned"'), ("html", "<ins>CEPAL</ins>")):
        assert said in run(*changed, "--format", form).out
    same = run("diff", "crm", "crm", "--lang", "en")
    assert (same.status, same.out) == (0, "The two say the same.\n")


def test_further_plans_of_the_dataset(run: Run, build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    for name, words in (("plans/nuevo", "Un taller"), ("plans/nuevo@2006", "Un curso"), ("later", "Tres talleres")):
        (tmp_path / f"{name}.txt").write_text(f"Nuevo\n\n{SMALL.format(words)}", encoding="utf-8")
    (tmp_path / "nuevo").mkdir()
    folder = tmp_path / "there"
    shutil.copytree(build_folder, folder)
    told = json.dumps(asdict(manifest) | {"plans": str(plans), "further": plan_digests(plans)})
    (folder / MANIFEST).write_text(told, encoding="utf-8")
    done = run("diff", "nuevo", "later.txt", "--lang", "en", "--build", "there")
    assert (done.status, done.err) == (1, "")
    assert "[-Un taller-] {+Tres talleres+}" in done.out
    assert "{+taller+}" in run("diff", "nuevo-2006", "nuevo", "--build", "there").out
    assert "prague, nuevo, nuevo-2006" in run("diff", "none", "later.txt", "--build", "there").err
    shutil.rmtree(plans)
    gone = run("query", "theme-counts", "--build", "there")
    assert (gone.status, gone.err) == (
        0,
        f"crmgraph: the folder of further plans that there was built with is gone ({plans}); they are as they were "
        "then\n",
    )
    assert "name it by --plans" in run("build", "--force", "--build", "there").err
    assert (folder / MANIFEST).read_text(encoding="utf-8") == told


def test_load_dump_backup_and_restore(run: Run, tmp_path: Path, manifest: Manifest) -> None:
    size = sum(manifest.graphs.values())
    (tmp_path / "count.rq").write_text("SELECT (COUNT(*) AS ?n) { GRAPH <http://e/g> { ?s ?p ?o } }")
    new = run("query", "count.rq", "--store", "kept")
    assert (new.out.split(), new.status) == (["n", "0"], 0)
    assert "no store in kept yet; this is the built dataset" in new.err
    for number in "12":
        (tmp_path / f"{number}.ttl").write_text(f"<http://e/{number}> <http://e/p> {number} .")
    loaded = run("load", "1.ttl", "--graph", "http://e/g", "--store", "kept")
    assert (loaded.status, loaded.out) == (0, "kept: 1 statement more\n")
    for arguments in (("query", "count.rq"), ("export", "nq", "--graph", "http://e/g")):
        assert "1" not in run(*arguments).out
        by_flag = run(*arguments, "--store", "kept")
        (tmp_path / "crmgraph.toml").write_text("store = 'kept'", encoding="utf-8")
        assert run(*arguments) == by_flag
        (tmp_path / "crmgraph.toml").unlink()
        assert (by_flag.err, by_flag.status) == ("", 0)
        assert "1" in by_flag.out
    assert run("backup", "saved", "--store", "kept").out == "saved: generation 2 of kept\n"
    assert run("load", "2.ttl", "--store", "kept").status == 0
    assert len(run("dump", "--store", "kept").out.splitlines()) == size + 2
    assert run("restore", "saved", "--store", "kept").status == 0
    assert run("dump", "--store", "kept", "--output", "all.nq").status == 0
    assert len((tmp_path / "all.nq").read_text(encoding="utf-8").splitlines()) == size + 1
    assert len(run("dump").out.splitlines()) == size
    elsewhere = run("export", "ttl", "--graph", "catalog", "--store", "http://e/query")
    assert elsewhere.status == 0
    assert "this is the built dataset, and not what is at http://e/query" in elsewhere.err


def test_token_lets_a_writer_in(run: Run, build_folder: Path, tmp_path: Path) -> None:
    made = run("token", "Íñigo", "--graph", "http://e/*")
    token = made.err.removeprefix("Authorization: Bearer ").strip()
    assert token_digest(token) in made.out
    assert token not in made.out
    (tmp_path / "crmgraph.toml").write_text(made.out, encoding="utf-8")
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
    where = {"graph": "http://e/mine"}
    with (
        running_server(build_folder, "--store", "kept", cwd=tmp_path) as url,
        httpx.Client(base_url=url, timeout=60, trust_env=False) as client,
    ):
        data = b"<http://e/1> <http://e/p> 1 ."
        for expected in (201, 204):
            assert client.put("/graphs", params=where, content=data, headers=bearer).status_code == expected
        assert client.get("/graphs", params=where).text.startswith("<http://e/1>")
        assert "<http://e/1> <http://e/p>" in gzip.decompress(client.get("/dump.nq.gz").content).decode()
        # A second server is refused; who reads is not.
        refused = run("serve", "--port", "0", "--store", "kept")
        assert (refused.status, "another process writes to this store" in refused.err) == (2, True)
        assert run("dump", "--store", "kept").status == 0
        assert run("backup", "saved", "--store", "kept").status == 0
    entries = [json.loads(line) for line in (tmp_path / "kept" / "audit.jsonl").read_text("utf-8").splitlines()]
    assert [(entry["writer"], entry["graph"]) for entry in entries] == [("Íñigo", "http://e/mine")] * 2
