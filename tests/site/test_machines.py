"""What crawlers, search engines and reference managers are told: sitemap, robots, schema.org, citations."""

import json
import re
from datetime import date
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
import yaml

from crmgraph.site import Site
from crmgraph.site.base.metadata import BIBTEX, CFF, CITATIONS, CSL, RIS, TEXT, Citation
from crmgraph.sparql.engine import name_of
from tests.support.pages import having, text
from tests.support.sitemap import LANGUAGES, PAGES
from tests.support.visiting import Serve, Visitor

ID = "https://w3id.org/crmgraph/id/"
TEXTS = "rdfs:label|skos:prefLabel|skos:altLabel|skos:notation|skos:definition|dcterms:description|cg:number|cg:text"
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LEFT_OUT = ("/sparql", "/explain", "/search", "/passages", "/status")


def test_every_page_is_listed_in_each_language_with_the_others(visit: Visitor) -> None:
    index = ET.fromstring(visit.get("/sitemap.xml").content)
    assert index.tag.endswith("}sitemapindex")
    found: dict[str, dict[str, str]] = {}
    for part in index.iterfind("s:sitemap/s:loc", SPACE):
        for url in ET.fromstring(visit.get(part.text or "").content).iterfind("s:url", SPACE):
            address = url.findtext("s:loc", "", SPACE)
            assert address not in found
            found[address] = {each.get("hreflang", ""): each.get("href", "") for each in url.iterfind("x:link", SPACE)}
    origin = str(visit.client.base_url).rstrip("/")
    assert len(found) > 8000
    for path in PAGES:
        if not path.startswith(LEFT_OUT) and "?" not in path:
            everywhere = {language: f"{origin}/{language}{path}" for language in LANGUAGES}
            assert all(found[address] == everywhere for address in everywhere.values()), path
    left_out = tuple(f"{origin}/{language}{path}" for language in LANGUAGES for path in LEFT_OUT)
    assert not [address for address in found if address.startswith(left_out)]
    for address in sorted(found)[::400]:
        assert visit.get(address).status_code == 200, address


def test_robots_are_to_leave_alone_what_is_dear(visit: Visitor) -> None:
    rules = RobotFileParser()
    rules.parse(visit.get("/robots.txt").text.splitlines())
    for path in ("/sparql?query=x", "/es/sparql", "/en/explain?s=x", "/explain.json", "/dump.nq.gz", "/graphs"):
        assert not rules.can_fetch("any", path), path
    for path in ("/", "/es/", "/en/findings", "/es/id/plan/crm", "/en/queries/theme-counts", "/void.ttl"):
        assert rules.can_fetch("any", path), path
    assert rules.site_maps() == [f"{str(visit.client.base_url).rstrip('/')}/sitemap.xml"]


def test_addresses_for_crawlers_below_the_path_of_a_proxy(serve: Serve) -> None:
    with serve("/crm", "example.org") as client:
        for path in ("/sitemap.xml", "/sitemap-1.xml", "/robots.txt"):
            said = client.get(path).text
            assert "http://example.org/crm/" in said
            assert said.count("http://example.org/") == said.count("http://example.org/crm/")
    assert "Disallow: /crm/es/sparql" in said


def said(visit: Visitor, path: str) -> list[dict[str, Any]]:
    """Return what a page says in the words of schema.org."""
    scripts = [each for each in visit.page(path).iter("script") if each.get("type") == "application/ld+json"]
    return [json.loads(script.text or "") for script in scripts]


