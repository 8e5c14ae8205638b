"""What requests say beside the query, and the library in its groups."""

import pytest
from httpx import Client
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.site.answers.results import Result
from crmgraph.site.asking import forms_of, groups, seconds_for, spoken, text_in
from crmgraph.site.rendering import GROUPS
from crmgraph.site.site import Site
from tests.support.sitemap import PAGES


def _request(query: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": []})


def _result(form: str) -> Result:
    return Result(form, (), (), (), 0, None, 0.1, ())


@pytest.mark.parametrize(
    ("query", "seconds"), [("", 20.0), ("timeout=2", 2.0), ("timeout=0.5", 0.5), ("timeout=999", 20.0)]
)
def test_a_visitor_may_lower_the_time_limit(site: Site, query: str, seconds: float) -> None:
    assert seconds_for(_request(query), site) == seconds


@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf", ""])
def test_a_time_limit_that_is_none_is_refused(site: Site, value: str) -> None:
    with pytest.raises(HTTPException) as caught:
        seconds_for(_request(f"timeout={value}"), site)
    assert caught.value.status_code == 400


@pytest.mark.parametrize(
    ("form", "shorts"),
    [
        ("SELECT", ["json", "xml", "csv", "tsv"]),
        ("ASK", ["json", "xml"]),
        ("CONSTRUCT", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"]),
        ("DESCRIBE", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"]),
    ],
)
def test_each_answer_is_offered_in_the_forms_that_it_has(form: str, shorts: list[str]) -> None:
    assert [offered.short for offered in forms_of(_result(form))] == shorts


def test_questions_answer_in_the_language_of_the_page(site: Site) -> None:
    question = site.library["theme-counts"]
    assert spoken(question, "en") == {"lang": "en"}
    assert 'VALUES ?lang { "en" }' in text_in(question, "en")
    silent = next(q for q in site.library.values() if all(parameter.name != "lang" for parameter in q.parameters))
    assert text_in(silent, "en") == silent.text


def test_every_question_is_in_one_group_and_every_group_has_a_name(site: Site) -> None:
    found = groups(site)
    assert sorted(q.name for questions in found.values() for q in questions) == sorted(site.library)
    assert next(iter(found)) == "actors"
    assert set(found) <= set(GROUPS)
    assert all(found.values())


@pytest.mark.parametrize(
    "path",
    # What SPARQL says of the endpoint is another matter.
    [
        *(path for path in PAGES if path != "/sparql"),
        "/void",
        "/graph/plan/crm",
        "/processes.svg",
        "/findings.json",
        "/sitemap.xml",
    ],
)
def test_every_page_refuses_what_it_does_not_know(client: Client, path: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}no-such-parameter=1")
    assert answer.status_code == 400
    assert "no-such-parameter" in answer.text
