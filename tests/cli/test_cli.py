"""The command line as a stranger meets it: what is printed where, and with which exit status."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pyoxigraph
import pytest
import typer
from pyoxigraph import RdfFormat

from crmgraph import __version__
from crmgraph.building import Manifest
from crmgraph.checking import SEVERITIES
from crmgraph.cli import app, options
from crmgraph.exporting import FORMATS
from crmgraph.resources import resource
from crmgraph.settings import Settings
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS
from tests.support.commands import Run
from tests.support.servers import crmgraph_command

SOURCE = resource("data") / "source" / "crm.txt"
COMMANDS = ("build", "check", "query", "explain", "serve", "export")


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"crmgraph {__version__}\n"
    listed = run("--help").out
    assert all(command in listed for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, run: Run) -> None:
    shown = run(command, "--help")
    assert shown.status == 0
    assert f"Example: crmgraph {command}" in " ".join(shown.out.split())


def test_the_command_line_starts_quickly_without_heavy_libraries() -> None:
    heavy = ("rdflib", "pyoxigraph", "fastapi", "pyshacl", "owlrl")
    code = f"import sys, crmgraph.cli; print([name for name in {heavy} if name in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_build_says_what_it_built(run: Run, manifest: Manifest) -> None:
    done = run("build")
    assert (done.status, done.err) == (0, "")
    assert manifest.dataset in done.out


def test_a_damaged_build_mends_itself(build_folder: Path, manifest: Manifest, run: Run, tmp_path: Path) -> None:
    shutil.copytree(build_folder, tmp_path / "damaged")
    (manifest.folder(tmp_path / "damaged") / "findings.json").write_text("x", encoding="utf-8")
    done = run("check", "--lang", "en", "--build", "damaged")
    assert (done.status, done.err) == (1, "the dataset is built first, which takes a minute or two\n")
    assert done.out.splitlines()[-1].startswith(f"{sum(manifest.findings.values())} findings: ")
    assert (manifest.folder(tmp_path / "damaged") / "findings.json").read_bytes() == (
        manifest.folder(build_folder) / "findings.json"
    ).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("query", "schedule"), "there is no question schedule in the library; did you mean schedule-status"),
        (("query", "xyzzy"), "there is no question xyzzy in the library; `crmgraph query` lists all"),
        (
            ("query", "objective-contents", "--param", "objective=pgm/7"),
            "parameter objective has no value pgm/7; did you mean plan/crm/pgm/7",
        ),
        (("query", "text-search", "--param", "words=.*"), "parameter words has to have a letter or a digit"),
        (("query", "inferred-statements", "--param", "thing=zzz"), "parameter thing has no value zzz"),
        (("query", "none.rq"), "none.rq: cannot be read"),
        (("query", "/tmp"), "/tmp: cannot be read"),
        (("query", "no/such/file"), "no/such/file: cannot be read"),
        (("query", "./theme-counts"), "theme-counts: cannot be read"),
        (("query", "theme-counts", "--param", "x"), "--param is name=value, not x"),
        (("query", "theme-counts", "--param", "x=1"), "has no parameter x"),
        (("query", "-", "--param", "x=1"), "--param is for questions of the library"),
        (("query", "-", "--endpoint", "file:///etc/passwd"), "--endpoint is an http or https address"),
        (("export", "ttl", "--graph", "nothing"), "there is no graph nothing"),
        (("export", "ttl", "--graph", "a b"), "there is no graph a b"),
        (("export", "render", "--graph", "plan/a> b"), "there is no plan a> b"),
        (("query", "-", "--endpoint", "http://[x/"), "--endpoint is an http or https address"),
        (("query", "-", "--base", "http://a b/"), "setting base"),
        (("query", "-", "--memory", "1"), "setting memory"),
        (("check", "a.txt", "--id", "../a"), "a plan's id has lower-case letters"),
        (("check", "a.txt", "--id", "Plan 1"), "a plan's id has lower-case letters"),
        (("export", "nq", "--output", "no/such/folder"), "no/such/folder: cannot be written"),
        (("check", "a.txt", "b.txt", "--id", "x"), "--id names one plan"),
        (("check", ""), "the name of a file is empty"),
        (("check", "-", "--id", "Plan 1"), "a plan's id has lower-case letters"),
        (("export", "pdf"), "crmgraph: Invalid value for 'format': 'pdf' is not one of 'render', 'ttl'"),
        (("chek",), "crmgraph: No such command 'chek'. Did you mean 'check'?"),
        (("check", "--nope"), "crmgraph: No such option: --nope"),
        (("serve", "--timeout", "-1"), "setting timeout"),
        (("query", "-", "--snapshots", "no/folder"), "name these by --allow too"),
    ],
)
def test_wrong_usage_is_status_2_and_says_why(arguments: tuple[str, ...], says: str, run: Run) -> None:
    done = run(*arguments, stdin="ASK {}")
    assert (done.status, done.out) == (2, "")
    assert says in " ".join(done.err.split())


# Who may write, and how an engine elsewhere knows us, stands in a file or in the environment.
NO_FLAGS = {"writers"} | {name for name in Settings.model_fields if name.startswith("store_")}


def test_each_setting_has_a_flag_wherever_it_matters() -> None:
    flags = {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in typer.main.get_group(app).commands.items()
        if name != "token"
    }
    everywhere = {"--base", "--build"}
    assert all(everywhere <= options for options in flags.values())
    assert {"--timeout", "--memory"} <= flags["query"]
    assert {f"--{name.replace('_', '-')}" for name in Settings.model_fields if name not in NO_FLAGS} <= flags["serve"]


def test_the_lists_of_the_command_line_are_those_of_the_house() -> None:
    formats = {"table"} | {format.short for format in RESULT_FORMATS + GRAPH_FORMATS}
    assert {choice.value for choice in options.AnswerFormat} == formats
    assert tuple(choice.value for choice in options.ExportFormat) == FORMATS
    assert tuple(choice.value for choice in options.FailOn) == (*SEVERITIES, "never")


def test_a_flag_for_the_base_makes_other_addresses(run: Run) -> None:
    done = run("build", "--base", "https://example.org/", "--build", "other")
    assert done.status == 0
    asked = ("query", "-", "--base", "https://example.org/", "--build", "other")
    assert run(*asked, stdin="ASK { <https://example.org/id/plan/crm/pgm> ?p ?o }").out == "true"


def test_standard_input_is_utf8_whatever_the_locale(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    command = [*crmgraph_command(), "query", "-", "--build", str(build_folder)]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}

    def asked(data: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, input=data, capture_output=True, env=environment, check=False)

    query = 'SELECT ("ñ" AS ?x) {}'
    assert asked(query.encode()).stdout.split() == [b"x", "ñ".encode()]
    refused = asked(query.encode("latin-1"))
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert refused.stderr.startswith(b"crmgraph: standard input, line 1, column 10: byte 0xf1 is not UTF-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", [("export", "nq"), ("query", "theme-counts"), ("check", "--fail-on", "never")])
def test_a_full_disk_is_one_clear_line(arguments: tuple[str, ...], build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with Path("/dev/full").open("wb") as full:
        command = [*crmgraph_command(), *arguments, "--build", str(build_folder)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "crmgraph: standard output: No space left on device\n")


def test_a_question_of_the_library_in_each_format(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("query", "theme-counts").out, newline="")))
    assert [row["objectives"] for row in rows] == ["11", "5", "4"]
    assert len(json.loads(run("query", "theme-counts", "--format", "json").out)["results"]["bindings"]) == 3
    table = run("query", "theme-counts", "--format", "table")
    assert "id:plan/crm/pgm" in table.out
    assert "3 rows" in table.out
    pending = run("query", "schedule-status", "--param", "status=pending", "--param", "lang=en", "--format", "csv")
    assert "2.4.3.1 Pendiente" in pending.out
    assert len(pending.out.splitlines()) == 2


def test_what_nobody_has_read_in_a_plan_is_said_to_be_unknown(run: Run) -> None:
    asked = run("query", "role-counts", "--param", "plan=plan/gcm", "--format", "csv")
    assert (asked.status, asked.out.count("\n")) == (0, 1)
    assert asked.err.startswith("nobody has read in this plan what is asked")
    assert "nobody has read" not in run("query", "role-counts", "--format", "csv").err


def test_that_nobody_compared_a_plan_with_the_targets_is_said(run: Run) -> None:
    asked = run("query", "untouched-targets", "--param", "plan=plan/gcm", "--format", "csv")
    assert (asked.status, asked.out.count("\n")) == (0, 1)
    assert asked.err.startswith("Not every objective of this plan was compared with the targets")
    assert run("query", "untouched-targets", "--format", "csv").err == ""


def test_that_nobody_judged_a_part_is_said(run: Run) -> None:
    asked = run("query", "correspondences", "--param", "objective=plan/gcm/gcsorm/9", "--param", "other=plan/csm",
                "--format", "csv")  # fmt: skip
    assert (asked.status, asked.out.count("\n")) == (0, 1)
    assert asked.err.startswith("Nobody has said whether anything of what is asked about corresponds to this objective")
    assert run("query", "correspondences", "--format", "csv").err == ""


def test_a_query_of_ones_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("SELECT (1 + 1 AS ?two) {}", encoding="utf-8")
    assert run("query", "mine.rq").out == "two\n2\n"
    assert run("query", "-", "--format", "table", stdin="ASK { }").out == "true\n"
    described = run("query", "-", "--format", "nt", stdin="DESCRIBE <https://w3id.org/crmgraph/id/plan/crm/pgm/7.1.1>")
    assert "Memorándum" in described.out
    assert list(pyoxigraph.parse(described.out, RdfFormat.N_TRIPLES))


@pytest.mark.parametrize(
    ("format", "query"),
    [
        ("ttl", "SELECT * { ?s ?p ?o } LIMIT 1"),
        ("csv", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"),
        ("json", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"),
    ],
)
def test_a_format_that_does_not_fit_the_query(run: Run, format: str, query: str) -> None:
    done = run("query", "-", "--format", format, stdin=query)
    assert done.status == 2
    assert done.out == ""
    assert "none of these formats" in done.err


def test_a_graph_is_in_turtle_where_no_format_is_named(run: Run) -> None:
    done = run("query", "-", stdin="CONSTRUCT { <http://e/a> a <http://e/B> } {}")
    assert (done.status, done.out.strip()) == (0, "<http://e/a> a <http://e/B> .")


def test_all_columns_are_in_the_order_of_the_query(run: Run) -> None:
    done = run("query", "-", stdin="SELECT * { VALUES (?z ?a) { (1 2) } BIND (3 AS ?m) }")
    assert done.out.splitlines()[0] == "z,a,m"


def test_a_file_may_have_any_name_that_is_no_question(run: Run, tmp_path: Path) -> None:
    for name in ("mine", "theme-counts"):
        (tmp_path / name).write_text("SELECT (1 + 1 AS ?two) {}", encoding="utf-8")
    assert run("query", "mine").out == "two\n2\n"
    assert run("query", "./theme-counts").out == "two\n2\n"
    assert run("query", "theme-counts").out.startswith("theme,")


def test_a_syntax_error_says_where(run: Run) -> None:
    done = run("query", "-", stdin="SELECT * WHERE {\n ?s ?p \n")
    assert done.status == 2
    assert "Line 2, column 7" in done.err


def test_a_runaway_query_is_ended(run: Run) -> None:
    began = time.monotonic()
    done = run("query", "-", "--timeout", "1", stdin="SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert done.status == 2
    assert time.monotonic() - began < 10


def test_render_gives_the_document_back(run: Run) -> None:
    def words(text: str) -> list[str]:
        return unicodedata.normalize("NFC", text).split()

    assert words(run("export", "render").out) == words(SOURCE.read_text(encoding="utf-8"))


def test_an_export_that_fails_leaves_the_file_as_it_was(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.ttl").write_text("precious", encoding="utf-8")
    assert run("export", "ttl", "--graph", "nothing", "--output", "plan.ttl").status == 2
    assert (tmp_path / "plan.ttl").read_text(encoding="utf-8") == "precious"
    assert [path.name for path in tmp_path.iterdir() if path.name != "real"] == ["plan.ttl"]


def test_export_to_a_file(run: Run, tmp_path: Path) -> None:
    done = run("export", "jsonld", "--graph", "plan/crm", "--output", "plan.jsonld")
    assert (done.status, done.out) == (0, "")
    assert list(pyoxigraph.parse((tmp_path / "plan.jsonld").read_bytes(), RdfFormat.JSON_LD))


def test_output_that_nobody_reads_to_the_end_is_no_error(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    command = [*crmgraph_command(), "export", "nq", "--build", str(build_folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(100)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(30)


@pytest.mark.parametrize(("lang", "words"), [("es", "¿Qué acciones no tienen"), ("en", "Which actions have no")])
def test_query_without_a_question_lists_the_library(run: Run, lang: str, words: str) -> None:
    listed = run("query", "--lang", lang)
    assert listed.status == 0
    names = [line.partition(":")[0] for line in listed.out.splitlines() if not line.startswith(" ")]
    assert names == sorted(file.stem for file in resource("queries").glob("*.rq"))
    assert f"actions-without-activities: {words}" in listed.out
    assert "    plan=plan/crm lang=es" in listed.out
