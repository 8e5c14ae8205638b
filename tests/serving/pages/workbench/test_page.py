"""The workbench without a script; with one it is tried in a browser."""

from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree.ElementTree import Element

import pytest
from httpx import Client

from crmgraph.site import Site
from tests.support.pages import having, links, read_page, text

PASSAGES = (
    "PREFIX cg: <https://w3id.org/crmgraph/ontology#> SELECT ?x ?passage "
    "{ ?x a cg:CrossReference ; cg:passage ?passage }"
)


def _ask(client: Client, query: str, language: str = "en", **more: str) -> Element:
    answer = client.get(f"/{language}/sparql", params={"query": query, **more})
    assert answer.status_code == 200
    return read_page(answer.text)


def _query(root: Element) -> str:
    return "".join(next(iter(root.iter("textarea"))).itertext())


def test_it_begins_with_a_query_that_works(client: Client) -> None:
    for language in ("es", "en"):
        root = read_page(client.get(f"/{language}/sparql").text)
        assert "PREFIX cg: <https://w3id.org/crmgraph/ontology#>" in _query(root)
        table = next(having(_ask(client, _query(root), language), "results"))
        assert len([row for row in table.iter("tr") if row.find("td") is not None]) == 11


def test_every_question_is_one_click_away(client: Client, site: Site) -> None:
    root = read_page(client.get("/es/sparql").text)
    offered = {text(link): link for link in root.iter("a") if link.get("data-query")}
    assert set(offered) == {" ".join(question.title["es"].split()) for question in site.library.values()}
    counts = offered[site.library["theme-counts"].title["es"]]
    picked = read_page(client.get(counts.get("href", "")).text)
    assert _query(picked).strip() == (counts.get("data-query") or "").strip()
    assert [text(link) for link in picked.iter("a") if link.get("data-query") and link.get("aria-current")] == [
        text(counts)
    ]


def test_the_form_asks_by_its_address(client: Client) -> None:
    (form,) = having(read_page(client.get("/en/sparql").text), "query-form")
    assert (form.get("method"), form.get("action")) == ("get", "/en/sparql#answer")
    assert {field.get("name") for field in form.iter() if field.tag in ("textarea", "select")} == {"query", "format"}


def test_the_words_of_the_source_stand_beside_the_rows(client: Client) -> None:
    table = next(having(_ask(client, PASSAGES), "results"))
    assert [text(cell) for cell in table.iter("th")] == ["x", "passage", "in the source"]
    (row,) = [row for row in table.iter("tr") if row.find("td") is not None]
    quotation = next(iter(row.iter("q")))
    assert quotation.get("lang") == "es"
    assert "objetivo 12 del tema" in "".join(quotation.itertext())
    assert (row[2][0].get("href") or "").startswith("/en/id/source/crm#c")


def test_literals_show_language_and_type(client: Client) -> None:
    query = 'SELECT * { VALUES (?a ?b ?c) { ("tema"@es 12 "x<y") } }'
    (row,) = [row for row in next(having(_ask(client, query), "results")).iter("tr") if row.find("td") is not None]
    spans = [next(iter(cell.iter("span"))) for cell in row.iter("td")]
    assert (spans[0].get("lang"), text(row[0])) == ("es", "tema @es")
    assert (spans[1].get("title"), row[1].get("class")) == ("xsd:integer", "numeric")
    assert text(row[2]) == "x<y"


def test_unbound_and_unnamed_values(client: Client) -> None:
    query = "SELECT ?a ?b { BIND (BNODE() AS ?b) OPTIONAL { ?a a <urn:none> } }"
    (row,) = [row for row in next(having(_ask(client, query), "results")).iter("tr") if row.find("td") is not None]
    assert text(row[0]) == ""
    assert text(row[1]).startswith("_:")


def test_every_iri_that_the_engine_takes_can_be_shown(client: Client) -> None:
    table = next(having(_ask(client, "SELECT (<http://a℀b/> AS ?x) (<http://[v1.x]/> AS ?y) {}"), "results"))
    assert [link.get("href") for link in table.iter("a")] == ["http://a℀b/", "http://[v1.x]/"]


