"""`crmgraph import` as a stranger meets it."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from crmgraph.building import SOURCE
from crmgraph.decisions import read_decisions, write_decisions
from crmgraph.reading import read_plan
from tests.support.commands import Run
from tests.support.counting import counted
from tests.support.saving import as_docx

THEMES = ("Protección de las personas en tránsito", "Trabajo", "Cooperación")


@pytest.fixture
def workbook(tmp_path: Path) -> str:
    """A plan of thirty objectives, with columns of its own, merged cells and no numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Plan Regional de Movilidad Humana 2027"])
    sheet.append([])
    sheet.append(["Eje", "Resultado esperado", "Medida", "Tarea", "Plazo", "Costo"])
    for number in range(30):
        theme = THEMES[number // 10] if number % 10 == 0 else None
        sheet.append([theme, f"Resultado {chr(97 + number % 26)}{number}", "Coordinar con la OIM", "Taller", "2028", 5])
        sheet.append([None, None, None, "Informe de la CEPAL", "Continuo", 1])
    sheet.merge_cells("A4:A23")
    book.save(tmp_path / "movilidad.xlsx")
    return "movilidad.xlsx"


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


def test_it_is_in_the_dataset_and_linked(run: Run, workbook: str, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "crmgraph.toml").write_text('plans = "plans"\n', encoding="utf-8")
    assert run("import", workbook, "--output", "plans/movilidad.txt").status == 0
    built = ("--build", "own")
    done = run("link", "movilidad", "gcm", "--kind", "Objective", "--least", "-1", "--most", "1", *built)
    assert done.status == 0
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
    # A number of which another part has the words by now says nothing.
    write_decisions(file, [replace(decided, subject_label="Otra cosa")])
    refused = run("build", *own)
    assert refused.status == 2
    assert "“Otra cosa” is no name of" in refused.err
    # What the message leads to mends it, where the words have another number.
    write_decisions(file, [replace(decided, subject=f"{decided.subject}9")])
    refused = run("build", *own)
    assert (refused.status, "there is no such thing" in refused.err) == (2, True)
    assert "`crmgraph link … --decisions plans/movilidad-crm.sssom.tsv` mends the row" in refused.err
    mended = run("link", "movilidad", "crm", "--decisions", "plans/movilidad-crm.sssom.tsv", *own)
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


ALMATY = """@prefix : <https://almaty.example/plan#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:plan a skos:ConceptScheme . :one a skos:Concept ; skos:inScheme :plan ; skos:prefLabel "Borders"@en ;
  skos:relatedMatch <https://w3id.org/crmgraph/id/plan/crm/pgm/4> ; skos:note [ a skos:Concept ] ."""


def test_a_graph_of_others_is_one_of_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "almaty.ttl").write_text(ALMATY, encoding="utf-8")
    assert "ends in .nt" in run("import", "almaty.ttl", "--output", "plans/almaty.txt").err
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


def test_a_mapping_is_guessed_mended_and_used(run: Run, workbook: str, tmp_path: Path) -> None:
    guessed = run("import", workbook, "--guess").out
    assert 'objectives = "Resultado esperado"' in guessed
    assert "header = 3" in guessed
    (tmp_path / "m.toml").write_text(
        guessed.replace('activities = "Tarea"', 'activities = ["Tarea", "Costo"]'), "utf-8"
    )
    done = run("import", workbook, "--mapping", "m.toml")
    assert "\t[1.1.1] Taller 5\n" in done.out
    assert "guessed" not in done.err


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
        "crmgraph: the numbers that the file prints are not those of the plan: “1.1 Prevenir” is counted as 1 in it, "
        "and keeps its words. In each theme a plan has 1 for an objective"
    ) in run("import", "plan.csv", "--output", "plan.txt").err


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


def test_a_plan_in_stratml(run: Run, tmp_path: Path) -> None:
    space = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
    goal = "<Goal><Name>Protección</Name><Objective><Name>Albergues</Name></Objective></Goal>"
    (tmp_path / "plan.xml").write_text(f'<StrategicPlan xmlns="{space}">{goal}</StrategicPlan>', encoding="utf-8")
    assert run("import", "plan.xml", "--output", "plan.txt").status == 0
    assert run("check", "plan.txt", "--fail-on", "never").status == 0
    assert [part.text for part, _ in read_plan(tmp_path / "plan.txt").walk()] == ["Protección", "Albergues"]


def test_relative_addresses_in_rdf_are_below_the_plan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text("<rel> <http://e/p> <otro>, 1 .", encoding="utf-8")
    done = run("import", "mine.ttl", "--output", "quito.nt")
    assert done.err.startswith("crmgraph: 2 statements about 1 thing\n")
    assert (
        "<https://w3id.org/crmgraph/id/plan/quito/rel> <http://e/p> <https://w3id.org/crmgraph/id/plan/quito/otro> ."
        in (tmp_path / "quito.nt").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.xlsx",), "none.xlsx"),
        (("plan.pdf",), "should end in one of .csv"),
        (("plan.n3",), "or for RDF in one of .ttl, .nt, .rdf, .owl, .jsonld, .trig, .nq"),
        (("movilidad.xlsx", "--output", "plan.docx"), "the name of a plan in text ends in .txt"),
        (("movilidad.xlsx", "--mapping", "none.toml"), "none.toml"),
        (("movilidad.xlsx", "--output", "there.txt"), "there is such a file already"),
        (("there.txt", "--guess"), "the columns of a plan in text are known: leave --mapping and --guess out"),
        (("there.txt", "--output", "plan.nt"), "the name of a plan in text ends in .txt"),
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
    assert done.status == 2
    assert "the mapping does not say with “header” which row has the headings, and so it is the first" in done.err


def test_of_two_columns_that_say_the_same_the_first_is_taken_and_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(
        "Theme,Objective,Objetivo,Action,Activity,Schedule\nBorders,Train,Capacitar,Agree,Meet,2027\n", encoding="utf-8"
    )
    assert "not in the plan: “Objetivo” (“Objective” says the same, and was taken)" in run("import", "plan.csv").err
