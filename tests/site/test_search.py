"""The search page, the same as JSON and as RDF, and what can be found."""

from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rdflib import SKOS, Graph, Literal, URIRef

from crmgraph.site import Searcher, Site
from crmgraph.site.search import EXAMPLES, GROUPS, SearchItem
from tests.support.cases import cases
from tests.support.pages import having, links, read_page, text
from tests.support.visiting import Visitor

FUND = "id/instrument/fondo-alta-vulnerabilidad"


def page_of(visit: Visitor, language: str, **asked: str) -> Element:
    return visit.page(f"/{language}/search?{urlencode(asked, quote_via=quote)}")


def hits(page: Element) -> list[Element]:
    return [hit for listed in having(page, "hits") for hit in listed]


def first(page: Element) -> tuple[str, str]:
    [link] = hits(page)[0].findall("h3/a")
    return text(link), link.get("href", "")


def marks(element: Element) -> list[str]:
    return [text(mark) for mark in element.iter("mark")]


def addresses(visit: Visitor, typed: str) -> list[str]:
    return [hit.findall("h3/a")[0].get("href", "").removeprefix("/en/") for hit in hits(page_of(visit, "en", q=typed))]


def test_what_somebody_looks_for_is_the_first(visit: Visitor) -> None:
    wrong = []
    for language, typed, name, address, marked in cases("site/found_first"):
        page = page_of(visit, language, q=typed)
        shown, leads = first(page)
        if not (
            shown.startswith(name) and leads.startswith(f"/{language}/{address}") and marked in marks(hits(page)[0])
        ):
            wrong.append((typed, shown, leads))
    assert wrong == []


def test_what_is_among_the_first(visit: Visitor) -> None:
    wrong = []
    for typed, place, address in cases("site/found_among"):
        if not any(each.startswith(address) for each in addresses(visit, typed)[: int(place)]):
            wrong.append((typed, address))
    assert wrong == []


def test_questions_and_checks_are_found_by_their_words(visit: Visitor) -> None:
    assert "queries/agent-roles" in addresses(visit, "Which parts of the plan name an actor?")
    found = [address for address in addresses(visit, "Reference to a part that does not exist") if "#" not in address]
    assert found[0] == "findings/unresolved-cross-reference"


def test_a_part_of_the_plan_tells_its_place_and_leads_to_its_words(visit: Visitor) -> None:
    page = page_of(visit, "es", q="7.1.1")
    hit = hits(page)[0]
    assert text(next(having(hit, "hit-kind"))).startswith("Actividad 7.1.1 ")
    assert text(next(having(hit, "hit-words"))).endswith("caracteres 4890–5231")
    assert "/es/id/source/crm#c4890-5231" in links(hit).values()
    assert first(page)[1] == "/es/id/plan/crm/pgm/7.1.1"
    # A theme that is called as its plan is told once.
    found = having(page_of(visit, "es", q="objetivo 12"), "hit-kind")
    places = [[text(each) for each in having(hit, "hit-place")] for hit in found]
    assert ["Pacto Mundial para la Migración Segura, Ordenada y Regular"] in places
    assert all(len(set(each)) == len(each) for each in places)


def test_what_matched_is_told(visit: Visitor) -> None:
    for language, typed, role in cases("site/matched"):
        [said] = having(hits(page_of(visit, language, q=typed))[0], "hit-text")
        assert text(said).startswith(role), typed
        assert bool([span.get("lang") for span in said.iter("span") if span.get("lang")]) == ("(" in role)
    [said] = having(hits(page_of(visit, "en", q="fondo vulnerables"))[0], "hit-text")
    [quoted] = [span for span in said.iter("span") if span.get("lang")]
    assert (quoted.get("lang"), marks(quoted)) == ("es", ["Fondo", "Vulnerabilidad"])


def test_notices(visit: Visitor) -> None:
    page = page_of(visit, "es", q="fondo vulnerabildades")
    [notice] = having(page, "notice")
    assert "«vulnerabildades»" in text(notice)
    [(meant, address)] = links(notice).items()
    assert parse_qs(urlsplit(address).query)["q"] == [meant]
    assert first(page)[1] == f"/es/{FUND}"
    partial = page_of(visit, "en", q="fund dolphins memorandum Honduras Kazakhstan")
    assert any("most of it" in text(notice) for notice in having(partial, "notice"))
    none = page_of(visit, "es", q="memorandum", kind="state")
    assert hits(none) == []
    assert any("Aquí no hay" in text(said) for said in having(none, "nothing"))
    for asked in ({}, {"q": "xyzzyq"}, {"q": "?!"}):
        examples = [
            link for each in having(page_of(visit, "en", **asked), "search-examples") for link in each.iter("a")
        ]
        assert [text(link) for link in examples] == list(EXAMPLES["en"])
    assert all(hits(visit.page(link.get("href", ""))) for link in examples)
    [box] = having(page_of(visit, "es", q='"retorno digno" <b>'), "search")
    assert (box.get("role"), box.get("action"), box.get("method")) == ("search", "/es/search", "get")
    assert [field.get("value") for field in box.iter("input")] == ['"retorno digno" <b>']


