"""Things without a name of their own are told of in words, not by their identifiers."""

from xml.etree.ElementTree import Element

import pytest
from httpx import Client

from crmgraph.site import Site
from crmgraph.site.things.gists import gists
from tests.support.pages import read_page, text


def cells(client: Client, path: str) -> dict[str, list[Element]]:
    """The cells with values on the page of a thing, by the identifier of the property in the heading of their rows."""
    found: dict[str, list[Element]] = {}
    for body in read_page(client.get(path).text).iter("tbody"):
        heading = body.find(".//th")
        if heading is not None:
            name = text(heading).split()[-1]
            found.setdefault(name, []).extend(row.findall("td")[0] for row in body.iter("tr"))
    return found


def test_a_mention_is_shown_by_what_it_names_and_its_words(client: Client) -> None:
    said = [text(cell) for cell in cells(client, "/en/id/plan/crm/pgm/7.1.1")["cg:mention"]]
    assert said[0] == "monitoring Monitorear id:plan/crm/pgm/7.1.1/mention-1"


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "materia: retorno por vía terrestre Vía Terrestre"), ("en", "topic: return by land Vía Terrestre")],
)
def test_a_statement_is_shown_by_what_it_says_and_its_words(client: Client, language: str, words: str) -> None:
    said = [text(cell) for cell in cells(client, f"/{language}/id/plan/crm/pgm/7.1.1")["cg:subject"]]
    assert any(each.startswith(words) for each in said)


@pytest.mark.parametrize(
    ("language", "said"), [("es", "no corresponde a nada en: "), ("en", "corresponds to nothing in: ")]
)
def test_that_nothing_corresponds_is_not_told_as_a_correspondence(
    client: Client, site: Site, language: str, said: str
) -> None:
    [row] = site.select(
        "SELECT ?said { ?said a cg:NoCorrespondence ; cg:subject id:plan\\/crm\\/pgm\\/4 ; "
        "cg:comparedWith id:plan\\/colombo }"
    )
    page = read_page(client.get(f"/{language}" + row["said"].value.removeprefix("https://w3id.org/crmgraph")).text)
    assert said in text(next(page.iter("h1")))
    values = cells(client, f"/{language}/id/plan/crm/pgm/4")
    assert len(values["cg:correspondsToNothingIn"]) == 3
    assert not any("mappingRelation" in text(cell) for each in values.values() for cell in each)


def test_a_passage_is_shown_by_its_words(client: Client) -> None:
    [said] = cells(client, "/en/id/plan/crm/pgm/7.1.1.1")["cg:passage"]
    assert text(said) == "7.1.1.1 Continuo id:source/crm/5770-5786"


def test_their_own_pages_have_a_heading_in_words(client: Client) -> None:
    for path, heading in (
        ("plan/crm/pgm/7.1.1/mention-1", "seguimiento"),
        ("source/crm/5770-5786", "«7.1.1.1 Continuo»"),
    ):
        page = read_page(client.get(f"/es/id/{path}").text)
        assert text(next(page.iter("h1"))) == heading


def test_nothing_in_the_plan_or_the_source_stays_nameless(site: Site) -> None:
    nameless = site.select(
        "SELECT DISTINCT ?x { GRAPH ?graph { ?x a ?class } FILTER (STRSTARTS(STR(?x), STR(id:))) "
        "FILTER NOT EXISTS { ?x rdfs:label|skos:prefLabel ?label } }"
    )
    iris = {row["x"].value for row in nameless}
    assert len(iris) > 500
    assert iris - gists(site, iris).keys() == set()
