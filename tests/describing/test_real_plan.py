"""The CRM plan as RDF: its mentions and its annotations. All of its triples are pinned in golden.json."""

import csv
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from rdflib import RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.describing import describe_background, describe_plan
from crmgraph.describing.vocabulary import CG, describe_source
from crmgraph.files import resource
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading import read_plan, read_plan_text
from crmgraph.reading.model import Source
from tests.support import tables
from tests.support.dataset import real_background
from tests.support.phrases import table_of

NAMES = Names()
ROOT = URIRef(NAMES.id("plan", "crm"))
PLAN = read_plan(resource("data") / "source" / "crm.txt")
DIRECT = (CG.topic, CG.populationGroup, CG.place, CG.meeting, CG.recursWith, CG.deferredTo)
READ = (CG.Participation, CG.InstrumentUse, CG.PastEvent, CG.PlannedEvent)


@cache
def dataset() -> Dataset:
    return describe_plan(PLAN, real_background())


@cache
def graph() -> Graph:
    return dataset().graph(URIRef(NAMES.graph("plan", "crm")))


def words(node: Node) -> tuple[int, str]:
    start, _, end = str(graph().value(node, CG.passage)).rpartition("/")[2].partition("-")
    return int(start), PLAN.source.text[int(start) : int(end)]


def test_a_cross_reference_leads_to_its_part() -> None:
    made = table_of(("Tema", "1. Uno", "1.1 A", "1.1.1 Ver la acción 1.1", ""), id="made")
    found = describe_plan(made, real_background()).graph(URIRef(NAMES.graph("plan", "made")))
    action = URIRef(NAMES.id("plan/made/1.1"))
    for path in ("1.1.1", "1.1.1/cross-reference-1"):
        assert (URIRef(NAMES.id("plan/made", path)), CG.refersTo, action) in found


def test_another_text_and_another_base() -> None:
    text = PLAN.source.text.replace("Monitorear la", "Vigilar la")
    said = describe_plan(read_plan_text(Source(text), "copia"), real_background())
    for number, languages in (("7.1.1", {"es"}), ("7.1.2", {"es", "en"})):
        labels = said.graph(URIRef(NAMES.graph("plan", "copia"))).objects(
            URIRef(NAMES.id("plan/copia/pgm", number)), RDFS.label
        )
        assert {getattr(label, "language", None) for label in labels} == languages, (
            "a text without translation has none"
        )
    names = Names("https://example.org/kg/")
    moved = describe_plan(PLAN, describe_background(resource("ontology"), resource("data"), names))
    assert len(moved) == len(dataset())
    for subject, predicate, value, of in moved.quads():
        assert str(of).startswith("https://example.org/kg/graph/")
        assert str(subject).startswith("https://example.org/kg/id/")
        assert "w3id.org/crmgraph/id/" not in str(predicate) + str(value)


@settings(max_examples=20)
@given(tables.plans(), tables.STYLES)
def test_leaves_share_out_every_character_of_random_plans(made: tuple[tables.Theme, ...], style: tables.Style) -> None:
    text = tables.write_table(made, style).decode("utf-8-sig")
    found = describe_source(read_plan_text(Source(text), "random"), NAMES)
    covered = [
        i for leaf in found.subjects(CG.row)
        for i in range(*(int(str(found.value(leaf, each))) for each in (CG.start, CG.end)))
    ]  # fmt: skip
    assert len(covered) == len(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)


def test_each_part_has_its_plan_its_path_and_its_level() -> None:
    parts = {str(part): found for part, found in graph().subject_objects(CG.path)}
    assert sorted(map(str, parts.values())) == sorted(part.id for part, _ in PLAN.walk())
    for iri, written in parts.items():
        assert iri == f"{ROOT}/{written}"
        assert set(graph().objects(URIRef(iri), CG.plan)) == {ROOT}
    for path, level in (("pgm", 1), ("pgm/7", 2), ("pgm/7.1", 3), ("pgm/7.1.1", 4), ("pgm/7.1.1.1", 5), ("vmd/4-a", 3)):
        assert [found.toPython() for found in graph().objects(ROOT + f"/{path}", CG.level)] == [level], path  # type: ignore[attr-defined]
    assert set(graph().objects(ROOT + "/pgm/7.1.1", CG.schedule)) == {ROOT + "/pgm/7.1.1.1"}


