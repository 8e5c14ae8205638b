"""All pages as a visitor gets them, over the real dataset."""

import pytest
from httpx import Client
from pyoxigraph import RdfFormat, parse

from crmgraph.site.assets import STATIC
from tests.support.pages import read_page, text
from tests.support.sitemap import PAGES


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
    # Pictures are drawn by the site itself; what follows the # says which part of one is shown.
    loaded = [
        address
        for address in loaded
        if not (address and address.startswith("/en/") and address.partition("#")[0].endswith(".svg"))
    ]
    assert all(address and address.startswith("/static/") for address in loaded)
    # What machines read of a page is no script, though it is written in the same element.
    scripts = [script for script in root.iter("script") if script.get("type") != "application/ld+json"]
    assert all(not script.text for script in scripts)
    assert not [e for e in root.iter() if isinstance(e.tag, str) and any(name.startswith("on") for name in e.attrib)]
    assert [style.text for style in root.iter("style")] == [(STATIC / "site.css").read_text("utf-8").strip()]
    assert not [e for e in root.iter() if isinstance(e.tag, str) and e.get("style")]


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
