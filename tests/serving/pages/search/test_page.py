"""The search page, and the same as JSON."""

from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from httpx import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import SKOS, Graph, Literal, URIRef

from crmgraph.site.search.page import EXAMPLES
from tests.support.pages import having, links, read_page, text


def page_of(client: Client, language: str, **asked: str) -> Element:
    answer = client.get(f"/{language}/search", params=asked)
    assert answer.status_code == 200
    return read_page(answer.text)


def hits(page: Element) -> list[Element]:
    return [hit for listed in having(page, "hits") for hit in listed]


def first(page: Element) -> tuple[str, str]:
    [link] = hits(page)[0].findall("h3/a")
    return text(link), link.get("href", "")


def marks(element: Element) -> list[str]:
    return [text(mark) for mark in element.iter("mark")]


FUND = "id/instrument/fondo-alta-vulnerabilidad"


@pytest.mark.parametrize(
    ("language", "typed", "name", "address", "marked"),
    [
        ("es", "fondo vulnerables", "Fondo de Reserva", FUND, "Vulnerabilidad"),
        ("en", "fondo vulnerables", "RCM Reserve Fund", FUND, "Vulnerabilidad"),
        ("en", "vulnerable fund", "RCM Reserve Fund", FUND, "vulnerable"),
        ("es", "memorandum", "Memorándum de Entendimiento", "id/instrument/mou-2006", "Memorándum"),
        ("en", "memorandum", "Memorandum of Understanding", "id/instrument/mou-2006", "Memorandum"),
        ("es", "ONU", "Organización de las Naciones Unidas", "id/actor/onu", "ONU"),
        ("en", "ONU", "United Nations", "id/actor/onu", "ONU"),
        ("es", "oim", "Organización Internacional para las Migraciones", "id/actor/oim", "OIM"),
        ("es", "mexico", "México", "id/country/MEX", "México"),
        ("es", "EE. UU.", "Estados Unidos", "id/country/USA", "EE. UU."),
        ("es", "trata de personas", "trata de personas", "ontology/topic#trafficking", "personas"),
        ("es", "menores no acompanados", "niños, niñas", "ontology/population-group#", "acompañados"),
        ("en", "puebla process", "Regional Conference on Migration", "id/process/rcm", "Puebla"),
        ("es", "conferencia sudamericana", "Conferencia Suramericana", "id/process/sacm", "Sudamericana"),
        ("es", "XIV CRM", "XIV", "id/meeting/crm-xiv", "XIV"),
        ("es", "memberOf", "es miembro de", "ontology#memberOf", "memberOf"),
        ("es", "objetivo 12 ver actividades", "Dice «Ver actividades", "findings/unresolved-cross-reference#", "12"),
        ("es", "cuántos objetivos, acciones y actividades", "¿Cuántos objetivos", "queries/theme-counts", "objetivos"),
    ],
)
def test_what_somebody_looks_for_is_the_first(
    client: Client, language: str, typed: str, name: str, address: str, marked: str
) -> None:
    page = page_of(client, language, q=typed)
    shown, leads = first(page)
    assert shown.startswith(name)
    assert leads.startswith(f"/{language}/{address}")
    assert marked in marks(hits(page)[0])


def addresses(client: Client, typed: str) -> list[str]:
    return [hit.findall("h3/a")[0].get("href", "").removeprefix("/en/") for hit in hits(page_of(client, "en", q=typed))]


@pytest.mark.parametrize("typed", ["pending activities", "which activities are pending", "actividades pendientes"])
def test_how_a_part_stands_finds_it_and_the_question_about_that(client: Client, typed: str) -> None:
    assert set(addresses(client, typed)[:2]) == {"queries/schedule-status?status=pending", "id/plan/crm/dh/2.4.3"}


