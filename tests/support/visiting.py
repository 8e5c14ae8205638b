"""Visits of pages without a browser: each address once, however many tests look at it."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from xml.etree.ElementTree import Element

import httpx

from tests.support.pages import having, read_page, text

Serve = Callable[..., AbstractContextManager[httpx.Client]]
"""Serves a site with some of its fields changed."""
SVG = "{http://www.w3.org/2000/svg}"
_KEPT = 100
"""So many pages are kept as trees, which take much room."""


class Visitor:
    """Gets pages and data of a site, and keeps them. What it gives is for reading."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self._answers: dict[str, httpx.Response] = {}
        self._pages: dict[str, Element] = {}

    def get(self, path: str) -> httpx.Response:
        """Return the answer at this address, whatever its status."""
        if path not in self._answers:
            self._answers[path] = self.client.get(path)
        return self._answers[path]

    def page(self, path: str, status: int = 200) -> Element:
        """Return the root of the page at this address, which has to have this status and to be sound HTML."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        if path not in self._pages:
            if len(self._pages) == _KEPT:
                del self._pages[next(iter(self._pages))]
            self._pages[path] = read_page(answer.text)
        return self._pages[path]

    def json(self, path: str) -> Any:
        """Return the JSON at this address."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.json()

    def csv(self, path: str) -> list[dict[str, str]]:
        """Return the rows of the CSV at this address, by the names of the columns."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return list(csv.DictReader(io.StringIO(answer.text)))


def sections(root: Element) -> dict[str, Element]:
    """Return the sections of a page by the identifier of their headings."""
    return {each.get("aria-labelledby", ""): each for each in root.iter("section")}


def section(root: Element, name: str) -> Element:
    """Return the section whose heading has this identifier."""
    return sections(root)[name]


def heading(root: Element) -> str:
    """Return the text of the main heading."""
    return text(next(root.iter("h1")))


def main_text(root: Element) -> str:
    """Return all that the content of a page says."""
    return text(next(root.iter("main")))


def data_rows(root: Element, name: str = "results") -> list[Element]:
    """Return the rows with values of the tables that have this class."""
    return [row for table in having(root, name) for row in table.iter("tr") if row.find("td") is not None]


def column(root: Element, name: str) -> list[Element]:
    """Return the cells of a column of an answer."""
    return [cell for row in data_rows(root) for cell in row.iter("td") if cell.get("data-column") == name]


def pictured(root: Element) -> Iterator[Element]:
    """Return the links in the pictures of a page."""
    return root.iter(f"{SVG}a")
