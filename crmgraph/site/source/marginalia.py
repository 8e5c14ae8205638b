"""What the graph has to say about the words of a source, where they stand: what was read from them, what they mention,
and what was found amiss in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.findings.checks import SEVERITIES
from crmgraph.site.source.excerpt import Block, Document

__all__ = ["Flag", "Mention", "Note", "Part", "Piece", "marginalia"]

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
    mentions = _mentions(site, site.recall(_MENTIONS % source), language)
    findings = [
        _Found(*_range(row), row["element"].value, row["severity"].value.rpartition("#")[2], row["message"].value)
        for row in site.select(_FINDINGS % (source, language))
    ]
    blocks = [block for line in whole.lines for cell in line.cells for block in cell.blocks]
    return {
        block: Note(
            tuple(part for start, part in parts if block.start <= start < block.end),
            tuple(_pieces(block, mentions, findings)),
        )
        for block in blocks
    }


def _pieces(block: Block, mentions: Iterable[_Named], findings: Iterable[_Found]) -> Iterable[Piece]:
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
            min(about, key=SEVERITIES.index, default=""),
            tuple(each.mention for each in here[1:] if each.end == end),
            tuple(_flags(each for each in found if each.end == end)),
        )


def _flags(ending: Iterable[_Found]) -> Iterable[Flag]:
    by_element: dict[str, list[_Found]] = {}
    for each in sorted(ending, key=lambda found: SEVERITIES.index(found.severity)):
        by_element.setdefault(each.element, []).append(each)
    for element, found in by_element.items():
        yield Flag(element, found[0].severity, tuple(each.message for each in found))


def _parts(rows: Iterable[Row]) -> list[tuple[int, Part]]:
    """The parts with where they begin, those that hold others first."""
    listed = [
        (*_range(row), Part(row["x"].value, row["kind"].value.rpartition("#")[2], _text(row, "number"))) for row in rows
    ]
    return [(start, part) for start, _, part in sorted(listed, key=lambda each: (each[0], -each[1], each[2].iri))]


def _mentions(site: Site, rows: Sequence[Row], language: str) -> list[_Named]:
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
