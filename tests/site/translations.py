"""The translations of the site, for tests that look for what has none."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

from babel.messages.pofile import read_po

from crmgraph import site

SITE = Path(site.__file__).parent
_NOT_READ = {"code", "kbd", "pre", "script", "style", "textarea"}
_ATTRIBUTES_READ = {"alt", "title", "aria-label", "aria-description", "placeholder", "label", "data-heading"}
"""The attributes whose values people read."""


@cache
def messages() -> dict[str, str]:
    """Return the texts in English that are another in Spanish."""
    with (SITE / "locales" / "es" / "LC_MESSAGES" / "crmgraph.po").open("rb") as file:
        catalogue = read_po(file, locale="es")
    return {
        message.id: str(message.string)
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.string != message.id
    }


def texts_read(element: Element, tongue: str = "es") -> Iterator[str]:
    """Return the texts of a page, or of an element, that are read in Spanish."""
    tongue = element.get("lang", tongue)
    # Graphs are called by their addresses.
    if not isinstance(element.tag, str) or element.tag in _NOT_READ or "/graph/" in element.get("href", ""):
        return
    if tongue == "es":
        yield from (value for name, value in element.attrib.items() if name in _ATTRIBUTES_READ)
        if element.get("name") == "description":
            yield element.get("content", "")
        yield element.text or ""
    for child in element:
        yield from texts_read(child, tongue)
        if tongue == "es":
            yield child.tail or ""
