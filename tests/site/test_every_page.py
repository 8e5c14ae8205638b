"""What holds of every page of the site, in both languages, and of the data behind it."""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from pyoxigraph import RdfFormat, parse

from crmgraph.files import STATIC
from crmgraph.site.base.addresses import GRAPHS
from tests.site.translations import messages, texts_read
from tests.support.cases import cases
from tests.support.pages import links, read_page
from tests.support.sitemap import ALONE, LANGUAGES, LARGE, PAGES, REFUSED
from tests.support.visiting import Visitor

WITHOUT_A_TAG = {"/sparql", "/status"}
"""Pages that are never twice the same."""
WITHOUT_STATEMENTS = {"/findings/number-gap", "/search", "/search?q=xyzzyq"}
"""Pages of which nothing is amiss, and nothing found."""
WITH_DATA = tuple(path for path in PAGES if not path.startswith(ALONE))
IN_EACH_SYNTAX = (
    "/", "/id/plan/crm/pgm/7.1.1", "/plan?topic=return&status=continuous", "/states", "/findings/title-differs",
    "/queries/status-counts", "/crosswalk/crm/gcm", "/ontology/status", "/search?q=fondo+vulnerables", "/status",
)  # fmt: skip
"""A page of each family."""
# Graphs and severities are called so in every language, where they are told by the names that they have in data.
SAME = {"inferred", "processes", "violation", "warning"}
UNLISTED = re.compile(
    r"/(es|en)/(sparql|notices|explain|search|passages|status|cite|versions)\b.*"
    r"|/(static|downloads|queries)/.*|/.*\.(ttl|nt|nq|trig|rdf|jsonld|json|csv|svg|gz)|/(openapi\.json|sparql|ready|health)"
)
"""Addresses that no sitemap has: tools, files and data."""


def elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def meta(root: Element, name: str) -> str:
    [found] = [
        each.get("content", "") for each in root.iter("meta") if name in (each.get("name"), each.get("property"))
    ]
    return found


def title(root: Element) -> str:
    return next(iter(root.iter("title"))).text or ""


def structure_faults(root: Element, language: str) -> Iterator[str]:
    """What is wrong with the language, the headings and the identifiers of a page."""
    if root.get("lang") != language:
        yield f"is in {root.get('lang')}"
    levels = [int(each.tag[1]) for each in elements(root) if re.fullmatch("h[1-6]", each.tag)]
    if levels.count(1) != 1:
        yield f"has {levels.count(1)} main headings"
    if len(names := [each.get("id") for each in elements(root) if each.get("id")]) != len(set(names)):
        yield "has an identifier twice"
    if next(iter(root.iter("a"))).get("href") != "#main" or next(root.iter("main")).get("id") != "main":
        yield "has no link to skip to its content"


def loading_faults(root: Element) -> Iterator[str]:
    """What a page loads from elsewhere or runs inline."""
    loaded = [each.get("src") or "" for each in elements(root) if each.get("src")]
    loaded += [each.get("href") or "" for each in root.iter("link") if each.get("rel") in ("stylesheet", "icon")]
    if not loaded:
        yield "loads nothing"
    for address in loaded:
        # Pictures are drawn by the site itself; what follows the # says which part of one is shown.
        is_picture = address.startswith(("/es/", "/en/")) and address.partition("#")[0].endswith(".svg")
        if not is_picture and not address.startswith("/static/"):
            yield f"loads {address}"
    for script in root.iter("script"):
        # What machines read of a page is no script, though it is written in the same element.
        if script.text and script.get("type") != "application/ld+json":
            yield f"runs {script.text[:40]}"
    if [style.text for style in root.iter("style")] != [(STATIC / "site.css").read_text("utf-8").strip()]:
        yield "has another style sheet"
    for each in elements(root):
        yield from (f"has {name}" for name in each.attrib if name.startswith("on") or name == "style")