def test_what_things_are_comes_from_the_ontology_and_its_alignment(visit: Visitor, site: Site) -> None:
    for path, kind in (
        ("id/plan/crm/pgm/7.1.1", "Thing"),
        ("id/source/crm", "DigitalDocument"),
        ("id/actor/oim", "Organization"),
        ("id/membership/rcm-MEX", "Thing"),
        ("ontology/status", "DefinedTermSet"),
    ):
        node = said(visit, f"/es/{path}")[0]
        assert (node["@type"], node["@id"]) == (kind, f"https://w3id.org/crmgraph/{path}")
        assert node["url"].endswith(f"/es/{path}")
    # Nothing is said that the graph does not say.
    for path in ("plan/crm/pgm/7.1.1", "country/MEX", "actor/oim", "process/rcm", "instrument/mou-2006"):
        node = said(visit, f"/en/id/{path}")[0]
        texts = {row["text"].value for row in site.select(f"SELECT ?text {{ <{ID}{path}> {TEXTS} ?text }}")}
        types = {row["type"].value for row in site.select(f"SELECT ?type {{ <{ID}{path}> a ?type }}")}
        wholes = {row["x"].value for row in site.select(f"SELECT ?x {{ <{ID}{path}> dcterms:isPartOf ?x }}")}
        assert node["name"]
        for name in ("name", "alternateName", "description", "position", "text"):
            listed = node.get(name, [])
            for each in listed if isinstance(listed, list) else [listed]:
                assert (each["@value"] if isinstance(each, dict) else each) in texts
        assert set(node["additionalType"]) <= types
        assert {part["@id"] for part in node.get("isPartOf", [])} <= wholes
    way = said(visit, "/en/id/plan/crm/pgm/7.1.1")[1]
    assert way["@type"] == "BreadcrumbList"
    items = [(item["position"], item["item"].partition("/en/id/plan/")[2]) for item in way["itemListElement"]]
    assert items == [(1, "crm"), (2, "crm/pgm"), (3, "crm/pgm/7"), (4, "crm/pgm/7.1")]
    [scheme] = said(visit, "/es/ontology/status")
    concepts = {row["x"].value for row in site.select(f"SELECT ?x {{ ?x skos:inScheme <{scheme['@id']}> }}")}
    assert {term["@id"] for term in scheme["hasDefinedTerm"]} == concepts
    definition = scheme["description"]
    assert (definition["@value"] if isinstance(definition, dict) else definition) in text(
        visit.page("/es/ontology/status")
    )
    assert said(visit, "/es/ontology")[0]["hasDefinedTerm"]
    for path in ("/en/id/plan/crm", "/en/ontology", "/en/void"):
        inside = visit.get(path).text.partition('type="application/ld+json">')[2].partition("</script>")[0]
        assert not set("<>&'") & set(inside)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dataset_is_as_its_catalogue_says(visit: Visitor, site: Site, language: str) -> None:
    forms = {row["x"].value for row in site.select("SELECT ?x { ?x a dcat:Distribution }")}
    for path in ("/", "/void"):
        [node] = said(visit, f"/{language}{path}")
        assert node["@type"] == "Dataset"
        assert node["datePublished"].startswith("20")
        assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert node["name"]["@language"] == language
        assert {each["@id"] for each in node["distribution"]} == forms
        assert all(each["contentUrl"].startswith("https://w3id.org/crmgraph/") for each in node["distribution"])


def _changed(citation: Citation, **values: object) -> Citation:
    return Citation(**{**vars(citation), **values})


WHOLE = Citation(
    title="Grafo",
    part="",
    publisher="crmgraph",
    issued="2025-03-04",
    version="0.1",
    digest="abc",
    license="https://creativecommons.org/licenses/by/4.0/",
    url="https://x.org/",
    accessed=date(2026, 1, 2),
    language="es",
)
PART = _changed(
    WHOLE,
    part="Who takes part in 50 % of «R&D»_{x}?",
    license="https://l.org/",
    url="https://x.org/queries/agents?lang=en",
    language="en",
)


def test_citations_in_words() -> None:
    assert WHOLE.write(TEXT) == (
        "crmgraph (2025). Grafo, versión 0.1, datos abc. https://x.org/ (consultado el 2 de enero de 2026).\n"
    )
    assert PART.write(TEXT) == (
        "crmgraph (2025). “Who takes part in 50 % of «R&D»_{x}?”, in: Grafo, version 0.1, data abc. "
        "https://x.org/queries/agents?lang=en (accessed on 2 January 2026).\n"
    )
    assert "“What is ‘pending’?”, in" in _changed(PART, part="What is “pending”?").text()
    assert "«¿Qué está “pendiente”?», en" in _changed(PART, part="¿Qué está «pendiente»?", language="es").text()
    long = _changed(WHOLE, digest="0123456789abcdef")
    assert "datos 0123456789ab." in long.text()
    assert all("0123456789abcdef" in long.write(form) for form in CITATIONS if form != TEXT)


