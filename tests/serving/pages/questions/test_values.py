"""The values that a visitor gives a question: chosen, named, mistaken."""

import pytest
from httpx import Client

from crmgraph.site import Site
from tests.support.pages import having, links, phrase_of, read_page, text


def test_values_change_the_answer_and_stay_in_the_form(client: Client) -> None:
    root = read_page(client.get("/en/queries/objective-contents?objective=plan/crm/vmd/4").text)
    assert "/en/id/plan/crm/vmd/4.1" in links(next(having(root, "results"))).values()
    field = next(element for element in root.iter("input") if element.get("name") == "objective")
    assert (field.get("value") or "").startswith("4 ")
    assert "<https://w3id.org/crmgraph/id/plan/crm/vmd/4>" in text(list(root.iter("pre"))[-1])


@pytest.mark.parametrize(
    ("language", "path", "name", "offered", "selected"),
    [
        ("es", "findings?severity=warning", "severity", {"hallazgos", "advertencias"}, "advertencias"),
        ("en", "schedule-status", "status", {"have any status", "are pending", "are in progress"}, "have any status"),
        ("es", "theme-counts", "lang", {"español", "inglés"}, "español"),
        ("en", "theme-counts", "lang", {"Spanish", "English"}, "English"),
        ("en", "network-objectives", "network", {"any network", "Liaison networks"}, "any network"),
    ],
)
def test_few_values_are_a_menu_in_the_language_of_the_page(
    client: Client, language: str, path: str, name: str, offered: set[str], selected: str
) -> None:
    root = read_page(client.get(f"/{language}/queries/{path}").text)
    options = list(next(e for e in root.iter("select") if e.get("name") == name))
    assert offered <= {text(option) for option in options}
    assert [text(option) for option in options if option.get("selected") is not None] == [selected]


def test_many_values_are_suggested_while_one_types(client: Client) -> None:
    root = read_page(client.get("/en/queries/objective-contents").text)
    field = next(element for element in root.iter("input") if element.get("name") == "objective")
    suggested = next(element for element in root.iter("datalist") if element.get("id") == field.get("list"))
    names = [option.get("value") or "" for option in suggested]
    assert len(names) == len(set(names)) > 50
    assert [name for name in names if name.startswith("4.1 Carry out activities")]
    assert not list(read_page(client.get("/en/queries/text-search").text).iter("datalist"))


@pytest.mark.parametrize(
    ("path", "language", "near", "leads"),
    [
        ("state-processes?state=mexic", "es", "México", "?state=country%2FMEX&lang=es"),
        ("schedule-status?status=pendin", "en", "pending", "?status=pending&lang=en"),
    ],
)
def test_a_value_that_the_graph_does_not_know_is_400_and_leads_to_what_is_near(
    client: Client, path: str, language: str, near: str, leads: str
) -> None:
    page = client.get(f"/{language}/queries/{path}")
    assert page.status_code == 400
    root = read_page(page.text)
    address = links(next(having(root, "problem")))[near]
    assert sorted(address.removeprefix("?").split("&")) == sorted(leads.removeprefix("?").split("&"))
    assert client.get(f"/{language}/queries/{path.partition('?')[0]}{address}").status_code == 200
    field = next(each for each in root.iter("input") if each.get("aria-invalid") == "true")
    assert field.get("value") == path.partition("=")[2]
    data = client.get(f"/queries/{path}", headers={"Accept": "text/csv"})
    assert data.status_code == 400
    assert "did you mean" in data.json()["detail"]


def test_a_value_like_none_is_400_and_says_so(client: Client) -> None:
    for language, said in (("es", "No queda claro qué valor"), ("en", "It is not clear which value")):
        page = client.get(f"/{language}/queries/agent-roles?agent=actor/nadie-de-aqui")
        assert page.status_code == 400
        assert said in text(next(having(read_page(page.text), "problem")))


