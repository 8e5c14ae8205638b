"""The SKOS vocabularies: complete in both languages, sound as SKOS, and safe to recognise statuses by."""

import itertools
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.plan import Attachment
from crmgraph.resources import resource

STATUS = Namespace(PREFIXES["status"])
SEVERITY = Namespace(PREFIXES["severity"])
SCHEMA = Namespace("https://schema.org/")
FILES = sorted((resource("ontology") / "vocabularies").glob("*.ttl"))
CONCEPTS = {
    "status": [
        *("by-agreement", "cancelled", "continuous", "done", "in-progress", "incomplete", "launched", "no-progress"),
        *("not-carried-out", "not-started", "pending", "postponed", "suspended", "to-be-scheduled"),
    ],
    "attachment": ["file-row", "only-candidate", "position", "printed-number", "within-words"],
    "severity": ["info", "violation", "warning"],
    "membership-role": ["member", "observer", "participant", "partner", "presidency", "secretariat"],
    "rank": ["alternative", "preferred"],
    "name-form": ["acronym", "full-name", "misspelling", "short-name", "unaccented"],
    "instrument-kind": [
        *("agreement", "charter", "communique", "declaration", "fund", "guidelines", "international-instrument", "law"),
        *("manual", "mechanism", "memorandum-of-understanding", "plan", "policy", "programme", "resolution"),
        "standard",
    ],
    "confidence": ["high", "low", "medium", "none"],
}
LANGUAGES = {"es", "en"}
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)

each_vocabulary = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> tuple[Graph, URIRef]:
    """The vocabulary and its concept scheme."""
    return Graph().parse(file), URIRef(f"{ONTOLOGY}/{file.stem}")


def concepts(graph: Graph) -> list[URIRef]:
    return sorted(URIRef(str(concept)) for concept in graph.subjects(RDF.type, SKOS.Concept))


def languages(graph: Graph, subject: Node, predicate: Node) -> list[str]:
    return sorted(str(text.language) for text in graph.objects(subject, predicate) if isinstance(text, Literal))


def test_the_vocabularies_and_their_concepts() -> None:
    found = {
        file.stem: [str(concept).removeprefix(f"{ONTOLOGY}/{file.stem}#") for concept in concepts(read(file)[0])]
        for file in FILES
    }
    assert {name: found[name] for name in CONCEPTS} == CONCEPTS
    assert {"participation-role", "instrument-use", "topic", "population-group"} <= set(found)


@pytest.mark.parametrize(
    ("role", "above"),
    [("asked-to-report", "acts"), ("linked-with", "is-concerned"), ("hosts", "is-circumstance")],
)
def test_only_who_does_something_acts(role: str, above: str) -> None:
    graph, scheme = read(resource("ontology") / "vocabularies" / "participation-role.ttl")
    assert list(graph.objects(URIRef(f"{scheme}#{role}"), SKOS.broader)) == [URIRef(f"{scheme}#{above}")]