@pytest.mark.parametrize("typed", ["compare CRM CSM", "CRM and CSM", "miembros CRM CSM", "RCM SACM"])
def test_who_is_named_comes_first_with_a_question_about_both(client: Client, typed: str) -> None:
    asked = "queries/members-apart?process=process%2Frcm&other=process%2Fsacm"
    assert addresses(client, typed)[:3] == ["id/process/rcm", "id/process/sacm", asked]
    assert client.get(f"/en/{asked}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("comparar CRM y CSM", "crm/csm"),
        ("compare RCM SACM", "crm/csm"),
        ("comparación plan CRM Pacto Mundial", "crm/gcm"),
        ("compare 2030 Agenda", "crm/sdg"),
    ],
)
def test_the_comparison_of_two_plans_is_found(client: Client, typed: str, pair: str) -> None:
    assert f"crosswalk/{pair}" in addresses(client, typed)[:4]


def test_a_theme_that_is_called_as_its_plan_is_told_once(client: Client) -> None:
    page = read_page(client.get("/es/search?q=objetivo+12").text)
    places = [[text(each) for each in having(hit, "hit-place")] for hit in having(page, "hit-kind")]
    assert ["Pacto Mundial para la Migración Segura, Ordenada y Regular"] in places
    assert all(len(set(each)) == len(each) for each in places)


@pytest.mark.parametrize("typed", ["objective 12", "objetivo 12", "12"])
def test_the_plan_comes_before_the_numbers_of_others(client: Client, typed: str) -> None:
    found = addresses(client, typed)
    assert found[0].startswith("id/plan/crm/vmd/1.2.1")
    assert "id/plan/gcm/gcsorm/12" in found[1:3]


@pytest.mark.parametrize(
    ("typed", "plan"),
    [("CSM", "csm"), ("plan csm", "csm"), ("plan conferencia sudamericana", "csm"), ("plan crm", "crm")],
)
def test_a_plan_is_found_by_whose_it_is(client: Client, typed: str, plan: str) -> None:
    results = client.get("/en/search.json", params={"q": typed}).json()["results"]
    found = [each for each in results if each["iri"] == f"https://w3id.org/crmgraph/id/plan/{plan}"]
    assert found
    assert results.index(found[0]) < 4


def test_each_name_of_a_topic_finds_what_another_finds(client: Client) -> None:
    def found(typed: str) -> set[str]:
        told = client.get("/en/search.json", params={"q": typed, "limit": "100"}).json()["results"]
        return {each["iri"] for each in told if each["kind"] in ("part", "topic", "instrument", "network")}

    assert found("human trafficking") == found("trata de personas") == found("trafficking in persons")
    assert any(iri.endswith("/plan/crm/pgm/5") for iri in found("human trafficking"))


@pytest.mark.parametrize(
    ("language", "kind", "place"),
    [("es", "Actividad", "caracteres 4890–5231"), ("en", "Activity", "characters 4890–5231")],
)
def test_a_part_of_the_plan_tells_its_place_and_leads_to_its_words(
    client: Client, language: str, kind: str, place: str
) -> None:
    page = page_of(client, language, q="7.1.1")
    [said] = having(hits(page)[0], "hit-kind")
    assert text(said).startswith(f"{kind} 7.1.1 ")
    [words] = having(hits(page)[0], "hit-words")
    assert text(words).endswith(place)
    assert f"/{language}/id/source/crm#c4890-5231" in links(hits(page)[0]).values()
    assert first(page)[1] == f"/{language}/id/plan/crm/pgm/7.1.1"


def test_what_matched_is_told(client: Client) -> None:
    [said] = having(hits(page_of(client, "en", q="OIM"))[0], "hit-text")
    assert text(said) == "Acronym (in Spanish): OIM"
    [said] = having(hits(page_of(client, "es", q="SLV"))[0], "hit-text")
    assert text(said) == "Código: SLV"
    spanish = [span for span in said.iter("span") if span.get("lang")]
    assert spanish == []


