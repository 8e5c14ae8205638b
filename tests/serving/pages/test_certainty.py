"""How certain what a page says is: in the words of the graph, and only where somebody has doubts."""

import pytest

from crmgraph.http.languages import translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site import Site
from crmgraph.site.certainty import SURE, Certainty, certainty_of, with_doubt


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_degree_but_the_highest_has_words_with_the_name_that_the_graph_has_for_it(
    site: Site, language: str
) -> None:
    query = f"SELECT ?x ?name {{ ?x skos:inScheme <{ONTOLOGY}/confidence> ; skos:prefLabel ?name }}"
    names = {row["x"].value: row["name"].value for row in site.select(query) if row["name"].language == language}
    assert len(names) == 4
    for degree, name in names.items():
        words = translations(language).gettext(Certainty("", degree).words)
        assert (name in words) == (not degree.endswith("#high"))


def test_what_nobody_doubts_is_said_as_it_is() -> None:
    assert with_doubt("sede", SURE, "es") == "sede"
    assert with_doubt("sede", Certainty("", f"{ONTOLOGY}/confidence#low"), "es") == "sede (certeza baja)"


def test_what_one_statement_says_without_doubt_is_certain() -> None:
    doubted = Certainty("x", f"{ONTOLOGY}/confidence#medium")
    assert certainty_of([doubted, SURE]) == SURE
    assert certainty_of([doubted, Certainty("y", f"{ONTOLOGY}/confidence#low")]) == doubted
