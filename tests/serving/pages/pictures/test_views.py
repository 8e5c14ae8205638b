"""The pages of the pictures and their files: in both languages, with what leads back to the source."""

import re
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.site import Site, pages_router
from tests.support.clients import client_of
from tests.support.pages import classes, having, links, read_page, text

SVG = "{http://www.w3.org/2000/svg}"
PICTURES = (
    "/pictures/responsibilities",
    "/pictures/responsibilities?view=network",
    "/pictures/responsibilities?theme=dh&role=acts",
    "/pictures/schedule",
    "/pictures/plan-tree",
    "/pictures/plan-tree?open=pgm/7,dh/1",
    "/pictures/plan-tree?open=all",
    "/pictures/members",
    "/pictures/members?process=ocam",
    "/processes",
)


def file_of(picture: str) -> str:
    path, mark, query = picture.partition("?")
    return f"{path}.svg{mark}{query}"


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_file_stands_on_its_own(client: Client, site: Site, language: str, picture: str) -> None:
    answer = client.get(f"/{language}{file_of(picture)}")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-language"] == language
    root = ElementTree.fromstring(answer.text)
    assert root.tag == f"{SVG}svg"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text
    described = root.findtext(f"{SVG}desc") or ""
    said = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    address = f"{client.base_url}/{language}{picture}"
    for where in (described, said.replace("…", "")):
        assert site.digest in where
    assert address in described
    style = root.findtext(f"{SVG}style") or ""
    assert "var(" not in style
    assert ".edge" in style
    assert all(link.get("href", "").startswith("http") for link in root.iter(f"{SVG}a"))
    assert float(root.get("width", "")) > 600


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_page_offers_its_file_and_draws_the_same(client: Client, language: str, picture: str) -> None:
    page = read_page(client.get(f"/{language}{picture}").text)
    addresses = {link.get("href"): link for link in page.iter("a")}
    offered = f"/{language}{file_of(picture)}"
    assert addresses[offered].get("download", "").endswith(".svg")
    drawn = [each for each in page.iter(f"{SVG}svg") if "picture" in (each.get("class") or "") and each.get("role")]
    labels = {drawing.get("aria-label") for drawing in drawn}
    assert len(labels) == 1
    assert all(labels)
    assert all(drawing.get("width", "").endswith("rem") for drawing in drawn)
    filed = ElementTree.fromstring(client.get(offered).text)
    [wide] = [each for each in having(page, "picture-scroll") if "for-narrow" not in classes(each)]
    here = [words.text for words in wide.iter(f"{SVG}text")]
    there = [words.text for words in filed.iter(f"{SVG}text")]
    assert len(here) > 10
    assert not set(here) - set(there)
    for drawing in drawn:
        assert all(text(next(link.iter(f"{SVG}title"))) for link in drawing.iter(f"{SVG}a"))


def test_what_is_drawn_anew_for_narrow_windows_leads_to_the_same(client: Client) -> None:
    page = read_page(client.get("/es/pictures/schedule").text)
    wide, narrow = having(page, "picture-scroll")
    assert "for-narrow" in classes(narrow)
    targets = [[link.get("href") for link in each.iter(f"{SVG}a")] for each in (wide, narrow)]
    assert targets[0] == targets[1]
    assert len(targets[0]) > 40


@pytest.mark.parametrize(("language", "section"), [("es", "Gráficos"), ("en", "Charts")])
def test_the_section_has_one_name(client: Client, language: str, section: str) -> None:
    page = read_page(client.get(f"/{language}/pictures/schedule").text)
    named = [text(link) for link in page.iter("a") if link.get("href") == f"/{language}/pictures"]
    assert named == [section] * 3


@pytest.mark.parametrize(
    ("language", "name"), [("es", "Qué procesos comparten miembros"), ("en", "Which processes share members")]
)
def test_the_processes_have_one_place_and_their_chart_one_name(client: Client, language: str, name: str) -> None:
    assert links(read_page(client.get(f"/{language}/pictures").text))[name] == f"/{language}/processes"
    page = read_page(client.get(f"/{language}/processes").text)
    assert list(having(page, "trail")) == []
    assert name in [text(heading) for heading in page.iter("h2")]


