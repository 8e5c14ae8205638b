"""The source document of a plan as a table, whole or in part, with marked passages and with annotations."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.site.base import (
    SEVERITY_ORDER,
    PageRequest,
    Record,
    Row,
    Site,
    bad_request,
    check_choice,
    grouped,
    in_language,
    iri_ref,
    local_name,
    not_found,
    rows_by,
    value_or_empty,
)

_LEAVES = """
SELECT DISTINCT ?start ?end ?exact ?row ?column {
  ?x cg:source %s ; cg:row ?row ; cg:start ?start ; cg:end ?end ; cg:exact ?exact
  OPTIONAL { ?x cg:column ?column }
}"""
_PASSAGES = "SELECT DISTINCT ?start ?end { ?x a cg:Passage ; cg:source %s ; cg:start ?start ; cg:end ?end }"
_QUOTATIONS = """
SELECT DISTINCT ?x ?source ?start ?end ?exact {
  VALUES ?x { %s }
  ?x a cg:Passage ; cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact
}"""
_RANGE = re.compile(r"/\d+-\d+$")
_CONTEXT_LENGTH = 90
"""How many characters before and after a quotation are shown, less a word that this would cut in two."""

# The labels of mentions are looked up separately.
_PARTS = """
SELECT DISTINCT ?iri ?kinds ?label ?start ?end {
  VALUES ?kinds { cg:Plan cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?iri a ?kinds ; cg:passage ?passage . ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  OPTIONAL { ?iri cg:number ?label }
}"""
_MENTIONS = """
SELECT DISTINCT ?iri ?kinds ?start ?end {
  ?mention a cg:Mention ; cg:mentioned ?iri ; cg:passage ?passage .
  ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  OPTIONAL {
    ?iri a ?kinds
    VALUES ?kinds { cg:Network cg:ConsultativeProcess cg:State cg:Agent cg:Instrument cg:Meeting cg:Place }
  }
}"""
_FINDINGS = """
SELECT DISTINCT ?finding ?iri ?kinds ?label ?start ?end {
  ?finding a cg:Finding ; cg:element ?iri ; cg:severity ?kinds ; rdfs:comment ?label ; cg:passage ?passage .
  ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  FILTER (LANG(?label) = "%s")
  FILTER NOT EXISTS { ?finding cg:relatedElement ?iri }
}"""
_MENTION_KINDS = ("Network", "ConsultativeProcess", "State", "Agent", "Instrument", "Meeting", "Place")
"""The classes that distinguish mentioned things. The first that a thing belongs to counts; without any, `Concept`."""

_MOST_PASSAGES = 20
_PASSAGE = re.compile(r"source/([A-Za-z0-9._-]+)/(\d{1,9})-(\d{1,9})")

PASSAGES_PARAMETERS: tuple[dict[str, Any], ...] = (
    {
        "name": "at",
        "in": "query",
        "required": True,
        "description": f"At most {_MOST_PASSAGES} passages, each as its source and its characters, "
        "with commas between them",
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
"""The parameters of the page of passages, as OpenAPI describes them."""


@dataclass(frozen=True, order=True)
class Quotation:
    """A passage of a source document, with its text.

    Attributes:
        source: The IRI of the source.
        start: The code point offset of its first character in the source.
        end: The code point offset after its last character.
        exact: Its text.
        iri: Its own IRI; empty if not known.
    """

    source: str
    start: int
    end: int
    exact: str
    iri: str = ""

    @property
    def anchor(self) -> str:
        """The id of the HTML element of the passage on the page of its source."""
        return f"c{self.start}-{self.end}"


@dataclass(frozen=True)
class Block:
    """A leaf passage of the source, or several in sequence, shown as one HTML element.

    Attributes:
        start: The code point offset of its first character in the source.
        end: The code point offset after its last character.
        pieces: Its text in pieces, each with whether it is marked.
    """

    start: int
    end: int
    pieces: tuple[tuple[str, bool], ...]

    @property
    def anchor(self) -> str:
        """The id of the HTML element of the block on the page of its source."""
        return f"c{self.start}-{self.end}"

    @property
    def text(self) -> str:
        """The text of all pieces together."""
        return "".join(piece for piece, _ in self.pieces)


def _table_row(row: int, cells: Mapping[int, Sequence[Block]]) -> Record:
    """Return a row of a source document, from the blocks of its cells by column number.

    Attributes of the result:
        row: Its number; 0 is the text before the table, 1 the column titles.
        cells: Records with the `column` number, the `blocks`, and `is_marked`: whether any text in the cell is marked.
        texts: The text of each cell, by column number.
    """
    return Record(
        row=row,
        cells=[
            Record(column=column, blocks=blocks, is_marked=any(marked for each in blocks for _, marked in each.pieces))
            for column, blocks in cells.items()
        ],
        texts={column: " ".join(block.text for block in blocks) for column, blocks in cells.items()},
    )


@dataclass(frozen=True)
class Document:
    """A source document as a table.

    Attributes:
        iri: The IRI of the source.
        lines: Its rows (see `_table_row`).
    """

    iri: str
    lines: Sequence[Record]

    @property
    def heading(self) -> Record | None:
        """The row of column titles, if there is one."""
        return next((line for line in self.lines if line.row == 1), None)

    @property
    def blocks(self) -> list[Block]:
        """The blocks of all cells, row by row."""
        return [block for line in self.lines for cell in line.cells for block in cell.blocks]

    def excerpt(self, quotations: Iterable[Quotation]) -> "Document":
        """Return the document with only its marked rows, or with the `quotations` as its rows if none is marked."""
        kept = [line for line in self.lines if any(cell.is_marked for cell in line.cells)]
        return Document(
            self.iri,
            kept or [_table_row(0, {0: [Block(each.start, each.end, ((each.exact, True),))]}) for each in quotations],
        )


def read_document(site: Site, source: str, marks: Iterable[Quotation] = ()) -> Document | None:
    """Return the source document with this IRI, or None if the graph has no passages of it.

    The text of each quotation in `marks` is marked.
    """
    cells = {
        (int(row or 0), int(column or 0)): [quotation_from(source, leaf) for leaf in leaves]
        for (row, column), leaves in rows_by(
            site.select(_LEAVES % iri_ref(source), is_cached=True), "row", "column"
        ).items()
    }
    if not cells:
        return None
    chosen = sorted(mark for mark in marks if mark.source == source)
    blocks = {place: tuple(_join_leaves(sorted(leaves), chosen)) for place, leaves in sorted(cells.items())}
    columns = range(1, max(column for _, column in cells) + 1)
    lines = []
    for row_number in dict.fromkeys(row for row, _ in blocks):
        present = columns if row_number else [column for row, column in blocks if not row]
        lines.append(_table_row(row_number, {column: blocks.get((row_number, column), ()) for column in present}))
    return Document(source, lines)


def quotation_from(source: str, row: Row, iri: str = "") -> Quotation:
    """Return the quotation in a row with the columns `start`, `end` and perhaps `exact`."""
    return Quotation(source, int(row["start"].value), int(row["end"].value), value_or_empty(row, "exact"), iri)


def _join_leaves(leaves: list[Quotation], marks: list[Quotation]) -> Iterator[Block]:
    """Yield the blocks of a cell: one for each leaf passage.

    If a mark extends over several leaves, they become one block, which includes the text between them.
    """
    position = 0
    while position < len(leaves):
        first = last = leaves[position]
        inside = [mark for mark in marks if _overlaps(mark, first)]
        reach = max(inside, key=lambda mark: mark.end, default=first)
        while position + 1 < len(leaves) and leaves[position + 1].start < reach.end:
            position += 1
            last = leaves[position]
        text = first.exact
        if last is not first:
            text = text[: max(reach.start - first.start, 0)] + reach.exact
            text += last.exact[reach.end - last.start :] if reach.end < last.end else ""
        edges = {0, len(text), *(min(max(at - first.start, 0), len(text)) for m in inside for at in (m.start, m.end))}
        pieces = (
            (text[start:end], any(m.start - first.start <= start and end <= m.end - first.start for m in inside))
            for start, end in pairwise(sorted(edges))
        )
        yield Block(first.start, last.end, tuple(pieces))
        position += 1


def anchors_by_block(site: Site, whole: Document) -> dict[Block, list[str]]:
    """Return the anchors of all passages of a source by the block in which each begins.

    The anchor of the block itself is left out.
    """
    passages = sorted(
        quotation_from(whole.iri, row) for row in site.select(_PASSAGES % iri_ref(whole.iri), is_cached=True)
    )
    return {
        block: [
            each.anchor for each in passages if block.start <= each.start < block.end and each.anchor != block.anchor
        ]
        for block in whole.blocks
    }


def read_quotations(site: Site, iris: Iterable[str]) -> dict[str, Quotation]:
    """Return the passages among these IRIs as quotations, by IRI. IRIs of other things are left out."""
    wanted = " ".join(iri_ref(iri) for iri in sorted(set(iris)) if _RANGE.search(iri))
    rows = site.select(_QUOTATIONS % wanted) if wanted else ()
    return {row["x"].value: quotation_from(row["source"].value, row, row["x"].value) for row in rows}


def read_contexts(site: Site, quotations: Iterable[Quotation]) -> dict[str, Record]:
    """Return the context of each quotation, by the IRI of its passage.

    Attributes of the result:
        before: The text before it in the same block, at most _CONTEXT_LENGTH characters.
        after: The text after it in the same block, at most _CONTEXT_LENGTH characters.
    """
    wanted = list(quotations)
    sources = {source: read_document(site, source) for source in {quotation.source for quotation in wanted}}
    return {quotation.iri: _context_of(quotation, sources[quotation.source]) for quotation in wanted}


def _context_of(quotation: Quotation, whole: Document | None) -> Record:
    start, end = quotation.start, quotation.end
    inside = [block for block in whole.blocks if _overlaps(block, quotation)] if whole else []
    if not inside:
        return Record(quotation=quotation, before="", after="")
    before = inside[0].text[: max(start - inside[0].start, 0)]
    after = inside[-1].text[end - inside[-1].start :] if end < inside[-1].end else ""
    return Record(
        quotation=quotation,
        before=before if len(before) <= _CONTEXT_LENGTH else "… " + before[-_CONTEXT_LENGTH:].partition(" ")[2],
        after=after if len(after) <= _CONTEXT_LENGTH else after[:_CONTEXT_LENGTH].rpartition(" ")[0] + " …",
    )


def annotations_by_block(site: Site, whole: Document, language: str) -> dict[Block, Record]:
    """Return the annotations of each block of a source, with names and messages in this language.

    Attributes of the result:
        parts: The parts of plans whose text begins in the block, as annotations.
        pieces: The text of the block in pieces (see `_annotated_pieces`).
    """
    source = iri_ref(whole.iri)
    # A part comes before its own parts, even if both begin at the same offset.
    parts = sorted(
        _read_annotations(site, _PARTS % source, is_cached=True), key=lambda each: (each.start, -each.end, each.iri)
    )
    findings = _read_annotations(site, _FINDINGS % (source, language))
    mentions = _read_annotations(site, _MENTIONS % source, is_cached=True)
    labels = site.labels(each.iri for each in mentions)
    for each in mentions:
        each.label = in_language(labels.get(each.iri, {}), language)[0] or each.iri
    ordered = sorted(mentions, key=lambda each: (each.start, each.kind == "Concept", -each.end, each.iri))
    return {
        block: Record(
            parts=[part for part in parts if block.start <= part.start < block.end],
            pieces=list(_annotated_pieces(block, ordered, findings)),
        )
        for block in whole.blocks
    }


def _read_annotations(site: Site, query: str, *, is_cached: bool = False) -> list[Record]:
    """Return what the graph states about spans of a source document.

    Attributes of the result:
        start: The code point offset of the first character of the span.
        end: The code point offset after its last character.
        iri: The IRI of a part of a plan, of a mentioned thing, or of the element that a finding concerns.
        kind: The class of the part or of the mentioned thing, or the severity of the finding.
        label: The number of the part, the name of the mentioned thing, or the message of the finding.
    """
    found = site.records(query, "finding", "iri", "start", "end", lists=("kinds",), is_cached=is_cached)
    for each in found:
        own = [*map(local_name, each.kinds)]
        each.kind = next((name for name in _MENTION_KINDS if name in own), own[0] if own else "Concept")
    return found


def _overlaps(one: Block | Quotation | Record, other: Block | Quotation | Record) -> bool:
    """Return whether two spans have characters in common."""
    return bool(one.start < other.end and one.end > other.start)


def _covers(annotation: Record, start: int, end: int) -> bool:
    """Return whether the span of an annotation contains all characters from `start` to `end` (exclusive)."""
    return bool(annotation.start <= start and end <= annotation.end)


def _annotated_pieces(block: Block, mentions: Iterable[Record], findings: Iterable[Record]) -> Iterator[Record]:
    """Yield the text of a block in pieces, divided wherever an annotation begins or ends.

    Attributes of the result:
        text: The text of the piece.
        mention: The first mention that covers the piece, or None.
        severity: The severity of the gravest finding that covers the piece, but not the whole block; empty if there is
            none.
        more: The other mentions that cover the piece and end with it.
        flags: The messages of the findings that end with the piece, by element and gravest severity.
    """
    named = [each for each in mentions if _overlaps(each, block)]
    found = sorted(
        (each for each in findings if _overlaps(each, block)), key=lambda each: SEVERITY_ORDER.index(each.kind)
    )
    edges = {block.start, block.end, *(edge for each in (*named, *found) for edge in (each.start, each.end))}
    for start, end in pairwise(sorted(edge for edge in edges if block.start <= edge <= block.end)):
        here = [each for each in named if _covers(each, start, end)]
        # A finding about the whole block would underline all of its text.
        amiss = (each for each in found if _covers(each, start, end) and not _covers(each, block.start, block.end))
        flags = grouped((each for each in found if each.end == end), lambda each: each.iri)
        yield Record(
            text=block.text[start - block.start : end - block.start],
            mention=next(iter(here), None),
            severity=next((each.kind for each in amiss), ""),
            more=[each for each in here[1:] if each.end == end],
            flags={(iri, each[0].kind): tuple(finding.label for finding in each) for iri, each in flags.items()},
        )


def passages_page(visit: PageRequest) -> Response:
    """Return the rows of source documents that contain the passages in the parameter `at`, with the passages marked.

    With `part=rows`, only the table is returned, for another page to show. Raises HTTPException 400 for an invalid
    passage and 404 if a source has no passage at these offsets.
    """
    part = visit.parameters.get("part", "")
    check_choice("part", Bilingual("part", "parte"), part, {"": "", "rows": ""})
    asked = visit.parameters.get("at", "").split(",")
    places: dict[str, list[tuple[int, int]]] = {}
    for match in map(_PASSAGE.fullmatch, map(str.strip, asked)):
        if match is None or len(asked) > _MOST_PASSAGES:
            raise bad_request(
                f"at takes from 1 to {_MOST_PASSAGES} passages such as source/crm/13011-13115, with commas between "
                "them.",
                f"at admite de 1 a {_MOST_PASSAGES} pasajes como source/crm/13011-13115, separados por comas.",
            )
        places.setdefault(match[1], []).append((int(match[2]), int(match[3])))
    return visit.render(
        "passages_rows.html" if part else "passages.html",
        {"found": [_marked_rows(visit.site, *each) for each in places.items()]},
        has_data=False,
    )


def _marked_rows(
    site: Site, source: str, places: list[tuple[int, int]]
) -> tuple[Document, Record | None, list[Quotation]]:
    """Return the rows of a source with the passages at these places, the row of column titles, and the passages.

    A place is a pair of code point offsets: the start and the end (exclusive). Raises HTTPException 404 if a place is
    no passage.
    """
    iri = site.names.id("source", source)
    known = read_quotations(site, (f"{iri}/{start}-{end}" for start, end in places))
    marked = read_document(site, iri, known.values())
    if marked is None or len(known) < len(set(places)):
        raise not_found(
            f"source/{source} has no words at one of these places.",
            f"source/{source} no tiene palabras en alguno de estos lugares.",
        )
    quoted = [known[f"{iri}/{start}-{end}"] for start, end in places]
    return marked.excerpt(quoted), marked.heading, quoted
