"""The pages as a visitor gets them, over the real dataset."""

import json
from pathlib import Path

import pytest
from httpx import Client
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, Graph, URIRef

from crmgraph.building import FINDINGS, Manifest
from crmgraph.describing.vocabulary import CG
from crmgraph.serving.pages import Site
from tests.support.pages import classes, having, links, read_page, text
from tests.support.sitemap import PAGES

ID = "https://w3id.org/crmgraph/id/"


@pytest.mark.parametrize("path", [*PAGES, "/sparql?question=findings", "/sparql?query=ASK%7B%7D"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_is_sound_html_in_its_language(client: Client, path: str, language: str) -> None:
    answer = client.get(f"/{language}{path}")
    assert answer.status_code == 200
    assert answer.headers["content-language"] == language
    root = read_page(answer.text)
    assert root.get("lang") == language
    assert len(list(root.iter("h1"))) == 1
    assert next(iter(root.iter("title"))).text
    identifiers = [element.get("id") for element in root.iter() if isinstance(element.tag, str) and element.get("id")]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(client: Client, path: str) -> None:
    root = read_page(client.get("/en" + path).text)
    loaded = [e.get("src") for e in root.iter() if isinstance(e.tag, str) and e.get("src")]
    loaded += [e.get("href") for e in root.iter("link") if e.get("rel") in ("stylesheet", "icon")]
    assert loaded
    # Pictures are drawn by the site itself.
    loaded = [
        address for address in loaded if not (address and address.startswith("/en/") and address.endswith(".svg"))
    ]
    assert all(address and address.startswith("/static/") for address in loaded)
    # What machines read of a page is no script, though it is written in the same element.
    scripts = [script for script in root.iter("script") if script.get("type") != "application/ld+json"]
    assert all(not script.text for script in scripts)
    assert not [e for e in root.iter() if isinstance(e.tag, str) and any(name.startswith("on") for name in e.attrib)]
    assert not list(root.iter("style"))


@pytest.mark.parametrize(("language", "label"), [("es", "Retorno digno, seguro"), ("en", "Dignified, safe")])
def test_a_part_has_its_label_in_the_language_of_the_page(client: Client, language: str, label: str) -> None:
    root = read_page(client.get(f"/{language}/id/plan/crm/pgm/7.1").text)
    assert text(next(iter(root.iter("h1")))).startswith(label)


@pytest.fixture(scope="module")
def elements(site: Site) -> dict[str, list[str]]:
    rows = site.select("SELECT ?x ?exact { ?x cg:passage [ cg:exact ?exact ; cg:start ?start ] } ORDER BY ?start")
    found: dict[str, list[str]] = {}
    for row in rows:
        if "/plan/" in row["x"].value:
            found.setdefault(row["x"].value, []).append(row["exact"].value)
    return found


def test_any_element_has_exactly_its_words_marked_in_the_source(client: Client, elements: dict[str, list[str]]) -> None:
    assert len(elements) > 130
    for iri, words in elements.items():
        root = read_page(client.get("/en/id/" + iri.removeprefix(ID)).text)
        assert ["".join(mark.itertext()) for mark in root.iter("mark")] == words, iri


def test_marked_words_stand_in_their_line_and_lead_to_the_whole_document(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    table = next(having(root, "source-table"))
    assert [text(cell) for cell in table.iter("th")] == [
        "TEMAS",
        "OBJETIVOS",
        "ACCION PARA LA IMPLEMENTACION",
        "ACTIVIDADES",
        "CALENDARIO",
    ]
    cells = list(table.iter("td"))
    assert len(cells) == 5
    assert [cell.get("data-heading") for cell in having(table, "here")] == ["ACTIVIDADES"]
    whole = links(root)["In the whole document"]
    assert whole == "/en/id/source/crm#c13011-13115"
    path, _, anchor = whole.partition("#")
    target = next(e for e in read_page(client.get(path).text).iter("p") if e.get("id") == anchor)
    assert text(target).startswith("1.2.1 Ver actividades del objetivo 12")


def test_words_of_the_source_are_said_to_be_spanish(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    assert next(having(root, "source")).get("lang") == "es"
    assert {quotation.get("lang") for quotation in root.iter("q")} == {"es"}


def test_the_way_to_a_part_leads_up_to_the_plan(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/pgm/7.1.1.1").text)
    steps = [link.get("href") for link in next(having(root, "trail")).iter("a")]
    assert steps == [f"/en/id/plan/crm{path}" for path in ("", "/pgm", "/pgm/7", "/pgm/7.1", "/pgm/7.1.1")]


def test_findings_stand_on_the_page_of_what_they_concern(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    finding = next(iter(next(having(root, "findings"))))
    assert text(next(having(finding, "severity"))) == "violation"
    assert "".join(next(iter(finding.iter("q"))).itertext()) == "12"
    assert links(finding)["unresolved-cross-reference"] == "/en/findings/unresolved-cross-reference"


def test_an_element_tells_of_findings_elsewhere_that_point_to_it_without_counting_them(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/pgm/11").text)
    [finding] = next(having(root, "findings"))
    assert "/en/id/plan/crm/vmd/1.2.1" in [link.get("href") for link in finding.iter("a")]
    assert not list(having(next(having(root, "kicker")), "finding-mark"))
    counted = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    assert text(next(having(next(having(counted, "kicker")), "finding-mark"))) == "1 finding"


def test_inferred_statements_are_told_from_asserted_ones(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/pgm/7.1.1").text)
    inferred = list(having(root, "inferred"))
    assert inferred
    assert all("inferred" in text(row).split() for row in inferred)
    asserted = [row for row in root.iter("tr") if "inferred" not in classes(row) and row.find("td") is not None]
    assert not [row for row in asserted if list(having(row, "inferred-mark"))]


def test_a_passage_has_a_page_that_marks_it_and_says_what_was_read_there(client: Client) -> None:
    root = read_page(client.get("/en/id/source/crm/13011-13115").text)
    assert next("".join(mark.itertext()) for mark in root.iter("mark")).startswith("1.2.1 Ver actividades")
    assert "/en/id/plan/crm/vmd/1.2.1" in [link.get("href") for link in root.iter("a")]


def test_the_source_page_has_every_line_once_as_an_anchor(client: Client, site: Site) -> None:
    leaves = site.select(
        "SELECT ?start ?end ?exact { ?x a cg:LeafPassage ; cg:start ?start ; cg:end ?end ; cg:exact ?exact ; "
        "cg:source <https://w3id.org/crmgraph/id/source/crm> }"
    )
    root = read_page(client.get("/en/id/source/crm").text)
    shown = {e.get("id"): "".join(e.itertext()) for e in having(root, "passage")}
    assert shown == {f"c{row['start'].value}-{row['end'].value}": row["exact"].value for row in leaves}


def _count(data: str, media_type: str) -> int:
    return sum(1 for _ in parse(data, format=RdfFormat.from_media_type(media_type)))


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/id/plan/crm/pgm/7.1.1.ttl", "text/turtle"),
        ("/id/plan/crm/pgm/7.1.1.jsonld", "application/ld+json"),
        ("/id/plan/crm/pgm/7.1.1.rdf", "application/rdf+xml"),
        ("/id/plan/crm/pgm/7.1.1.nt", "application/n-triples"),
        ("/ontology.ttl", "text/turtle"),
        ("/ontology/status.ttl", "text/turtle"),
        ("/graph/plan/crm.nq", "application/n-quads"),
        ("/ontology/shapes.ttl", "text/turtle"),
        ("/ontology/shapes.jsonld", "application/ld+json"),
        ("/findings.ttl", "text/turtle"),
        ("/findings/unresolved-cross-reference.trig", "application/trig"),
    ],
)
def test_a_suffix_gives_the_data_behind_a_page(client: Client, path: str, media_type: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Accept" in answer.headers["vary"]
    assert _count(answer.text, media_type) > 5


@pytest.mark.parametrize(
    "path",
    ["/id/plan/crm/pgm/7.1.1", "/ontology", "/ontology/status", "/ontology/shapes", "/graph/plan/crm", "/findings"],
)
@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_accept_gives_the_data_behind_a_page(client: Client, path: str, media_type: str) -> None:
    answer = client.get(path, headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert _count(answer.text, media_type) > 5


def test_data_about_a_thing_holds_its_passage_and_what_points_to_it(client: Client) -> None:
    graph = Graph().parse(data=client.get("/id/plan/crm/pgm/7.1.1.ttl").text, format="turtle")
    thing, entry = URIRef(ID + "plan/crm/pgm/7.1.1"), URIRef(ID + "plan/crm/pgm/7.1.1.1")
    assert (thing, RDF.type, CG.Activity) in graph
    assert (entry, CG.within, thing) in graph
    exact = graph.value(graph.value(thing, CG.passage), CG.exact)
    assert str(exact).startswith("7.1.1 Monitorear")


@pytest.mark.parametrize(
    "path", ["/id/plan/crm/pgm/99", "/ontology/none", "/graph/none", "/findings/none", "/queries/none"]
)
def test_what_is_not_there_is_404_in_either_form(client: Client, path: str) -> None:
    page = client.get("/es" + path)
    assert page.status_code == 404
    assert "No hay nada en esta dirección" in text(read_page(page.text))
    data = client.get(path, headers={"Accept": "text/turtle, application/json;q=0.9, text/csv;q=0.8"})
    assert data.status_code == 404
    assert data.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/id/plan/crm/pgm/7", "/ontology", "/graph/plan/crm", "/findings", "/queries"])
def test_a_form_that_is_not_on_offer_is_406(client: Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", ["/ontology.png", "/findings.png"])
def test_a_suffix_that_is_not_on_offer_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/id/%22%3E%7D%20SELECT", "/id/%3E%20%3Fp%20%3Fo%7D", "/graph/%3E", "/ontology/%3E", "/id/%00"]
)
def test_an_address_cannot_reach_into_a_query(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_findings_as_json_are_those_of_the_report(client: Client, manifest: Manifest, build_folder: Path) -> None:
    found = client.get("/findings.json").json()
    assert found == json.loads((manifest.folder(build_folder) / FINDINGS).read_text(encoding="utf-8"))
    assert len(found) > 5
    assert found == client.get("/findings", headers={"Accept": "application/json"}).json()


def test_the_ontology_page_defines_every_term(client: Client, site: Site) -> None:
    terms = site.select(
        "SELECT DISTINCT ?x { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } "
        "GRAPH ?g { ?x a ?kind } FILTER (STRSTARTS(STR(?x), STR(cg:))) }"
    )
    for language in ("es", "en"):
        root = read_page(client.get(f"/{language}/ontology").text)
        defined = {article.get("id") for article in having(root, "vocabulary-term") if article.find("p") is not None}
        assert defined == {row["x"].value.rpartition("#")[2] for row in terms}


def test_a_concept_scheme_has_its_concepts_as_anchors(client: Client) -> None:
    root = read_page(client.get("/es/ontology/status").text)
    assert {"continuous", "pending", "done"} <= {article.get("id") for article in having(root, "vocabulary-term")}


def test_the_version_of_the_ontology_leads_to_the_ontology(client: Client, site: Site) -> None:
    version = site.select("SELECT ?version { ?x owl:versionIRI ?version }")[0]["version"].value
    path = version.removeprefix("https://w3id.org/crmgraph")
    assert client.get(path).text.count("vocabulary-term") > 40
    assert client.get(path + ".ttl").headers["content-type"].startswith("text/turtle")


def test_a_graph_page_counts_and_leads_to_the_others(client: Client) -> None:
    root = read_page(client.get("/en/graph/plan/crm").text)
    rows = {text(row[0]).split()[0]: text(row[1]) for row in root.iter("tr") if row.find("td") is not None}
    assert (rows["Activity"], rows["Objective"]) == ("41", "20")
    assert links(root)["source/crm"] == "/en/graph/source/crm"


@pytest.mark.parametrize("path", ["/en/id/plan/crm/pgm/7.1.1", "/en/id/country/HND", "/es/id/passage-less/none"])
def test_each_inferred_statement_leads_to_how_it_is_known(client: Client, path: str) -> None:
    answer = client.get(path)
    links = [link.get("href") for link in having(read_page(answer.text), "inferred-mark")]
    assert bool(links) == (answer.status_code == 200)
    for link in links[::7]:
        assert link is not None
        explained = client.get(link)
        assert explained.status_code == 200, link
