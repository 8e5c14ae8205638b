"""Import of plans from other files. Tables are converted to the text table that a plan is read from.

RDF files are read as graphs. The suffix of the file selects the reader. No reader fetches anything over the network,
and files over a size limit are rejected.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from lxml import etree
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from crmgraph.errors import Place, SourceError, UsageError, join_first, shortened
from crmgraph.files import double_quote_entities, has_unsafe_entities, read_bytes
from crmgraph.importing.mapping import Mapping, as_toml, guess_mapping, read_mapping
from crmgraph.importing.opendocument import read_open_document
from crmgraph.importing.pdf import read_pdf
from crmgraph.importing.plan_table import PlanTable
from crmgraph.importing.stratml import read_stratml
from crmgraph.importing.tables import (
    ASIDES,
    LARGEST,
    MOST_CELLS,
    Document,
    Grid,
    Paragraph,
    check_suffix,
    damaged_error,
    read_delimited,
    read_workbook,
    summary_of,
    without_removal_marks,
)
from crmgraph.importing.webpage import read_html
from crmgraph.importing.word import read_word
from crmgraph.namespaces import PREFIXES, Names

__all__ = [
    "ENDINGS",
    "RDF_ENDINGS",
    "SOURCE_PROPERTIES",
    "Grid",
    "Mapping",
    "PlanTable",
    "as_n_triples",
    "as_toml",
    "check_address",
    "guess_mapping",
    "has_source_statement",
    "is_valid_literal",
    "read_document",
    "read_graph",
    "read_mapping",
    "read_tables",
    "source_statement",
]


_READERS: dict[str, tuple[Callable[[bytes, Path], Document], str]] = {
    ".csv": (lambda data, file: Document((read_delimited(data, file),)), "CSV"),
    ".tsv": (lambda data, file: Document((read_delimited(data, file),)), "TSV"),
    ".xlsx": (read_workbook, "an Excel workbook (.xlsx)"),
    ".docx": (read_word, "a Word document (.docx)"),
    ".odt": (read_open_document, "an OpenDocument file"),
    ".ods": (read_open_document, "an OpenDocument file"),
    ".html": (read_html, "a page with a table"),
    ".htm": (read_html, "a page with a table"),
    ".pdf": (read_pdf, "a PDF document"),
    ".xml": (read_stratml, "XML"),
    ".stratml": (read_stratml, "XML"),
}
"""The reader function for each suffix, and a description of the format for error messages."""
ENDINGS = tuple(_READERS)
"""The suffixes of the files whose tables can be read."""


def read_document(file: Path) -> Document:
    """Return the paragraphs and tables of a file.

    Raises SourceError if the suffix is unknown, or the file is empty, damaged, too large or without any text.
    """
    read, what = _READERS.get(file.suffix.lower(), (None, ""))
    if read is None:
        endings = f"{', '.join(ENDINGS)}, or for RDF in one of {', '.join(RDF_ENDINGS)}"
        raise SourceError(f"its name should end in one of {endings}, which say what it is", Place(file))
    data = read_bytes(file, SourceError, LARGEST)
    if not data:
        raise SourceError("the file is empty", Place(file))
    check_suffix(data, file)
    try:
        document = read(data, file)
    except OverflowError:
        raise _too_many_cells(file) from None
    except SourceError:
        raise
    except Exception:  # format libraries raise exceptions of any type for damaged files
        raise damaged_error(file, what) from None
    blocks = tuple(map(without_removal_marks, document.blocks))
    if sum(len(each.rows) * len(each.rows[0]) for each in blocks if isinstance(each, Grid) and each.rows) > MOST_CELLS:
        raise _too_many_cells(file)
    return document._replace(blocks=blocks)


def _too_many_cells(file: Path) -> SourceError:
    return SourceError(f"its tables have more than {MOST_CELLS:,} cells", Place(file))


def read_tables(file: Path) -> list[Grid]:
    """Return the tables of a file that contain text, in the order of the file.

    Raises SourceError if no table contains text, or as `read_document`.
    """
    document = read_document(file)
    grids = _nonempty_tables(_tables_with_paragraphs(document.blocks))
    if not grids:
        raise SourceError(
            "there is no table with words in this file, and a plan is read from one: with a column each for themes, "
            "objectives, actions, activities and the calendar",
            Place(file),
        )
    lists = [each.text for each in document.blocks if isinstance(each, Paragraph) and each.depth]
    asides = [(kind, [text for each, text in document.asides if each == kind]) for kind in ASIDES]
    omissions = (
        *document.omissions,
        *(said for kind, texts in asides for said in summary_of(f"{kind}{{}}", texts, 60, 8)),
        *summary_of("list item{} outside of tables", lists, most=8),
    )
    return [replace(grid, omissions=(*grid.omissions, *omissions)) for grid in grids]


def _tables_with_paragraphs(blocks: Iterable[Paragraph | Grid]) -> Iterator[Grid]:
    """Yield each table with the paragraphs before it; a last grid without rows has those after the last table."""
    before: list[str] = []
    heading = ""
    for block in (*blocks, Grid("", (), ())):
        if isinstance(block, Grid):
            yield replace(block, before=tuple(before), heading=heading)
            before, heading = [], ""
        elif not block.depth:
            before += block.text.split("\n")
            heading = block.text if block.heading else heading


def _nonempty_tables(grids: Iterable[Grid]) -> list[Grid]:
    """Return the tables that contain text.

    The lines and heading of an empty table move to the next table with text. Those after the last such table go to its
    `after`.
    """
    found: list[Grid] = []
    carried = nothing = Grid("", (), ())
    for grid in grids:
        carried = replace(grid, before=(*carried.before, *grid.before), heading=grid.heading or carried.heading)
        if any(map(any, grid.rows)):
            found.append(carried)
            carried = nothing
    if found:
        found[-1] = replace(found[-1], after=carried.before)
    return found


RDF_ENDINGS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
"""The RDF syntax for each file suffix."""

SOURCE_PROPERTIES = (
    "http://purl.org/dc/terms/source",
    "http://purl.org/dc/elements/1.1/source",
    "http://www.w3.org/ns/prov#hadPrimarySource",
    "http://www.w3.org/ns/prov#wasDerivedFrom",
)
"""The properties that link a document to its source."""

_LARGEST = 64 * 2**20
"""The size limit of an RDF file, in bytes."""
_MOST_NAMED, _MOST_SHOWN = 3, 60

_Term = NamedNode | BlankNode | Literal | Triple


def read_graph(file: Path, id: str, names: Names) -> list[Triple]:
    """Return the triples of an RDF file, without duplicates.

    Blank nodes are replaced with IRIs below the IRI of the plan, numbered in order of appearance, so that the same file
    always gives the same graph. Relative IRIs are resolved against the IRI of the plan. All triples may be in one named
    graph, whose name is dropped.

    Raises SourceError if the file is not valid in the syntax of its suffix, declares unsafe entities, refers to a
    remote JSON-LD context, contains no triple or more than one graph, or has a literal outside the lexical space of its
    datatype.

    Args:
        file: The file; its suffix is in RDF_ENDINGS.
        id: The id of the plan.
        names: The IRIs of the dataset.
    """
    syntax = RDF_ENDINGS[file.suffix.lower()]
    data = read_bytes(file, SourceError, _LARGEST).removeprefix(BOM_UTF8)
    if syntax is RdfFormat.RDF_XML:
        if has_unsafe_entities(data):
            raise SourceError(
                "its document type declares more than short names for the beginnings of IRIs, and such entities are "
                "not read; save it as Turtle (.ttl), or write what the entities stand for",
                Place(file),
            )
        data = double_quote_entities(data)
    try:
        quads = list(parse(data, syntax, base_iri=names.id("plan", id, "")))
    except SyntaxError as error:
        said = re.sub("^Parser error .*?: ", "", error.msg)
        if "LoadDocumentCallback" in said:
            said = "it names a context that stands elsewhere, and nothing is fetched; write the context into it"
        raise SourceError(
            f"this is not {syntax.name}: {said.rstrip('.')}", Place(file, error.lineno, error.offset)
        ) from None
    except MemoryError:
        raise SourceError("a literal or another word in it is too long to be read; shorten it", Place(file)) from None
    if not quads:
        raise SourceError("there is not one statement in this file", Place(file))
    graphs = [
        *dict.fromkeys(
            "the default graph" if quad.graph_name == DefaultGraph() else str(quad.graph_name) for quad in quads
        )
    ]
    if len(graphs) > 1:
        raise SourceError(
            f"its statements are in {len(graphs)} graphs ({join_first(graphs, _MOST_NAMED, separator='; ')}), and a "
            "file is one graph here; save each as a file of its own",
            Place(file),
        )
    nodes: dict[BlankNode, NamedNode] = {}
    found = list(dict.fromkeys(_skolemize(quad.triple, nodes, names.id("plan", id) + "/node-") for quad in quads))
    _check_literals(found, file)
    return found


def source_statement(address: str, id: str, names: Names) -> Triple:
    """Return the triple that states the source address of the graph of the plan `id`.

    Raises UsageError if `address` is not an absolute IRI.
    """
    check_address(address)
    return Triple(NamedNode(names.graph("plan", id)), NamedNode(SOURCE_PROPERTIES[0]), NamedNode(address))


def check_address(address: str) -> None:
    """Raise UsageError if `address` is not an absolute IRI."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", address):
        raise UsageError(f"the source {address} is no address, such as https://example.org/plan")


