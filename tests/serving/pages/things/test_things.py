"""Everything about one thing."""

import pytest
from httpx import Client

from crmgraph.serving.pages.site import Site
from crmgraph.serving.pages.things import things
from crmgraph.serving.pages.things.things import thing
from tests.support.pages import having, read_page, text

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
    within = next(group for group in found.about if group.property == CG + "within")
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


def test_many_values_are_folded_and_few_are_not(site: Site, client: Client) -> None:
    found = thing(site, site.names.id("process", "rcm"), "en")
    assert found is not None
    long = [group for group in (*found.about, *found.pointing) if group.is_long]
    assert long
    assert all(len(group.statements) > 20 for group in long)
    page = read_page(client.get("/en/id/process/rcm").text)
    folds = [fold for table in having(page, "statements") for fold in having(table, "fold")]
    assert [text(next(fold.iter("summary"))) for fold in folds] == [f"{len(group.statements)} values" for group in long]
    assert [len(list(next(having(fold, "folded")))) for fold in folds] == [len(group.statements) for group in long]
    assert not any(fold.get("open") is not None for fold in folds)


def test_a_schedule_entry_has_a_status(site: Site) -> None:
    found = thing(site, site.names.id("plan", "crm", "dh", "2.4.3.1"), "en")
    assert found is not None
    assert found.status.endswith("status#pending")
    assert found.labels[found.status]["en"] == "pending"


def test_things_that_point_to_it_are_in_natural_order(site: Site) -> None:
    found = thing(site, site.names.id("plan", "crm", "pgm"), "en")
    assert found is not None
    parts = next(group for group in found.pointing if group.property.endswith("isPartOf"))
    assert [said.value.value.rpartition("/")[2] for said in parts.statements] == [str(n) for n in range(1, 12)]


def test_a_passage_quotes_itself(site: Site) -> None:
    found = thing(site, site.names.id("source", "crm", "13046-13048"), "en")
    assert found is not None
    assert [quotation.exact for quotation in found.quotations] == ["12"]


def test_what_nobody_speaks_of_is_nothing(site: Site) -> None:
    assert thing(site, site.names.id("plan", "crm", "pgm", "99"), "en") is None


def test_much_spoken_of_things_are_cut_and_say_so(site: Site) -> None:
    found = thing(site, site.names.id("source", "crm"), "en")
    assert found is not None
    assert found.is_cut
    assert sum(len(group.statements) for group in found.pointing) <= things.INCOMING_SHOWN
