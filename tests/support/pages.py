"""Reading pages as a browser would, and more strictly: a page that is not HTML as the standard has it fails."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5rdf  # type: ignore[import-untyped]
from starlette.responses import Response


def read_page(html: str) -> Element:
    """The root element of a page. Raises where the page breaks a rule of HTML that browsers only mend."""
    parser = html5rdf.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    return root


def written(page: Response) -> str:
    """A page as a visitor has it."""
    return bytes(page.body).decode()


def text(element: Element) -> str:
    """All text in an element, with the blank space between words folded."""
    return " ".join("".join(element.itertext()).split())


def classes(element: Element) -> list[str]:
    """The classes of an element."""
    return element.get("class", "").split()


def having(root: Element, name: str) -> Iterator[Element]:
    """The elements that have this class."""
    return (element for element in root.iter() if isinstance(element.tag, str) and name in classes(element))


def links(root: Element) -> dict[str, str]:
    """The address that each link leads to, by the link's text."""
    return {text(link): link.get("href", "") for link in root.iter("a")}


def phrase_of(root: Element) -> str:
    """The sentence of a form as a reader sees it: of each menu the choice, of each input what stands in it."""

    def said(element: Element) -> str:
        if element.tag == "input":
            return element.get("value", "")
        if element.tag == "select":
            return next(text(option) for option in element if option.get("selected") is not None)
        return (element.text or "") + "".join(said(each) + (each.tail or "") for each in element)

    return " ".join(said(next(having(root, "phrase"))).split())
