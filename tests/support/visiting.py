"""Pages of the site without a browser. Each address is requested once, and shared by all tests."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from xml.etree.ElementTree import Element

import httpx

from tests.support.pages import having, read_page, text

Serve = Callable[..., AbstractContextManager[httpx.Client]]
"""A function that serves a copy of a site with some fields replaced."""
SVG = "{http://www.w3.org/2000/svg}"
_KEPT = 100
"""The maximum number of parsed pages in the cache."""


class Visitor:
    """A client of a site that caches responses and parsed pages. Its results must not be modified."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self._answers: dict[str, httpx.Response] = {}
        self._pages: dict[str, Element] = {}

    def get(self, path: str) -> httpx.Response:
        if path not in self._answers:
            self._answers[path] = self.client.get(path)
        return self._answers[path]

    def page(self, path: str, status: int = 200) -> Element:
        """Return the root element of the page at this address. The page must have this status and be valid HTML."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        if path not in self._pages:
            if len(self._pages) == _KEPT:
                del self._pages[next(iter(self._pages))]
            self._pages[path] = read_page(answer.text)
        return self._pages[path]

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.json()

    def csv(self, path: str) -> list[dict[str, str]]:
        """Return the rows of the CSV content at this address, as mappings from column to value."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return list(csv.DictReader(io.StringIO(answer.text)))


def sections(root: Element) -> dict[str, Element]:
    """Return the sections of a page, by the id of their heading."""
    return {each.get("aria-labelledby", ""): each for each in root.iter("section")}


def section(root: Element, name: str) -> Element:
    """Return the section whose heading has this id."""
    return sections(root)[name]


def heading(root: Element) -> str:
    """Return the text of the main heading."""
    return text(next(root.iter("h1")))


def main_text(root: Element) -> str:
    """Return the text of the main content of a page."""
    return text(next(root.iter("main")))


def data_rows(root: Element, name: str = "results") -> list[Element]:
    """Return the rows with data cells of the tables with this class."""
    return [row for table in having(root, name) for row in table.iter("tr") if row.find("td") is not None]


def column(root: Element, name: str) -> list[Element]:
    """Return the cells of a column of a result table."""
    return [cell for row in data_rows(root) for cell in row.iter("td") if cell.get("data-column") == name]


def pictured(root: Element) -> Iterator[Element]:
    """Return the links in the SVG images of a page."""
    return root.iter(f"{SVG}a")
