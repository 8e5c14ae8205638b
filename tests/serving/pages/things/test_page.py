"""The pages of things, over the real dataset."""

import pytest
from httpx import Client
from rdflib import RDF, Graph, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.site import Site
from tests.support.pages import classes, having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"


@pytest.mark.parametrize(("language", "label"), [("es", "Retorno digno, seguro"), ("en", "Dignified, safe")])
def test_a_part_has_its_label_in_the_language_of_the_page(client: Client, language: str, label: str) -> None:
    root = read_page(client.get(f"/{language}/id/plan/crm/pgm/7.1").text)
    assert text(next(iter(root.iter("h1")))).startswith(label)


@pytest.fixture(scope="module")
def elements(site: Site) -> dict[str, list[str]]:
    rows = site.select("SELECT ?x ?exact { ?x cg:passage [ cg:exact ?exact ; cg:start ?start ] } ORDER BY ?start")
    found: dict[str, list[str]] = {}
    for row in rows:
        if "/plan/" in row["x"].value:
            found.setdefault(row["x"].value, []).append(row["exact"].value)
    return found


def test_any_element_has_exactly_its_words_marked_in_the_source(client: Client, elements: dict[str, list[str]]) -> None:
    assert len(elements) > 130
    for iri, words in elements.items():
        root = read_page(client.get("/en/id/" + iri.removeprefix(ID)).text)
        # The page of a finding has them once more, in its card.
        cards = {mark for listed in having(root, "findings") for mark in listed.iter("mark")}
        marks = [mark for mark in root.iter("mark") if mark not in cards]
        assert ["".join(mark.itertext()) for mark in marks] == words, iri


