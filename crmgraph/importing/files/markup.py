"""XML that comes from outside, and what stands in an element."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["parse", "within"]


def parse(data: bytes) -> "_Element":
    """The root of a document in XML. No entity is put in, and nothing is fetched. Raises etree.XMLSyntaxError."""
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def within(element: "_Element", tag: str, holder: str) -> "Iterator[_Element]":
    """The elements of this tag that stand in this one and not in another `holder` within it."""
    for each in element.iter(tag):
        if next(each.iterancestors(holder), None) is element:
            yield each