def test_text_in_the_other_language_says_so(client: Client) -> None:
    [said] = having(hits(page_of(client, "en", q="fondo vulnerables"))[0], "hit-text")
    [quoted] = [span for span in said.iter("span") if span.get("lang")]
    assert quoted.get("lang") == "es"
    assert marks(quoted) == ["Fondo", "Vulnerabilidad"]


@pytest.mark.parametrize(
    ("language", "typed", "role"),
    [
        ("es", "siete actividades", "Ejemplo:"),
        ("en", "seven activities", "Example:"),
        ("en", "repite palabra", "Message (in Spanish):"),
        ("es", "repeats word", "Mensaje (en inglés):"),
        ("es", "qué se hará en su caso", "Cómo corregirlo:"),
    ],
)
def test_a_text_is_called_what_it_is(client: Client, language: str, typed: str, role: str) -> None:
    [said] = having(hits(page_of(client, language, q=typed))[0], "hit-text")
    assert text(said).startswith(role)


def test_a_slip_of_the_pen_is_forgiven_and_told(client: Client) -> None:
    page = page_of(client, "es", q="fondo vulnerabildades")
    [notice] = having(page, "notice")
    assert "«vulnerabildades»" in text(notice)
    [(meant, address)] = links(notice).items()
    assert parse_qs(urlsplit(address).query)["q"] == [meant]
    assert first(page)[1] == "/es/id/instrument/fondo-alta-vulnerabilidad"


def test_where_nothing_has_all_of_it_that_is_told(client: Client) -> None:
    page = page_of(client, "en", q="fund dolphins memorandum Honduras Kazakhstan")
    assert any("most of it" in text(notice) for notice in having(page, "notice"))


@pytest.mark.parametrize("language", ["es", "en"])
def test_kinds_are_counted_and_choose(client: Client, language: str) -> None:
    page = page_of(client, language, q="migrantes")
    [kinds] = having(page, "search-kinds")
    counts = {link.get("href"): int(text(next(iter(having(link, "count"))))) for link in kinds.iter("a")}
    everything, *each = counts.values()
    assert everything == sum(each)
    address, count = next((a, n) for a, n in counts.items() if a and "kind=part" in a)
    chosen = read_page(client.get(str(address)).text)
    told = client.get("/search.json", params={"q": "migrantes", "kind": "part", "limit": "100"}).json()
    assert told["total"] == count == len(told["results"]) > 20
    assert {each["kind"] for each in told["results"]} == {"part"}
    [current] = [text(link) for link in chosen.iter("a") if link.get("aria-current") == "true" and "count" in str(
        [span.get("class") for span in link])]  # fmt: skip
    assert current.endswith(str(count))


def test_a_kind_of_which_there_is_nothing_says_so(client: Client) -> None:
    page = page_of(client, "es", q="memorandum", kind="state")
    assert hits(page) == []
    assert any("Aquí no hay" in text(said) for said in having(page, "nothing"))


