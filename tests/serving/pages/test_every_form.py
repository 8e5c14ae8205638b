"""Every page in every form: as RDF in each syntax and as JSON, by the Accept header and by its suffix."""

import json

import pytest
from httpx import Client
from pyoxigraph import RdfFormat, parse

from crmgraph.site.representations import GRAPHS, JSON
from crmgraph.sparql import Format
from tests.support.pages import read_page
from tests.support.sitemap import ALONE, PAGES

WITH_DATA = tuple(path for path in PAGES if not path.startswith(ALONE))
# These are the same statements in each syntax, and there are many of them: one syntax will do.
WHOLE_GRAPHS = ("/graph/plan/crm", "/graph/inferred")

# Nothing is amiss, and nothing found.
WITHOUT_STATEMENTS = ("/findings/number-gap", "/search", "/search?q=xyzzyq")


def suffixed(path: str, extension: str) -> str:
    """The address of a page's data."""
    path, mark, query = path.partition("?")
    return f"{'/index' if path == '/' else path}.{extension}{mark}{query}"


def statements(content: bytes, form: Format) -> int:
    syntax = RdfFormat.from_extension(form.extension)
    assert syntax is not None
    return len({quad.triple for quad in parse(content, syntax)})


@pytest.mark.parametrize("path", WITH_DATA)
def test_every_page_is_to_be_had_as_rdf(client: Client, path: str) -> None:
    counts = set()
    for form in GRAPHS[:1] if path in WHOLE_GRAPHS else GRAPHS:
        chosen = client.get(path, headers={"Accept": form.media_type})
        named = client.get(suffixed(path, form.extension))
        for answer in (chosen, named):
            assert answer.status_code == 200
            assert answer.headers["content-type"].split(";")[0] == form.media_type
            assert answer.headers["access-control-allow-origin"] == "*"
            counts.add(statements(answer.content, form))
    # One and the same number of statements in all.
    assert len(counts) == 1
    assert counts.pop() or path in WITHOUT_STATEMENTS


@pytest.mark.parametrize("path", WITH_DATA)
def test_every_page_is_to_be_had_as_json(client: Client, path: str) -> None:
    chosen = client.get(path, headers={"Accept": "application/json"})
    named = client.get(suffixed(path, "json"))
    for answer in (chosen, named):
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] in ("application/json", "application/sparql-results+json")
    assert type(json.loads(chosen.content)) is type(json.loads(named.content))


@pytest.mark.parametrize("path", WITH_DATA)
def test_the_head_of_each_page_leads_to_its_data(client: Client, path: str) -> None:
    root = read_page(client.get(f"/es{path}").text)
    offered = {
        link.get("type"): link.get("href", "")
        for link in root.iter("link")
        if link.get("rel") == "alternate" and link.get("type")
    }
    assert len(offered) > 4
    # The answer to a question is JSON of a kind of its own.
    is_answer = path.startswith("/queries/")
    for media_type in (GRAPHS[0].media_type, "application/sparql-results+json" if is_answer else JSON.media_type):
        answer = client.get(offered[media_type], headers={"Accept": "text/html"})
        assert answer.headers["content-type"].split(";")[0] == media_type


def test_a_suffix_that_no_form_has_leads_nowhere(client: Client) -> None:
    for path in ("/findings.pdf", "/processes.pdf", "/index.pdf", "/void.", "/es/crosswalk.x"):
        assert client.get(path).status_code == 404


def test_the_rows_of_a_table_are_those_of_the_page(client: Client) -> None:
    processes = client.get("/processes.json").json()
    mexico = "https://w3id.org/crmgraph/id/country/MEX"
    [conference] = [row for row in processes if row["process"].endswith("/id/process/rcm")]
    assert conference["label"]["en"] == "Regional Conference on Migration"
    assert mexico in conference["members"]
    pairs = client.get("/crosswalk.json").json()
    [compact] = [row for row in pairs if row["other"].endswith("/gcm") and row["plan"].endswith("/plan/crm")]
    assert 0 < compact["parts_with_counterpart"] <= compact["parts"] == 20
    matches = client.get("/crosswalk/crm/gcm.json").json()
    answered = {row["subject"] for row in matches if row["object"]}
    assert len(answered) == compact["parts_with_counterpart"]
    assert all(row["why"] and 0 <= row["certainty"] <= 1 for row in matches)


def test_the_graph_of_a_comparison_is_what_was_said_of_these_two_plans(client: Client) -> None:
    said = {str(quad.subject.value) for quad in parse(client.get("/crosswalk/crm/gcm.ttl").content, RdfFormat.TURTLE)}
    assert said == {row["statement"] for row in client.get("/crosswalk/crm/gcm.json").json()}


def test_the_library_as_a_graph_has_each_query_as_it_is(client: Client) -> None:
    listed = {each["name"]: each["query"] for each in client.get("/queries.json").json()}
    triples = parse(client.get("/queries.ttl").content, RdfFormat.TURTLE)
    select = "http://www.w3.org/ns/shacl#select"
    found = {
        str(quad.subject.value).rpartition("/")[2]: str(quad.object.value)
        for quad in triples
        if quad.predicate.value == select
    }
    assert found == listed
