"""From IRIs to addresses of the site and back."""

import pytest

from crmgraph.namespaces import Names
from crmgraph.site.links import Links

LINKS = Links(Names())
BELOW = Links(Names(), "/crm")
ELSEWHERE = Links(Names("https://example.org/data/"))


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("https://w3id.org/crmgraph/id/plan/crm/pgm/7.1.1", "/id/plan/crm/pgm/7.1.1"),
        ("https://w3id.org/crmgraph/graph/plan/crm", "/graph/plan/crm"),
        ("https://w3id.org/crmgraph/ontology", "/ontology"),
        ("https://w3id.org/crmgraph/ontology#Theme", "/ontology#Theme"),
        ("https://w3id.org/crmgraph/ontology/status#done", "/ontology/status#done"),
        ("https://w3id.org/crmgraph/id/a%20b", "/id/a%20b"),
        ("https://w3id.org/crmgraph/id/á?x#y", "/id/%C3%A1%3Fx%23y"),
        ("https://w3id.org/crmgraph/ontologyx", None),
        ("https://w3id.org/crmgraph/", None),
        ("http://purl.org/dc/terms/isPartOf", None),
    ],
)
def test_our_own_iris_have_a_path(iri: str, path: str | None) -> None:
    assert LINKS.path(iri) == path


def test_links_lead_to_the_page_in_the_language_below_the_root() -> None:
    iri = "https://w3id.org/crmgraph/id/country/MEX"
    assert LINKS.target(iri, "es") == "/es/id/country/MEX"
    assert BELOW.target(iri, "en") == "/crm/en/id/country/MEX"
    assert BELOW.data("/void") == "/crm/void"


def test_other_web_addresses_lead_there_and_the_rest_nowhere() -> None:
    assert LINKS.target("http://purl.org/dc/terms/title", "en") == "http://purl.org/dc/terms/title"
    assert LINKS.target("mailto:someone@example.org", "en") is None
    assert LINKS.target("javascript:alert(1)", "en") is None
    assert LINKS.target("urn:x:y", "en") is None


@pytest.mark.parametrize("iri", ["http://a℀b/", "http://[::1/", "https://[x]/"])
def test_an_iri_with_an_odd_host_is_a_link_like_any_other(iri: str) -> None:
    assert LINKS.target(iri, "en") == iri


def test_a_moved_base_moves_things_but_not_the_ontology() -> None:
    assert ELSEWHERE.path("https://example.org/data/id/country/MEX") == "/id/country/MEX"
    assert ELSEWHERE.path("https://w3id.org/crmgraph/id/country/MEX") is None
    assert ELSEWHERE.path("https://w3id.org/crmgraph/ontology#State") == "/ontology#State"
    assert ELSEWHERE.thing("country/MEX") == "https://example.org/data/id/country/MEX"


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/crmgraph/ontology#Theme", "cg:Theme"),
        ("https://w3id.org/crmgraph/ontology/status#done", "status:done"),
        ("https://w3id.org/crmgraph/id/plan/crm", "id:plan/crm"),
        ("http://www.w3.org/2000/01/rdf-schema#label", "rdfs:label"),
        ("http://example.org/x", "http://example.org/x"),
    ],
)
def test_iris_are_shortened_by_the_longest_prefix(iri: str, short: str) -> None:
    assert LINKS.short(iri) == short


@pytest.mark.parametrize("path", ["plan/crm/pgm/7.1.1", 'x">} SELECT', "a b", "ñ/é", "<>", "{|}^`\\", "%41"])
def test_what_stands_in_an_address_becomes_an_iri_that_is_safe_in_a_query(path: str) -> None:
    iri = LINKS.thing(path)
    assert iri.startswith("https://w3id.org/crmgraph/id/")
    assert not set(iri) & set('<>"{}|^`\\ \n')
    assert not set(LINKS.vocabulary(path)) & set('<>"{}|^`\\ \n')


def test_what_else_is_below_the_base_is_of_this_site_too() -> None:
    assert LINKS.target("https://w3id.org/crmgraph/dump.nq.gz", "es") == "/dump.nq.gz"
    assert BELOW.target("https://w3id.org/crmgraph/static/icon.svg", "es") == "/crm/static/icon.svg"
    assert BELOW.target("https://w3id.org/crmgraph/", "es") == "/crm/"
