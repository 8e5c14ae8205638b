"""What changed, written for people and for programs."""

import json
from pathlib import Path

import pytest
from rdflib import PROV, RDF, SKOS, Graph, URIRef

from crmgraph.building import SOURCE
from crmgraph.comparing import Comparison, compare
from crmgraph.comparing.reporting import as_html, as_json, as_text, as_turtle
from crmgraph.describing.naming import Lexicon
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan, read_plan_text
from crmgraph.reading.source import Source
from tests.support.pages import read_page

NEW = URIRef("https://w3id.org/crmgraph/id/plan/crm-2")
STATUSES = Lexicon(Graph())
DROPPED = "vmd/4.1.1"
OLD = URIRef("https://w3id.org/crmgraph/id/plan/crm")


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
    new = read_plan_text(Source(text, Path("crm-2.txt")), "crm-2")
    return compare(old, new, lambda _: (), STATUSES)


def test_for_a_terminal(comparison: Comparison) -> None:
    text = as_text(comparison, "es")
    assert text.startswith("4 de 99 partes comparadas cambiaron (temas, objetivos, acciones, actividades y notas de ")
    assert "acción pgm/1.3: redactada de otro modo (línea 19)\n    Compartir [-las-] {+<b>nuevas</b>+} exp" in text
    assert "actividad pgm/1.1.1: reprogramada" in text
    assert "calendario: [-Continuo-] {+Pendiente+}" in text
    assert "actividad pgm/1.1.2: agregada (línea 23)" in text
    assert f"actividad {DROPPED}: suprimida" in text


def test_in_english(comparison: Comparison) -> None:
    assert "action pgm/1.3: reworded (line 19)" in as_text(comparison, "en")
    assert as_text(compare(comparison.old, comparison.old, lambda _: (), STATUSES), "en") == "The two say the same."


def test_for_a_browser(comparison: Comparison) -> None:
    page = read_page(as_html(comparison, "es"))
    assert [each.text for each in page.iter("del")][:2] == ["Continuo", "las"]
    assert "<b>nuevas</b>" in [each.text for each in page.iter("ins")]
    assert not list(page.iter("script"))
    assert page.get("lang") == "es"


def test_for_programs(comparison: Comparison) -> None:
    document = json.loads(as_json(comparison, "en"))
    assert (document["old"], document["new"], document["unchanged"]) == ("crm.txt", "crm-2.txt", 95)
    changes = {tuple(each["changes"]): each for each in document["changes"]}
    assert changes["added",]["old"] is None
    assert changes["dropped",]["new"] is None
    new = changes["reworded",]["new"]
    assert comparison.new.source.text[new["start"] : new["end"]].startswith("1.3 Compartir <b>nuevas")
    assert changes["rescheduled",]["new"]["schedule"] == "Pendiente"


def test_as_rdf(comparison: Comparison) -> None:
    graph = Graph().parse(data=as_turtle(comparison, Names()), format="turtle")
    assert (NEW, PROV.wasRevisionOf, OLD) in graph
    reworded = URIRef(f"{NEW}/pgm/1.3")
    assert (reworded, PROV.wasRevisionOf, URIRef(f"{OLD}/pgm/1.3")) in graph
    [said] = graph.objects(reworded, PROV.qualifiedRevision)
    assert (said, RDF.type, PROV.Revision) in graph
    [rescheduled] = graph.objects(URIRef(f"{NEW}/pgm/1.1.1"), PROV.qualifiedRevision)
    assert [str(note) for note in graph.objects(rescheduled, SKOS.note)] == ["Continuo → Pendiente"]
    assert (URIRef(f"{NEW}/pgm/2"), PROV.wasDerivedFrom, URIRef(f"{OLD}/pgm/2")) in graph
    revision = URIRef(f"{OLD}/revision")
    assert (revision, PROV.generated, NEW) in graph
    assert (URIRef(f"{NEW}/pgm/1.1.2"), PROV.wasGeneratedBy, revision) in graph
    assert (URIRef(f"{OLD}/{DROPPED}"), PROV.wasInvalidatedBy, revision) in graph