def test_kinds_and_pages(visit: Visitor) -> None:
    page = page_of(visit, "es", q="migrantes")
    [kinds] = having(page, "search-kinds")
    counts = {link.get("href", ""): int(text(next(having(link, "count")))) for link in kinds.iter("a")}
    everything, *each = counts.values()
    assert everything == sum(each)
    address, count = next((address, number) for address, number in counts.items() if "kind=part" in address)
    told = visit.json("/search.json?q=migrantes&kind=part&limit=100")
    assert told["total"] == count == len(told["results"]) > 20
    assert {each["kind"] for each in told["results"]} == {"part"}
    [current] = [
        text(link)
        for link in next(having(visit.page(address), "search-kinds")).iter("a")
        if link.get("aria-current") == "true"
    ]
    assert current.endswith(str(count))
    # Page by page everything comes once.
    address, seen = "/en/search?q=migrants&kind=part", []
    while address:
        page = visit.page(address)
        seen += [hit.findall("h3/a")[0].get("href") for hit in hits(page)]
        address = next((link.get("href", "") for link in page.iter("a") if link.get("rel") == "next"), "")
    assert len(seen) == len(set(seen)) == visit.json("/search.json?q=migrants&kind=part")["total"] > 20
    assert [link for link in page.iter("a") if link.get("rel") == "prev"]


def test_the_same_as_json_and_rdf(visit: Visitor) -> None:
    asked = "q=fondo%20vulnerables&limit=2"
    answer = visit.client.get(f"/search.json?{asked}", headers={"accept-language": "es"})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    body = answer.json()
    assert (body["query"], body["total"], body["meant"], body["partial"]) == ("fondo vulnerables", 3, None, False)
    assert sum(body["kinds"].values()) == body["total"]
    fund, activity = body["results"][:2]
    assert (fund["iri"], fund["page"]) == (f"https://w3id.org/crmgraph/{FUND}", f"/es/{FUND}")
    matched = fund["matched"]
    assert (matched["in"], matched["language"]) == ("label", "es")
    assert [matched["text"][start:end] for start, end in matched["marks"]] == ["Fondo", "Vulnerabilidad"]
    assert activity["number"] == "6.2.1"
    assert [above["number"] for above in activity["within"]] == [None, None, "6", "6.2"]
    assert activity["words"].endswith("/id/source/crm/3914-4005")
    following = visit.json(body["next"])
    assert (following["start"], following["total"], following["next"]) == (2, 3, None)
    assert visit.client.get(f"/es/search?{asked}", headers={"accept": "application/json"}).json() == body
    assert visit.json("/search.json")["results"] == []
    found = [each["iri"] for each in visit.json("/search.json?q=retorno%20digno")["results"]]
    graph = Graph().parse(data=visit.get("/search.ttl?q=retorno%20digno").text, format="turtle")
    assert {str(subject) for subject in graph.subjects()} == set(filter(None, found))
    labels = graph.objects(URIRef(found[0]), SKOS.prefLabel)
    assert any(isinstance(label, Literal) and label.language == "es" for label in labels)


@given(st.text(max_size=80))
@example("x" * 10_000)
@example('"' * 999)
@example("\x00\x07fondo\x1b")
@example("<script>%00 a:b* \u202efondo")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_make_a_page_and_json(visit: Visitor, typed: str) -> None:
    asked = {"q": typed.encode("utf-8", "replace").decode()}
    page = visit.client.get("/es/search", params=asked)
    assert page.status_code == 200
    read_page(page.text)
    assert "<script>" not in page.text.partition("<main")[2]
    told = visit.client.get("/search.json", params=asked).json()
    assert told["total"] >= len(told["results"])


@pytest.fixture(scope="module")
def searcher(site: Site) -> Searcher:
    return Searcher(site)


@pytest.fixture(scope="module")
def things(searcher: Searcher, site: Site) -> dict[str, SearchItem]:
    return {iri.removeprefix(site.names.id()): each for iri, each in searcher.current_index().things.items()}


def test_everything_can_be_found(site: Site, things: dict[str, SearchItem]) -> None:
    assert list(dict.fromkeys(thing.entry.group for thing in things.values())) == list(GROUPS)
    bare = [
        name
        for name, thing in things.items()
        if not thing.kind.keys() >= {"es", "en"} or not thing.entry.labels or not thing.entry.texts
    ]
    assert bare == []
    assert all(thing.entry.labels.keys() >= {"es", "en"} for thing in things.values() if thing.entry.group == "part")
    for kind in ("PlanElement", "State", "Agent", "Instrument", "Meeting", "Finding", "Event"):
        rows = site.select(f"SELECT DISTINCT ?x {{ ?x a cg:{kind} }}")
        assert rows
        assert {row["x"].value.removeprefix(site.names.id()) for row in rows} <= things.keys()