@each_vocabulary
def test_the_scheme_says_what_it_is(file: Path) -> None:
    graph, scheme = read(file)
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(graph, scheme, predicate) == ["en", "es"]
    assert graph.value(scheme, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert graph.value(scheme, DCTERMS.creator) is not None


@each_vocabulary
def test_nothing_is_without_a_name(file: Path) -> None:
    assert not [triple for triple in read(file)[0] if any(isinstance(node, BNode) for node in triple)]


@each_vocabulary
def test_each_concept_is_whole(file: Path) -> None:
    graph, scheme = read(file)
    for concept in concepts(graph):
        assert str(concept).startswith(f"{scheme}#")
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        assert list(graph.objects(concept, SKOS.notation)) == [Literal(str(concept).rpartition("#")[2])]
        assert languages(graph, concept, SKOS.prefLabel) == ["en", "es"]
        assert languages(graph, concept, SKOS.definition) == ["en", "es"]


@each_vocabulary
def test_a_concept_is_at_the_top_or_below_another(file: Path) -> None:
    graph, scheme = read(file)
    assert set(graph.objects(scheme, SKOS.hasTopConcept)) == set(graph.subjects(SKOS.topConceptOf, scheme))
    for concept in concepts(graph):
        above = set(graph.objects(concept, SKOS.broader))
        assert ((concept, SKOS.topConceptOf, scheme) in graph) == (not above)
        assert above <= set(concepts(graph))
        assert set(graph.subjects(SKOS.narrower, concept)) == above


@each_vocabulary
def test_nothing_is_said_of_what_is_no_concept(file: Path) -> None:
    graph, scheme = read(file)
    assert set(graph.subjects()) == {scheme, *concepts(graph)}


@each_vocabulary
def test_definitions_are_sentences_each_of_its_own(file: Path) -> None:
    graph, _ = read(file)
    said = Counter(str(text) for text in graph.objects(None, SKOS.definition))
    assert set(said.values()) == {1}
    for text in said:
        assert re.fullmatch(r"[A-ZÁÉÍÓÚÑ]\S*( \S+)+\.", text), text


@each_vocabulary
def test_no_label_is_of_two_kinds_or_of_two_concepts(file: Path) -> None:
    graph, _ = read(file)
    labels = Counter(label for predicate in LABELS for label in graph.objects(None, predicate))
    assert [label for label, times in labels.items() if times > 1] == []


@pytest.mark.parametrize("name", ["status", "attachment", "severity", "rank", "name-form"])
def test_concepts_of_which_a_thing_has_one_are_different(name: str) -> None:
    graph, _ = read(resource("ontology") / "vocabularies" / f"{name}.ttl")
    for one, other in itertools.combinations(concepts(graph), 2):
        assert (one, OWL.differentFrom, other) in graph or (other, OWL.differentFrom, one) in graph


@pytest.mark.parametrize(
    ("name", "ordered"), [("severity", "violation warning info"), ("confidence", "high medium low none")]
)
def test_degrees_are_in_order(name: str, ordered: str) -> None:
    graph, scheme = read(resource("ontology") / "vocabularies" / f"{name}.ttl")
    positions = {position: concept for concept, position in graph.subject_objects(SCHEMA.position)}
    in_order = [positions[Literal(n)] for n in range(1, len(positions) + 1)]
    assert in_order == [URIRef(f"{scheme}#{slug}") for slug in ordered.split()]


@pytest.mark.parametrize(("slug", "shacl"), [("violation", SH.Violation), ("warning", SH.Warning), ("info", SH.Info)])
def test_severities_are_those_of_shacl(slug: str, shacl: URIRef) -> None:
    graph, _ = read(resource("ontology") / "vocabularies" / "severity.ttl")
    assert list(graph.objects(SEVERITY[slug], SKOS.exactMatch)) == [shacl]


@pytest.mark.parametrize(
    ("slug", "spanish", "english"),
    [
        ("violation", "error", "error"),
        ("warning", "advertencia", "warning"),
        ("info", "información", "information"),
    ],
)
def test_severities_are_called_the_same_everywhere(slug: str, spanish: str, english: str) -> None:
    graph, _ = read(resource("ontology") / "vocabularies" / "severity.ttl")
    assert set(graph.objects(SEVERITY[slug], SKOS.prefLabel)) == {Literal(spanish, "es"), Literal(english, "en")}


def test_the_ways_of_attachment_are_those_that_reading_tells_apart() -> None:
    assert sorted(way.value for way in Attachment) == CONCEPTS["attachment"]


# The words by which a calendar says how things stand


def fold(text: str) -> str:
    """Without accents, case and kind of space."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def phrases(labels: tuple[URIRef, ...] = LABELS) -> list[tuple[str, str, str | None]]:
    """Each label of a status, folded, with the status and the language."""
    graph, _ = read(resource("ontology") / "vocabularies" / "status.ttl")
    return sorted(
        {
            (fold(str(label)), str(concept).removeprefix(STATUS), label.language)
            for predicate in labels
            for concept, label in graph.subject_objects(predicate)
            if isinstance(label, Literal)
        }
    )


def statuses(cell: str) -> set[str]:
    """The statuses whose words stand in the cell as whole words, those within longer words of a status aside.

    Alternative labels are left out: they count only where they open or end an entry.
    """
    longest_first = sorted(phrases((SKOS.prefLabel, SKOS.hiddenLabel)), key=lambda phrase: -len(phrase[0]))
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase, _, _ in longest_first))
    by_phrase = {phrase: status for phrase, status, _ in longest_first}
    return {by_phrase[found] for found in pattern.findall(fold(cell))}


def test_no_phrase_is_of_two_statuses() -> None:
    by_phrase: dict[str, set[str]] = {}
    for phrase, status, _ in phrases():
        by_phrase.setdefault(phrase, set()).add(status)
    assert {phrase: found for phrase, found in by_phrase.items() if len(found) > 1} == {}


def test_every_status_can_be_recognised_in_both_languages() -> None:
    assert {(status, language) for _, status, language in phrases()} == {
        (status, language) for status in CONCEPTS["status"] for language in LANGUAGES
    }


def test_the_calendar_of_the_plan() -> None:
    text = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    cells = dict(re.findall(r"^\s*((?:\d+\.){3}\d+) +(.*)$", text, re.MULTILINE))
    entries = re.findall(r"^\s*(?:\d+\.){3}\d+ +(.*)$", text, re.MULTILINE)

    assert len(entries) == 37
    assert Counter(tuple(statuses(entry)) for entry in entries) == {
        ("continuous",): 31,
        ("in-progress",): 1,
        ("pending",): 1,
        ("by-agreement",): 1,
        ("to-be-scheduled",): 1,
        (): 2,
    }
    assert statuses(cells["1.3.1.1"]) == {"to-be-scheduled"}
    assert statuses(cells["7.3.1.1"]) == statuses(cells["10.1.1.1"]) == set(), "only a reader can tell"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("Continuo", "continuous"),
        ("CONTINUO.", "continuous"),
        ("Continuo y cada tres años", "continuous"),
        ("Actividad continua", "continuous"),
        ("Se lleva a cabo de manera permanente", "continuous"),
        ("Ongoing", "continuous"),
        ("En progreso", "in-progress"),
        ("Continúa en ejecución", "in-progress"),
        ("In progress (see report)", "in-progress"),
        ("Pendiente de financiamiento", "pending"),
        ("Continúa pendiente", "pending"),
        ("Sin iniciar", "not-started"),
        ("Not yet started", "not-started"),
        ("Segun acuerdos de pais", "by-agreement"),
        ("Según se acuerde", "by-agreement"),
        ("Sujeto a acuerdo de las partes", "by-agreement"),
        ("Subject to agreement", "by-agreement"),
        ("Taller en Belice, fecha por confirmar", "to-be-scheduled"),
        ("Seminar in Belize, dates to be determined", "to-be-scheduled"),
        ("Actividad concluida en 2008", "done"),
        ("Ya se realizó (Managua, 2007)", "done"),
        ("Activity completed in 2008", "done"),
        ("Ya se han lanzado dos proyectos", "launched"),
        ("No se han efectuado actividades concretas", "not-carried-out"),
        ("The seminar has not been carried out", "not-carried-out"),
        ("Two projects have already been launched", "launched"),
    ],
)
def test_other_plans_say_it_in_other_words(cell: str, status: str) -> None:
    assert statuses(cell) == {status}


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "Mayo de 2010",
        "A ser realizado en 2010",
        "Será concluido antes de la XV CRM",
        "Realizado",
        "No realizado según el plan de la red",
        "Not carried out",
        "Taller realizado en Managua en 2007",
        "Lo realizado según el plan de la red",
        "Según el plan de trabajo de la red",
        "Done according to the plan of the network",
        "Aún no se han lanzado los proyectos",
        "Presentar un informe al Consejo Permanente de la OEA",
        "Durante el año en curso",
        "Taller para países en desarrollo",
        "Para migrantes en proceso de repatriación",
        "Puesta en marcha en 2010",
        "Puesto en marcha según el plan de la red",
        "En preparación para cada reunión del GRCM",
        "Se tratarán los asuntos pendientes en la XV CRM",
        "Lineamientos por definir en la XIV CRM",
        "Por acuerdo de la XIII CRM",
        "De acuerdo con el plan de trabajo de la red",
        "Discontinuo",
        "To be completed by 2010",
        "To be launched in 2010",
        "Once it has been done",
        "Venue to be set",
    ],
)
def test_words_that_only_look_like_a_status_are_none(cell: str) -> None:
    assert statuses(cell) == set()
