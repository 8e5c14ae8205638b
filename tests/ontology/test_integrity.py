"""The vocabularies keep the integrity conditions of SKOS, each alone and all together."""

from pathlib import Path

import pytest
from rdflib import SKOS, Graph

from crmgraph.resources import resource
from tests.ontology.integrity import broken

FILES = sorted((resource("ontology") / "vocabularies").glob("*.ttl"))


def read(turtle: str) -> Graph:
    """A concept with a label, and what the turtle adds."""
    start = f"@prefix skos: <{SKOS}> . @prefix : <http://example.org/#> . :a a skos:Concept ; skos:prefLabel 'una'@es ."
    return Graph().parse(data=start + turtle, format="turtle")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conditions_of_skos_hold(file: Path) -> None:
    assert broken(Graph().parse(file)) == []


def test_the_conditions_of_skos_hold_over_all_vocabularies() -> None:
    graph = Graph()
    for file in FILES:
        graph.parse(file)
    assert broken(graph) == []


@pytest.mark.parametrize(
    "turtle",
    [
        ':a skos:altLabel "otra"@es , "una"@en ; skos:prefLabel "one"@en .',
        ":a skos:broader :b , :c . :b skos:broader :d . :c skos:broader :d .",
        ":a skos:exactMatch :b ; skos:closeMatch :c ; skos:relatedMatch :d .",
        ":a skos:related :b . :b skos:broader :c .",
    ],
)
def test_what_skos_allows_is_let_through(turtle: str) -> None:
    assert broken(read(turtle)) == []


@pytest.mark.parametrize(
    ("turtle", "condition"),
    [
        (":a skos:inScheme :a . :a a skos:ConceptScheme .", "S9"),
        (':a skos:altLabel "una"@es .', "S13"),
        (':a skos:prefLabel "otra"@es .', "S14"),
        (":a skos:broader :b . :b skos:broader :c . :c skos:related :a .", "S27"),
        (":a skos:exactMatch :b ; skos:broadMatch :b .", "S46"),
        (":a skos:exactMatch :b . :b skos:exactMatch :c ; skos:relatedMatch :a .", "S46"),
        (":a skos:broader :b . :b skos:broader :a .", "cycle"),
        (":a skos:broader :a .", "cycle"),
    ],
)
def test_a_breach_of_skos_is_found(turtle: str, condition: str) -> None:
    assert {found for found, _ in broken(read(turtle))} == {condition}