def has_source_statement(statements: Iterable[Triple]) -> bool:
    """Return whether a triple has one of the SOURCE_PROPERTIES."""
    return any(each.predicate.value in SOURCE_PROPERTIES for each in statements)


def as_n_triples(statements: list[Triple]) -> str:
    """Return the triples as N-Triples, one line each, sorted."""
    written = cast(bytes, serialize(statements, format=RdfFormat.N_TRIPLES)).decode()
    return "".join(sorted(written.splitlines(keepends=True)))


def _check_literals(statements: Iterable[Triple], file: Path) -> None:
    """Raise SourceError with the first literals that are outside the lexical space of their datatypes."""
    wrong = [
        f'{each.subject} {each.predicate} "{shortened(each.object.value, _MOST_SHOWN)}" as '
        f"{shortened(str(each.object.datatype), _MOST_SHOWN)}"
        for statement in statements
        for each in _with_quoted_triples(statement)
        if isinstance(each.object, Literal) and not is_valid_literal(each.object.value, each.object.datatype.value)
    ]
    if wrong:
        shown = join_first(wrong, _MOST_NAMED, separator="; ")
        raise SourceError(
            f"literals that are not of their types: {shown}; mend what they say, or leave out the type",
            Place(file),
        )


def _with_quoted_triples(statement: Triple) -> Iterator[Triple]:
    """Yield the triple and, if its object is a quoted triple (RDF-star), that triple too, recursively."""
    yield statement
    if isinstance(statement.object, Triple):
        yield from _with_quoted_triples(statement.object)