def head_faults(root: Element, path: str, origin: str, language: str) -> Iterator[str]:
    """What is wrong with what a page says of itself, and with where it leads in other languages and forms."""
    if meta(root, "og:title") != title(root).removesuffix(" · crmgraph"):
        yield "is called otherwise where it is shared"
    if not 20 < len(meta(root, "description")) <= 300 or meta(root, "og:description") != meta(root, "description"):
        yield f"is described as {meta(root, 'description')}"
    found = {each.get("hreflang"): each.get("href", "") for each in root.iter("link") if each.get("hreflang")}
    for tongue, prefix in (("es", "/es"), ("en", "/en"), ("x-default", "")):
        # The endpoint has the address of the query editor without a language.
        if not found.get(tongue, "").startswith(f"{origin}{prefix}{path.partition('?')[0]}") and path != "/sparql":
            yield f"leads to {found.get(tongue)} in {tongue}"
    [canonical] = [each.get("href") for each in root.iter("link") if each.get("rel") == "canonical"]
    if canonical != meta(root, "og:url") or not canonical.startswith(f"{origin}/{language}/"):
        yield f"is canonically at {canonical}"
    offered = [each for each in root.iter("link") if each.get("rel") == "alternate" and each.get("type")]
    if path in WITH_DATA and len(offered) < 5:
        yield "does not offer its data"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page(visit: Visitor, sitemap: dict[str, dict[str, str]], language: str) -> None:
    english = messages()
    origin = str(visit.client.base_url).rstrip("/")
    faults = []
    titles, descriptions, unknown = defaultdict(set), defaultdict(set), set()
    for path in (*PAGES, "/sparql?question=findings", "/sparql?query=ASK%7B%7D"):
        answer = visit.get(f"/{language}{path}")
        root = visit.page(f"/{language}{path}")
        found = [*structure_faults(root, language), *loading_faults(root), *head_faults(root, path, origin, language)]
        if answer.headers["content-language"] != language or "Accept-Language" not in answer.headers.get("vary", ""):
            found.append("does not say its language")
        if "PROJECT VERSION" in answer.text:
            found.append("says the head of the catalogue of translations")
        if language == "es":
            said = {" ".join(each.split()) for each in texts_read(root)}
            found += [f"says in English {each}" for each in said & english.keys() - SAME]
        if not path.startswith(LARGE) and len(gzip.compress(answer.content, 4)) >= 100_000:
            found.append("is large")
        if ("etag" in answer.headers) == (path.partition("?")[0] in WITHOUT_A_TAG):
            found.append("has a tag or none")
        for link in root.iter("a"):
            address = re.split("[?#]", link.get("href", ""))[0]
            if address.startswith("/") and origin + address not in sitemap and not UNLISTED.fullmatch(address):
                unknown.add(address)
        faults += [f"{path} {fault}" for fault in found]
        # Pages that differ in what is chosen alone may be called alike.
        if not path.startswith("/sparql?"):
            titles[title(root)].add(path.partition("?")[0])
            descriptions[meta(root, "description")].add(path.partition("?")[0])
    assert faults == []
    assert [paths for each in (titles, descriptions) for paths in each.values() if len(paths) > 1] == []
    assert [address for address in sorted(unknown) if visit.get(address).status_code >= 400] == []
    assert len(unknown) < 100


def test_pages_are_only_read_and_head_is_get_without_a_body(visit: Visitor) -> None:
    for path in ("/", "/es/", "/id/country/MEX", "/en/sparql", "/en/search", "/id/country/MEX.ttl"):
        head = visit.client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == visit.get(path).headers["content-type"]
        assert visit.client.post(path).status_code == 405


def test_unknown_parameters_are_refused(visit: Visitor) -> None:
    # What SPARQL says of the endpoint is another matter.
    paths = [path for path in PAGES if path != "/sparql"]
    for path in (*paths, "/processes.svg", "/findings.json", "/sitemap.xml"):
        answer = visit.client.get(f"{path}{'&' if '?' in path else '?'}no-such-parameter=1")
        assert answer.status_code == 400, path
        assert "no-such-parameter" in answer.text


def suffixed(path: str, extension: str) -> str:
    path, mark, query = path.partition("?")
    return f"{'/index' if path == '/' else path}.{extension}{mark}{query}"


