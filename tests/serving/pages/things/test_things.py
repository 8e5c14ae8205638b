"""What a thing is and what the graph says about it."""

import pytest

from crmgraph.site.site import Site
from crmgraph.site.things.things import thing

CG = "https://w3id.org/crmgraph/ontology#"


def test_a_part_of_the_plan(site: Site) -> None:
    found = thing(site, site.names.id("plan", "crm", "vmd", "1.2.1"), "es")
    assert found is not None
    assert found.types[0] == CG + "Activity"
    assert (found.number, found.language) == ("1.2.1", "es")
    assert found.is_a("Activity")
    assert not found.is_a("Theme")
    assert [quotation.exact[:5] for quotation in found.quotations] == ["1.2.1"]
    assert [finding.code for finding in found.findings] == ["unresolved-cross-reference"]


def test_what_is_asserted_comes_before_what_is_inferred(site: Site) -> None:
    found = thing(site, site.names.id("plan", "crm", "pgm", "7.1.1"), "en")
    assert found is not None
    within = next(group for group in found.about if group.predicate == CG + "within")
    assert [said.is_inferred for said in within.statements] == [False, True, True, True]
    assert within.statements[0].graphs == (site.names.graph("plan", "crm"),)


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_is_in_the_language_of_the_page_comes_first(site: Site, language: str) -> None:
    found = thing(site, site.names.id("actor", "oim"), language)
    assert found is not None
    bilingual = [group for group in found.about if {said.value.language for said in group.statements} >= {"es", "en"}]
    assert len(bilingual) > 2
    for group in bilingual:
        spoken = [said.value.language for said in group.statements]
        assert spoken == sorted(spoken, key=lambda tongue: tongue != language)


def test_properties_that_are_asserted_come_before_those_that_are_inferred(site: Site) -> None:
    found = thing(site, site.names.id("plan", "crm", "pgm", "7.1.1"), "en")
    assert found is not None
    inferred = [group.statements[0].is_inferred for group in found.about]
    assert inferred == sorted(inferred)
    assert {True, False} == set(inferred)


def test_a_schedule_entry_has_a_status(site: Site) -> None:
    found = thing(site, site.names.id("plan", "crm", "dh", "2.4.3.1"), "en")
    assert found is not None
    assert found.status.endswith("status#pending")


def test_a_passage_quotes_itself(site: Site) -> None:
    found = thing(site, site.names.id("source", "crm", "13046-13048"), "en")
    assert found is not None
    assert [quotation.exact for quotation in found.quotations] == ["12"]


def test_what_nobody_speaks_of_is_nothing(site: Site) -> None:
    assert thing(site, site.names.id("plan", "crm", "pgm", "99"), "en") is None


def test_what_is_only_spoken_of_is_something(site: Site) -> None:
    rows = site.select("SELECT ?x { ?y skos:exactMatch ?x FILTER NOT EXISTS { ?x ?p ?o } } LIMIT 1")
    found = thing(site, rows[0]["x"].value, "en")
    assert found is not None
    assert found.about == ()