@pytest.mark.parametrize("picture", PICTURES)
def test_a_file_shows_the_beginning_of_the_picture_without_its_title_and_source(client: Client, picture: str) -> None:
    root = ElementTree.fromstring(client.get(f"/en{file_of(picture)}").text)
    [view] = [each for each in root.iter(f"{SVG}view") if each.get("id") == "drawing"]
    left, top, width, height = map(float, view.get("viewBox", "").split())
    assert 0 < height <= width * 5 / 8 + 0.1
    assert left + width <= float(root.get("width", ""))
    before = [float(words.get("y", "")) for words in root.findall(f"{SVG}text")]
    after = [float(words.get("y", "")) for words in root.findall(f"{SVG}a/{SVG}text[@class='source']")]
    assert max(before) < top < top + height < min(after)


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Cada círculo es un proceso"), ("en", "Each circle is a process")]
)
def test_the_file_of_the_processes_says_how_it_is_read(client: Client, language: str, said: str) -> None:
    root = ElementTree.fromstring(client.get(f"/{language}/processes.svg").text)
    described = " ".join(words.text or "" for words in root.iter(f"{SVG}text") if words.get("class") == "description")
    assert described.startswith(said)
    assert described in text(read_page(client.get(f"/{language}/processes").text))
    assert "…" not in described


def test_whoever_asks_for_an_image_gets_the_file(client: Client) -> None:
    answer = client.get("/pictures/schedule", headers={"Accept": "image/svg+xml", "Accept-Language": "es"})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "El calendario del plan" in answer.text
    assert client.get("/pictures/schedule", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "asked",
    [
        "/pictures/responsibilities?view=pie",
        "/pictures/responsibilities?theme=nothing",
        "/pictures/responsibilities?role=nothing",
        "/pictures/responsibilities?roles=acts",
        "/pictures/responsibilities.svg?view=matrix&view=network",
        "/pictures/plan-tree?open=pgm/99",
        "/pictures/plan-tree.svg?open=nothing",
        "/pictures/members?process=nothing",
    ],
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_what_there_is_not_is_told(client: Client, language: str, asked: str) -> None:
    answer = client.get(f"/{language}{asked}")
    assert answer.status_code == 400
    said = {"es": "no es aquí valor de|existe|dos veces", "en": "is no |is there twice|There is no parameter"}
    assert re.search(said[language], answer.text)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_leads_to_the_right_places_below_a_path(site: Site, picture: str) -> None:
    app = FastAPI()
    app.include_router(pages_router(site))
    with client_of(app, root_path="/crm", accept="text/html") as client:
        page = read_page(client.get(f"/es{picture}").text)
        file = ElementTree.fromstring(client.get(f"/es{file_of(picture)}").text)
    for link in (*page.iter("a"), *page.iter(f"{SVG}a")):
        assert link.get("href", "").startswith(("/crm/", "#", "http")), link.get("href")
    for link in file.iter(f"{SVG}a"):
        assert link.get("href", "").startswith(f"{client.base_url}/crm/es/")


@pytest.mark.parametrize(
    ("language", "name"), [("es", "Quién hace qué en el plan"), ("en", "Who does what in the plan")]
)
def test_all_pictures_are_shown_together(client: Client, language: str, name: str) -> None:
    page = read_page(client.get(f"/{language}/pictures").text)
    assert links(page)[name] == f"/{language}/pictures/responsibilities"
    for title, address in links(next(having(page, "gallery"))).items():
        shown = read_page(client.get(address).text)
        assert title in ("", *(text(head) for level in ("h1", "h2") for head in shown.iter(level)))
    for image in page.iter("img"):
        assert client.get(image.get("src", "")).headers["content-type"] == "image/svg+xml"
    assert len(list(page.iter("img"))) == 5
    # What is seen at once is fetched at once.
    assert [image.get("loading") for image in page.iter("img")] == [None] * 5


@pytest.mark.parametrize("picture", [each for each in PICTURES if "plan" in each or "resp" in each or "sched" in each])
def test_the_data_can_be_taken_home(client: Client, picture: str) -> None:
    page = read_page(client.get(f"/en{picture}").text)
    assert client.get(links(page)["CSV"]).headers["content-type"].startswith("text/csv")