def test_every_page_is_there_as_data(visit: Visitor) -> None:
    for path in WITH_DATA:
        [first, *others] = GRAPHS if path in IN_EACH_SYNTAX else GRAPHS[:1]
        counts = set()
        for form in (first, *others):
            syntax = RdfFormat.from_extension(form.extension)
            assert syntax is not None
            answers = [visit.client.get(suffixed(path, form.extension))]
            if path in IN_EACH_SYNTAX:
                answers.append(visit.client.get(path, headers={"Accept": form.media_type}))
            for answer in answers:
                assert answer.status_code == 200, path
                assert answer.headers["content-type"].split(";")[0] == form.media_type, path
                assert answer.headers["access-control-allow-origin"] == "*"
                assert "Accept" in answer.headers["vary"]
                counts.add(len({quad.triple for quad in parse(answer.content, syntax)}))
        assert len(counts) == 1, path
        assert (counts == {0}) == (path in WITHOUT_STATEMENTS), path
        answers = [visit.client.get(path, headers={"Accept": "application/json"})]
        answers += [visit.client.get(suffixed(path, "json"))] if path in IN_EACH_SYNTAX else []
        for answer in answers:
            kind = answer.headers["content-type"].split(";")[0]
            assert kind in ("application/json", "application/sparql-results+json"), path
            json.loads(answer.content)


def test_the_head_leads_to_the_data(visit: Visitor) -> None:
    for path in IN_EACH_SYNTAX:
        for link in visit.page(f"/es{path}").iter("link"):
            if link.get("rel") == "alternate" and link.get("type"):
                answer = visit.client.get(link.get("href", ""), headers={"Accept": "text/html"})
                assert answer.headers["content-type"].split(";")[0] == link.get("type"), (path, link.get("href"))


@pytest.mark.parametrize("path", REFUSED)
def test_pages_that_say_there_is_nothing(visit: Visitor, path: str) -> None:
    english = messages()
    spanish = visit.page(f"/es{path}", 404)
    assert {" ".join(each.split()) for each in texts_read(spanish)} & english.keys() - SAME == set()
    page = visit.page(f"/en{path}", 404)
    assert "PROJECT VERSION" not in visit.get(f"/en{path}").text
    if not path.startswith("/explain"):
        # A statement that is not there is told on a page that is.
        assert meta(page, "robots") == "noindex"
        assert not [each for each in page.iter("link") if each.get("rel") == "canonical" or each.get("hreflang")]
        assert links(next(page.iter("footer")))["How to cite"] == "/en/cite"


def test_pages_follow_the_language_of_the_visitor(visit: Visitor) -> None:
    answer = visit.client.get("/findings", headers={"Accept-Language": "es-GT,es;q=0.9"})
    assert answer.headers["content-language"] == "es"
    assert {"Accept", "Accept-Language"} <= set(re.split(r",\s*", answer.headers["vary"]))
    assert read_page(answer.text).get("lang") == "es"


def test_every_question_is_answered_in_both_languages(visit: Visitor) -> None:
    """The same question in the other language keeps its values, and takes the language of its answer along."""
    for path, other in (
        ("/en/queries/theme-counts?lang=en", "/es/queries/theme-counts"),
        ("/es/queries/agent-roles?agent=actor%2Foim&lang=es", "/en/queries/agent-roles?agent=actor%2Foim"),
    ):
        page = visit.page(path)
        [switch] = [nav for nav in page.iter("nav") if "language-nav" in nav.get("class", "")]
        assert {link.get("hreflang"): link.get("href") for link in switch.iter("a")} == {
            path[1:3]: path,
            other[1:3]: other,
        }
        assert [
            each.get("href", "").endswith(other) for each in page.iter("link") if each.get("hreflang") == other[1:3]
        ] == [True]
        assert visit.get(other).status_code == 200


def test_the_menu_tells_where_one_is(visit: Visitor) -> None:
    for path, entry in cases("site/menu"):
        menu = visit.page(f"/en{path}").find(".//nav[@class='main-nav']")
        assert menu is not None
        marked = [each.get("href") for each in menu.iter("a") if each.get("aria-current")]
        assert marked == ([f"/en{entry}"] if entry else []), path
