"""The page that says how a statement is known."""

from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from pyoxigraph import RdfFormat, parse

from tests.support.pages import having, links, text
from tests.support.visiting import Visitor

INFERRED = {"s": "plan/crm/pgm/7", "p": "cg:topicWithin", "o": "topic:return-by-land"}
READ = {"s": "plan/crm/pgm/7.1.1", "p": "dcterms:isPartOf", "o": "plan/crm/pgm/7.1"}
WITHIN = {"s": "plan/crm/pgm/7.1.1.1", "p": "cg:within", "o": "plan/crm"}


def query(asked: dict[str, str]) -> str:
    return urlencode(asked, quote_via=quote)


def explained(visit: Visitor, asked: dict[str, str], language: str = "en", status: int = 200) -> Element:
    return visit.page(f"/{language}/explain?{query(asked)}", status)


def fields(page: Element) -> dict[str | None, str | None]:
    return {field.get("name"): field.get("value") for field in next(having(page, "parameters")).iter("input")}


def test_a_statement_is_led_back_to_its_sources(visit: Visitor) -> None:
    targets = set(links(explained(visit, INFERRED)).values())
    assert {"/en/id/plan/crm/pgm/7", "/en/graph/plan/crm"} <= targets
    assert any(target.startswith("/en/id/source/crm#") for target in targets), "the words that a premise was read from"
    [told] = visit.json(f"/explain.json?{query(INFERRED)}")
    assert told["rule"] == "prp-spo2"
    assert told["premises"]
    accepted = visit.client.get("/explain", params=INFERRED, headers={"accept": "application/json"})
    assert accepted.json() == [told]
    page = explained(visit, READ, "es")
    assert "/es/id/source/crm#c4890-5231" in links(page).values()
    assert READ.items() <= fields(page).items()
    for path in ("/en/id/plan/crm/pgm/7.1.1", "/en/id/country/HND"):
        marks = [link.get("href", "") for link in having(visit.page(path), "inferred-mark")]
        assert marks
        assert all(list(visit.page(link).iter("section")) for link in marks[::15])


def test_what_the_graph_does_not_say(visit: Visitor) -> None:
    asked = {**INFERRED, "o": "topic:none"}
    words = "El grafo no dice id:plan/crm/pgm/7 cg:topicWithin topic:none."
    page = explained(visit, {**asked, "all": "1"}, "es", 404)
    assert [text(told) for told in having(page, "problem")] == [words]
    assert fields(page) == asked
    data = visit.client.get("/explain.json", params=asked, headers={"accept-language": "es"})
    assert data.status_code == 404
    assert words[:16] in data.text


def test_the_form_has_an_example(visit: Visitor) -> None:
    page = visit.page("/en/explain")
    assert fields(page) == INFERRED
    [told] = having(page, "help")
    described = {field.get("aria-describedby") for field in page.iter("input") if field.get("name") in INFERRED}
    assert described == {told.get("id")}
    [address] = links(told).values()
    assert "plan/crm/pgm/7.3.1" in fields(visit.page(address)).values()
    [told] = visit.json("/explain.json")
    said = {str(triple.predicate.value) for triple in parse(visit.get("/explain.ttl").content, RdfFormat.TURTLE)}
    assert told["predicate"]["value"] in said
    assert len(said) > 1
    described = visit.json("/openapi.json")["paths"]["/explain"]["get"]["parameters"]
    assert [each["name"] for each in described] == ["s", "p", "o", "all"]
    example = {each["name"]: each["example"] for each in described}
    assert visit.get(f"/explain.json?{query(example)}").status_code == 200


def test_every_last_step(visit: Visitor) -> None:
    [shortest] = visit.json(f"/explain.json?{query(WITHIN)}")
    every = visit.json(f"/explain.json?{query({**WITHIN, 'all': '1'})}")
    assert len(every) > 1
    assert shortest in every
    page = explained(visit, {**WITHIN, "all": "1"})
    assert len(list(page.iter("section"))) == len(every)
    assert [option.get("value") for option in page.iter("option") if option.get("selected") is not None] == ["1"]


def test_what_cannot_be_asked(visit: Visitor) -> None:
    page = explained(visit, {**INFERRED, "p": "nonsense"}, "en", 400)
    assert "nonsense" in text(next(having(page, "problem")))
    assert fields(page) == {**INFERRED, "p": "nonsense"}