def test_a_name_leads_to_the_address_with_the_identifier(client: Client) -> None:
    for given in (
        "Organización Internacional para las Migraciones",
        "organizacion internacional para las migraciones",
        "OIM",
    ):
        answer = client.get(
            "/en/queries/agent-roles", params={"agent": given, "role": "implementación", "sort": "number"}
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == "?agent=actor%2Foim&role=implements&sort=number"
    listed = client.get("/queries/agent-roles.csv", params={"agent": "OIM", "role": "implementing"})
    assert listed.text == client.get("/queries/agent-roles.csv?agent=actor/oim&role=implements").text
    assert listed.text.count("actor/oim") > 0


def test_a_name_that_several_parts_have_is_asked_about(client: Client) -> None:
    page = client.get("/en/queries/objective-contents", params={"objective": "7"})
    assert page.status_code == 400
    near = [
        address for name, address in links(next(having(read_page(page.text), "problem"))).items() if name[:2] == "7 "
    ]
    assert "?objective=plan%2Fcrm%2Fpgm%2F7&lang=en" in {
        "?" + "&".join(sorted(address[1:].split("&"), reverse=True)) for address in near
    }


def test_what_is_left_empty_is_left_open(client: Client) -> None:
    answer = client.get("/en/queries/mentions?thing=")
    assert (answer.status_code, answer.headers["location"]) == (303, "?thing=any")


def test_a_value_may_be_given_as_a_whole_iri(client: Client) -> None:
    whole = client.get("/queries/state-processes.csv", params={"state": "https://w3id.org/crmgraph/id/country/MEX"})
    assert whole.text == client.get("/queries/state-processes.csv?state=country/MEX").text


@pytest.mark.parametrize(
    ("query", "spanish", "english"),
    [
        (
            "nonsense=1",
            "En esta pregunta no hay nada que se llame «nonsense».",
            "This question has nothing called “nonsense”.",
        ),
        ("lang=xx", "qué valor se quiere decir con «xx»", "which value is meant by “xx”"),
        ("plan=a%20%3E%20b", "qué valor se quiere decir con «a > b»", "which value is meant by “a > b”"),
    ],
)
def test_a_value_that_does_not_fit_is_400_in_either_form(
    client: Client, query: str, spanish: str, english: str
) -> None:
    for language, said in (("es", spanish), ("en", english)):
        page = client.get(f"/{language}/queries/theme-counts?{query}")
        assert page.status_code == 400
        root = read_page(page.text)
        assert said in text(next(having(root, "problem")))
        assert "crmgraph query" not in text(root)
    data = client.get(f"/queries/theme-counts.csv?{query}")
    assert (data.status_code, data.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert client.get(f"/queries/theme-counts?{query}", headers={"Accept": "text/csv"}).status_code == 400


@pytest.mark.parametrize("path", ["/en/queries/agent-roles", "/queries/agent-roles.csv", "/queries/agent-roles.rq"])
def test_a_parameter_that_is_there_twice_is_refused(client: Client, path: str) -> None:
    assert client.get(path, params=[("agent", "actor/oim"), ("agent", "actor/acnur")]).status_code == 400


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("agent-roles", "agent"), ("meetings-during-plan", "from"), ("text-search", "words"), ("theme-counts", "lang")],
)
@pytest.mark.parametrize("value", ["", "\x00", "ñ" * 3000, "<script>", "a\nb", "{role}", "_:b", "-1"])
def test_odd_values_get_a_sentence(client: Client, name: str, parameter: str, value: str) -> None:
    answer = client.get(f"/es/queries/{name}", params={parameter: value})
    assert answer.status_code in (200, 303, 400)
    if answer.status_code != 303:
        root = read_page(answer.text)
        assert [
            *having(root, "problem"),
            *having(root, "problem-detail"),
            *having(root, "results"),
            *having(root, "nothing"),
        ]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("element-agents", "element=2.1.1"),
        ("agent-roles", "agent=actor/none"),
        ("agent-roles", "agnt=actor/oim"),
        ("meetings-during-plan", "from=soon"),
        ("text-search", "words=.*"),
    ],
)
def test_what_is_not_understood_is_not_answered_as_something_else(
    client: Client, site: Site, name: str, query: str
) -> None:
    for language in ("es", "en"):
        page = client.get(f"/{language}/queries/{name}?{query}")
        assert page.status_code == 400
        root = read_page(page.text)
        assert text(next(root.iter("title"))) == f"{site.library[name].title[language]} · crmgraph"
        assert "SELECT" not in text(root)
        assert "crmgraph query" not in text(root)
        said = text(next(having(root, "problem")))
        assert "param" not in said
        assert not [*having(root, "results"), *having(root, "formats")]
        assert not [link for link in root.iter("link") if (link.get("type") or "").startswith("text/csv")]


@pytest.mark.parametrize("words", [".*", '"', "…", "()"])
def test_words_without_a_letter_are_refused(client: Client, words: str) -> None:
    for language, said in (
        ("es", "tiene que tener alguna letra o cifra."),
        ("en", "it has to have a letter or a digit."),
    ):
        page = client.get(f"/{language}/queries/text-search", params={"words": words})
        assert page.status_code == 400
        assert said in text(next(having(read_page(page.text), "problem")))
    data = client.get("/queries/text-search", params={"words": words}, headers={"Accept": "text/csv"})
    assert data.status_code == 400
    assert "has to have a letter or a digit" in data.json()["detail"]


def test_a_thing_that_the_graph_does_not_know_is_refused_and_what_is_near_is_told(client: Client) -> None:
    for value, near in (("zzz", None), ("actor/oin", "actor%2Foim")):
        page = client.get("/en/queries/inferred-statements", params={"thing": value})
        assert page.status_code == 400
        problem = next(having(read_page(page.text), "problem"))
        assert f"which value is meant by “{value}”" in text(problem)
        if near:
            assert [address for address in links(problem).values() if f"thing={near}" in address]
        data = client.get("/queries/inferred-statements", params={"thing": value}, headers={"Accept": "text/csv"})
        assert data.status_code == 400
        assert f"parameter thing has no value {value}" in data.json()["detail"]
    named = client.get("/en/queries/inferred-statements", params={"thing": "OIM"})
    assert (named.status_code, named.headers["location"]) == (303, "?thing=actor%2Foim")
    known = "/en/queries/inferred-statements?thing=https://w3id.org/crmgraph/graph/inferred"
    assert client.get(known).status_code == 200


def test_a_mistyped_name_leads_to_the_one_that_is_meant(client: Client) -> None:
    root = read_page(client.get("/es/queries/agent-roles?agnt=actor/oim&role=implements").text)
    problem = next(having(root, "problem"))
    assert "no hay nada que se llame «agnt»" in text(problem)
    assert links(problem) == {"El actor: actor/oim": "?role=implements&agent=actor%2Foim"}
    assert client.get("/es/queries/agent-roles?role=implements&agent=actor%2Foim").status_code == 200
    assert phrase_of(root).endswith("en el papel implementación?")
    listed = text(next(having(read_page(client.get("/en/queries/agent-roles?xyz=1").text), "problem")))
    assert "The actor agent" in listed