def test_page_by_page_everything_comes_once(client: Client) -> None:
    address, seen = "/en/search?q=migrants&kind=part", []
    while address:
        page = read_page(client.get(address).text)
        seen += [hit.find("h3/a").get("href") for hit in hits(page)]  # type: ignore[union-attr]
        address = next((link.get("href", "") for link in page.iter("a") if link.get("rel") == "next"), "")
    total = client.get("/search.json?q=migrants&kind=part").json()["total"]
    assert len(seen) == len(set(seen)) == total > 20
    assert [link for link in page.iter("a") if link.get("rel") == "prev"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_empty_page_helps(client: Client, language: str) -> None:
    for asked in ({}, {"q": "xyzzyq"}, {"q": "?!"}):
        page = page_of(client, language, **asked)
        examples = [link for listed in having(page, "search-examples") for link in listed.iter("a")]
        assert [text(link) for link in examples] == list(EXAMPLES[language])
    for link in examples:
        assert hits(read_page(client.get(link.get("href", "")).text)), text(link)


def test_the_box_keeps_what_was_typed_and_the_language(client: Client) -> None:
    page = page_of(client, "es", q='"retorno digno" <b>')
    [box] = having(page, "search")
    assert (box.get("role"), box.get("action"), box.get("method")) == ("search", "/es/search", "get")
    [field] = box.iter("input")
    assert field.get("value") == '"retorno digno" <b>'
    assert [label for label in box.iter("label") if label.get("for") == field.get("id")]


def test_the_same_as_json(client: Client) -> None:
    asked = {"q": "fondo vulnerables", "limit": "3"}
    told = client.get("/search.json", params=asked, headers={"accept-language": "es"})
    assert told.headers["content-type"].startswith("application/json")
    assert told.headers["access-control-allow-origin"] == "*"
    body = told.json()
    assert (body["query"], body["total"], body["meant"], body["partial"]) == ("fondo vulnerables", 5, None, False)
    assert sum(body["kinds"].values()) == body["total"]
    fund, activity = body["results"][:2]
    assert fund["iri"].endswith("/id/instrument/fondo-alta-vulnerabilidad")
    assert fund["page"] == "/es/id/instrument/fondo-alta-vulnerabilidad"
    matched = fund["matched"]
    assert (matched["in"], matched["language"]) == ("label", "es")
    assert [matched["text"][start:end] for start, end in matched["marks"]] == ["Fondo", "Vulnerabilidad"]
    assert activity["number"] == "6.2.1"
    assert [above["number"] for above in activity["within"]] == [None, None, "6", "6.2"]
    assert activity["words"].endswith("/id/source/crm/3914-4005")
    following = client.get(body["next"]).json()
    assert (following["start"], following["total"]) == (3, 5)
    assert following["next"] is None
    negotiated = client.get("/es/search", params=asked, headers={"accept": "application/json"})
    assert negotiated.json() == body


def test_nothing_asked_is_nothing_found(client: Client) -> None:
    assert client.get("/search.json").json()["results"] == []
    assert client.get("/search.pdf").status_code == 404
    assert client.get("/search", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("wrong", ["?kind=x", "?start=-1", "?limit=0", "?limit=x", "?q=a&q=b", "?query=a"])
@pytest.mark.parametrize("path", ["/es/search", "/search.json"])
def test_what_cannot_be_asked_is_refused(client: Client, path: str, wrong: str) -> None:
    assert client.get(path + wrong).status_code == 400


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "fondo " * 2000, '"' * 999, "\x00\x07fondo\x1b", "<script>", "%00", "a:b*", "\u202efondo"]
)
def test_odd_words_make_a_page(client: Client, typed: str) -> None:
    answer = client.get("/en/search", params={"q": typed})
    assert answer.status_code == 200
    read_page(answer.text)
    assert "<script>" not in answer.text.partition("<main")[2]


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_make_a_page_and_json(client: Client, typed: str) -> None:
    asked = {"q": typed.encode("utf-8", "replace").decode()}
    page = client.get("/es/search", params=asked)
    assert page.status_code == 200
    read_page(page.text)
    told = client.get("/search.json", params=asked).json()
    assert told["total"] >= len(told["results"])


def test_the_description_of_the_api_tells_of_it(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    names = [parameter["name"] for parameter in paths["/search"]["get"]["parameters"]]
    assert names == ["q", "kind", "start", "limit"]
    assert "application/json" in paths["/search.{suffix}"]["get"]["responses"]["200"]["content"]


def test_what_is_found_is_to_be_had_as_rdf(client: Client) -> None:
    found = [each["iri"] for each in client.get("/search.json", params={"q": "retorno digno"}).json()["results"]]
    graph = Graph().parse(data=client.get("/search.ttl", params={"q": "retorno digno"}).text, format="turtle")
    assert {str(subject) for subject in graph.subjects()} == set(filter(None, found))
    assert any(
        isinstance(label, Literal) and label.language == "es"
        for label in graph.objects(URIRef(found[0]), SKOS.prefLabel)
    )