def _skolemize(triple: Triple, names: dict[BlankNode, NamedNode], beginning: str) -> Triple:
    """Return the triple with its blank nodes replaced by IRIs.

    Args:
        triple: The triple; its object may be a quoted triple.
        names: The IRIs assigned so far; new blank nodes are added.
        beginning: The IRI prefix, to which a number is appended.
    """

    def to_iri(term: _Term) -> _Term:
        if isinstance(term, Triple):
            return _skolemize(term, names, beginning)
        if isinstance(term, BlankNode):
            return names.setdefault(term, NamedNode(f"{beginning}{len(names) + 1}"))
        return term

    return Triple(cast(NamedNode, to_iri(triple.subject)), triple.predicate, to_iri(triple.object))


_ANY_TEXT = ("string", "normalizedString", "token")


def is_valid_literal(words: str, datatype: str) -> bool:
    """Return whether `words` are in the lexical space of a datatype of XML Schema 1.0; True for any other datatype.

    Source: W3C XML Schema Part 2: Datatypes.
    """
    name = datatype.removeprefix(PREFIXES["xsd"])
    schema = None if name == datatype or name in _ANY_TEXT else _schema_of(name)
    if schema is None:
        return True
    element = etree.Element("value")
    with suppress(ValueError):  # a character that XML does not allow
        element.text = words
        return words == words.strip() and schema.validate(element)
    return False


@cache
def _schema_of(name: str) -> etree.XMLSchema | None:
    """Return a schema for an element of the XML Schema datatype `name`; None if there is no such datatype."""
    written = f'<x:schema xmlns:x="{PREFIXES["xsd"][:-1]}"><x:element name="value" type="x:{name}"/></x:schema>'
    with suppress(etree.LxmlError):
        return etree.XMLSchema(etree.XML(written))
    return None
