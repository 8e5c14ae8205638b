"""The source document as its table, whole or in part, with quoted words marked in their place."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.site.base.labels import SEVERITY_ORDER
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import render
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.wording import Bilingual

__all__ = [
    "PASSAGES_PARAMETERS",
    "Block",
    "Cell",
    "Context",
    "Document",
    "Flag",
    "Line",
    "Mention",
    "Note",
    "Part",
    "Piece",
    "Quotation",
    "anchors",
    "contexts",
    "document",
    "marginalia",
    "passages_page",
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


_PARTS = """
SELECT DISTINCT ?x ?kind ?number ?start ?end {
  VALUES ?kind { cg:Plan cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?x a ?kind ; cg:passage ?passage . ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  OPTIONAL { ?x cg:number ?number }
}"""
_MENTIONS = """
SELECT DISTINCT ?x ?kind ?start ?end {
  ?mention a cg:Mention ; cg:mentioned ?x ; cg:passage ?passage .
  ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  OPTIONAL {
    ?x a ?kind
    VALUES ?kind { cg:Network cg:ConsultativeProcess cg:State cg:Agent cg:Instrument cg:Meeting cg:Place }
  }
}"""
_FINDINGS = """
SELECT DISTINCT ?x ?element ?severity ?message ?start ?end {
  ?x a cg:Finding ; cg:element ?element ; cg:severity ?severity ; rdfs:comment ?message ; cg:passage ?passage .
  ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  FILTER (LANG(?message) = "%s")
}"""
KINDS = ("Network", "ConsultativeProcess", "State", "Agent", "Instrument", "Meeting", "Place")
"""What a thing is for the reader, the first that fits; one that is none of them is a topic or a group of people."""


@dataclass(frozen=True)
class Part:
    """A part of a plan that was read from words that begin here."""

    iri: str
    kind: str
    number: str


@dataclass(frozen=True)
class Mention:
    """A thing that the words name: `kind` is one of KINDS, or `Concept`."""

    iri: str
    kind: str
    label: str


@dataclass(frozen=True)
class Flag:
    """What was found amiss in the words that end here, with an element: the messages, and how grave the gravest is."""

    element: str
    severity: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """Words that all the same things hold for, and the thing that they name, if any.

    `severity` is that of the gravest finding about these and not all words of the block. `more` are the other things
    that words name which end here, and `flags` the findings that end here.
    """

    text: str
    mention: Mention | None
    severity: str
    more: tuple[Mention, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Note:
    """What there is to say about a block of the document: the parts that begin in it, and its words piece by piece."""

    parts: tuple[Part, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    element: str
    severity: str
    message: str


@dataclass(frozen=True)
class _Named:
    start: int
    end: int
    mention: Mention


def marginalia(site: Site, whole: Document, language: str) -> dict[Block, Note]:
    """What there is to say about each block of a source, labels and messages in this language.

    The pieces of a block are together its words, not one character more or less.
    """
    source = reference(whole.iri)
    parts = _parts(site.recall(_PARTS % source))
    mentions = _read_mentions(site, site.recall(_MENTIONS % source), language)
    findings = [
        _Found(*_range(row), row["element"].value, row["severity"].value.rpartition("#")[2], row["message"].value)
        for row in site.select(_FINDINGS % (source, language))
    ]
    blocks = [block for line in whole.lines for cell in line.cells for block in cell.blocks]
    return {
        block: Note(
            tuple(part for start, part in parts if block.start <= start < block.end),
            tuple(_note_pieces(block, mentions, findings)),
        )
        for block in blocks
    }


def _note_pieces(block: Block, mentions: Iterable[_Named], findings: Iterable[_Found]) -> Iterable[Piece]:
    named = [each for each in mentions if each.start < block.end and each.end > block.start]
    found = [each for each in findings if each.start < block.end and each.end > block.start]
    edges = {block.start, block.end}
    edges.update(*((each.start, each.end) for each in named), *((each.start, each.end) for each in found))
    inside = sorted(edge for edge in edges if block.start <= edge <= block.end)
    for start, end in pairwise(inside):
        # What is found in all the words of a block would underline all of it.
        about = [
            each.severity
            for each in found
            if each.start <= start and end <= each.end and not (each.start <= block.start and block.end <= each.end)
        ]
        here = [each for each in named if each.start <= start and end <= each.end]
        yield Piece(
            block.text[start - block.start : end - block.start],
            here[0].mention if here else None,
            min(about, key=SEVERITY_ORDER.index, default=""),
            tuple(each.mention for each in here[1:] if each.end == end),
            tuple(_flags(each for each in found if each.end == end)),
        )


def _flags(ending: Iterable[_Found]) -> Iterable[Flag]:
    by_element: dict[str, list[_Found]] = {}
    for each in sorted(ending, key=lambda found: SEVERITY_ORDER.index(found.severity)):
        by_element.setdefault(each.element, []).append(each)
    for element, found in by_element.items():
        yield Flag(element, found[0].severity, tuple(each.message for each in found))


def _parts(rows: Iterable[Row]) -> list[tuple[int, Part]]:
    """The parts with where they begin, those that hold others first."""
    listed = [
        (*_range(row), Part(row["x"].value, row["kind"].value.rpartition("#")[2], _text(row, "number"))) for row in rows
    ]
    return [(start, part) for start, _, part in sorted(listed, key=lambda each: (each[0], -each[1], each[2].iri))]


def _read_mentions(site: Site, rows: Sequence[Row], language: str) -> list[_Named]:
    labels = site.labels({row["x"].value for row in rows})
    kinds: dict[str, set[str]] = {}
    for row in rows:
        kinds.setdefault(row["x"].value, set()).add(_text(row, "kind").rpartition("#")[2])
    named = {
        _Named(*_range(row), Mention(iri, _kind(kinds[iri]), in_language(labels.get(iri, {}), language)[0] or iri))
        for row in rows
        if (iri := row["x"].value)
    }
    return sorted(named, key=lambda each: (each.start, each.mention.kind == "Concept", -each.end, each.mention.iri))


def _kind(kinds: Iterable[str]) -> str:
    return next((kind for kind in KINDS if kind in kinds), "Concept")


def _range(row: Row) -> tuple[int, int]:
    return int(row["start"].value), int(row["end"].value)


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""


_MOST = 20
_PLACE = re.compile(r"source/([A-Za-z0-9._-]+)/(\d{1,9})-(\d{1,9})")

PASSAGES_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "at",
        "in": "query",
        "required": True,
        "description": f"At most {_MOST} passages, each as its source and its characters, with commas between them",
        "schema": {"type": "string"},
        "example": "source/crm/13011-13115",
    },
    {
        "name": "part",
        "in": "query",
        "description": "The rows alone, for another page to show",
        "schema": {"type": "string", "enum": ["rows"]},
    },
)
"""What the page can be asked, as OpenAPI describes it."""


def passages_page(request: Request, site: Site) -> Response:
    """The rows of the document in which the passages `at` stand, with their words marked.

    HTTPException 400 for a place that is none, 404 where a source has no words there.
    """
    check_parameters(request, ("at", "part"))
    part = request.query_params.get("part", "")
    if part not in ("", "rows"):
        raise HTTPException(
            400, Bilingual(f"There is no part {part} of this page.", f"Esta página no tiene una parte {part}.")
        )
    places = _places(request.query_params.get("at", ""))
    found = [_rows(site, source, at) for source, at in places.items()]
    context = {"found": found, "data_formats": []}
    return render(request, site, "passages_rows.html" if part else "passages.html", context=context)


def _places(written: str) -> dict[str, list[tuple[int, int]]]:
    """The places of each source that are written so."""
    matches = [_PLACE.fullmatch(piece.strip()) for piece in written.split(",")]
    read = [match for match in matches if match]
    if len(read) < len(matches) or len(read) > _MOST:
        raise HTTPException(
            400,
            Bilingual(
                f"at takes from 1 to {_MOST} passages such as source/crm/13011-13115, with commas between them.",
                f"at admite de 1 a {_MOST} pasajes como source/crm/13011-13115, separados por comas.",
            ),
        )
    places: dict[str, list[tuple[int, int]]] = {}
    for match in read:
        places.setdefault(match[1], []).append((int(match[2]), int(match[3])))
    return places


def _rows(site: Site, source: str, places: list[tuple[int, int]]) -> tuple[Document, Line | None, list[Quotation]]:
    """The rows of a source in which these places are, its headings, and the words there."""
    iri = site.names.id("source", source)
    whole = document(site, iri)
    known = quotations(site, (f"{iri}/{start}-{end}" for start, end in places))
    marks = [
        known.get(f"{iri}/{start}-{end}") or (words_at(whole, start, end) if whole else None) for start, end in places
    ]
    quoted = [mark for mark in marks if mark]
    marked = document(site, iri, quoted)
    if marked is None or len(quoted) < len(places):
        raise HTTPException(
            404,
            Bilingual(
                f"source/{source} has no words at one of these places.",
                f"source/{source} no tiene palabras en alguno de estos lugares.",
            ),
        )
    return marked.around(quoted), marked.heading, quoted
