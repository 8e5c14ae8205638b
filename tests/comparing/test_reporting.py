"""What changed, written for people and for programs, and what cannot be compared."""

import json
from pathlib import Path

import pytest
from rdflib import DCTERMS, PROV, RDF, RDFS, SKOS, Literal, URIRef

from crmgraph.building.manifest import SOURCE, plan_documents
from crmgraph.comparing.changes import KINDS, Comparison, agent_finder, compare
from crmgraph.comparing.reporting import as_html, as_json, as_text, describe_revision, describe_version
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan, read_plan_text
from crmgraph.reading.model import Source
from tests.support.dataset import real_background
from tests.support.pages import read_page
from tests.support.phrases import table_of

HELD = {file.stem: file for file in plan_documents()}
NEW, OLD = (URIRef(f"https://w3id.org/crmgraph/id/plan/{name}") for name in ("crm-2", "crm"))
DROPPED = "vmd/4.1.1"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    old = read_plan(SOURCE)
    gone = next(part for part, _ in old.walk() if part.id == DROPPED)
    text = old.source.text
    for part in sorted((gone, *gone.parts), key=lambda part: part.passage, reverse=True):
        text = text[: part.passage.start] + text[part.passage.end :]
    text = text.replace("Compartir las experiencias", "Compartir <b>nuevas</b> experiencias")
    text = text.replace("\t1.1.1.1 Continuo", "\t1.1.1.1 Pendiente", 1)
    text = text.replace("1.3.1 Capacitación", "1.1.2 Otra cosa del todo distinta y nueva.\n1.3.1 Capacitación", 1)
    return compare(old, read_plan_text(Source(text, Path("crm-2.txt")), "crm-2"), lambda _: ())


def test_as_text(comparison: Comparison) -> None:
    text = as_text(comparison, "es")
    assert text.startswith("4 de 99 partes comparadas cambiaron (temas, objetivos, acciones, actividades y notas de ")
    assert "acción pgm/1.3: redactada de otro modo (línea 19)\n    Compartir [-las-] {+<b>nuevas</b>+} exp" in text
    assert "actividad pgm/1.1.1: reprogramada" in text
    assert "calendario: [-Continuo-] {+Pendiente+}" in text
    assert "actividad pgm/1.1.2: agregada (línea 23)" in text
    assert f"actividad {DROPPED}: suprimida" in text
    assert "action pgm/1.3: reworded (line 19)" in as_text(comparison, "en")
    same = compare(comparison.old, comparison.old, lambda _: ())
    assert as_text(same, "en") == "The two say the same."
    assert "notices" not in json.loads(as_json(same, "en"))


def test_as_html(comparison: Comparison) -> None:
    page = read_page(as_html(comparison, "es"))
    assert [each.text for each in page.iter("del")][:2] == ["Continuo", "las"]
    assert "<b>nuevas</b>" in [each.text for each in page.iter("ins")]
    assert not list(page.iter("script"))
    assert page.get("lang") == "es"


def test_as_json(comparison: Comparison) -> None:
    document = json.loads(as_json(comparison, "en"))
    assert (document["old"], document["new"], document["unchanged"]) == ("crm.txt", "crm-2.txt", 95)
    changes = {tuple(each["changes"]): each for each in document["changes"]}
    assert changes["added",]["old"] is None
    assert changes["dropped",]["new"] is None
    new = changes["reworded",]["new"]
    assert comparison.new.source.text[new["start"] : new["end"]].startswith("1.3 Compartir <b>nuevas")
    assert changes["rescheduled",]["new"]["schedule"] == "Pendiente"


def test_as_rdf(comparison: Comparison) -> None:
    graph = describe_revision(comparison, Names())
    reworded, revision = URIRef(f"{NEW}/pgm/1.3"), URIRef(f"{OLD}/revision")
    for triple in (
        (NEW, PROV.wasRevisionOf, OLD),
        (reworded, PROV.wasRevisionOf, URIRef(f"{OLD}/pgm/1.3")),
        (graph.value(reworded, PROV.qualifiedRevision), RDF.type, PROV.Revision),
        (URIRef(f"{NEW}/pgm/2"), PROV.wasDerivedFrom, URIRef(f"{OLD}/pgm/2")),
        (revision, PROV.generated, NEW),
        (URIRef(f"{NEW}/pgm/1.1.2"), PROV.wasGeneratedBy, revision),
        (URIRef(f"{OLD}/{DROPPED}"), PROV.wasInvalidatedBy, revision),
    ):
        assert triple in graph
    [rescheduled] = graph.objects(URIRef(f"{NEW}/pgm/1.1.1"), PROV.qualifiedRevision)
    assert [str(note) for note in graph.objects(rescheduled, SKOS.note)] == ["Continuo → Pendiente"]


