"""Quoted words among those that stand around them in the source."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.site.base.site import Site
from crmgraph.site.source.excerpt import Block, Quotation, document

__all__ = ["Context", "contexts"]

_REACH = 90
"""How many characters are shown on either side; a word that is begun is left out."""


@dataclass(frozen=True)
class Context:
    """Words of the source, and what stands `before` and `after` them in the same lines of the same cell."""

    quotation: Quotation
    before: str = ""
    after: str = ""


def contexts(site: Site, quotations: Iterable[Quotation]) -> dict[str, Context]:
    """Each quotation in its place, by the IRI of its passage."""
    wanted = list(quotations)
    blocks: dict[str, list[Block]] = {}
    for source in {quotation.source for quotation in wanted}:
        whole = document(site, source)
        lines = whole.lines if whole else ()
        blocks[source] = [block for line in lines for cell in line.cells for block in cell.blocks]
    return {quotation.iri: _context(quotation, blocks[quotation.source]) for quotation in wanted}


def _context(quotation: Quotation, blocks: list[Block]) -> Context:
    inside = [block for block in blocks if block.start < quotation.end and block.end > quotation.start]
    if not inside:
        return Context(quotation)
    first, last = inside[0], inside[-1]
    before = first.text[: max(quotation.start - first.start, 0)]
    after = last.text[quotation.end - last.start :] if quotation.end < last.end else ""
    return Context(quotation, _end_of(before), _beginning_of(after))


def _end_of(text: str) -> str:
    return text if len(text) <= _REACH else "… " + text[-_REACH:].partition(" ")[2]


def _beginning_of(text: str) -> str:
    return text if len(text) <= _REACH else text[:_REACH].rpartition(" ")[0] + " …"
