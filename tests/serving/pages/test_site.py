"""Asking on behalf of the pages."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crmgraph.errors import QuerySyntaxError
from crmgraph.site.site import Site, Term, in_language, read_table, reference
from tests.support.noting import NotingPool


def test_select_knows_our_prefixes(site: Site) -> None:
    rows = site.select("SELECT ?x { ?x a cg:Theme ; cg:within <https://w3id.org/crmgraph/id/plan/crm> } ORDER BY ?x")
    assert [row["x"].value.rpartition("/")[2] for row in rows] == ["dh", "pgm", "vmd"]
    assert all(row["x"].is_iri for row in rows)


def test_a_wrong_query_of_ours_is_not_hidden(site: Site) -> None:
    with pytest.raises(QuerySyntaxError):
        site.select("SELECT ?x {")


def test_construct_writes_the_syntax_that_is_asked_for(site: Site) -> None:
    query = "CONSTRUCT { ?x a cg:Theme } { ?x a cg:Theme ; cg:within <https://w3id.org/crmgraph/id/plan/crm> }"
    assert site.construct(query, "application/n-triples").count(b"\n") == 3
    assert b"cg:Theme" in site.construct(query, "text/turtle")


def test_labels_in_every_language(site: Site) -> None:
    mexico = site.names.id("country", "MEX")
    assert site.labels([mexico, mexico, "http://example.org/none"]) == {mexico: {"es": "México", "en": "Mexico"}}
    assert site.labels([]) == {}


@pytest.mark.parametrize("told", [None, "theirs"])
def test_a_plan_and_its_document_go_by_its_short_name(site: Site, noting: NotingPool, told: str | None) -> None:
    noting.told = told
    asking = replace(site, pool=noting)
    assert asking.may_keep is (told is None)
    plan = site.names.id("plan", "crm")
    source = site.names.id("source", "crm")
    assert asking.labels([plan, source]) == {
        plan: {"es": "Plan de la CRM", "en": "RCM plan"},
        source: {"es": "Documento fuente: Plan de la CRM", "en": "Source document: RCM plan"},
    }


@pytest.fixture
def noting(site: Site) -> Iterator[NotingPool]:
    assert site.pool.store_path
    with NotingPool(site.pool.store_path) as pool:
        yield pool


def test_a_query_declares_the_prefixes_that_it_uses(site: Site, noting: NotingPool) -> None:
    query = "SELECT ?x { ?x a cg:Theme ; ^dcterms:isPartOf ?part FILTER (?x != p-plan:Step) }"
    replace(site, pool=noting).select(query)
    declared = re.findall(r"^PREFIX (\S+): ", noting.asked[0], re.MULTILINE)
    assert sorted(declared) == ["cg", "dcterms", "p-plan"]


def test_labels_are_read_once_while_the_data_are_the_same(site: Site, noting: NotingPool) -> None:
    here, there = site.names.id("country", "MEX"), site.names.id("country", "GTM")
    asking = replace(site, pool=noting, digest="labels")
    assert asking.labels([here])[here]["en"] == "Mexico"
    assert asking.labels([there, "http://example.org/none"]) == {there: {"es": "Guatemala", "en": "Guatemala"}}
    assert len(noting.asked) == 1
    assert replace(asking, digest="other").labels([here])
    assert len(noting.asked) == 2


def test_labels_are_read_each_time_where_others_can_change_them(site: Site, noting: NotingPool) -> None:
    here = site.names.id("country", "MEX")
    noting.told = "a state"
    asking = replace(site, pool=noting)
    for _ in range(2):
        assert asking.labels([here])[here]["en"] == "Mexico"
    assert len(noting.asked) == 2
    assert all(f"<{here}>" in query for query in noting.asked), "and no more of them than is needed"
    assert asking.labels([]) == {}
    assert len(noting.asked) == 2


def test_a_table_has_terms_of_every_kind() -> None:
    bindings = [
        {
            "a": {"type": "uri", "value": "http://example.org/"},
            "b": {"type": "literal", "value": "tema", "xml:lang": "es"},
            "c": {"type": "typed-literal", "value": "1", "datatype": "http://example.org/int"},
        },
        {"a": {"type": "bnode", "value": "b0"}},
        {
            "a": {
                "type": "triple",
                "value": {
                    "subject": {"type": "uri", "value": "s"},
                    "predicate": {"type": "uri", "value": "p"},
                    "object": {"type": "literal", "value": "o"},
                },
            }
        },
    ]
    table = read_table(json.dumps({"head": {"vars": ["a", "b", "c"]}, "results": {"bindings": bindings}}).encode())
    assert table.columns == ("a", "b", "c")
    assert table.rows[0] == {
        "a": Term("uri", "http://example.org/"),
        "b": Term("literal", "tema", "es"),
        "c": Term("literal", "1", "", "http://example.org/int"),
    }
    assert table.rows[1] == {"a": Term("bnode", "b0")}
    assert table.rows[2] == {"a": Term("triple", "<<( s p o )>>")}


@pytest.mark.parametrize("iri", ["a b", "a>b", "<a", 'a"', "a{", "a}", "a|b", "a^", "a`", "a\\u003e", "a\nb", "a\x00"])
def test_what_is_no_iri_never_gets_into_a_query(iri: str) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        reference(iri)


def test_a_reference_is_written_as_in_sparql() -> None:
    assert reference("http://example.org/á") == "<http://example.org/á>"


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"es": "tema", "en": "theme"}, "es", ("tema", "es")),
        ({"es": "tema", "en": "theme"}, "fr", ("theme", "en")),
        ({"es": "tema"}, "en", ("tema", "es")),
        ({"": "plain"}, "en", ("plain", "")),
        ({}, "en", ("", "")),
    ],
)
def test_a_text_comes_in_the_language_or_the_nearest(
    texts: dict[str, str], language: str, expected: tuple[str, str]
) -> None:
    assert in_language(texts, language) == expected
