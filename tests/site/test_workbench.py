"""The query editor without a script, and what it is told that queries can name."""

from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.etree.ElementTree import Element

import pytest

from crmgraph.site import Site
from tests.support.pages import having, links, text
from tests.support.visiting import Visitor, data_rows

PASSAGES = (
    "PREFIX cg: <https://w3id.org/crmgraph/ontology#> SELECT ?x ?passage "
    "{ ?x a cg:CrossReference ; cg:passage ?passage }"
)


def _ask(visit: Visitor, query: str, language: str = "en", status: int = 200, **more: str) -> Element:
    return visit.page(f"/{language}/sparql?{urlencode({'query': query, **more}, quote_via=quote)}", status)


def _query(root: Element) -> str:
    return "".join(next(root.iter("textarea")).itertext())


def test_it_begins_with_a_query_that_works(visit: Visitor) -> None:
    root = visit.page("/en/sparql")
    assert "PREFIX cg: <https://w3id.org/crmgraph/ontology#>" in _query(root)
    assert len(data_rows(_ask(visit, _query(root)))) == 11
    [form] = having(root, "query-form")
    assert (form.get("method"), form.get("action")) == ("get", "/en/sparql#answer")
    assert {field.get("name") for field in form.iter() if field.tag in ("textarea", "select")} == {"query", "format"}


def test_every_question_is_one_click_away(visit: Visitor, site: Site) -> None:
    offered = {text(link): link for link in visit.page("/es/sparql").iter("a") if link.get("data-query")}
    assert set(offered) == {" ".join(question.title["es"].split()) for question in site.library.values()}
    counts = offered[site.library["theme-counts"].title["es"]]
    picked = visit.page(counts.get("href", ""))
    assert _query(picked).strip() == (counts.get("data-query") or "").strip()
    current = [text(each) for each in picked.iter("a") if each.get("data-query") and each.get("aria-current")]
    assert current == [text(counts)]


def test_an_answer_has_the_words_of_the_source_beside_its_rows(visit: Visitor) -> None:
    root = _ask(visit, PASSAGES)
    assert [text(cell) for cell in next(having(root, "results")).iter("th")] == ["x", "passage", "in the source"]
    [row] = data_rows(root)
    quotation = next(row.iter("q"))
    assert quotation.get("lang") == "es"
    assert "objetivo 12 del tema" in "".join(quotation.itertext())
    assert (row[2][0].get("href") or "").startswith("/en/id/source/crm#c")
    page = _ask(visit, PASSAGES, "es")
    assert text(next(having(page, "answer-summary"))).startswith("1 fila · ")
    saved = [link.get("download") for link in next(having(page, "formats")).iter("a")]
    assert saved == [f"respuesta.{extension}" for extension in ("json", "xml", "csv", "tsv")]


def test_values_of_every_kind(visit: Visitor) -> None:
    query = 'SELECT * { VALUES (?a ?b ?c) { ("tema"@es 12 "x<y") } BIND (BNODE() AS ?d) OPTIONAL { ?e a <urn:none> } }'
    [row] = data_rows(_ask(visit, query))
    spans = [next(cell.iter("span")) for cell in list(row.iter("td"))[:2]]
    assert (spans[0].get("lang"), text(row[0])) == ("es", "tema @es")
    assert (spans[1].get("title"), row[1].get("class")) == ("xsd:integer", "numeric")
    assert [text(row[2]), text(row[3])[:2], text(row[4])] == ["x<y", "_:", ""]
    table = next(having(_ask(visit, "SELECT (<http://a℀b/> AS ?x) (<http://[v1.x]/> AS ?y) {}"), "results"))
    assert [link.get("href") for link in table.iter("a")] == ["http://a℀b/", "http://[v1.x]/"]
    many = _ask(visit, "SELECT * { ?s ?p ?o }")
    assert "The first 1,000 are shown here" in text(next(having(many, "notice")))
    assert len(data_rows(many)) == 1000


def test_each_answer_can_be_downloaded_from_the_endpoint(visit: Visitor) -> None:
    for query, extensions in (
        ("SELECT * { ?s ?p ?o } LIMIT 1", "json xml csv tsv"),
        ("ASK {}", "json xml"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "ttl nt nq trig rdf jsonld"),
    ):
        downloads = links(next(having(_ask(visit, query, timeout="7"), "formats")))
        asked = [urlsplit(address) for address in downloads.values()]
        assert {parts.path for parts in asked} == {"/sparql"}
        given = [parse_qs(parts.query) for parts in asked]
        assert given == [{"query": [query], "timeout": ["7"], "format": [each]} for each in extensions.split()]


def test_names_that_the_data_do_not_have_are_told_above_the_answer(visit: Visitor) -> None:
    query = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> SELECT * { ?x a cg:Activty ; cg:number ?n }"
    for language, told, mixed in (
        ("es", "No existe la clase cg:Activty. ¿Quiso decir cg:Activity?", "las partes de todos los planes"),
        ("en", "There is no class cg:Activty. Did you mean cg:Activity?", "the parts of all plans"),
    ):
        notices = [text(each) for each in having(_ask(visit, query, language), "notice")]
        assert notices[0] == told
        assert mixed in notices[1]
        assert len(notices) == 2
        part = visit.client.get(f"/{language}/sparql", params={"query": query, "part": "results"})
        assert part.text.index(told) < part.text.index('class="nothing"')


