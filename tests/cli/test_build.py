"""`crmgraph build`: what was imported and decided is in the dataset that is built next."""

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import Graph

from crmgraph.building.manifest import Manifest
from crmgraph.decisions import Decision, write_decisions
from tests.support.commands import Run

ALMATY = """@prefix : <https://almaty.example/plan#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:plan a skos:ConceptScheme . :one a skos:Concept ; skos:inScheme :plan ; skos:prefLabel "Borders"@en ;
  skos:relatedMatch <https://w3id.org/crmgraph/id/plan/crm/pgm/4> ; skos:note [ a skos:Concept ] ."""
ID = "https://w3id.org/crmgraph/id/"
OWN = ("--build", "own")
PREFIXES = """PREFIX cg: <https://w3id.org/crmgraph/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX attachment: <https://w3id.org/crmgraph/ontology/attachment#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> """
ROWS = (
    "SELECT DISTINCT ?graph { GRAPH ?graph { ?x cg:attachedBy attachment:file-row FILTER NOT EXISTS { ?x cg:number "
    "?any } } FILTER CONTAINS (STR(?graph), 'movilidad') }"
)
DERIVED = "SELECT ?name { ?plan prov:wasDerivedFrom/rdfs:label ?name FILTER (LANG(?name) = 'es') }"
OF_OTHERS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o FILTER (CONTAINS(STR(?s), 'almaty.')) } } GROUP BY ?g"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_build_says_what_it_built(run: Run, manifest: Manifest) -> None:
    done = run("build")
    assert (done.status, done.err) == (0, "")
    assert manifest.dataset in done.out


@pytest.mark.drill
def test_the_reference_reasoner_makes_the_same_dataset(run: Run, manifest: Manifest) -> None:
    assert manifest.dataset in run("build", "--reasoner", "owlrl", *OWN).out


def test_imported_plans_and_decisions_are_in_the_dataset(run: Run, workbook: str, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "README.txt").write_text("About these plans\n", encoding="utf-8")
    (plans / "almaty.nt").write_text(Graph().parse(data=ALMATY, format="turtle").serialize(format="nt"), "utf-8")
    assert run("import", workbook, "--output", "plans/movilidad.txt").status == 0
    known = rows(run("link", "crm", "gcm", "--kind", "Objective", "--most", "1").out)
    objective, other = known[:2]
    decided = Decision(
        f"{ID}plan/movilidad/t/1", "Resultado k10", objective["subject"], objective["subject_label"], 0.5
    )
    decided = decided.as_decided("close", "Ana Pérez", "2026-11-27")
    unsigned = replace(decided, object=other["subject"], object_label=other["subject_label"], author="")
    file = plans / "movilidad-crm.sssom.tsv"
    write_decisions(file, [decided, unsigned])
    # From here on no command without a build of its own: that of all tests has other plans.
    (tmp_path / "crmgraph.toml").write_text('plans = "plans"\n', encoding="utf-8")
    done = run("build", *OWN)
    assert done.status == 0, done.err
    assert "1 of 2 correspondences are not in the dataset, for nobody has signed them" in done.err
    assert "not in the dataset, for they are no plans: README.txt\n" in done.err
    linked = run("link", "movilidad", "gcm", "--kind", "Objective", "--least", "-1", "--most", "1", *OWN)
    assert (linked.status, linked.err) == (0, "")
    assert linked.out.count("id/plan/movilidad/") == 30
    assert "almaty is no plan with parts" in run("link", "almaty", "crm", *OWN).err
    assert "graph/plan/movilidad" in run("query", "-", *OWN, stdin=PREFIXES + ROWS).out
    assert "movilidad.txt" in run("check", *OWN, "--fail-on", "never").out
    assert run("query", "-", *OWN, stdin=OF_OTHERS).out.split()[1] == "https://w3id.org/crmgraph/graph/plan/almaty,6"
    # The plans are those that it was built with.
    (tmp_path / "crmgraph.toml").unlink()
    assert run("query", "-", *OWN, stdin=PREFIXES + DERIVED).out.split() == ["name", "movilidad.xlsx"]
    outline = run("query", "plan-outline", "--param", "plan=plan/movilidad", *OWN)
    assert (outline.status, outline.err) == (0, "")
    assert "id/plan/movilidad/" in outline.out
    [row] = rows(run("query", "correspondences", "--param", f"objective={decided.subject}", *OWN).out)
    assert (row["match"], row["author_label"], row["certainty"]) == (decided.object, "Ana Pérez", "")
    assert decided.object_label in " ".join(row["exact"].split())
    # Of a plan of which one proposal was decided, nobody knows that the rest was compared.
    covered = rows(run("query", "correspondence-coverage", *OWN).out)
    counts = {row["other"]: (row["answered"], row["compared"]) for row in covered}
    assert (counts[f"{ID}plan/movilidad"], counts[f"{ID}plan/gcm"]) == (("1", "1"), ("20", "20"))
    left = run("query", "parts-not-reached", "--param", "plan=plan/movilidad", "--param", "other=plan/crm", *OWN)
    assert (left.status, len(left.out.splitlines())) == (0, 1)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("crm.txt", "x", "this is called crm, and so is crm.txt already"),
        ("broken.txt", "no table\n", "broken.txt"),
        ("Not An Id.txt", "x\n", "a plan's id has lower-case letters"),
    ],
)
def test_what_is_no_plan_is_not_built(run: Run, name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / name).write_text(text, encoding="utf-8")
    done = run("build", "--plans", "plans", *OWN)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert not list((tmp_path / "own").glob("*/store"))


@pytest.mark.drill
def test_plan_of_ours_comes_back_as_a_graph(run: Run, workbook: str, tmp_path: Path) -> None:
    assert run("import", workbook, "--output", "plans/movilidad.txt").status == 0
    assert run("build", "--plans", "plans", *OWN).status == 0
    graphs = [run("export", "ttl", "--graph", f"{kind}/movilidad", *OWN).out for kind in ("plan", "source")]
    (tmp_path / "movilidad.ttl").write_text("\n".join(graphs), encoding="utf-8")
    (tmp_path / "crmgraph.toml").write_text('plans = "others"\nbuild = "own"\n', encoding="utf-8")
    assert run("import", "movilidad.ttl", "--output", "others/movilidad.nt").status == 0
    done = run("build", *OWN)
    assert (done.status, "no longer in the dataset" in done.err) == (0, True)
    assert run("query", "objective-contents", "--param", "objective=plan/movilidad/t/1", *OWN).status == 0


@pytest.mark.drill
def test_damaged_build_mends_itself(build_folder: Path, manifest: Manifest, run: Run, tmp_path: Path) -> None:
    shutil.copytree(build_folder, tmp_path / "damaged")
    damaged = manifest.folder(tmp_path / "damaged") / "findings.json"
    damaged.write_text("x", encoding="utf-8")
    done = run("check", "--lang", "en", "--build", "damaged")
    assert (done.status, done.err) == (1, "the dataset is built first, which takes a minute or two\n")
    assert done.out.splitlines()[-1].startswith(f"{sum(manifest.findings.values())} findings: ")
    assert damaged.read_bytes() == (manifest.folder(build_folder) / "findings.json").read_bytes()
