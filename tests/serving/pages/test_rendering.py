"""What every page has: language, links below the root, and headers that keep it safe."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from socket import create_connection

import pytest
from fastapi import FastAPI
from httpx import Client
from starlette.requests import Request

from crmgraph.site import pages_router
from crmgraph.site.assets import STATIC
from crmgraph.site.rendering import language_of, links_of, render
from crmgraph.site.site import Site
from tests.support.clients import client_of
from tests.support.pages import having, links, read_page, text, written


def _request(path: str, accept_language: str = "", root: str = "", query: str = "") -> Request:
    return Request(
        {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": root + path,
            "root_path": root,
            "query_string": query.encode(),
            "headers": [(b"accept-language", accept_language.encode()), (b"host", b"example.org")],
            "scheme": "https",
            "server": ("example.org", 443),
        }
    )


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/es/findings", "en", "es"),
        ("/en/", "es", "en"),
        ("/findings", "es-MX", "es"),
        ("/findings", "", "en"),
        ("/es", "en", "es"),
        ("/esx/", "en", "en"),
    ],
)
def test_the_path_decides_the_language_before_the_visitor_does(path: str, header: str, language: str) -> None:
    assert language_of(_request(path, header)) == language
    assert language_of(_request(path, header, root="/crm")) == language


def test_links_stay_below_the_root(site: Site) -> None:
    request = _request("/es/nowhere", root="/crm")
    assert links_of(request, site).page("en", "/findings") == "/crm/en/findings"
    page = render(request, site, "queries.html", 200, {"groups": {}, "offers": [], "words": "", "good": ()})
    root = read_page(written(page))
    addresses = [link.get("href", "") for link in root.iter("a")] + [link.get("href", "") for link in root.iter("link")]
    assert len(addresses) > 10
    assert all(address.startswith(("/crm/", "#", "https://example.org/crm/")) for address in addresses)


@pytest.mark.parametrize(
    ("contact", "address"),
    [("ana@example.org", "mailto:ana@example.org"), ("https://example.org/@ana", "https://example.org/@ana")],
)
@pytest.mark.parametrize(("path", "places"), [("/es/accessibility", 2), ("/es/about", 1)])
def test_whoever_runs_the_service_is_reached_where_they_say_how(
    site: Site, contact: str, address: str, path: str, places: int
) -> None:
    app = FastAPI()
    app.include_router(pages_router(replace(site, contact=contact)))
    with client_of(app, accept="text/html") as client:
        page = read_page(client.get(path).text)
    assert [a.text for a in page.iter("a") if a.get("href") == address] == [contact] * places


def test_nobody_is_named_who_gave_no_address(client: Client) -> None:
    page = client.get("/es/accessibility").text
    assert "mailto:" not in page
    assert "Quien opera este servicio:" not in page
    assert "Dígaselo" not in page
    assert "Quien opera este servicio no ha indicado" in page


def test_every_page_leads_to_itself_in_the_other_language(client: Client) -> None:
    root = read_page(client.get("/en/queries/findings?severity=warning").text)
    assert links(root)["Español"] == "/es/queries/findings?severity=warning"
    alternates = {link.get("hreflang"): link.get("href") for link in root.iter("link") if link.get("hreflang")}
    origin, asked = str(client.base_url).rstrip("/"), "/queries/findings?severity=warning"
    assert alternates == {
        "es": f"{origin}/es{asked}",
        "en": f"{origin}/en{asked}",
        "x-default": f"{origin}{asked}",
    }


def test_a_page_without_a_language_follows_the_visitor_and_says_so(client: Client) -> None:
    answer = client.get("/findings", headers={"Accept-Language": "es-GT,es;q=0.9"})
    assert answer.headers["content-language"] == "es"
    assert {"Accept", "Accept-Language"} <= set(re.split(r",\s*", answer.headers["vary"]))
    assert read_page(answer.text).get("lang") == "es"


def test_whoever_could_not_tell_that_a_page_broke_off_has_it_whole(client: Client) -> None:
    address = client.base_url
    with create_connection((address.host, address.port), timeout=20) as connection:
        connection.sendall(b"GET /en/plan HTTP/1.0\r\nHost: new.example\r\n\r\n")
        head, _, body = b"".join(iter(lambda: connection.recv(2**16), b"")).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert f"content-length: {len(body)}" in head.decode().lower()
    assert body.startswith(b"<!doctype html>")
    assert body.endswith(b"</html>")


def test_the_section_that_one_is_in_is_marked(client: Client) -> None:
    root = read_page(client.get("/en/findings/number-gap").text)
    marked = [link for link in root.iter("a") if link.get("aria-current")]
    assert sorted(text(link) for link in marked) == ["English", "Findings"]


def test_a_keyboard_can_skip_to_the_content(client: Client) -> None:
    root = read_page(client.get("/en/").text)
    first = next(iter(root.iter("a")))
    assert (first.get("href"), next(iter(root.iter("main"))).get("id")) == ("#main", "main")


def test_nothing_may_run_or_load_that_is_not_ours(client: Client) -> None:
    page = client.get("/en/")
    headers = page.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    [sheet] = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert policy["style-src"] == f"'self' 'sha256-{digest}'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


def test_only_the_editor_may_write_a_style_sheet_and_only_with_its_word(client: Client) -> None:
    pages = [client.get("/en/sparql") for _ in range(2)]
    nonces = [re.findall(r"'nonce-([\w-]+)'", page.headers["content-security-policy"]) for page in pages]
    assert nonces[0] != nonces[1]
    form = next(form for form in read_page(pages[0].text).iter("form") if form.get("data-nonce"))
    assert [form.get("data-nonce")] == nonces[0]
    assert "unsafe-eval" not in pages[0].headers["content-security-policy"]


def test_assets_are_there_and_their_addresses_change_with_them(client: Client) -> None:
    root = read_page(client.get("/en/sparql").text)
    assets = [script.get("src", "") for script in root.iter("script")]
    assets += [link.get("href", "") for link in root.iter("link") if link.get("rel") in ("stylesheet", "icon")]
    assert len(assets) == 5
    for asset in assets:
        name, _, version = asset.removeprefix("/static/").partition("?v=")
        assert Path(STATIC / name).is_file(), f"{name} is not built; install the package to build it"
        assert re.fullmatch(r"[0-9a-f]{12}", version)


@pytest.mark.parametrize(
    "path", ["ontology", "ontology/severity", "id/country/MEX", "id/membership/rcm-MEX", "id/plan/crm"]
)
def test_properties_are_called_by_name_also_those_of_other_vocabularies(client: Client, path: str) -> None:
    for language in ("es", "en"):
        root = read_page(client.get(f"/{language}/{path}").text)
        names = [text(element) for element in (*root.iter("dt"), *having(root, "property"))]
        assert len(names) > 3
        assert [name for name in names if re.fullmatch(r"[\w-]+:\S+", name)] == []


@pytest.mark.parametrize(
    ("path", "query", "other"),
    [
        ("/en/queries/theme-counts", "lang=en", "/es/queries/theme-counts"),
        (
            "/es/queries/agent-roles",
            "agent=actor%2Foim&lang=es&sort=number",
            "/en/queries/agent-roles?agent=actor%2Foim&sort=number",
        ),
        ("/es/queries/agent-roles", "lang=en&agent=actor/oim", "/en/queries/agent-roles?agent=actor/oim"),
        ("/en/queries/agent-roles", "agent=actor/oim", "/es/queries/agent-roles?agent=actor/oim"),
    ],
)
def test_another_language_is_that_of_the_answer_too(client: Client, path: str, query: str, other: str) -> None:
    root = read_page(client.get(f"{path}?{query}").text)
    switch = {link.get("hreflang"): link.get("href") or "" for link in next(having(root, "language-nav")).iter("a")}
    here, there = path[1:3], other[1:3]
    assert switch == {here: f"{path}?{query}", there: other}
    alternates = {each.get("hreflang"): each.get("href") or "" for each in root.iter("link") if each.get("hreflang")}
    assert alternates[there].endswith(other)
    assert client.get(other).status_code == 200