def compared(old: Plan, new: Plan) -> Comparison:
    return compare(old, new, agent_finder(real_background(), new))


def test_two_languages_are_said_first_in_all_forms() -> None:
    foreign = compared(
        table_of(
            ("Retorno", "6. El retorno de los migrantes con la OIM", "6.1 Memorandum de la OIM",
             "6.1.1 El fondo implementado por la OIM", "6.1.1.1 Continuo"), id="old",
        ),
        table_of(
            ("Going back", "6. The way home for all migrants with IOM", "6.1 Memorandum of IOM",
             "6.1.1 The fund is for all that is run by IOM", "6.1.1.1 Continuous"), id="new",
        ),
    )  # fmt: skip
    said = "old is in Spanish and new in English. Words are compared"
    assert as_text(foreign, "en").startswith(said)
    assert as_text(foreign, "es").startswith("old está en español y new en inglés. Se comparan las palabras")
    assert [each.text for each in read_page(as_html(foreign, "en")).iter("strong")] == [
        as_text(foreign, "en").split("\n")[0]
    ]
    [notice] = json.loads(as_json(foreign, "en"))["notices"]
    assert (notice["code"], notice["said"].startswith(said)) == ("languages", True)
    graph = describe_revision(foreign, Names())
    [revision] = graph.subjects(PROV.generated)
    assert {each.language for each in graph.objects(revision, RDFS.comment)} == {"en", "es"}  # type: ignore[attr-defined]
    # Nobody is handed anything and nothing moves with its parent.
    kinds = {kind for change in foreign.changes for kind in change.kinds}
    assert kinds == {"added", "dropped", "reworded", "rescheduled"}
    assert not any(any(change.agents) for change in foreign.changes)


def test_other_plans_are_told_as_such() -> None:
    strange = compared(read_plan(HELD["gcm"]), read_plan(HELD["bali"]))
    said = "gcm.txt and bali.txt do not look like versions of one plan: they have hardly any words in common."
    assert as_text(strange, "en").startswith(said)
    assert as_text(strange, "es").startswith("gcm.txt y bali.txt no parecen versiones de un mismo plan")
    assert json.loads(as_json(strange, "es"))["notices"][0]["code"] == "strangers"
    # Neither has a part that became one of the other because both stand first or have one number.
    assert {kind for change in strange.changes for kind in change.kinds} == {"added", "dropped"}


def test_an_earlier_version_as_rdf() -> None:
    new = read_plan(SOURCE)
    text = new.source.text.replace("7.1 Retorno digno, seguro y ordenado", "7.1 Retorno digno")
    old = read_plan_text(Source(text, Path("crm@2006.txt")), "crm-2006")
    graph = describe_version(compare(old, new, lambda _: ()), Names(), "crm")
    plan = URIRef("https://w3id.org/crmgraph/id/plan/crm-2006")
    parts = [part for part, _ in old.walk() if part.kind in KINDS]
    assert set(graph.objects(plan, PROV.hadMember)) == {URIRef(f"{plan}/{part.id}") for part in parts}
    for part in parts:
        iri = URIRef(f"{plan}/{part.id}")
        assert (iri, RDFS.label, Literal(part.text, "es")) in graph
        assert [str(each) for each in graph.objects(iri, SKOS.notation)] == ([part.number] if part.number else [])
        [passage] = graph.objects(iri, DCTERMS.source)
        start, end = map(int, str(passage).rpartition("/")[2].split("-"))
        assert text[start:end] == part.passage.exact
    # It is of the plan and no plan.
    assert (plan, DCTERMS.isVersionOf, OLD) in graph
    assert set(graph.objects(None, RDF.type)) == {PROV.Entity, PROV.Activity, PROV.Revision}
    assert not any(str(name).startswith(str(CG)) for name in graph.predicates())
