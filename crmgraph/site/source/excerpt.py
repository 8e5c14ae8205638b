"""The source document as its table, whole or in part, with quoted words marked in their place."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crmgraph.site.base.site import Row, Site, reference

__all__ = [
    "Block",
    "Cell",
    "Document",
    "Line",
    "Quotation",
    "anchors",
    "document",
    "quotations",
    "words_at",
]

_LEAVES = """
SELECT DISTINCT ?x ?start ?end ?exact ?row ?column {
  ?x a cg:LeafPassage ; cg:source %s ; cg:start ?start ; cg:end ?end ; cg:exact ?exact
  OPTIONAL { ?x cg:row ?row }
  OPTIONAL { ?x cg:column ?column }
}"""
_PASSAGES = "SELECT DISTINCT ?start ?end { ?x a cg:Passage ; cg:source %s ; cg:start ?start ; cg:end ?end }"
_QUOTATIONS = """
SELECT DISTINCT ?x ?source ?start ?end ?exact {
  VALUES ?x { %s }
  ?x a cg:Passage ; cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact
}"""
_RANGE = re.compile(r"/\d+-\d+$")


@dataclass(frozen=True, order=True)
class Quotation:
    """A passage: the words `exact` from `start` up to `end` (Unicode code points) of the source with this IRI."""

    source: str
    start: int
    end: int
    exact: str
    iri: str = ""

    @property
    def anchor(self) -> str:
        """The name that the passage has on the page of its source."""
        return f"c{self.start}-{self.end}"


@dataclass(frozen=True)
class Block:
    """A passage of the document: pieces of text in order, each marked or not, which together are its words."""

    start: int
    end: int
    pieces: tuple[tuple[str, bool], ...]

    @property
    def anchor(self) -> str:
        """The name that the passage has on the page of its source."""
        return f"c{self.start}-{self.end}"

    @property
    def text(self) -> str:
        """Its words, marked or not."""
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True)
class Cell:
    """One cell of the table."""

    row: int
    column: int
    blocks: tuple[Block, ...]

    @property
    def is_marked(self) -> bool:
        """Whether any of its words are marked."""
        return any(marked for block in self.blocks for _, marked in block.pieces)


@dataclass(frozen=True)
class Line:
    """One row of the table: its five cells, of which some may be empty. Row 0 is what stands before the table."""

    row: int
    cells: tuple[Cell, ...]

    @property
    def texts(self) -> dict[int, str]:
        """The text of each cell, by column."""
        return {cell.column: " ".join(block.text for block in cell.blocks) for cell in self.cells}


@dataclass(frozen=True)
class Document:
    """A source, as lines of cells."""

    iri: str
    lines: tuple[Line, ...]

    @property
    def heading(self) -> Line | None:
        """The row of column titles."""
        return next((line for line in self.lines if line.row == 1), None)

    def around(self, quotations: Iterable[Quotation]) -> "Document":
        """Only the lines in which words are marked; the quotations by themselves where no line holds them."""
        kept = tuple(line for line in self.lines if any(cell.is_marked for cell in line.cells))
        return Document(self.iri, kept or tuple(_alone(quotation) for quotation in quotations))


def document(site: Site, source: str, marks: Iterable[Quotation] = ()) -> Document | None:
    """The source with this IRI, with the words of `marks` marked; None where no passage of it is known."""
    leaves = [
        (_number(row, "row", 0), _number(row, "column", 0), _number(row, "start"), _number(row, "end"), row)
        for row in site.recall(_LEAVES % reference(source))
    ]
    cells: dict[tuple[int, int], list[Quotation]] = {}
    for row, column, start, end, leaf in sorted(leaves, key=lambda leaf: leaf[:4]):
        cells.setdefault((row, column), []).append(Quotation(source, start, end, leaf["exact"].value))
    if not cells:
        return None
    chosen = [mark for mark in marks if mark.source == source]
    blocks = {place: tuple(_blocks(parts, chosen)) for place, parts in cells.items()}
    width = max(column for _, column in cells)
    return Document(source, tuple(_lines(blocks, width)))


def anchors(site: Site, whole: Document) -> dict[Block, list[str]]:
    """The blocks of a source, each with the names of the other passages that begin in it, which are links' targets."""
    blocks = sorted(
        (block for line in whole.lines for cell in line.cells for block in cell.blocks), key=lambda block: block.start
    )
    starts = [block.start for block in blocks]
    named: dict[Block, list[str]] = {block: [] for block in blocks}
    for start, end in sorted(
        (_number(row, "start"), _number(row, "end")) for row in site.recall(_PASSAGES % reference(whole.iri))
    ):
        block = blocks[max(bisect(starts, start) - 1, 0)]
        if (start, end) != (block.start, block.end):
            named[block].append(Quotation(whole.iri, start, end, "").anchor)
    return named


def quotations(site: Site, iris: Iterable[str]) -> dict[str, Quotation]:
    """The passages among these IRIs, by IRI."""
    wanted = " ".join(reference(iri) for iri in sorted(set(iris)) if _RANGE.search(iri))
    if not wanted:
        return {}
    return {
        row["x"].value: Quotation(
            row["source"].value, _number(row, "start"), _number(row, "end"), row["exact"].value, row["x"].value
        )
        for row in site.select(_QUOTATIONS % wanted)
    }


def words_at(whole: Document, start: int, end: int) -> Quotation | None:
    """The words of a source from one character up to another; None where they are not in one of its blocks."""
    for line in whole.lines:
        for cell in line.cells:
            for block in cell.blocks:
                if block.start <= start < end <= block.end:
                    return Quotation(whole.iri, start, end, block.text[start - block.start : end - block.start])
    return None


def _lines(blocks: dict[tuple[int, int], tuple[Block, ...]], width: int) -> Iterator[Line]:
    for row in sorted({row for row, _ in blocks}):
        columns = [column for r, column in blocks if r == row] if row == 0 else range(1, width + 1)
        yield Line(row, tuple(Cell(row, column, blocks.get((row, column), ())) for column in columns))


def _blocks(leaves: list[Quotation], marks: list[Quotation]) -> Iterator[Block]:
    """The leaves of a cell as blocks; leaves that one mark runs across become one block."""
    position = 0
    while position < len(leaves):
        last = position
        inside = [mark for mark in marks if mark.start < leaves[position].end and mark.end > leaves[position].start]
        reach = max((mark.end for mark in inside), default=0)
        while last + 1 < len(leaves) and leaves[last + 1].start < reach:
            last += 1
        first = leaves[position]
        text = first.exact
        if last > position and inside:
            mark = max(inside, key=lambda mark: mark.end)
            text = first.exact[: max(mark.start - first.start, 0)] + mark.exact
            text += leaves[last].exact[mark.end - leaves[last].start :] if mark.end < leaves[last].end else ""
        yield Block(first.start, leaves[last].end, tuple(_pieces(first.start, text, inside)))
        position = last + 1


def _pieces(start: int, text: str, marks: list[Quotation]) -> Iterator[tuple[str, bool]]:
    at = 0
    for mark in sorted(marks):
        begin, finish = max(mark.start - start, at), min(mark.end - start, len(text))
        if begin >= finish:
            continue
        if begin > at:
            yield text[at:begin], False
        yield text[begin:finish], True
        at = finish
    if at < len(text):
        yield text[at:], False


def _alone(quotation: Quotation) -> Line:
    block = Block(quotation.start, quotation.end, ((quotation.exact, True),))
    return Line(0, (Cell(0, 0, (block,)),))


def _number(row: Row, name: str, otherwise: int = -1) -> int:
    return int(row[name].value) if name in row else otherwise
