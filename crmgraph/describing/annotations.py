"""The tables of what readers saw in a plan, on words that stand in its parts, and who they are."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rdflib import DCTERMS, RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.describing.tables import Column, Row, read_table
from crmgraph.describing.vocabulary import CG
from crmgraph.describing.writer import GraphWriter, find_quote
from crmgraph.errors import TableError
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading import read_plan
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import CrossReference, Part, Passage, Plan, Referral

__all__ = [
    "Annotation",
    "Known",
    "Places",
    "Reader",
    "Things",
    "describe_annotators",
    "describe_known",
    "known_documents",
    "path_column",
    "same_sentences",
]


class Things:
    """The things and concepts of a dataset. Reads it once and does not keep it."""

    def __init__(self, dataset: Dataset, names: Names) -> None:
        """Collects every IRI that has a class, its labels, and the acronyms among its other names."""
        self._names = names
        self._known = {str(thing) for thing, _, _, _ in dataset.quads((None, RDF.type, None, None))}
        notations: dict[str, set[str]] = defaultdict(set)
        for thing, _, notation, _ in dataset.quads((None, SKOS.notation, None, None)):
            notations[str(thing)].add(str(notation))
        self._broader = {
            (str(below), str(above)) for below, _, above, _ in dataset.quads((None, SKOS.broader, None, None))
        }
        self._labels: dict[tuple[str, str], str] = {}
        self._acronyms: dict[tuple[str, str], str] = {}
        for predicate in (SKOS.altLabel, RDFS.label, SKOS.prefLabel):
            for thing, _, name, _ in sorted(dataset.quads((None, predicate, None, None))):
                if isinstance(name, Literal) and name.language:
                    whose = (str(thing), name.language)
                    if predicate != SKOS.altLabel:
                        self._labels[whose] = str(name)
                    elif str(name) in notations[str(thing)]:
                        self._acronyms.setdefault(whose, str(name))

    def thing(self, path: str, kinds: Collection[str]) -> URIRef:
        """The thing at `path`, such as actor/oim, which must be of one of the `kinds` that paths begin with.

        Raises ValueError where there is none.
        """
        kind, _, name = path.partition("/")
        iri = self._names.id(kind, name)
        if kind not in kinds or not name:
            raise ValueError(f'"{path}" is not a path that begins with {" or ".join(f"{kind}/" for kind in kinds)}')
        if iri not in self._known:
            raise ValueError(f"no table has {path}; add its row there, or correct this cell")
        return URIRef(iri)

    def concept(self, scheme: str, name: str) -> URIRef:
        """The concept called `name` in the vocabulary `scheme`. Raises ValueError where there is none."""
        iri = f"{ONTOLOGY}/{scheme}#{name}"
        if iri not in self._known:
            raise ValueError(f"the vocabulary {scheme} has no concept {name}")
        return URIRef(iri)

    def is_below(self, concept: URIRef, name: str) -> bool:
        """Whether the concept stands directly below the one called `name` in its vocabulary."""
        return (str(concept), f"{concept.partition('#')[0]}#{name}") in self._broader

    def label(self, thing: URIRef, language: str) -> str:
        """The name of a thing in a language; in any other where it has none, and its IRI for want of a name."""
        for other in (language, "es", "en"):
            if (str(thing), other) in self._labels:
                return self._labels[str(thing), other]
        return str(thing)

    def short_label(self, thing: URIRef, language: str) -> str:
        """The acronym of a thing in a language where it has one, else its name."""
        return self._acronyms.get((str(thing), language)) or self.label(thing, language)


Places = Mapping[str, Sequence[Part]]
"""For the id of each part of a known document, the parts of the plan at hand that say the same."""


@dataclass(frozen=True)
class Known:
    """A document that readers have read: the plan, and the folder of the tables of what they saw in it."""

    plan: Plan
    folder: Path


def known_documents(plan: Plan, sources: Path, annotations: Path) -> list[Known]:
    """The documents whose tables tell of `plan`: it alone where it is one of them, else all of them.

    `sources` has the documents, each named by the id of its plan, and `annotations` a folder for each. A plan that is
    not among the sources may have a folder of its own.
    """
    files = sorted(sources.glob("*.txt"))
    for file in files:
        if file.stem == plan.id and hashlib.sha256(file.read_bytes()).hexdigest() == plan.source.sha256:
            return [Known(plan, annotations / plan.id)]
    if plan.id not in {file.stem for file in files} and (annotations / plan.id).is_dir():
        return [Known(plan, annotations / plan.id)]
    return [Known(read_plan(file, file.stem), annotations / file.stem) for file in files]


def same_sentences(known: Plan, plan: Plan) -> Places:
    """Where in `plan` the parts of `known` are: those of the same kind that say the same, blank space aside.

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
    return places


def describe_known(known: Plan, places: Places, writer: GraphWriter) -> None:
    """That the parts of the plan at hand which are at `places` were read in the document `known`."""
    document = URIRef(writer.names.id("plan", known.id))
    for parts in places.values():
        for part in parts:
            writer.graph.add((writer.iri(part.id), CG.readIn, document))


