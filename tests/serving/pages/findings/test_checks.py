"""The catalogue of checks on the site, read from the graph."""

import pytest
from httpx import Client

from crmgraph.checking import SEVERITIES, catalogue
from crmgraph.resources import resource
from crmgraph.site import Site
from crmgraph.site.findings.checks import checks, near_codes
from crmgraph.wording import in_language
from tests.support.pages import having, links, read_page, text


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_check_is_told_as_its_shape_tells_it(site: Site, language: str) -> None:
    expected = [
        (
            *(check.code, check.severity, check.group.order),
            *(
                in_language(said, language)
                for said in (check.group.title, check.title, check.explanation, check.example, check.remedy)
            ),
        )
        for check in catalogue(resource("ontology") / "shapes")
    ]
    assert len(expected) > 50
    assert [
        (c.code, c.severity, c.order, c.group, c.title, c.explanation, c.example, c.remedy)
        for c in checks(site, language)
    ] == expected


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("unresolved-crossreference", "unresolved-cross-reference"),
        ("DATE-PAST", "date-past"),
        ("gap", "number-gap"),
    ],
)
def test_a_code_that_there_is_not_has_others_near(site: Site, code: str, near: str) -> None:
    assert near in [check.code for check in near_codes(code, checks(site, "en"))]
    assert near_codes("zzzzzz", checks(site, "en")) == []


def test_the_list_of_checks_tells_all_of_each(client: Client, site: Site) -> None:
    for language in ("es", "en"):
        said = text(next(read_page(client.get(f"/{language}/ontology/shapes").text).iter("main")))
        for check in checks(site, language):
            for told in (check.code, check.title, check.explanation, check.example, check.remedy):
                assert " ".join(told.split()) in said, check.code


def test_every_check_has_a_page_that_tells_all_of_it(client: Client, site: Site) -> None:
    for language in ("es", "en"):
        for check in checks(site, language):
            answer = client.get(f"/{language}/findings/{check.code}")
            assert answer.status_code == 200, check.code
            root = read_page(answer.text)
            assert text(next(root.iter("h1"))) == " ".join(check.title.split())
            said = text(next(root.iter("main")))
            for told in (check.code, check.explanation, check.example, check.remedy):
                assert " ".join(told.split()) in said, check.code


def test_a_check_that_found_nothing_says_so(client: Client) -> None:
    for path, said in (
        ("/es/findings/number-gap", "Ninguno en este plan."),
        ("/en/findings/number-gap", "None in this plan."),
    ):
        root = read_page(client.get(path).text)
        assert said in text(next(root.iter("main")))
        assert not list(having(root, "findings"))
    assert client.get("/findings/number-gap.json").json() == []
    turtle = client.get("/findings/number-gap.ttl")
    assert turtle.status_code == 200
    assert "number-gap" not in turtle.text


def test_the_catalogue_lists_every_check_at_the_address_of_its_shape(client: Client, site: Site) -> None:
    root = read_page(client.get("/es/ontology/shapes").text)
    listed = [article.get("id") for article in having(root, "vocabulary-term")]
    assert listed == [check.code for check in checks(site, "es")]
    assert links(root)["Fecha imposible"] == "/es/findings/date-impossible"
    [past] = [article for article in having(root, "vocabulary-term") if article.get("id") == "date-past"]
    assert "1 hallazgo" in text(past)


def test_the_shapes_are_to_be_had_as_they_were_written(client: Client) -> None:
    turtle = client.get("/ontology/shapes.ttl").text
    files = sorted((resource("ontology") / "shapes").glob("*.ttl"))
    assert len(files) > 10
    assert all(file.read_text(encoding="utf-8") in turtle for file in files)


def test_a_finding_leads_to_the_check_that_found_it(client: Client, site: Site) -> None:
    shapes = site.select("SELECT DISTINCT ?shape { ?x a cg:Finding ; sh:sourceShape ?shape . ?shape a cg:Check }")
    unmatched = site.select("SELECT ?x { ?x a cg:Finding FILTER NOT EXISTS { ?x sh:sourceShape [ cg:code ?c ] } }")
    assert len(shapes) > 15
    assert unmatched == ()
    path = shapes[0]["shape"].value.removeprefix("https://w3id.org/crmgraph")
    assert client.get(path).status_code == 200


def test_what_was_mistyped_is_told_what_may_have_been_meant(client: Client) -> None:
    page = client.get("/es/findings/unresolved-crossreference")
    assert page.status_code == 404
    root = read_page(page.text)
    assert links(root)["Referencia a una parte que no existe"] == "/es/findings/unresolved-cross-reference"
    asked = {"Accept": "application/json", "Accept-Language": "es"}
    problem = client.get("/findings/unresolved-crossreference", headers=asked).json()
    assert "¿Quería decir /findings/unresolved-cross-reference" in problem["detail"]


def test_severities_are_those_of_the_report() -> None:
    from crmgraph.site.findings import checks as pages

    assert pages.SEVERITIES == SEVERITIES
