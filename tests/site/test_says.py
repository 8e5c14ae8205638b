"""What single addresses answer, and what pages say and where their words lead: tables with a line for each.

A row of `answers.tsv` has an address, the form that is accepted, and the answer's status, media type, place and words.
A row of `says.tsv` has the address, the place on the page, some words, and where they lead if they are a link. A place
is a class (`.lead`), a section by its heading (`#uses`), a fact about a thing by its name, a name of elements, or empty
for all of the content; `not` says that the words are not there. Without words, there is such a place, or none.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from tests.support.pages import having, read_page, text
from tests.support.visiting import SVG, Visitor, sections


def rows_of(name: str) -> list[dict[str, str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))


def test_addresses_answer_as_they_have_to(visit: Visitor) -> None:
    wrong: list[tuple[object, ...]] = []
    for row in rows_of("answers.tsv"):
        liked = "es" if row["address"].startswith("/es/") else "en"
        headers = {"Accept": row["accept"] or "text/html", "Accept-Language": liked}
        answer = visit.client.get(row["address"], headers=headers)
        found = str(answer.status_code), answer.headers.get("content-type", ""), answer.headers.get("location", "")
        is_page = found[1].startswith("text/html")
        said = text(read_page(answer.text)) if is_page and row["says"] else answer.text if row["says"] else ""
        expected = row["status"], row["type"] or found[1], row["leads"]
        if found[0] != expected[0] or not found[1].startswith(expected[1]) or found[2] != expected[2]:
            wrong.append((row["address"], row["accept"], *found))
        elif row["says"] not in said:
            wrong.append((row["address"], row["says"]))
    assert not wrong, "\n".join(map(str, wrong))


def places(page: Element, place: str) -> Iterator[Element]:
    """Return the elements of the page at this place."""
    if not place:
        yield from page.iter("main")
    elif place.startswith("."):
        yield from having(page, place[1:])
    elif place.startswith("#"):
        yield from (found for name, found in sections(page).items() if name == place[1:])
    elif place.startswith("fact "):
        for line in page.iter("div"):
            name = line.find("dt")
            if name is not None and text(name) == place[5:]:
                yield from line.iter("dd")
    else:
        yield from page.iter(f"{SVG}text" if place == "svg-text" else place)


def test_pages_say_what_they_have_to_say(visit: Visitor) -> None:
    rows = rows_of("says.tsv")
    wrong = []
    for row in sorted(rows, key=lambda row: row["page"]):
        address, place, words, leads = (row[name] for name in ("page", "place", "says", "leads"))
        path = f"/{address}"
        denied = place == "not" or place.startswith("not ")
        found = list(places(visit.page(path), place.removeprefix("not").strip() if denied else place))
        if leads:
            targets = [(text(link), urljoin(path, link.get("href", ""))) for each in found for link in each.iter("a")]
            is_there = any(said.startswith(words) and target == leads for said, target in targets)
        else:
            is_there = any(words in text(each) for each in found)
        if is_there == denied:
            wrong.append((path, place, words, leads))
    assert not wrong, "\n".join(map(str, wrong))
    assert len(rows) > 250
