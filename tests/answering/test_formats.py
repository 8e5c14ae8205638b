"""The syntaxes on offer: names, media types and labels."""

import pytest

from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.sparql.formats import by_media_type, by_short, content_type, media_types

ALL = RESULT_FORMATS + GRAPH_FORMATS


def test_what_is_on_offer() -> None:
    assert {each.short: each.media_type for each in RESULT_FORMATS} == {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
    }
    assert {each.short: each.media_type for each in GRAPH_FORMATS} == {
        "ttl": "text/turtle",
        "nt": "application/n-triples",
        "nq": "application/n-quads",
        "trig": "application/trig",
        "rdf": "application/rdf+xml",
        "jsonld": "application/ld+json",
    }


def test_json_and_turtle_are_what_a_client_without_a_wish_gets() -> None:
    assert RESULT_FORMATS[0].short == "json"
    assert GRAPH_FORMATS[0].short == "ttl"


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.short)
def test_a_format_is_found_by_each_of_its_names(each: Format) -> None:
    assert by_short(each.short) is each
    assert by_media_type(each.media_type) is each


def test_names_are_not_shared() -> None:
    for attribute in ("short", "media_type", "label", "iri"):
        assert len({getattr(each, attribute) for each in ALL}) == len(ALL)


def test_an_unknown_name_finds_nothing() -> None:
    assert by_short("xls") is None
    assert by_media_type("image/png") is None


def test_plain_json_is_an_alias_that_comes_last() -> None:
    found = by_media_type("application/json")
    assert found is RESULT_FORMATS[0]
    assert media_types(RESULT_FORMATS)[-1] == "application/json"
    assert media_types(GRAPH_FORMATS) == tuple(each.media_type for each in GRAPH_FORMATS)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/sparql-results+json", "application/sparql-results+json"),
    ],
)
def test_text_says_that_it_is_utf8(media_type: str, expected: str) -> None:
    assert content_type(media_type) == expected
