"""The tables of what readers saw in a plan, on words that stand in its parts; who the readers are; what they may name.

What a reader saw in a sentence holds for that very sentence wherever it stands, so a new version of a known plan keeps
what was read in the parts that did not change.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rdflib import DCTERMS, RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.describing.tables import Column, Row, read_cell, read_table
from crmgraph.describing.vocabulary import CG, concept
from crmgraph.describing.writer import GraphWriter, add, find_quote
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import CrossReference, Part, Passage, Plan, Referral

__all__ = [
    "Annotation",
    "KnownDocument",
    "Reader",
    "Things",
    "describe_annotators",
    "known_documents",
    "path_column",
    "same_sentences",
]

_ELEMENT = Column("element", required=True)
_GROUND = (
    Column("quote", required=True),
    Column("occurrence", pattern=r"[1-9]\d*", hint="a number from 1, or empty for the first"),
    Column("annotator", required=True),
)
_ANNOTATORS = (
    Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens"),
    *(Column(f"{name}_{language}", required=True) for name in ("label", "what") for language in ("es", "en")),
)
Value = TypeVar("Value")


class Things:
    """The things and concepts of a dataset, which a row or a reader may name by their paths, with their labels."""

    def __init__(self, dataset: Dataset, names: Names) -> None:
        """Collect the classes of all things, their names and notations, and which concept is above which."""
        self._names, self._graph = names, Graph()
        for predicate in (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.notation, SKOS.broader):
            for subject, _, value, _ in dataset.quads((None, predicate, None, None)):
                self._graph.add((subject, predicate, value))

    def thing(self, path: str, kinds: Collection[str]) -> URIRef:
        """Return the thing at a path, such as actor/oim, which must be of one of the `kinds` that paths begin with.

        Raises ValueError where there is none.
        """
        kind, _, name = path.partition("/")
        if kind not in kinds or not name:
            raise ValueError(f'"{path}" is not a path that begins with {" or ".join(f"{kind}/" for kind in kinds)}')
        return self._there(
            URIRef(self._names.id(path)), f"no table has {path}; add its row there, or correct this cell"
        )

    def concept(self, scheme: str, name: str) -> URIRef:
        """Return the concept called `name` in the vocabulary `scheme`. Raises ValueError where there is none."""
        return self._there(concept(scheme, name), f"the vocabulary {scheme} has no concept {name}")

    def _there(self, iri: URIRef, problem: str) -> URIRef:
        if (iri, RDF.type, None) not in self._graph:
            raise ValueError(problem)
        return iri

    def is_below(self, below: URIRef, name: str) -> bool:
        """Return whether a concept stands directly below the one called `name` in its vocabulary."""
        return (below, SKOS.broader, URIRef(f"{below.partition('#')[0]}#{name}")) in self._graph

    def label(self, thing: URIRef, language: str) -> str:
        """Return the name of a thing in a language; in any other where it has none, and its IRI for want of a name."""
        names = [name for way in (SKOS.prefLabel, RDFS.label) for name in self._graph.objects(thing, way)]
        in_languages = (max(_in(each, names), default="") for each in (language, "es", "en"))
        return next(filter(None, in_languages), str(thing))

    def short_label(self, thing: URIRef, language: str) -> str:
        """Return the acronym of a thing in a language where it has one, else its name."""
        notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
        acronyms = {*_in(language, self._graph.objects(thing, SKOS.altLabel))} & notations
        return min(acronyms, default="") or self.label(thing, language)


def _in(language: str, names: Iterable[Node]) -> list[str]:
    return [str(name) for name in names if isinstance(name, Literal) and name.language == language]


Places = dict[str, Sequence[Part]]
"""For the id of each part of a known document, the parts of the plan at hand that say the same."""


@dataclass(frozen=True)
class KnownDocument:
    """A document that readers have read: the plan, and the folder of the tables of what they saw in it."""

    plan: Plan
    folder: Path

    def describe(self, places: Places, writer: GraphWriter) -> None:
        """Add that the parts of the plan at hand which are at `places` were read in this document."""
        document = URIRef(writer.names.id("plan", self.plan.id))
        for part in (part for parts in places.values() for part in parts):
            writer.add(writer.iri(part.id), (CG.readIn, document))


def known_documents(plan: Plan, sources: Path, annotations: Path) -> list[KnownDocument]:
    """Return the documents whose tables tell of a plan: it alone where it is one of them, else all of them.

    Args:
        plan: the plan. One that is not among the sources may have a folder of its own.
        sources: the folder of the documents, each named by the id of its plan.
        annotations: the folder with a folder of tables for each.
    """
    files = {file.stem: file for file in sorted(sources.glob("*.txt"))}
    if plan.id in files:
        is_known = hashlib.sha256(files[plan.id].read_bytes()).hexdigest() == plan.source.sha256
    else:
        is_known = (annotations / plan.id).is_dir()
    if is_known:
        return [KnownDocument(plan, annotations / plan.id)]
    return [KnownDocument(read_plan(file, id), annotations / id) for id, file in files.items()]


def same_sentences(known: Plan, plan: Plan) -> Places:
    """Return where in a plan the parts of a known one are: those of the same kind that say the same, blanks aside.

    Where several say the same, the first is the first, the second the second, and so on; those left over are as the
    last. Every part of a plan is where it is in itself.
    """
    if known is plan:
        return {part.id: (part,) for part, _ in plan.walk()}
    theirs, ours = _by_words(known), _by_words(plan)
    places: dict[str, list[Part]] = {part.id: [] for part, _ in known.walk()}
    for words, parts in theirs.items():
        for turn, part in enumerate(ours[words]):
            places[parts[min(turn, len(parts) - 1)].id].append(part)
    return dict(places)


def _by_words(plan: Plan) -> dict[tuple[str, str], list[Part]]:
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part, _ in plan.walk():
        if not isinstance(part, Referral | CrossReference):
            found[part.kind, tidy(part.text)].append(part)
    return found


def path_column(name: str, required: bool = False, many: bool = False) -> Column:
    """Return a column for the paths of things, such as actor/oim."""
    return Column(name, required, many, pattern=r"[a-z]+/[A-Za-z0-9-]+", hint="a path such as actor/oim")


@dataclass(frozen=True)
class Annotation:
    """A row that fits the plan: the part that it is about, the words that it rests on, and the id of who read them."""

    row: Row
    element: Part
    passage: Passage
    annotator: str

    def values(self, column: str, find: Callable[[str], Value]) -> tuple[Value, ...]:
        """Return what `find` makes of each value of a cell; where it raises ValueError that is a TableError."""
        return read_cell(self.row, column, lambda _: tuple(map(find, self.row.values(column))))


class Reader:
    """Reads the tables in a folder, about the plan whose parts are at `places`, which may name `things`."""

    def __init__(self, folder: Path, places: Places, things: Things) -> None:
        self.folder = folder
        self.things = things
        self._places = places

    def parts(self, id_: str) -> Sequence[Part]:
        """Return where the part with that id is, if the plan says it. Raises ValueError where there is no such id."""
        if id_ not in self._places:
            raise ValueError(f"the plan has no part {id_}")
        return self._places[id_]

    def read(
        self, name: str, columns: Sequence[Column], key: Sequence[str] = (), before: Sequence[Column] = ()
    ) -> list[Annotation]:
        """Return the rows of `<name>.csv`, in the order of the plan's words; none where there is no such file.

        Its columns are those of `before`, then element, then `columns`, then quote, occurrence and annotator. No two
        rows may agree in the columns of `key`, or else in element, `columns` and the place of the quote.
        Raises TableError for the first row that does not fit the plan.
        """
        file = self.folder / f"{name}.csv"
        found: dict[tuple[object, ...], Annotation] = {}
        for row in read_table(file, (*before, _ELEMENT, *columns, *_GROUND), key) if file.exists() else ():
            for each in self._annotations(row):
                said = (each.element.id, each.passage, *(row[column.name] for column in columns))
                if said in found:
                    other = found[said].row.line
                    raise row.problem("element", f"line {other} says the same of the same words; keep one of the two")
                found[said] = each
        return sorted(found.values(), key=lambda each: (each.passage.start, each.passage.end, each.row.cells))

    def _annotations(self, row: Row) -> list[Annotation]:
        """Return what a row says of each part that it is about."""
        occurrence = int(row["occurrence"] or 1)
        quoted = "occurrence" if occurrence > 1 else "quote"
        read_cell(row, "annotator", lambda id_: self.things.thing(f"annotator/{id_}", ("annotator",)))
        parts = read_cell(row, "element", self.parts)
        passages = read_cell(
            row, quoted, lambda _: [find_quote(each.passage, row["quote"], occurrence) for each in parts]
        )
        return [Annotation(row, *pair, row["annotator"]) for pair in zip(parts, passages, strict=True)]


def describe_annotators(file: Path, names: Names) -> Graph:
    """Return the annotators in a CSV table as a graph; empty where there is no such file.

    That they exist is said by this project, so the project is the source of each. Raises TableError for a wrong row.
    """
    graph = Graph()
    for row in read_table(file, _ANNOTATORS, key=("id",)) if file.exists() else ():
        add(
            graph,
            URIRef(names.id("annotator", row["id"])),
            (RDF.type, CG.Annotator),
            (DCTERMS.source, URIRef(names.id("source", "crmgraph"))),
            *((RDFS.label, Literal(row[f"label_{language}"], language)) for language in ("es", "en")),
            *((DCTERMS.description, Literal(row[f"what_{language}"], language)) for language in ("es", "en")),
        )
    return graph
