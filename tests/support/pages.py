"""Strict parsing of HTML pages. A page that violates the HTML standard raises an error."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5rdf  # type: ignore[import-untyped]
from starlette.responses import Response


def read_page(html: str) -> Element:
    """Return the root element of a page. Raises an error for invalid HTML, even if browsers would correct it."""
    parser = html5rdf.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    return root


def written(page: Response) -> str:
    return bytes(page.body).decode()


def text(element: Element) -> str:
    """Return all text in an element, with blank space normalised."""
    return " ".join("".join(element.itertext()).split())


def classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def having(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str) and name in classes(element))


def links(root: Element) -> dict[str, str]:
    """Return the address of each link, by the text of the link."""
    return {text(link): link.get("href", "") for link in root.iter("a")}


def phrase_of(root: Element) -> str:
    """Return the sentence of a form as displayed, with the chosen option of each menu and the value of each input."""

    def said(element: Element) -> str:
        if element.tag == "input":
            return element.get("value", "")
        if element.tag == "select":
            return next(text(option) for option in element if option.get("selected") is not None)
        return (element.text or "") + "".join(said(each) + (each.tail or "") for each in element)

    return " ".join(said(next(having(root, "phrase"))).split())
