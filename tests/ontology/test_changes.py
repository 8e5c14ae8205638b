"""The versions of the ontology: numbered upwards, and what changed between them is written down."""

from rdflib import OWL, URIRef

from crmgraph.namespaces import ONTOLOGY
from tests.ontology.changes import PAGE, number, page, versions
from tests.ontology.ours import HEADER


def test_page_of_changes_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.ontology.changes`"


def test_versions_go_up_and_name_themselves() -> None:
    *_, before, now = found = versions()
    numbers = [number(each) for each in found]
    assert numbers == sorted(set(numbers), key=lambda text: [*map(int, text.split("."))])
    for each in found:
        assert each.value(HEADER, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{number(each)}")
    assert now.value(HEADER, OWL.priorVersion) == URIRef(f"{ONTOLOGY}/{number(before)}")
