"""What was imported is in the dataset that is built next, checked and linked."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from crmgraph.decisions import read_decisions, write_decisions
from tests.support.commands import Run


def test_it_is_in_the_dataset_and_linked(run: Run, workbook: str, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "crmgraph.toml").write_text('plans = "plans"\n', encoding="utf-8")
    assert run("import", workbook, "--output", "plans/movilidad.txt").status == 0
    built = ("--build", "own")
    done = run("link", "movilidad", "gcm", "--kind", "Objective", "--least", "-1", "--most", "1", *built)
    assert (done.status, done.err) == (0, "the dataset is built first, which takes a minute or two\n")
    assert done.out.count("id/plan/movilidad/") == 30
    asked = (
        "SELECT DISTINCT ?graph { GRAPH ?graph { ?x cg:attachedBy attachment:file-row FILTER NOT EXISTS { ?x cg:number "
        "?any } } FILTER CONTAINS (STR(?graph), 'movilidad') }"
    )
    prefix = (
        "PREFIX cg: <https://w3id.org/crmgraph/ontology#> "
        "PREFIX attachment: <https://w3id.org/crmgraph/ontology/attachment#> "
    )
    assert "graph/plan/movilidad" in run("query", "-", *built, stdin=prefix + asked).out
    assert "movilidad.txt" in run("check", *built, "--fail-on", "never").out
    (tmp_path / "crmgraph.toml").unlink()
    derived = "SELECT ?name { ?plan prov:wasDerivedFrom/rdfs:label ?name FILTER (LANG(?name) = 'es') }"
    prefixes = "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    named = run("query", "-", *built, "--format", "csv", stdin=prefixes + derived).out
    assert named.split() == ["name", "movilidad.xlsx"]
    outline = run("query", "plan-outline", "--param", "plan=plan/movilidad", *built)
    assert (outline.status, outline.err) == (0, "")
    assert "id/plan/movilidad/" in outline.out
    (tmp_path / "plans" / "movilidad.txt").rename(tmp_path / "plans" / "README.txt")
    plans = tmp_path / "plans"
    assert run("build", *built).err == (
        f"crmgraph: own: no longer in the dataset, for {plans} has them not: movilidad.txt, "
        "movilidad.origin.json\n"
        f"crmgraph: {plans}: not in the dataset, for they are no plans: README.txt, "
        "movilidad.origin.json\n"
    )
    assert run("build", *built).err == ""


def test_what_was_accepted_is_in_the_dataset(run: Run, workbook: str, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "crmgraph.toml").write_text('plans = "plans"\n', encoding="utf-8")
    own = ("--build", "own")
    assert run("import", workbook, "--output", "plans/movilidad.txt").status == 0
    asked = ("link", "movilidad", "crm", "--kind", "Objective", "--least", "-1", "--most", "1", *own)
    reviewed = run(*asked, "--decisions", "kept.tsv", "--review", "--author", "Ana Pérez", stdin="c\nr\nq\n")
    assert reviewed.status == 0
    decided, other = read_decisions(tmp_path / "kept.tsv")
    file = tmp_path / "plans" / "movilidad-crm.sssom.tsv"
    write_decisions(file, [decided, replace(other, author="")])
    built = run("build", *own)
    assert "1 of 2 correspondences are not in the dataset, for nobody has signed them" in built.err
    answer = run("query", "correspondences", "--param", f"objective={decided.subject}", "--format", "csv", *own)
    [row] = csv.DictReader(io.StringIO(answer.out))
    assert (row["match"], row["author_label"], row["certainty"]) == (decided.object, "Ana Pérez", "")
    # The words that it rests on are those of the plan that the dataset is about.
    assert decided.object_label in row["exact"]
    covered = run("query", "correspondence-coverage", "--format", "csv", *own)
    counts = {row["other"]: (row["answered"], row["compared"]) for row in csv.DictReader(io.StringIO(covered.out))}
    assert counts["https://w3id.org/crmgraph/id/plan/movilidad"] == ("1", "1")
    assert counts["https://w3id.org/crmgraph/id/plan/gcm"] == ("20", "20")
    # Of a plan of which one proposal was decided, nobody knows that the rest was compared.
    covered = run("query", "correspondence-coverage", "--param", "plan=plan/movilidad", "--format", "csv", *own)
    [row] = csv.DictReader(io.StringIO(covered.out))
    assert (row["answered"], row["compared"], row["reached"], row["parts"]) == ("1", "1", "1", "20")
    left = run("query", "parts-not-reached", "--param", "plan=plan/movilidad", "--param", "other=plan/crm", *own)
    assert (left.status, len(left.out.splitlines())) == (0, 1)
    # Whoever signs it is not told that nobody has, nor that the command that signs it would.
    link = ("link", "movilidad", "crm", "--decisions", "plans/movilidad-crm.sssom.tsv", *own)
    write_decisions(file, [decided, replace(other, author="", date="")])
    signed = run(*link, "--kind", "Objective", "--author", "Luz")
    assert (signed.status, "nobody has signed" in signed.err) == (0, False)
    assert {row.author for row in read_decisions(file) if row.decided} == {"Ana Pérez", "Luz"}
    # A number of which another part has the words by now says nothing.
    write_decisions(file, [replace(decided, subject_label="Otra cosa")])
    refused = run("build", *own)
    assert refused.status == 2
    assert "was “Otra cosa” and is “" in refused.err
    # Whoever links is not told to link.
    refused = run(*link)
    assert (refused.status, "take the row out" in refused.err, "`crmgraph link" in refused.err) == (2, True, False)
    # What the message leads to mends it, where the words have another number.
    write_decisions(file, [replace(decided, subject=f"{decided.subject}9")])
    refused = run("build", *own)
    assert (refused.status, "there is no such thing" in refused.err) == (2, True)
    assert "`crmgraph link … --decisions plans/movilidad-crm.sssom.tsv` mends the row" in refused.err
    mended = run(*link)
    assert (mended.status, "1 decision follows its words: " in mended.err) == (0, True)
    assert run("query", "correspondences", "--param", f"objective={decided.subject}", "--format", "csv", *own).out == (
        answer.out
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("crm.txt", "x", "there is a plan crm already"),
        ("broken.txt", "no table\n", "broken.txt"),
        ("Not An Id.txt", "x\n", "a plan's id has lower-case letters"),
    ],
)
def test_what_is_no_plan_is_not_built(run: Run, name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / name).write_text(text, encoding="utf-8")
    done = run("build", "--plans", "plans", "--build", "own")
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert not list((tmp_path / "own").glob("*/store"))
    assert run("build", "--plans", "nowhere").err == "crmgraph: nowhere: there is no such folder of plans\n"
