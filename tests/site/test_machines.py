"""What crawlers, search engines and reference managers are told: sitemap, robots, schema.org, citations."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest

from crmgraph.site import Site
from crmgraph.site.base.metadata import CITATION_FORMS, Citation
from crmgraph.sparql.engine import short_name_of
from tests.support.cases import cases
from tests.support.pages import having, text
from tests.support.sitemap import LANGUAGES, PAGES
from tests.support.visiting import Visitor

LEFT_OUT = ("/sparql", "/notices", "/explain", "/search", "/passages", "/status")


def test_every_page_is_listed_in_each_language_with_the_others(
    visit: Visitor, sitemap: dict[str, dict[str, str]]
) -> None:
    origin = str(visit.client.base_url).rstrip("/")
    assert len(sitemap) > 8000
    for path in PAGES:
        if not path.startswith(LEFT_OUT) and "?" not in path:
            everywhere = {language: f"{origin}/{language}{path}" for language in LANGUAGES}
            assert all(sitemap[address] == everywhere for address in everywhere.values()), path
    left_out = tuple(f"{origin}/{language}{path}" for language in LANGUAGES for path in LEFT_OUT)
    assert not [address for address in sitemap if address.startswith(left_out)]
    for address in sorted(sitemap)[::400]:
        assert visit.get(address).status_code == 200, address


def test_robots_are_to_leave_alone_what_is_dear(visit: Visitor) -> None:
    rules = RobotFileParser()
    rules.parse(visit.get("/robots.txt").text.splitlines())
    for path in ("/sparql?query=x", "/es/sparql", "/en/explain?s=x", "/explain.json", "/dump.nq.gz", "/graphs"):
        assert not rules.can_fetch("any", path), path
    for path in ("/", "/es/", "/en/findings", "/es/id/plan/crm", "/en/queries/theme-counts", "/void.ttl"):
        assert rules.can_fetch("any", path), path
    assert rules.site_maps() == [f"{str(visit.client.base_url).rstrip('/')}/sitemap.xml"]


def said(visit: Visitor, path: str) -> list[dict[str, Any]]:
    """Return what a page says in the words of schema.org."""
    scripts = [each for each in visit.page(path).iter("script") if each.get("type") == "application/ld+json"]
    return [json.loads(script.text or "") for script in scripts]


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
        inside = visit.get(f"/{language}{path}").text.partition('type="application/ld+json">')[2]
        assert not set("<>&'") & set(inside.partition("</script>")[0])


def _changed(citation: Citation, **values: object) -> Citation:
    return Citation(**{**vars(citation), **values})


WHOLE = Citation(
    title="Grafo", part="", publisher="crmgraph", issued="2025-03-04", version="0.1", digest="0123456789abcdef",
    license="https://creativecommons.org/licenses/by/4.0/", url="https://x.org/", accessed=date(2026, 1, 2),
    language="es",
)  # fmt: skip
PART = _changed(
    WHOLE, part="Who takes part in 50 % of “R&D”_{x}?", license="https://l.org/",
    url="https://x.org/queries/agents?lang=en",
    language="en",
)  # fmt: skip
BARE = _changed(PART, part=r"a\b ~ ^", issued="", version="", digest="", license="")
WRITTEN = Path(__file__).with_name("citations.txt")
"""The dataset, a part of it, and one of which little is known, as they are cited in each form."""


def test_citations() -> None:
    written = "\n".join(citation.write(form) for citation in (WHOLE, PART, BARE) for form in CITATION_FORMS)
    assert written.replace("\r\n", "\n") == WRITTEN.read_text(encoding="utf-8")
    assert "«¿Qué está “pendiente”?», en" in _changed(PART, part="¿Qué está «pendiente»?", language="es").text()


def test_pages_and_answers_can_be_cited(visit: Visitor, site: Site) -> None:
    for page, title, address in cases("site/cited"):
        given = {"page": page} if page else {}
        told = visit.client.get("/en/cite.txt", params=given).text
        assert title in told
        assert f"{address} (accessed " in told
        assert f"data {short_name_of(site.state)[:12]}." in told
        assert visit.client.get("/en/cite", params=given).status_code == 200
    for each in CITATION_FORMS:
        kind = visit.client.get(f"/cite.{each.extension}", params={"page": page}).headers["content-type"]
        assert kind.startswith(each.media_type)


def test_what_is_no_page_here_is_not_cited(visit: Visitor) -> None:
    assert visit.client.get("/en/cite", params={"page": "/" + "a" * 20_001}).status_code == 400
    root = visit.page("/es/cite?page=/no/existe", 404)
    assert "La página /no/existe no existe aquí." in text(next(having(root, "problem-detail")))