def test_notices_have_an_address(visit: Visitor) -> None:
    address = "notices?classes=cg:Activty+cg:Activity&namespaces=http://schema.org/&plans=all"
    found = visit.json(f"/{address}".replace("?", ".json?"))["notices"]
    assert [(each["code"], each.get("role")) for each in found] == [
        ("unknown", "class"),
        ("unknown", "namespace"),
        ("plans", None),
    ]
    assert found[0]["meant"] == "https://w3id.org/crmgraph/ontology#Activity"
    assert set(found[0]["message"]) == {"es", "en"}
    for language in ("es", "en"):
        shown = [text(each) for each in having(visit.page(f"/{language}/{address}"), "notice")]
        assert shown == [each["message"][language] for each in found]
    assert "the data have them all" in text(next(having(visit.page("/en/notices?classes=cg:Activity"), "nothing")))


def test_errors_are_told_above_the_query(visit: Visitor) -> None:
    problem = next(having(_ask(visit, "SELECT ?x\nWHERE { ?x a ", "es", 400), "problem"))
    assert (problem.get("role"), problem.get("data-line")) == ("alert", "2")
    assert "Esto no es SPARQL" in text(problem)
    assert "línea 2" in text(problem).casefold()
    dear = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert "time limit" in text(next(having(_ask(visit, dear, "en", 503, timeout="0.3"), "problem")))
    for query in ("", "\n\t "):
        root = _ask(visit, query, "en", 400)
        assert text(next(having(root, "problem"))) == "Write a query first."
        assert _query(root).strip() == ""
    for asked in ("&query=", ""):
        part = visit.get(f"/en/sparql?part=results{asked}")
        assert part.status_code == 200
        assert "Write a query first." in part.text


def test_a_part_for_the_script_is_only_the_answer_and_always_200(visit: Visitor) -> None:
    for query, name in (("ASK {}", "truth"), ("ASK {", "problem")):
        answer = visit.client.get("/en/sparql", params={"query": query, "part": "results"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert f'class="{name}' in answer.text


def test_what_was_asked_is_kept(visit: Visitor, site: Site) -> None:
    graph = site.names.graph("source", "crm")
    asked = {"query": "ASK { ?x a <https://w3id.org/crmgraph/ontology#Theme> }", "default-graph-uri": graph}
    root = visit.page(f"/en/sparql?{urlencode(asked)}")
    assert text(next(having(root, "truth"))) == "No"
    hidden = {field.get("name"): field.get("value") for field in root.iter("input") if field.get("type") == "hidden"}
    assert hidden == {"default-graph-uri": graph}
    assert "default-graph-uri=graph:source/crm" in text(next(having(root, "kept")))
    odd = 'SELECT ("</textarea><script>alert(1)</script>" AS ?x) {}'
    root = _ask(visit, odd)
    assert _query(root).strip() == odd
    assert not [script for script in root.iter("script") if script.text]


@pytest.fixture(scope="module")
def spanish(visit: Visitor) -> dict[str, Any]:
    told: dict[str, Any] = visit.json("/es/completions.json")
    return told


def _entry(told: dict[str, Any], sort: str, name: str) -> list[Any]:
    [found] = [entry for entry in told[sort] if entry[0] == name]
    return list(found)


def _kinds(told: dict[str, Any], places: list[int]) -> set[str]:
    return {told["kinds"][place] for place in places}


def test_completions_of_terms(spanish: dict[str, Any]) -> None:
    assert _entry(spanish, "classes", "cg:Objective") == ["cg:Objective", "Objetivo", 66]
    _, label, count, subjects, objects = _entry(spanish, "properties", "cg:agent")
    assert label
    assert count > 800
    assert {"cg:Participation", "cg:Membership"} <= _kinds(spanish, subjects)
    assert {"cg:State", "cg:Organisation"} <= _kinds(spanish, objects)
    status = _entry(spanish, "properties", "cg:status")
    assert _kinds(spanish, status[4]) == {"https://w3id.org/crmgraph/ontology/status"}
    names = {entry[0] for entry in spanish["properties"]}
    assert {"rdfs:label", "dcterms:isPartOf", "skos:prefLabel", "rdf:type"} <= names
    assert _entry(spanish, "graphs", "graph:inferred")[1] == "Afirmaciones inferidas"


def test_completions_of_things(spanish: dict[str, Any], site: Site) -> None:
    for name, label, kind in (
        ("id:actor/oim", "Organización Internacional para las Migraciones", "cg:Organisation"),
        ("status:done", "realizado", "https://w3id.org/crmgraph/ontology/status"),
    ):
        found = _entry(spanish, "things", name)
        assert label in found[1]
        assert _kinds(spanish, found[2]) == {kind}
    assert {"IOM", "OIM", "ONU Migración"} <= set(_entry(spanish, "things", "id:actor/oim")[3])
    parts = {row["x"].value for row in site.select("SELECT ?x { ?x a cg:PlanElement ; rdfs:label ?label }")}
    named = [entry[0].replace("id:", site.names.id()) for entry in spanish["things"]]
    assert parts <= set(named)
    assert len(named) == len(set(named))
    kinds = {kind for entry in spanish["things"] for kind in _kinds(spanish, entry[2])}
    assert not kinds & {"cg:Passage", "cg:LeafPassage", "cg:Membership", "cg:Participation", "cg:Statement"}


def test_unchanged_completions_are_not_sent_again(visit: Visitor) -> None:
    first = visit.get("/es/completions.json")
    assert first.headers["content-type"].startswith("application/json")
    assert "PROJECT VERSION" not in first.text
    again = visit.client.get("/es/completions.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert visit.get("/en/completions.json").headers["etag"] != first.headers["etag"]
