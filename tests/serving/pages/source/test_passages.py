"""Quoted words in the row of the document in which they stand."""

from xml.etree.ElementTree import Element

import pytest
from httpx import Client

from tests.support.pages import having, links, read_page, text

PLACE = "source/crm/13011-13115"


def _rows(root: Element) -> list[Element]:
    (table,) = having(root, "source-table")
    return [row for row in table.iter("tr") if row.find("td") is not None]


@pytest.mark.parametrize(
    ("language", "heading", "place"),
    [("es", "En la fuente", "caracteres 13011–13115"), ("en", "In the source", "characters 13011–13115")],
)
def test_the_words_are_marked_in_their_row(client: Client, language: str, heading: str, place: str) -> None:
    answer = client.get(f"/{language}/passages", params={"at": PLACE})
    assert answer.status_code == 200
    root = read_page(answer.text)
    assert text(next(iter(root.iter("h1")))) == heading
    (row,) = _rows(root)
    assert len(list(row.iter("td"))) == 5
    (mark,) = root.iter("mark")
    assert text(mark)
    assert links(root)[place] == f"/{language}/id/source/crm#c13011-13115"


def test_several_places_are_marked_together(client: Client) -> None:
    root = read_page(client.get("/en/passages", params={"at": f"{PLACE}, source/crm/173-448"}).text)
    assert len(_rows(root)) == 2
    assert len(list(root.iter("mark"))) == 2


def test_words_that_are_no_passage_of_the_graph_are_marked_too(client: Client) -> None:
    root = read_page(client.get("/en/passages", params={"at": "source/crm/176-187"}).text)
    (mark,) = root.iter("mark")
    assert text(mark) == "Elaboración"


def test_the_rows_alone_are_for_another_page(client: Client) -> None:
    answer = client.get("/en/passages", params={"at": PLACE, "part": "rows"})
    assert "<html" not in answer.text
    assert "<mark>" in answer.text


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"at": ""},
        {"at": "nonsense"},
        {"at": f"{PLACE},"},
        {"at": ",".join([PLACE] * 21)},
        {"at": PLACE, "part": "all"},
        {"at": PLACE, "more": "1"},
    ],
)
def test_a_place_that_is_none_is_refused(client: Client, params: dict[str, str]) -> None:
    assert client.get("/es/passages", params=params).status_code == 400


@pytest.mark.parametrize("place", ["source/none/1-2", "source/crm/9999998-9999999", "source/crm/20-10"])
def test_where_there_are_no_words_nothing_is_shown(client: Client, place: str) -> None:
    answer = client.get("/es/passages", params={"at": f"{PLACE},{place}"})
    assert answer.status_code == 404
    assert "no tiene palabras" in answer.text