def test_rows_and_time_are_told(client: Client) -> None:
    assert text(next(having(_ask(client, PASSAGES), "answer-summary"))).startswith("1 row · ")
    assert text(next(having(_ask(client, PASSAGES, "es"), "answer-summary"))).startswith("1 fila · ")


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", {"JSON": "json", "XML": "xml", "CSV": "csv", "TSV": "tsv"}),
        ("ASK {}", {"JSON": "json", "XML": "xml"}),
        (
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1",
            {
                "Turtle": "ttl",
                "N-Triples": "nt",
                "RDF/XML": "rdf",
                "JSON-LD": "jsonld",
                "TriG": "trig",
                "N-Quads": "nq",
            },
        ),
    ],
)
def test_each_answer_can_be_downloaded_from_the_endpoint(client: Client, query: str, labels: dict[str, str]) -> None:
    downloads = links(next(having(_ask(client, query, timeout="7"), "formats")))
    assert set(downloads) == set(labels)
    for label, address in downloads.items():
        parts = urlsplit(address)
        assert parts.path == "/sparql"
        assert parse_qs(parts.query) == {"query": [query], "timeout": ["7"], "format": [labels[label]]}


@pytest.mark.parametrize(("query", "word"), [("ASK {}", "Sí"), ("ASK { <urn:a> <urn:b> <urn:c> }", "No")])
def test_a_truth_value_is_said_in_words(client: Client, query: str, word: str) -> None:
    assert text(next(having(_ask(client, query, "es"), "truth"))) == word


def test_an_empty_answer_says_so(client: Client) -> None:
    root = _ask(client, "SELECT * { <urn:a> <urn:b> ?c }")
    assert list(having(root, "nothing"))
    assert not list(having(root, "results"))


def test_many_rows_are_cut_and_it_is_said(client: Client) -> None:
    root = _ask(client, "SELECT * { ?s ?p ?o }")
    assert "The first 1,000 are shown here" in text(next(having(root, "notice")))
    assert len([row for row in next(having(root, "results")).iter("tr") if row.find("td") is not None]) == 1000


def test_a_syntax_error_says_where(client: Client) -> None:
    answer = client.get("/es/sparql", params={"query": "SELECT ?x\nWHERE { ?x a "})
    assert answer.status_code == 400
    problem = next(having(read_page(answer.text), "problem"))
    assert (problem.get("role"), problem.get("data-line")) == ("alert", "2")
    assert "Esto no es SPARQL" in text(problem)
    assert "línea 2" in text(problem).casefold()


def test_a_part_for_the_script_is_only_the_answer_and_always_200(client: Client) -> None:
    for query, name in (("ASK {}", "truth"), ("ASK {", "problem")):
        answer = client.get("/en/sparql", params={"query": query, "part": "results"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert f'class="{name}' in answer.text


def test_a_time_limit_and_a_dataset_are_kept(client: Client, site: Site) -> None:
    graph = site.names.graph("source", "crm")
    root = _ask(client, "ASK { ?x a <https://w3id.org/crmgraph/ontology#Theme> }", **{"default-graph-uri": graph})
    assert text(next(having(root, "truth"))) == "No"
    hidden = {field.get("name"): field.get("value") for field in root.iter("input") if field.get("type") == "hidden"}
    assert hidden == {"default-graph-uri": graph}
    assert "default-graph-uri=graph:source/crm" in text(next(having(root, "kept")))


def test_a_query_that_takes_too_long_is_ended(client: Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = client.get("/en/sparql", params={"query": query, "timeout": "0.3"})
    assert answer.status_code == 503
    assert "time limit" in text(next(having(read_page(answer.text), "problem")))


def test_a_format_leads_to_the_endpoint(client: Client) -> None:
    answer = client.get("/en/sparql", params={"query": "ASK {}", "format": "json"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sparql?" + urlencode({"query": "ASK {}", "format": "json"})


def test_a_query_is_never_taken_for_markup(client: Client) -> None:
    query = 'SELECT ("</textarea><script>alert(1)</script>" AS ?x) {}'
    root = _ask(client, query)
    assert _query(root).strip() == query
    assert not [script for script in root.iter("script") if script.text]


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Primero escriba una consulta."), ("en", "Write a query first.")]
)
@pytest.mark.parametrize("query", ["", " ", "\n\t "])
def test_who_asks_nothing_is_told_to_write_a_query_first(client: Client, language: str, said: str, query: str) -> None:
    page = client.get(f"/{language}/sparql", params={"query": query})
    assert page.status_code == 400
    root = read_page(page.text)
    assert text(next(having(root, "problem"))) == said
    assert _query(root).strip() == ""
    for asked in ({"query": query}, {}):
        part = client.get(f"/{language}/sparql", params={"part": "results", **asked})
        assert part.status_code == 200
        assert said in part.text


def test_an_answer_is_saved_under_a_name(client: Client) -> None:
    for language, name in (("es", "respuesta"), ("en", "answer")):
        formats = next(having(_ask(client, "SELECT * { ?s ?p ?o } LIMIT 1", language), "formats"))
        assert [link.get("download") for link in formats.iter("a")] == [
            f"{name}.{extension}" for extension in ("json", "xml", "csv", "tsv")
        ]
