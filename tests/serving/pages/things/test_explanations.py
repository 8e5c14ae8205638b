"""The page that says how a statement is known."""

import time

import pytest
from httpx import Client
from pyoxigraph import RdfFormat, parse

from tests.support.pages import having, links, read_page, text

pytestmark = pytest.mark.drill

INFERRED = {"s": "country/HND", "p": "cg:memberOf", "o": "process/rcm"}
READ = {"s": "plan/crm/pgm/7.1.1", "p": "dcterms:isPartOf", "o": "plan/crm/pgm/7.1"}


@pytest.mark.parametrize(("language", "words"), [("es", "Se sigue por la regla"), ("en", "It follows by the rule")])
def test_an_inferred_statement_is_led_back_to_its_sources(client: Client, language: str, words: str) -> None:
    answer = client.get(f"/{language}/explain", params=INFERRED)
    assert answer.status_code == 200
    page = read_page(answer.text)
    said = text(page)
    assert words in said
    assert "prp-spo2" in said
    targets = set(links(page).values())
    assert f"/{language}/id/process/rcm" in targets
    assert f"/{language}/graph/processes" in targets
    assert any(target.startswith("https://") for target in targets), "a page that a premise was read from"


def test_an_asserted_statement_shows_the_words_it_was_read_from(client: Client) -> None:
    page = read_page(client.get("/es/explain", params=READ).text)
    assert any("Monitorear la implementación" in text(words) for words in having(page, "words"))
    assert "/es/id/source/crm#c4890-5231" in links(page).values()


def test_the_form_is_there_with_an_example_and_keeps_what_was_asked(client: Client) -> None:
    page = read_page(client.get("/en/explain").text)
    fields = {field.get("name"): field.get("value") for field in next(having(page, "parameters")).iter("input")}
    assert fields == INFERRED
    page = read_page(client.get("/en/explain", params=READ).text)
    assert (
        READ.items()
        <= {field.get("name"): field.get("value") for field in next(having(page, "parameters")).iter("input")}.items()
    )


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_form_says_what_to_write_with_another_example(client: Client, language: str) -> None:
    page = read_page(client.get(f"/{language}/explain").text)
    [told] = having(page, "help")
    described = {field.get("aria-describedby") for field in page.iter("input") if field.get("name") in INFERRED}
    assert described == {told.get("id")}
    [example] = links(told).values()
    answer = client.get(example)
    assert answer.status_code == 200
    assert "plan/crm/pgm/7" in [field.get("value") for field in read_page(answer.text).iter("input")]


def test_the_same_as_json(client: Client) -> None:
    by_suffix = client.get("/explain.json", params=INFERRED)
    assert by_suffix.headers["content-type"].startswith("application/json")
    [told] = by_suffix.json()
    assert told["rule"] == "prp-spo2"
    assert told["premises"]
    assert client.get("/explain", params=INFERRED, headers={"accept": "application/json"}).json() == [told]


@pytest.mark.parametrize("wrong", ["?subject=a&property=b&value=c", "?s=country/HND&s=country/MEX"])
@pytest.mark.parametrize("path", ["/en/explain", "/explain.json"])
def test_a_parameter_that_there_is_not_or_that_is_there_twice(client: Client, path: str, wrong: str) -> None:
    answer = client.get(path + wrong)
    assert answer.status_code == 400
    assert "parameter" in answer.text


def test_every_last_step(client: Client) -> None:
    asked = {"s": "plan/crm/pgm/7.1.1.1", "p": "cg:within", "o": "plan/crm"}
    [shortest] = client.get("/explain.json", params=asked).json()
    every = client.get("/explain.json", params={**asked, "all": "1"}).json()
    assert len(every) > 1
    assert shortest in every
    page = read_page(client.get("/en/explain", params={**asked, "all": "1"}).text)
    assert len(list(page.iter("section"))) == len(every)


@pytest.mark.parametrize("path", ["/explain", "/explain.json"])
def test_what_the_graph_does_not_say(client: Client, path: str) -> None:
    answer = client.get(path, params={**INFERRED, "o": "process/none"}, headers={"accept-language": "es"})
    assert answer.status_code == 404
    assert "El grafo no dice" in answer.text


def test_where_nothing_is_asked_the_data_are_those_of_the_example(client: Client) -> None:
    [told] = client.get("/explain.json").json()
    assert told["rule"]
    said = {str(triple.predicate.value) for triple in parse(client.get("/explain.ttl").content, RdfFormat.TURTLE)}
    assert told["predicate"]["value"] in said
    assert len(said) > 1


