"""`crmgraph import` of RDF: a graph of others, beside ours and never mixed with it."""

from pathlib import Path

import pytest

from tests.support.commands import Run

ALMATY = """@prefix : <https://almaty.example/plan#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:plan a skos:ConceptScheme . :one a skos:Concept ; skos:inScheme :plan ; skos:prefLabel "Borders"@en ;
  skos:relatedMatch <https://w3id.org/crmgraph/id/plan/crm/pgm/4> ; skos:note [ a skos:Concept ] ."""


def test_a_graph_of_others_is_one_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "almaty.ttl").write_text(ALMATY, encoding="utf-8")
    assert "ends in .nt" in run("import", "almaty.ttl", "--output", "plans/almaty.txt").err
    (tmp_path / "cut.ttl").write_text(ALMATY[:-10], encoding="utf-8")
    assert "ends in .nt" not in run("import", "cut.ttl", "--output", "plans/cut.txt").err
    assert "a graph has no columns" in run("import", "almaty.ttl", "--guess").err
    done = run("import", "almaty.ttl", "--output", "plans/almaty.nt")
    assert (done.status, done.err.splitlines()[0]) == (0, "crmgraph: 7 statements about 3 things")
    assert "there is such a file already" in run("import", "almaty.ttl", "--output", "plans/almaty.nt").err
    built = ("--build", "own")
    assert run("build", "--plans", "plans", *built).status == 0
    assert "almaty is a graph in RDF, in the vocabulary of others" in run("link", "almaty", "crm", *built).err
    asked = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o FILTER (CONTAINS(STR(?s), 'almaty.')) } } GROUP BY ?g"
    (tmp_path / "crmgraph.toml").write_text('plans = "plans"\n', encoding="utf-8")
    assert run("query", "-", *built, "--format", "csv", stdin=asked).out.split() == [
        "g,n",
        "https://w3id.org/crmgraph/graph/plan/almaty,6",
    ]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("<https://w3id.org/crmgraph/id/country/MEX> :p :x .", "says something of what is described here already"),
        (
            ":mexico <http://www.w3.org/2002/07/owl#sameAs> <https://w3id.org/crmgraph/id/country/MEX> ; :p :x .",
            "the graph guest makes one of two",
        ),
        (
            ":x <http://www.w3.org/2004/02/skos/core#closeMatch> <https://w3id.org/crmgraph/id/plan/gcm/10> .",
            "the nearest are https://w3id.org/crmgraph/id/plan/gcm/gcsorm/10,",
        ),
        (":x a <https://w3id.org/crmgraph/ontology#Objective> .", "the graph guest is not as it says"),
    ],
)
def test_a_graph_that_would_be_mixed_is_not_imported(run: Run, statement: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "guest.ttl").write_text(f"@prefix : <http://e/> . {statement}", encoding="utf-8")
    done = run("import", "guest.ttl", "--output", "guest.nt")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("crmgraph: guest.ttl: ")
    assert said in done.err
    assert not (tmp_path / "guest.nt").exists()


def test_a_graph_that_would_be_mixed_is_not_built(run: Run, tmp_path: Path) -> None:
    same = "<http://e/m> <http://www.w3.org/2002/07/owl#sameAs> <https://w3id.org/crmgraph/id/country/MEX> .\n"
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "guest.nt").write_text(same, encoding="utf-8")
    done = run("build", "--plans", "plans", "--build", "own")
    assert (done.status, done.out) == (2, "")
    assert "the graph guest makes one of two" in done.err
    assert not list((tmp_path / "own").glob("*/store"))


def test_a_graph_that_is_called_as_a_plan_is_not_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .\n", encoding="utf-8")
    assert "is not that of a plan" in run("import", "one.nt", "--output", "crm.nt").err


def test_a_plan_of_ours_comes_back_as_a_graph(run: Run, workbook: str, tmp_path: Path) -> None:
    for name in ("plans", "others"):
        (tmp_path / name).mkdir()
    assert run("import", workbook, "--output", "plans/movilidad.txt").status == 0
    (tmp_path / "crmgraph.toml").write_text('plans = "plans"\n', encoding="utf-8")
    graphs = [run("export", "ttl", "--graph", f"{kind}/movilidad", "--build", "own").out for kind in ("plan", "source")]
    (tmp_path / "movilidad.ttl").write_text("\n".join(graphs), encoding="utf-8")
    (tmp_path / "crmgraph.toml").write_text('plans = "others"\n', encoding="utf-8")
    assert run("import", "movilidad.ttl", "--output", "others/movilidad.nt").status == 0
    done = run("build", "--build", "own")
    assert done.status == 0, done.err
    question = ("query", "objective-contents", "--param", "objective=plan/movilidad/t/1", "--build", "own")
    assert run(*question).status == 0


def test_one_statement_is_told_in_the_singular(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .\n", encoding="utf-8")
    assert run("import", "one.nt").err.startswith("crmgraph: 1 statement about 1 thing\n")


def test_where_a_graph_is_from_is_said_in_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .\n", encoding="utf-8")
    assert "nothing in it says where it is from; --source says so" in run("import", "one.nt").err
    done = run("import", "one.nt", "--source", "https://e.example/plan", "--output", "uno.nt")
    assert "where it is from" not in done.err
    said = "<https://w3id.org/crmgraph/graph/plan/uno> <http://purl.org/dc/terms/source> <https://e.example/plan> .\n"
    assert said in (tmp_path / "uno.nt").read_text(encoding="utf-8")
    assert "is no address" in run("import", "one.nt", "--source", "the web").err
    (tmp_path / "plan.csv").write_text("Eje,Objetivo\nTrabajo,Vías\n", encoding="utf-8")
    assert "say --output" in run("import", "plan.csv", "--source", "https://e.example/").err


def test_relative_addresses_in_rdf_are_below_the_plan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text("<rel> <http://e/p> <otro>, 1 .", encoding="utf-8")
    done = run("import", "mine.ttl", "--output", "quito.nt")
    assert done.err.startswith("crmgraph: 2 statements about 1 thing\n")
    assert (
        "<https://w3id.org/crmgraph/id/plan/quito/rel> <http://e/p> <https://w3id.org/crmgraph/id/plan/quito/otro> ."
        in (tmp_path / "quito.nt").read_text(encoding="utf-8")
    )