def test_the_mentions_are_those_that_a_reader_found() -> None:
    with Path(__file__).with_name("mentions").joinpath("crm.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert all(PLAN.source.text[int(row["start"]) : int(row["end"])] == row["exact"] for row in rows)
    read = {(int(row["start"]), row["exact"], row["iri"]) for row in rows}
    assert {(*words(mention), str(thing)) for mention, thing in graph().subject_objects(CG.mentioned)} == read


def test_what_is_called_by_a_doubtful_name_is_doubtful() -> None:
    medium = URIRef(f"{ONTOLOGY}/confidence#medium")
    doubted = {(kind, words(node)[1]) for node in graph().subjects(CG.confidence, medium)
               for kind in graph().objects(node, RDF.type) if kind in (CG.Mention, CG.Referral)}  # fmt: skip
    referral = "referirse al plan de trabajo de cada red"
    assert doubted == {
        (CG.Mention, "cada red"), (CG.Mention, "FYBEMID"), (CG.Mention, "Fondo"), (CG.Referral, referral)
    }  # fmt: skip
    deferrals = [(words(each)[1], (each, CG.confidence, medium) in graph())
                 for each in graph().subjects(RDF.predicate, CG.deferredTo)]  # fmt: skip
    assert all(doubt == (said == referral) for said, doubt in deferrals)


def test_acronyms_have_the_letters_that_are_printed() -> None:
    for acronym, letters in graph().subject_objects(SKOS.notation):
        assert words(acronym)[1].startswith(str(letters))
    [form] = {str(graph().value(mention, CG.nameForm)) for mention in graph().subjects(CG.nameUsed, Literal("DDHH"))}
    assert form.endswith("#acronym")


def test_a_note_proposes_to_remove_its_objective() -> None:
    proposed = URIRef(f"{ONTOLOGY}/status#proposed-for-removal")
    assert list(graph().subjects(CG.status, proposed)) == [URIRef(f"{ROOT}/vmd/4")]
    [said] = graph().subjects(RDF.object, proposed)
    assert words(said)[1] == "propone eliminar del plan de acción este objetivo"


# The mentions that no annotation explains: in the title of the plan, a memorandum or a programme, and
# whose Virtual Secretariat publishes, which takes no part itself.
UNEXPLAINED = {
    ("", "CONFERENCIA REGIONAL SOBRE MIGRACION"), ("", "CRM"),
    ("pgm/11.1.1.1", "CRM"), ("pgm/7.1.1", "Gobiernos"), ("pgm/7.2.1", "Conferencia Regional sobre Migración"),
    ("pgm/7.2.1", "CRM"), ("pgm/7.2.1", "Proceso Puebla"),
}  # fmt: skip


def explained(element: Node | None) -> set[Node]:
    named = {thing for predicate in DIRECT for thing in graph().objects(element, predicate)}
    for node in graph().objects(element, CG.participation):
        named |= set(graph().objects(node, CG.agent))
    for node in graph().objects(element, CG.instrumentUse):
        named |= set(graph().objects(node, CG.instrument))
    for event in graph().subjects(CG.toldIn, element):
        for predicate in (CG.agent, CG.place, CG.meeting):
            named |= set(graph().objects(event, predicate))
    return named


def test_every_mention_is_explained_and_every_annotation_there() -> None:
    reference = real_background().dataset.graph(URIRef(NAMES.graph("reference")))
    left = set()
    for mention, thing in graph().subject_objects(CG.mentioned):
        element = graph().value(None, CG.mention, mention)
        members = set(reference.objects(thing, CG.member))
        if thing not in explained(element) and not (members and members <= explained(element)):
            left.add((str(element).removeprefix(f"{ROOT}").lstrip("/"), words(mention)[1]))
    assert left == UNEXPLAINED
    for name, classes in (("participations", READ[:1]), ("instrument-uses", READ[1:2]), ("events", READ[2:])):
        rows = (resource("data") / "annotations" / "crm" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert sum(1 for each in classes for _ in graph().subjects(RDF.type, each)) == len(rows) - 1 > 0
    known = set(real_background().dataset.graph(URIRef(NAMES.graph("ontology"))).subjects())
    assert {term for triple in graph() for term in triple if str(term).startswith(ONTOLOGY)} <= known