def test_citations_for_programs() -> None:
    assert WHOLE.write(BIBTEX).startswith("@misc{crmgraph-abc,\n  author = {{crmgraph}},\n  title = {{Grafo}},")
    assert "  year = {2025}," in WHOLE.write(BIBTEX)
    assert {"Y2  - 2026/01/02", "PY  - 2025"} <= set(WHOLE.write(RIS).split("\r\n"))
    [item] = json.loads(WHOLE.write(CSL))
    assert (item["accessed"], item["issued"]) == ({"date-parts": [[2026, 1, 2]]}, {"date-parts": [[2025, 3, 4]]})
    document = yaml.safe_load(WHOLE.write(CFF))
    assert (document["cff-version"], document["license"], document["type"]) == ("1.2.0", "CC-BY-4.0", "dataset")
    assert document["date-released"] == "2025-03-04"
    # What is cited is part of the dataset.
    assert "howpublished = {Grafo}" in PART.write(BIBTEX)
    assert "T2  - Grafo\r\n" in PART.write(RIS)
    assert json.loads(PART.write(CSL))[0]["container-title"] == "Grafo"
    assert yaml.safe_load(PART.write(CFF))["license-url"] == "https://l.org/"
    # What means something to LaTeX is escaped.
    assert "title = {{Who takes part in 50 \\% of «R\\&D»\\_\\{x\\}?}}" in PART.bibtex()
    assert r"{{a\textbackslash{}b \textasciitilde{} \textasciicircum{}}}" in _changed(PART, part=r"a\b ~ ^").bibtex()


def test_the_key_and_what_is_not_known_of_a_citation() -> None:
    def key(citation: Citation) -> str:
        return citation.bibtex().partition(",")[0]

    assert re.fullmatch(r"@misc\{crmgraph-[0-9a-f]{8}", key(PART))
    assert key(_changed(PART, accessed=date(2027, 1, 1), part="Another")) == key(PART)
    assert key(_changed(PART, digest="ffff")) != key(PART)
    bare = _changed(PART, issued="", version="", digest="", license="")
    assert bare.write(TEXT).startswith("crmgraph. “")
    assert "in: Grafo. https" in bare.write(TEXT)
    assert not re.search("version|note|year", bare.write(BIBTEX))
    assert not re.search("^(ET|N1|PY)", bare.write(RIS), re.MULTILINE)
    absent = {"version", "identifiers", "license", "license-url", "date-released"}
    assert yaml.safe_load(bare.write(CFF)).keys().isdisjoint(absent)


MEXICO = f"{ID}country/MEX"
CITED = (
    ("", "", "https://w3id.org/crmgraph/"),
    ("/id/country/MEX", "Mexico", MEXICO),
    (MEXICO, "Mexico", MEXICO),
    ("/findings?severity=info", "Findings", "/findings?severity=info"),
    (
        "/en/queries/agent-roles?agent=actor%2Foim&role=implements&sort=number",
        "Which parts of the plan name International Organization for Migration in the role ‘implementing’?",
        "/queries/agent-roles?agent=actor%2Foim&role=implements&sort=number",
    ),
    ("/graph/inferred", "Graph inferred", "https://w3id.org/crmgraph/graph/inferred"),
    ("/id/source/crm/13011-13115", "id:source/crm/13011-13115", f"{ID}source/crm/13011-13115"),
    ("/.well-known/void", "What this dataset is", "/.well-known/void"),
    ("/findings?theme={a|b}", "Findings", "/findings?theme=%7Ba%7Cb%7D"),
)  # fmt: skip
"""Pages that can be cited, with what they are called and their lasting addresses."""


def test_pages_and_answers_can_be_cited(visit: Visitor, site: Site) -> None:
    for page, title, address in CITED:
        given = {"page": page} if page else {}
        told = visit.client.get("/en/cite.txt", params=given).text
        assert title in told
        assert f"{address} (accessed " in told
        assert f"data {name_of(site.state)[:12]}." in told
        assert visit.client.get("/en/cite", params=given).status_code == 200
    for each in CITATIONS:
        kind = visit.client.get(f"/cite.{each.extension}", params={"page": page}).headers["content-type"]
        assert kind.startswith(each.media_type)


def test_what_is_no_page_here_is_not_cited(visit: Visitor) -> None:
    assert visit.client.get("/en/cite", params={"page": "/" + "a" * 20_001}).status_code == 400
    root = visit.page("/es/cite?page=/no/existe", 404)
    assert "La página /no/existe no existe aquí." in " ".join(text(each) for each in having(root, "problem"))
    assert "/no/existe" in [each.get("value") for each in root.iter("input") if each.get("name") == "page"]
    assert list(having(root, "citation")) == []