def test_what_is_no_term(client: Client) -> None:
    for wrong in ({**INFERRED, "p": "nonsense"}, {**INFERRED, "o": '"open'}, {"s": "country/HND"}):
        assert client.get("/explain.json", params=wrong).status_code == 400
    assert client.get("/explain.pdf", params=INFERRED).status_code == 404


def test_a_statement_of_everything_in_the_plan_is_explained_quickly(client: Client) -> None:
    asked = {"s": "plan/crm", "p": "cg:involvesAgent", "o": "actor/oim"}
    client.get("/explain.json", params=asked)
    began = time.process_time()
    assert client.get("/explain.json", params=asked).status_code == 200
    assert time.process_time() - began < 1


def test_long_names_are_cut_and_words_of_the_source_are_not(client: Client) -> None:
    asked = {"s": "plan/crm/pgm/7", "p": "cg:reliesOn", "o": "instrument/mou-2006"}
    page = read_page(client.get("/es/explain", params=asked).text)
    assert all(len(text(link)) <= 90 for link in page.iter("a") if "words-link" not in (link.get("class") or ""))
    assert any(len(text(words)) > 300 for words in having(page, "words"))


def test_the_choice_of_ways_is_kept(client: Client) -> None:
    page = read_page(client.get("/en/explain", params={**INFERRED, "all": "1"}).text)
    [chosen] = [option for option in page.iter("option") if option.get("selected") is not None]
    assert chosen.get("value") == "1"


def test_what_can_be_asked_is_in_the_description_of_the_addresses(client: Client) -> None:
    described = client.get("/openapi.json").json()["paths"]
    assert [each["name"] for each in described["/explain"]["get"]["parameters"]] == ["s", "p", "o", "all"]
    example = {each["name"]: each["example"] for each in described["/explain"]["get"]["parameters"]}
    assert client.get("/explain.json", params=example).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "El grafo no dice id:country/HND cg:memberOf id:process/none."),
        ("en", "The graph does not say id:country/HND cg:memberOf id:process/none."),
    ],
)
def test_the_form_stays_with_what_the_graph_does_not_say(client: Client, language: str, words: str) -> None:
    answer = client.get(f"/{language}/explain", params={**INFERRED, "o": "process/none", "all": "1"})
    assert answer.status_code == 404
    page = read_page(answer.text)
    assert [text(told) for told in having(page, "problem")] == [words]
    assert {field.get("name"): field.get("value") for field in next(having(page, "parameters")).iter("input")} == {
        **INFERRED,
        "o": "process/none",
    }
    assert [option.get("value") for option in page.iter("option") if option.get("selected") is not None] == ["1"]


def test_the_form_stays_with_what_is_no_term(client: Client) -> None:
    answer = client.get("/en/explain", params={**INFERRED, "p": "nonsense"})
    assert answer.status_code == 400
    page = read_page(answer.text)
    assert "nonsense" in text(next(having(page, "problem")))
    assert {field.get("name"): field.get("value") for field in next(having(page, "parameters")).iter("input")} == {
        **INFERRED,
        "p": "nonsense",
    }


@pytest.mark.parametrize(("language", "words"), [("es", "Maneras de saberlo"), ("en", "Ways to know it")])
def test_several_ways_have_a_heading(client: Client, language: str, words: str) -> None:
    asked = {"s": "plan/crm/pgm/7.1.1.1", "p": "cg:within", "o": "plan/crm"}
    assert words not in _headings(client, language, asked)
    assert words in _headings(client, language, {**asked, "all": "1"})


def _headings(client: Client, language: str, asked: dict[str, str]) -> list[str]:
    (main,) = read_page(client.get(f"/{language}/explain", params=asked).text).iter("main")
    return [text(heading) for heading in main.iter("h2")]


def test_long_literals_are_shortened_and_whole_in_the_title(client: Client) -> None:
    whole = (
        "Solicitar a la OIM un informe relativo a las gestiones realizadas con líneas aéreas para reducir las tarifas "
        "y facilitar los retornos."
    )
    asked = {"s": "plan/crm/pgm/7.3.1", "p": "cg:text", "o": f'"{whole}"@es'}
    page = read_page(client.get("/en/explain", params=asked).text)
    [literal] = having(next(page.iter("section")), "literal")
    assert len(text(literal)) <= 90
    assert text(literal).endswith("…")
    assert literal.get("title") == whole
