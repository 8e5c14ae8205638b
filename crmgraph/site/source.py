"""The source document of a plan as its table, whole or in part, with passages and annotations in their place."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from starlette.exceptions import HTTPException
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
    distinct_values_by,
    in_language,
    local_name,
    reference,
    rows_by,
    text_of,
)

_LEAVES = """
SELECT DISTINCT ?start ?end ?exact ?row ?column {
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
_CONTEXT_LENGTH = 90
"""How many characters are shown on either side of a quotation; a word that is begun is left out."""

# Each has the columns of an annotation: ?x, ?kind, ?label, ?start and ?end.
_PARTS = """
SELECT DISTINCT ?x ?kind ?label ?start ?end {
  VALUES ?kind { cg:Plan cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?x a ?kind ; cg:passage ?passage . ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  OPTIONAL { ?x cg:number ?label }
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
SELECT DISTINCT ?finding ?x ?kind ?label ?start ?end {
  ?finding a cg:Finding ; cg:element ?x ; cg:severity ?kind ; rdfs:comment ?label ; cg:passage ?passage .
  ?passage cg:source %s ; cg:start ?start ; cg:end ?end
  FILTER (LANG(?label) = "%s")
}"""
_MENTION_KINDS = ("Network", "ConsultativeProcess", "State", "Agent", "Instrument", "Meeting", "Place")
"""The kinds of what is mentioned; a thing of several is of the first, one of none is a `Concept`."""

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
    """A passage: the words `exact` from `start` up to `end` (Unicode code points) of the source with this IRI."""

    source: str
    start: int
    end: int
    exact: str
    iri: str = ""

    @property
    def anchor(self) -> str:
        """The name of the passage on the page of its source."""
        return f"c{self.start}-{self.end}"


@dataclass(frozen=True)
class Block:
    """A passage of the document: pieces of text in order, each with whether it is marked."""

    start: int
    end: int
    pieces: tuple[tuple[str, bool], ...]

    @property
    def anchor(self) -> str:
        """The name of the passage on the page of its source."""
        return f"c{self.start}-{self.end}"

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(piece for piece, _ in self.pieces)


def _line(row: int, cells: Mapping[int, Sequence[Block]]) -> Record:
    """Return a `row` of the table, given the blocks of each column; row 0 is what stands before the table.

    Its `cells` have their `column` and `blocks`, and `is_marked` where any of their words are. `texts` has the text of
    each cell, by column.
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
    """A source, as rows of cells."""

    iri: str
    lines: Sequence[Record]

    @property
    def heading(self) -> Record | None:
        """The row of column titles."""
        return next((line for line in self.lines if line.row == 1), None)

    @property
    def blocks(self) -> list[Block]:
        """All blocks, row by row."""
        return [block for line in self.lines for cell in line.cells for block in cell.blocks]

    def around(self, quotations: Iterable[Quotation]) -> "Document":
        """Return only the rows in which words are marked, or the quotations alone where no row holds them."""
        kept = [line for line in self.lines if any(cell.is_marked for cell in line.cells)]
        alone = (Block(each.start, each.end, ((each.exact, True),)) for each in quotations)
        return Document(self.iri, kept or [_line(0, {0: [block]}) for block in alone])


@dataclass(frozen=True)
class Annotation:
    """A statement of the graph about the words from `start` up to `end`.

    It is the IRI of a part of a plan with its class and number, of a thing that is mentioned with its kind and name, or
    of the element of a finding with its severity and message.
    """

    start: int
    end: int
    iri: str
    kind: str
    label: str

    def overlaps(self, block: Block) -> bool:
        """Return whether some of its words are in the block."""
        return self.start < block.end and self.end > block.start

    def covers(self, start: int, end: int) -> bool:
        """Return whether all the words from one character up to another are among its own."""
        return self.start <= start and end <= self.end


def document(site: Site, source: str, marks: Iterable[Quotation] = ()) -> Document | None:
    """Return the source with this IRI, with the words of `marks` marked; None where no passage of it is known."""
    cells = {
        (int(row or 0), int(column or 0)): [_quotation(source, leaf) for leaf in leaves]
        for (row, column), leaves in rows_by(site.select_cached(_LEAVES % reference(source)), "row", "column").items()
    }
    if not cells:
        return None
    chosen = sorted(mark for mark in marks if mark.source == source)
    blocks = {place: tuple(_blocks(sorted(leaves), chosen)) for place, leaves in sorted(cells.items())}
    columns = range(1, max(column for _, column in cells) + 1)
    lines = []
    for row_number in dict.fromkeys(row for row, _ in blocks):
        present = columns if row_number else [column for row, column in blocks if not row]
        lines.append(_line(row_number, {column: blocks.get((row_number, column), ()) for column in present}))
    return Document(source, lines)


def _quotation(source: str, row: Row, iri: str = "") -> Quotation:
    return Quotation(source, int(row["start"].value), int(row["end"].value), text_of(row, "exact"), iri)


def _blocks(leaves: list[Quotation], marks: list[Quotation]) -> Iterator[Block]:
    """Yield the leaves of a cell as blocks; leaves that one mark runs across become one block."""
    position = 0
    while position < len(leaves):
        first = last = leaves[position]
        inside = [mark for mark in marks if mark.start < first.end and mark.end > first.start]
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


def anchors(site: Site, whole: Document) -> dict[Block, list[str]]:
    """Return the blocks of a source, each with the anchors of the other passages that begin in it."""
    passages = sorted(_quotation(whole.iri, row) for row in site.select_cached(_PASSAGES % reference(whole.iri)))
    return {
        block: [
            each.anchor for each in passages if block.start <= each.start < block.end and each.anchor != block.anchor
        ]
        for block in whole.blocks
    }


def quotations(site: Site, iris: Iterable[str]) -> dict[str, Quotation]:
    """Return the passages among these IRIs, by IRI."""
    wanted = " ".join(reference(iri) for iri in sorted(set(iris)) if _RANGE.search(iri))
    rows = site.select(_QUOTATIONS % wanted) if wanted else ()
    return {row["x"].value: _quotation(row["source"].value, row, row["x"].value) for row in rows}


def contexts(site: Site, quotations: Iterable[Quotation]) -> dict[str, Record]:
    """Return each quotation with what stands `before` and `after` it in the same blocks, by the IRI of its passage."""
    wanted = list(quotations)
    sources = {source: document(site, source) for source in {quotation.source for quotation in wanted}}
    return {quotation.iri: _context(quotation, sources[quotation.source]) for quotation in wanted}


def _context(quotation: Quotation, whole: Document | None) -> Record:
    start, end = quotation.start, quotation.end
    inside = [block for block in whole.blocks if block.start < end and block.end > start] if whole else []
    if not inside:
        return Record(quotation=quotation, before="", after="")
    before = inside[0].text[: max(start - inside[0].start, 0)]
    after = inside[-1].text[end - inside[-1].start :] if end < inside[-1].end else ""
    return Record(
        quotation=quotation,
        before=before if len(before) <= _CONTEXT_LENGTH else "… " + before[-_CONTEXT_LENGTH:].partition(" ")[2],
        after=after if len(after) <= _CONTEXT_LENGTH else after[:_CONTEXT_LENGTH].rpartition(" ")[0] + " …",
    )


def annotations(site: Site, whole: Document, language: str) -> dict[Block, Record]:
    """Return what the graph says of each block of a source, names and messages in this language.

    `parts` are the parts of plans that begin in it. Its `pieces` are together its words, not one character more or
    less; see `_annotated`.
    """
    source = reference(whole.iri)
    # A part that holds others comes before them, though both begin with the same words.
    parts = sorted(
        map(_annotation, site.select_cached(_PARTS % source)), key=lambda each: (each.start, -each.end, each.iri)
    )
    findings = [_annotation(row) for row in site.select(_FINDINGS % (source, language))]
    rows = site.select_cached(_MENTIONS % source)
    kinds, labels = distinct_values_by(rows, "x", "kind"), site.labels({row["x"].value for row in rows})
    mentions = set()
    for each in map(_annotation, rows):
        own = {local_name(kind) for kind in kinds.get(each.iri, ())}
        kind = next((name for name in _MENTION_KINDS if name in own), "Concept")
        label = in_language(labels.get(each.iri, {}), language)[0] or each.iri
        mentions.add(Annotation(each.start, each.end, each.iri, kind, label))
    ordered = sorted(mentions, key=lambda each: (each.start, each.kind == "Concept", -each.end, each.iri))
    return {
        block: Record(
            parts=[part for part in parts if block.start <= part.start < block.end],
            pieces=list(_annotated(block, ordered, findings)),
        )
        for block in whole.blocks
    }


def _annotation(row: Row) -> Annotation:
    start, end = int(row["start"].value), int(row["end"].value)
    return Annotation(start, end, row["x"].value, local_name(text_of(row, "kind")), text_of(row, "label"))


def _annotated(block: Block, mentions: Iterable[Annotation], findings: Iterable[Annotation]) -> Iterator[Record]:
    """Yield the words of a block by their annotations, with the first `mention` of them, if any.

    `severity` is that of the gravest finding about them that is not about all of the block. `more` are the other
    mentions that end here, `flags` the messages of the findings that end here by element and gravest severity.
    """
    named = [each for each in mentions if each.overlaps(block)]
    found = sorted(
        (each for each in findings if each.overlaps(block)), key=lambda each: SEVERITY_ORDER.index(each.kind)
    )
    edges = {block.start, block.end, *(edge for each in (*named, *found) for edge in (each.start, each.end))}
    for start, end in pairwise(sorted(edge for edge in edges if block.start <= edge <= block.end)):
        here = [each for each in named if each.covers(start, end)]
        # What is found in all the words of a block would underline all of it.
        amiss = (each for each in found if each.covers(start, end) and not each.covers(block.start, block.end))
        flags: dict[str, list[Annotation]] = {}
        for each in found:
            if each.end == end:
                flags.setdefault(each.iri, []).append(each)
        yield Record(
            text=block.text[start - block.start : end - block.start],
            mention=next(iter(here), None),
            severity=next((each.kind for each in amiss), ""),
            more=[each for each in here[1:] if each.end == end],
            flags={(iri, each[0].kind): tuple(finding.label for finding in each) for iri, each in flags.items()},
        )


def passages_page(visit: PageRequest) -> Response:
    """Return the rows of the document in which the passages `at` stand, with their words marked.

    Raises HTTPException 400 for what is no passage, 404 where a source has no words there.
    """
    part = visit.query.get("part", "")
    check_choice("part", Bilingual("part", "parte"), part, {"": "", "rows": ""})
    asked = visit.query.get("at", "").split(",")
    places: dict[str, list[tuple[int, int]]] = {}
    for match in map(_PASSAGE.fullmatch, map(str.strip, asked)):
        if match is None or len(asked) > _MOST_PASSAGES:
            raise bad_request(
                f"at takes from 1 to {_MOST_PASSAGES} passages such as source/crm/13011-13115, with commas between "
                "them.",
                f"at admite de 1 a {_MOST_PASSAGES} pasajes como source/crm/13011-13115, separados por comas.",
            )
        places.setdefault(match[1], []).append((int(match[2]), int(match[3])))
    context = {"found": [_marked_rows(visit.site, *each) for each in places.items()]}
    return visit.render("passages_rows.html" if part else "passages.html", context, has_data=False)


def _marked_rows(
    site: Site, source: str, places: list[tuple[int, int]]
) -> tuple[Document, Record | None, list[Quotation]]:
    """Return the rows of a source that hold these places, the row of column titles, and the words there."""
    iri = site.names.id("source", source)
    known = quotations(site, (f"{iri}/{start}-{end}" for start, end in places))
    marked = document(site, iri, known.values())
    if marked is None or len(known) < len(set(places)):
        raise HTTPException(
            404,
            Bilingual(
                f"source/{source} has no words at one of these places.",
                f"source/{source} no tiene palabras en alguno de estos lugares.",
            ),
        )
    quoted = [known[f"{iri}/{start}-{end}"] for start, end in places]
    return marked.around(quoted), marked.heading, quoted