def _by_words(plan: Plan) -> dict[tuple[str, str], list[Part]]:
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part, _ in plan.walk():
        if not isinstance(part, Referral | CrossReference):
            found[part.kind, tidy(part.text)].append(part)
    return found


_ELEMENT = Column("element", required=True)
_GROUND = (
    Column("quote", required=True),
    Column("occurrence", pattern=r"[1-9]\d*", hint="a number from 1, or empty for the first"),
    Column("annotator", required=True),
)
_PATH = r"[a-z]+/[A-Za-z0-9-]+"

Value = TypeVar("Value")


def path_column(name: str, required: bool = False, many: bool = False) -> Column:
    """A column for the paths of things, such as actor/oim."""
    return Column(name, required, many, pattern=_PATH, hint="a path such as actor/oim")


@dataclass(frozen=True)
class Annotation:
    """A row that fits the plan: the part that it is about, the words that it rests on, and the id of who read them."""

    row: Row
    element: Part
    passage: Passage
    annotator: str

    def resolve(self, column: str, find: Callable[[str], Value]) -> Value:
        """What `find` makes of a cell; where it raises ValueError that is a TableError about the cell."""
        return _try(self.row, column, self.row[column], find)

    def resolve_all(self, column: str, find: Callable[[str], Value]) -> tuple[Value, ...]:
        """What `find` makes of each value of a cell, in their order."""
        return tuple(_try(self.row, column, value, find) for value in self.row.values(column))


class Reader:
    """Reads the tables in `folder`, which are about the plan whose parts are at `places` and may name `things`."""

    def __init__(self, folder: Path, places: Places, things: Things) -> None:
        """Reads nothing yet."""
        self.folder = folder
        self.things = things
        self._places = places

    def parts(self, id_: str) -> Sequence[Part]:
        """Where the part with that id is; nowhere in a plan that does not say it. Raises ValueError for no such id."""
        if id_ not in self._places:
            raise ValueError(f"the plan has no part {id_}")
        return self._places[id_]

    def annotator(self, id_: str) -> str:
        """The id again. Raises ValueError where no table has an annotator with it."""
        self.things.thing(f"annotator/{id_}", ("annotator",))
        return id_

    def read(
        self, name: str, columns: Sequence[Column], key: Sequence[str] = (), before: Sequence[Column] = ()
    ) -> list[Annotation]:
        """The rows of `<name>.csv`, in the order of the plan's words; none where there is no such file.

        Its columns are those of `before`, then element, then `columns`, then quote, occurrence and annotator. No two
        rows may agree in the columns of `key`, or else in element, `columns` and the place of the quote.
        Raises TableError for the first row that does not fit the plan.
        """
        file = self.folder / f"{name}.csv"
        if not file.exists():
            return []
        rows = read_table(file, (*before, _ELEMENT, *columns, *_GROUND), key)
        found = [annotation for row in rows for annotation in self._annotations(row)]
        _check_once(found, [column.name for column in columns])
        return sorted(found, key=lambda each: (each.passage.start, each.passage.end, each.row.cells))

    def _annotations(self, row: Row) -> Iterator[Annotation]:
        """What the row says of each part that it is about."""
        occurrence = int(row["occurrence"] or 1)
        annotator = _try(row, "annotator", row["annotator"], self.annotator)
        for element in _try(row, "element", row["element"], self.parts):
            passage = _try(
                row,
                "occurrence" if occurrence > 1 else "quote",
                row["quote"],
                lambda quote, element=element: find_quote(element.passage, quote, occurrence),  # type: ignore[misc]
            )
            yield Annotation(row, element, passage, annotator)


def _try(row: Row, column: str, value: str, find: Callable[[str], Value]) -> Value:
    try:
        return find(value)
    except TableError:
        raise
    except ValueError as error:
        raise row.problem(column, str(error)) from None


def _check_once(annotations: Iterable[Annotation], columns: Sequence[str]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for each in annotations:
        said = (each.element.id, each.passage.start, each.passage.end, *(each.row[name] for name in columns))
        if said in seen:
            raise each.row.problem("element", f"line {seen[said]} says the same of the same words; keep one of the two")
        seen[said] = each.row.line


_ANNOTATORS = (
    Column("id", required=True, pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="lower-case letters, digits and hyphens"),
    Column("label_es", required=True),
    Column("label_en", required=True),
    Column("what_es", required=True),
    Column("what_en", required=True),
)


def describe_annotators(file: Path, names: Names) -> Graph:
    """The annotators in a CSV table; none where there is no such file. Raises TableError for a wrong row.

    That they exist is said by this project, so the project is the source of each.
    """
    graph = Graph()
    if not file.exists():
        return graph
    for row in read_table(file, _ANNOTATORS, key=("id",)):
        subject = URIRef(names.id("annotator", row["id"]))
        graph.add((subject, RDF.type, CG.Annotator))
        graph.add((subject, DCTERMS.source, URIRef(names.id("source", "crmgraph"))))
        for language in ("es", "en"):
            graph.add((subject, RDFS.label, Literal(row[f"label_{language}"], language)))
            graph.add((subject, DCTERMS.description, Literal(row[f"what_{language}"], language)))
    return graph