def test_marked_words_stand_in_their_line_and_lead_to_the_whole_document(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    table = next(having(root, "source-table"))
    assert [text(cell) for cell in table.iter("th")] == [
        "TEMAS",
        "OBJETIVOS",
        "ACCION PARA LA IMPLEMENTACION",
        "ACTIVIDADES",
        "CALENDARIO",
    ]
    cells = list(table.iter("td"))
    assert len(cells) == 5
    assert [cell.get("data-heading") for cell in having(table, "here")] == ["ACTIVIDADES"]
    whole = links(root)["In the whole document"]
    assert whole == "/en/id/source/crm#c13011-13115"
    path, _, anchor = whole.partition("#")
    target = next(e for e in read_page(client.get(path).text).iter("p") if e.get("id") == anchor)
    assert text(target).startswith("1.2.1 Ver actividades del objetivo 12")


def test_words_of_the_source_are_said_to_be_in_its_language(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    assert next(having(root, "source")).get("lang") == "es"
    assert {quotation.get("lang") for quotation in root.iter("q")} == {"es"}


def test_the_way_to_a_part_leads_up_to_the_plan(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/pgm/7.1.1.1").text)
    steps = [link.get("href") for link in next(having(root, "trail")).iter("a")]
    assert steps == [f"/en/id/plan/crm{path}" for path in ("", "/pgm", "/pgm/7", "/pgm/7.1", "/pgm/7.1.1")]


def test_findings_stand_on_the_page_of_what_they_concern(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    finding = next(iter(next(having(root, "findings"))))
    assert text(next(having(finding, "severity"))) == "error"
    assert "".join(next(iter(finding.iter("q"))).itertext()) == "12"
    assert links(finding)["Reference to a part that does not exist"] == "/en/findings/unresolved-cross-reference"


def test_an_element_tells_of_findings_elsewhere_that_point_to_it_without_counting_them(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/pgm/11").text)
    [finding] = next(having(root, "findings"))
    assert "/en/id/plan/crm/vmd/1.2.1" in [link.get("href") for link in finding.iter("a")]
    assert not list(having(next(having(root, "kicker")), "finding-mark"))
    counted = read_page(client.get("/en/id/plan/crm/vmd/1.2.1").text)
    assert text(next(having(next(having(counted, "kicker")), "finding-mark"))) == "1 finding (error)"


def test_a_finding_says_in_its_place_what_is_wrong_and_how_to_mend_it(client: Client, site: Site) -> None:
    [row] = site.select('SELECT ?x { ?x a cg:Finding ; cg:code "unresolved-cross-reference" }')
    root = read_page(client.get("/es/id/" + row["x"].value.removeprefix(ID)).text)
    card = next(each for each in root.iter("section") if each.get("aria-labelledby") == "defect")
    assert links(card)["Referencia a una parte que no existe"] == "/es/findings/unresolved-cross-reference"
    assert text(next(having(card, "severity"))) == "error"
    assert "/es/id/plan/crm/vmd/1.2.1" in links(card).values()
    assert "Corrija el número" in text(next(having(card, "check")))


def test_inferred_statements_are_told_from_asserted_ones(client: Client) -> None:
    root = read_page(client.get("/en/id/plan/crm/pgm/7.1.1").text)
    inferred = list(having(root, "inferred"))
    assert inferred
    assert all("inferred" in text(row).split() for row in inferred)
    asserted = [row for row in root.iter("tr") if "inferred" not in classes(row) and row.find("td") is not None]
    assert not [row for row in asserted if list(having(row, "inferred-mark"))]


def test_a_passage_has_a_page_that_marks_it_and_says_what_was_read_there(client: Client) -> None:
    root = read_page(client.get("/en/id/source/crm/13011-13115").text)
    assert next("".join(mark.itertext()) for mark in root.iter("mark")).startswith("1.2.1 Ver actividades")
    assert "/en/id/plan/crm/vmd/1.2.1" in [link.get("href") for link in root.iter("a")]


def test_the_source_page_has_every_line_once_as_an_anchor(client: Client, site: Site) -> None:
    leaves = site.select(
        "SELECT ?start ?end ?exact { ?x a cg:LeafPassage ; cg:start ?start ; cg:end ?end ; cg:exact ?exact ; "
        "cg:source <https://w3id.org/crmgraph/id/source/crm> }"
    )
    root = read_page(client.get("/en/id/source/crm").text)
    shown = {e.get("id"): "".join(e.itertext()) for e in having(root, "passage")}
    assert shown == {f"c{row['start'].value}-{row['end'].value}": row["exact"].value for row in leaves}


@pytest.mark.parametrize(
    ("language", "received", "titles", "made"),
    [
        (
            "es",
            "tal como se recibió",
            "solo están aquí los títulos de sus partes",
            "Este proyecto los puso en una tabla",
        ),
        (
            "en",
            "as it was received",
            "only the titles of its parts are held here",
            "This project put them into a table",
        ),
    ],
)
def test_a_table_of_titles_is_not_said_to_be_the_document(
    client: Client, language: str, received: str, titles: str, made: str
) -> None:
    whole = text(next(having(read_page(client.get(f"/{language}/id/source/crm").text), "thing-head")))
    assert received in whole
    assert titles not in whole
    page = read_page(client.get(f"/{language}/id/source/csm").text)
    head = next(having(page, "thing-head"))
    assert received not in text(head)
    assert titles in text(head)
    assert made in text(head)
    read = {address for address in links(head).values() if address.startswith("https://")}
    assert "https://es.readkong.com/page/conferencia-sudamericana-3712261" in read
    assert f"/{language}/id/source/csm" not in links(head).values()
    [notice] = having(read_page(client.get(f"/{language}/crosswalk/crm/csm").text), "notice")
    assert read | {f"/{language}/id/source/csm"} <= set(links(notice).values())


def test_data_about_a_thing_holds_its_passage_and_what_points_to_it(client: Client) -> None:
    graph = Graph().parse(data=client.get("/id/plan/crm/pgm/7.1.1.ttl").text, format="turtle")
    thing, entry = URIRef(ID + "plan/crm/pgm/7.1.1"), URIRef(ID + "plan/crm/pgm/7.1.1.1")
    assert (thing, RDF.type, CG.Activity) in graph
    assert (entry, CG.within, thing) in graph
    exact = graph.value(graph.value(thing, CG.passage), CG.exact)
    assert str(exact).startswith("7.1.1 Monitorear")


@pytest.mark.parametrize("path", ["/en/id/plan/crm/pgm/7.1.1", "/en/id/country/HND", "/es/id/passage-less/none"])
def test_each_inferred_statement_leads_to_how_it_is_known(client: Client, path: str) -> None:
    answer = client.get(path)
    links = [link.get("href") for link in having(read_page(answer.text), "inferred-mark")]
    assert bool(links) == (answer.status_code == 200)
    for link in links[::7]:
        assert link is not None
        explained = client.get(link)
        assert explained.status_code == 200, link


@pytest.mark.parametrize(
    ("language", "both", "first", "last"),
    [
        ("es", "13–14 de marzo de 1996", "13 de marzo de 1996", "14 de marzo de 1996"),
        ("en", "13–14 March 1996", "13 March 1996", "14 March 1996"),
    ],
)
def test_days_are_said_in_words_and_for_machines(
    client: Client, language: str, both: str, first: str, last: str
) -> None:
    root = read_page(client.get(f"/{language}/id/meeting/crm-i").text)
    assert both in text(root)
    told = {element.get("datetime"): text(element) for element in root.iter("time")}
    assert (told["1996-03-13"], told["1996-03-14"]) == (first, last)


@pytest.mark.parametrize(("language", "said"), [("es", "no hay ningún objetivo 12"), ("en", "is no objective 12")])
def test_who_looks_for_what_the_plan_cites_in_vain_is_led_to_the_finding(
    client: Client, language: str, said: str
) -> None:
    answer = client.get(f"/{language}/id/plan/crm/pgm/12")
    assert answer.status_code == 404
    [(words, path)] = [(words, path) for words, path in links(read_page(answer.text)).items() if said in words]
    assert path == f"/{language}/findings/unresolved-cross-reference"
    assert words in text(read_page(client.get(path).text))
    assert said not in client.get(f"/{language}/id/plan/crm/pgm/99").text
    assert said not in client.get(f"/{language}/id/plan/crm/dh/12").text


def test_the_parts_of_a_plan_have_the_letters_that_it_gives_them(client: Client) -> None:
    page = read_page(client.get("/en/id/plan/csm").text)
    titles = [text(heading) for heading in having(page, "theme-title")]
    assert [title.split()[0] for title in titles] == list("ABCDEFGH")
    assert text(next(having(page, "number"))) == "A"


def test_a_finding_about_another_part_is_told_from_its_own(client: Client) -> None:
    page = read_page(client.get("/es/id/plan/crm/pgm/7.1.1").text)
    own, others = ([text(each) for each in listed.iter("li")] for listed in having(page, "findings"))
    assert [("7.3.1.1" in each, "marzo 2005" in each) for each in others] == [(True, True)]
    assert len(own) == 1
    [section] = [each for each in page.iter("section") if each.get("aria-labelledby") == "findings"]
    assert [text(each) for each in section.iter("h3")] == ["En otras partes, que se comparan con esta"]
    assert "1 hallazgo" in text(next(having(page, "finding-mark")))


@pytest.mark.parametrize(("language", "said"), [("es", "caracteres"), ("en", "characters")])
def test_where_words_stand_is_said_in_words(client: Client, language: str, said: str) -> None:
    page = read_page(client.get(f"/{language}/id/plan/crm/pgm/1.2.1").text)
    [place] = [link for link in having(page, "tag") if link.tag == "a"]
    assert text(place).startswith(f"{said} ")


@pytest.mark.parametrize(
    ("language", "titles", "note"),
    [("es", "los títulos", "Seis de sus ocho"), ("en", "the titles", "Six of its eight")],
)
def test_a_plan_says_near_the_top_what_was_read_of_it(client: Client, language: str, titles: str, note: str) -> None:
    page = read_page(client.get(f"/{language}/id/plan/bali").text)
    first = text(next(having(page, "notice")))
    assert titles in first
    assert note in first
    whole = read_page(client.get(f"/{language}/id/plan/crm").text)
    assert not any(titles in text(notice) for notice in having(whole, "notice"))


def test_words_in_several_places_lead_once_to_the_whole_document(client: Client) -> None:
    page = read_page(client.get("/es/id/plan/crm").text)
    head = next(each for each in page.iter("section") if each.get("aria-labelledby") == "source-words")
    assert [text(link) for link in head.iter("a")] == [
        "En el documento completo",
        "caracteres 1–15",
        "caracteres 18–60",
    ]


@pytest.mark.parametrize(("language", "told"), [("es", "50 de 197 valores"), ("en", "50 of 197 values")])
def test_of_many_values_it_says_how_many_are_listed(client: Client, language: str, told: str) -> None:
    page = read_page(client.get(f"/{language}/id/plan/crm").text)
    fold = next(each for each in having(page, "fold") if text(next(each.iter("summary"))) == told)
    assert len(list(fold.iter("li"))) == 50
