"""The list of questions."""

from httpx import Client

from crmgraph.site import Site
from crmgraph.site.rendering import GROUPS
from tests.support.pages import having, links, read_page, text


def test_the_list_has_every_question_in_the_language(client: Client, site: Site) -> None:
    for language in ("es", "en"):
        found = links(read_page(client.get(f"/{language}/queries").text))
        for question in site.library.values():
            assert found[" ".join(question.title[language].split())] == f"/{language}/queries/{question.name}"


def test_the_list_is_for_people(client: Client, site: Site) -> None:
    page = read_page(client.get("/es/queries").text)
    assert [text(heading) for heading in page.iter("h2")][:2] == ["Para empezar", "Quién hace qué"]
    listed = " ".join(text(each) for each in having(page, "questions"))
    assert not [name for name in site.library if "-" in name and name in listed]
    assert "agent-roles" in text(next(having(read_page(client.get("/es/queries/agent-roles").text), "aside")))


def test_the_list_is_data_too(client: Client, site: Site) -> None:
    listed = client.get("/queries", headers={"Accept": "application/json"}).json()
    assert [question["name"] for question in listed] == list(site.library)
    counts = next(question for question in listed if question["name"] == "theme-counts")
    assert set(counts["question"]) == {"es", "en"}
    assert {parameter["name"] for parameter in counts["parameters"]} == {"plan", "lang"}
    assert counts["query"].startswith("PREFIX")
    roles = next(question for question in listed if question["name"] == "agent-roles")
    assert roles["phrase"]["en"] == "Which parts of the plan name {agent}[ in the role {role}]?"
    assert [parameter["open"] for parameter in roles["parameters"]] == [False, True, True, False]


def test_groups_of_the_library_have_names_for_people(site: Site) -> None:
    assert {question.group for question in site.library.values()} <= set(GROUPS)


def test_the_list_is_filtered_by_words_and_by_the_names_of_values(client: Client) -> None:
    for language, words, path, sentence in (
        (
            "es",
            "secretaría procesos",
            "secretariats",
            "¿Quién ejerce la secretaría de procesos consultivos, y de cuántos?",
        ),
        (
            "es",
            "actividades pendientes",
            "schedule-status?status=pending",
            "¿Qué actividades están pendientes según el calendario?",
        ),
        (
            "en",
            "who implements",
            "agent-roles?agent=any&role=implements",
            "Which parts of the plan name any actor in the role “implementing”?",
        ),
    ):
        root = read_page(client.get(f"/{language}/queries", params={"q": words}).text)
        listed = {text(link): link.get("href") for each in having(root, "questions") for link in each.iter("a")}
        assert listed[sentence] == f"/{language}/queries/{path}"
        assert len(listed) < 20
        assert client.get(f"/{language}/queries/{path}").status_code == 200


def test_words_that_no_question_has_are_said_to_be_none(client: Client) -> None:
    page = client.get("/en/queries", params={"q": "zyxwv"})
    assert page.status_code == 200
    root = read_page(page.text)
    assert "No question has all of these words" in text(next(having(root, "nothing")))
    assert client.get("/queries", params={"q": "zyxwv"}, headers={"Accept": "application/json"}).json() == []
    assert client.get("/en/queries?w=1").status_code == 400


def test_the_list_begins_with_three_good_questions(client: Client) -> None:
    for language in ("es", "en"):
        root = read_page(client.get(f"/{language}/queries").text)
        good = links(next(having(root, "good-questions")))
        assert len(good) == 3
        for sentence, address in good.items():
            answer = client.get(address)
            assert answer.status_code == 200
            page = read_page(answer.text)
            assert next(having(page, "results")) is not None
            assert sentence.endswith("?")
