"""The values that a visitor gives a question: chosen, named, mistaken."""

import itertools

import pytest

from crmgraph.site import Site
from tests.support.pages import having, links, read_page, text
from tests.support.visiting import Visitor


def test_values_change_the_answer_and_stay_in_the_form(visit: Visitor) -> None:
    root = visit.page("/en/queries/objective-contents?objective=plan/crm/vmd/4")
    assert "/en/id/plan/crm/vmd/4.1" in links(next(having(root, "results"))).values()
    field = next(element for element in root.iter("input") if element.get("name") == "objective")
    assert (field.get("value") or "").startswith("4 ")
    assert "<https://w3id.org/crmgraph/id/plan/crm/vmd/4>" in text(list(root.iter("pre"))[-1])
    # Many values are suggested while one types.
    suggested = next(element for element in root.iter("datalist") if element.get("id") == field.get("list"))
    names = [option.get("value") or "" for option in suggested]
    assert len(names) == len(set(names)) > 50
    assert [name for name in names if name.startswith("4.1 Carry out activities")]
    assert not list(visit.page("/en/queries/text-search").iter("datalist"))


def test_few_values_are_a_menu(visit: Visitor) -> None:
    for path, selected in (
        ("es/queries/findings?severity=warning", "advertencias"),
        ("en/queries/schedule-status", "have any status"),
        ("en/queries/theme-counts", "English"),
        ("en/queries/network-objectives", "any network"),
    ):
        options = [option for menu in visit.page(f"/{path}").iter("select") for option in menu]
        assert selected in [text(option) for option in options if option.get("selected") is not None]


def test_a_value_that_the_graph_does_not_know_stays_in_the_form(visit: Visitor) -> None:
    root = visit.page("/en/queries/inferred-statements?thing=actor/oin", 400)
    field = next(each for each in root.iter("input") if each.get("aria-invalid") == "true")
    assert field.get("value") == "actor/oin"
    data = visit.client.get("/queries/inferred-statements?thing=actor/oin", headers={"Accept": "text/csv"})
    assert data.status_code == 400
    assert "has no value" in data.json()["detail"]


@pytest.mark.parametrize(
    ("path", "name", "near"),
    [
        ("en/queries/state-processes?state=mexic", "Mexico", "?state=country%2FMEX"),
        ("es/queries/schedule-status?status=pendient", "pendiente", "?status=pending"),
    ],
)
def test_a_value_that_the_graph_does_not_know_leads_to_what_is_near(
    visit: Visitor, path: str, name: str, near: str
) -> None:
    assert links(visit.page(f"/{path}", 400))[name] == near


def test_a_name_that_several_parts_have_is_asked_about(visit: Visitor) -> None:
    root = visit.page("/en/queries/objective-contents?objective=7", 400)
    assert "plan/crm/pgm/7" in text(next(having(root, "problem")))


def test_a_name_is_as_good_as_the_identifier(visit: Visitor) -> None:
    listed = visit.client.get("/queries/agent-roles.csv", params={"agent": "OIM", "role": "implementing"}).text
    assert listed == visit.get("/queries/agent-roles.csv?agent=actor/oim&role=implements").text
    assert "actor/oim" in listed
    whole = visit.get("/queries/state-processes.csv?state=https://w3id.org/crmgraph/id/country/MEX").text
    assert whole == visit.get("/queries/state-processes.csv?state=country/MEX").text


def test_what_is_not_understood_is_not_answered_as_something_else(visit: Visitor, site: Site) -> None:
    for path in ("theme-counts?nonsense=1", "element-agents?element=2.1.1", "text-search?words=.*"):
        for language in ("es", "en"):
            root = visit.page(f"/{language}/queries/{path}", 400)
            assert text(next(having(root, "problem")))
            title = site.library[path.partition("?")[0]].title[language]
            assert text(next(root.iter("title"))) == f"{title} · crmgraph"
            assert "SELECT" not in text(root)
            assert "crmgraph query" not in text(root)
            assert not [*having(root, "results"), *having(root, "formats")]
            assert not [link for link in root.iter("link") if (link.get("type") or "").startswith("text/csv")]


def test_odd_values_get_a_sentence(visit: Visitor) -> None:
    names = ("agent-roles agent", "meetings-during-plan from", "text-search words")
    for name, value in itertools.product(names, ("", "\x00", "ñ" * 3000, "<script>", "a\nb", "{role}", "_:b", "-1")):
        question, parameter = name.split()
        answer = visit.client.get(f"/es/queries/{question}", params={parameter: value})
        assert answer.status_code in (200, 303, 400)
        if answer.status_code != 303:
            root = read_page(answer.text)
            assert any(list(having(root, each)) for each in ("problem", "problem-detail", "results", "nothing")), value
