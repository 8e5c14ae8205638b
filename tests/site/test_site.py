"""What all pages are made with: queries of the site's own, links, the language, forms of data, certainty."""

import hashlib
import re
from base64 import b64encode
from xml.etree import ElementTree

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import QuerySyntaxError
from crmgraph.http.languages import translations
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.site.base.addresses import Links
from crmgraph.site.base.pages import PageRequest
from crmgraph.site.base.site import CERTAIN, Certainty, Site, certainty_in, certainty_of, iri_ref, with_certainty
from tests.support.cases import cases
from tests.support.pages import read_page
from tests.support.visiting import Serve, Visitor, pictured

LINKS, BELOW = Links(Names()), Links(Names(), "/crm")
HERE = "https://w3id.org/crmgraph"


def _request(path: str = "/", root: str = "", query: str = "", **headers: str) -> Request:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": root + path, "root_path": root, "query_string": query.encode()}
    return Request({**scope, "headers": given})


def test_queries_of_the_site(site: Site) -> None:
    themes = f"?x a cg:Theme ; cg:within <{HERE}/id/plan/crm>"
    rows = site.select(f"SELECT ?x {{ {themes} }} ORDER BY ?x")
    assert [row["x"].value.rpartition("/")[2] for row in rows] == ["dh", "pgm", "vmd"]
    assert all(row["x"].is_iri for row in rows)
    assert b"cg:Theme" in site.answer(f"CONSTRUCT {{ ?x a cg:Theme }} {{ {themes} }}", "text/turtle")
    with pytest.raises(QuerySyntaxError):
        site.select("SELECT ?x {")


def test_what_is_no_iri_never_gets_into_a_query() -> None:
    for iri in ("a b", "a>b", "<a", 'a"', "a{", "a}", "a|b", "a^", "a`", "a\\u003e", "a\nb", "a\x00"):
        with pytest.raises(ValueError, match="not an IRI"):
            iri_ref(iri)
    assert iri_ref("http://example.org/á") == "<http://example.org/á>"


def test_links_of_iris() -> None:
    for iri, path in cases("site/addresses"):
        assert (LINKS.path(iri) or "") == path
    assert LINKS.target(f"{HERE}/id/country/MEX", "es") == "/es/id/country/MEX"
    assert BELOW.target(f"{HERE}/id/country/MEX", "en") == "/crm/en/id/country/MEX"
    assert BELOW.data_address("/void") == "/crm/void"
    assert LINKS.target(f"{HERE}/dump.nq.gz", "es") == "/dump.nq.gz"
    assert BELOW.target(f"{HERE}/static/icon.svg", "es") == "/crm/static/icon.svg"
    assert BELOW.target(f"{HERE}/", "es") == "/crm/"
    for iri in ("http://purl.org/dc/terms/title", "http://a℀b/", "http://[::1/", "https://[x]/"):
        assert LINKS.target(iri, "en") == iri
    for iri in ("mailto:someone@example.org", "javascript:alert(1)", "urn:x:y"):
        assert LINKS.target(iri, "en") is None


def test_the_path_decides_the_language_before_the_visitor_does(site: Site) -> None:
    for path, header, language in (
        ("/es/findings", "en", "es"), ("/en/", "es", "en"), ("/findings", "es-MX", "es"), ("/findings", "", "en"),
        ("/es", "en", "es"), ("/esx/", "en", "en"),
    ):  # fmt: skip
        for root in ("", "/crm"):
            assert PageRequest(_request(path, root, accept_language=header), site).language == language


def test_the_site_below_the_path_of_a_proxy(serve: Serve) -> None:
    with serve("/crm", "example.org") as client:
        for path in ("/es/findings?severity=warning", "/es/id/plan/crm/pgm/7.1", "/es/queries"):
            root = read_page(client.get(path).text)
            found = {link.get("rel"): link.get("href") for link in root.iter("link")}
            assert found["canonical"] == f"http://example.org/crm{path}"
            addresses = [each.get("href", "") for name in ("a", "link") for each in root.iter(name)]
            assert [each for each in addresses if each.startswith("/") and not each.startswith("/crm/")] == []
            assert sum(each.startswith("/crm/es/") for each in addresses) > 10
        for path in ("/sitemap.xml", "/sitemap-1.xml", "/robots.txt"):
            said = client.get(path).text
            assert "http://example.org/crm/" in said
            assert said.count("http://example.org/") == said.count("http://example.org/crm/")
        file = ElementTree.fromstring(client.get("/es/pictures/schedule.svg").text)
        assert all(link.get("href", "").startswith("http://example.org/crm/es/") for link in pictured(file))


def test_a_visitor_may_lower_the_time_limit(site: Site) -> None:
    for query, seconds in (("", 300.0), ("timeout=2", 2.0), ("timeout=0.5", 0.5), ("timeout=999", 300.0)):
        assert PageRequest(_request(query=query), site).time_limit == seconds
    for value in ("0", "-1", "soon", "nan", "inf", ""):
        with pytest.raises(HTTPException) as caught:
            _ = PageRequest(_request(query=f"timeout={value}"), site).time_limit
        assert caught.value.status_code == 400


def test_certainty(site: Site) -> None:
    concepts = f"?degree skos:inScheme <{ONTOLOGY}/confidence> ; skos:prefLabel ?name"
    query = f"SELECT (?degree AS ?doubted) ?degree ?name {{ {concepts} }}"
    rows = site.select(query)
    assert len(rows) == 8
    for row in rows:
        certainty = certainty_in(row)
        words = translations(row["name"].language).gettext(certainty.label) if certainty.label else ""
        assert (row["name"].value in words) == (not certainty.iri.endswith("#high"))
    assert certainty_in({}) == CERTAIN
    assert with_certainty("sede", CERTAIN, "es") == "sede"
    assert with_certainty("sede", Certainty("", "low certainty"), "es") == "sede (certeza baja)"
    doubted = Certainty("x", "medium certainty")
    assert certainty_of([doubted, CERTAIN]) == CERTAIN
    assert certainty_of([doubted, Certainty("y", "low certainty")]) == doubted


def test_nothing_may_run_or_load_that_is_not_ours(visit: Visitor) -> None:
    page = visit.get("/en/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    [sheet] = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy["style-src"] == f"'self' 'sha256-{digest}'"
    assert policy["frame-ancestors"] == "'none'"
    assert page.headers["x-content-type-options"] == "nosniff"
    data = visit.get("/plan.csv").headers
    assert (data["content-type"], data["x-content-type-options"]) == ("text/csv; charset=utf-8", "nosniff")


def test_only_the_editor_may_write_a_style_sheet_and_only_with_its_word(visit: Visitor) -> None:
    pages = [visit.client.get("/en/sparql") for _ in range(2)]
    nonces = [re.findall(r"'nonce-([\w-]+)'", page.headers["content-security-policy"]) for page in pages]
    assert nonces[0] != nonces[1]
    form = next(form for form in read_page(pages[0].text).iter("form") if form.get("data-nonce"))
    assert [form.get("data-nonce")] == nonces[0]
    assert "unsafe-eval" not in pages[0].headers["content-security-policy"]


def test_whoever_runs_the_service_is_reached_where_they_say_how(serve: Serve) -> None:
    with serve(contact="ana@example.org") as client:
        for path, places in (("/es/accessibility", 2), ("/es/about", 1)):
            page = read_page(client.get(path).text)
            reached = [a.text for a in page.iter("a") if a.get("href") == "mailto:ana@example.org"]
            assert reached == ["ana@example.org"] * places
