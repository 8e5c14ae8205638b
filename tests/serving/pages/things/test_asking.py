"""The questions that the page of a thing leads to."""

import pytest
from httpx import Client

from tests.support.pages import links, read_page


@pytest.mark.parametrize(("process", "other"), [("rcm", "fibemyd"), ("sacm", "fibemyd"), ("fibemyd", "rcm")])
def test_a_process_leads_to_the_questions_that_compare_it(client: Client, process: str, other: str) -> None:
    page = read_page(client.get(f"/en/id/process/{process}").text)
    asked = set(links(page).values())
    compared = f"/en/queries/members-apart?process=process%2F{process}&other=process%2F{other}"
    shared = f"/en/queries/shared-members?process=process%2F{process}"
    assert {compared, shared} <= asked
    for address in (compared, shared):
        assert client.get(address).status_code == 200


def test_they_are_in_words_of_the_language_with_the_name_of_the_thing(client: Client) -> None:
    page = read_page(client.get("/es/id/process/sacm").text)
    [asked] = [text for text, address in links(page).items() if "/shared-members?" in address]
    assert asked == "¿Qué procesos comparten más miembros con el proceso Conferencia Suramericana sobre Migraciones?"


def test_what_the_plan_says_nothing_of_leads_to_no_question_about_where_it_does(client: Client) -> None:
    page = client.get("/en/id/instrument/acuerdo-mex-gtm-2005").text
    assert "/en/queries/instruments?" not in page
    assert "/en/queries/cited-titles?" not in page
    used = links(read_page(client.get("/en/id/instrument/mou-2006").text))
    asked = next(words for words, address in used.items() if "/instruments?" in address)
    assert asked.startswith("Where does the plan speak of “Memorand")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("es/id/plan/crm", "¿Qué partes del plan indican cuándo o dónde, del modo que sea?"),
        ("en/id/plan/crm", "Which parts of the plan say when or where, in any way?"),
        ("en/id/plan/gcm", "Which topics does each theme deal with?"),
    ],
)
def test_a_plan_leads_to_what_its_words_bring_in(client: Client, path: str, asked: str) -> None:
    found = links(read_page(client.get(f"/{path}").text))
    plan = path.partition("/id/plan/")[2]
    assert f"plan=plan%2F{plan}" in found[asked]
    assert client.get(found[asked]).status_code == 200


def test_a_part_of_the_plan_leads_to_none(client: Client) -> None:
    page = read_page(client.get("/en/id/plan/crm/pgm/7.1.1").text)
    assert not [element for element in page.iter("h2") if element.get("id") == "asking"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("es/id/country/MEX", "¿En qué procesos consultivos participan tanto México como Estados Unidos?"),
        ("en/id/process/rcm", "Who takes part in the Regional Conference on Migration?"),
        ("es/id/process/rcm", "¿Quiénes participan en el proceso Conferencia Regional sobre Migración?"),
    ],
)
def test_what_is_left_open_and_says_nothing_is_left_out(client: Client, path: str, asked: str) -> None:
    assert asked in links(read_page(client.get(f"/{path}").text))


def test_names_have_their_article(client: Client) -> None:
    found = links(read_page(client.get("/en/id/network/red-trata").text))
    [asked] = [words for words, address in found.items() if "/network-objectives?" in address]
    assert asked.startswith("Which objectives depend on the work plan of the Liaison Officer Network to Combat ")
