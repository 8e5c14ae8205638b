"""Annotations of plans by readers, in curated tables; the things that they may name; and translations.

An annotation of a sentence also applies to the same sentence in plans that have no annotations of their own. So a new
version of an annotated plan keeps the annotations of its unchanged parts.

The mapping of a table (see `tables`) may use these variables and functions:

- `?element`: the annotated part
- `?quote`: the annotated passage
- `?annotator`: who made the annotation
- `?place`: the number of the row among those about the same part, from 1, in the order of the text
- `?plan`: the id of the plan
- `id:label(?thing, ?language)`: the name of a thing
- `id:short(?thing, ?language)`: the acronym of a thing, or its name if it has none
- `id:is_below(?concept, ?other)`: whether a concept is a direct subconcept of another
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.describing.tables import Column, Mapper, Row, Solution, TableMapping, as_triple, read_table
from crmgraph.describing.vocabulary import CG, GraphWriter, concept, find_quote
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan
from crmgraph.reading.languages import other_language, tidy
from crmgraph.reading.model import CrossReference, Leaf, Part, Passage, Plan, Referral

_GROUND_COLUMNS = ("element", "quote", "occurrence", "annotator")
"""The columns that identify the annotated passage and the annotator. The others have the contents of an annotation."""


class Things:
    """The things and concepts in a dataset, and their labels. Tables refer to things by paths, such as actor/oim."""

    def __init__(self, dataset: Dataset, names: Names) -> None:
        """Copy the classes, labels, notations and broader concepts from the dataset."""
        self._names, self._graph = names, Graph()
        for predicate in (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.notation, SKOS.broader):
            self._graph += (quad[:3] for quad in dataset.quads((None, predicate, None, None)))

    def has(self, path: str) -> bool:
        """Return whether there is a thing with a path, such as actor/oim."""
        return (URIRef(self._names.id(path)), RDF.type, None) in self._graph

    def concept(self, scheme: str, name: str) -> list[URIRef]:
        """Return the IRI of a concept in a SKOS vocabulary, in a list. Raises ValueError if it does not exist."""
        if (concept(scheme, name), RDF.type, None) not in self._graph:
            raise ValueError(f"the vocabulary {scheme} has no concept {name}")
        return [concept(scheme, name)]

    def is_below(self, one: URIRef, other: URIRef) -> Literal:
        """Return whether the concept `one` is a direct subconcept of the concept `other`."""
        return Literal((one, SKOS.broader, other) in self._graph)

    def label(self, thing: URIRef, language: str) -> Literal:
        """Return the name of a thing in a language, else in Spanish, else in English, else its IRI."""
        names = [name for way in (SKOS.prefLabel, RDFS.label) for name in self._graph.objects(thing, way)]
        in_languages = (max(_texts_in_language(each, names), default="") for each in (str(language), "es", "en"))
        return Literal(next(filter(None, in_languages), str(thing)))

    def short_label(self, thing: URIRef, language: str) -> Literal:
        """Return the acronym of a thing in a language, or its name if it has none."""
        notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
        acronyms = {*_texts_in_language(str(language), self._graph.objects(thing, SKOS.altLabel))} & notations
        return Literal(min(acronyms)) if acronyms else self.label(thing, language)


def _texts_in_language(language: str, names: Iterable[Node]) -> list[str]:
    return [str(name) for name in names if isinstance(name, Literal) and name.language == language]


MatchingParts = Mapping[str, Sequence[Part]]
"""By the id of each part of an annotated document, the parts of the current plan with the same text."""


def known_documents(plan: Plan, sources: Path, annotations: Path) -> list[tuple[Plan, Path]]:
    """Return the documents whose annotations may apply to a plan.

    If the plan is one of the annotated documents, it is the only one. Otherwise, these are all annotated documents.

    Args:
        plan: The plan.
        sources: The folder of the annotated documents, files that are named by the id of the plan.
        annotations: The folder with the tables of annotations, in a subfolder for each plan.

    Returns:
        The plan in each document, with the folder of its tables.
    """
    files = {file.stem: file for file in sorted(sources.glob("*.txt"))}
    if plan.id in files:
        is_known = hashlib.sha256(files[plan.id].read_bytes()).hexdigest() == plan.source.sha256
    else:
        is_known = (annotations / plan.id).is_dir()
    if is_known:
        return [(plan, annotations / plan.id)]
    return [(read_plan(file, id), annotations / id) for id, file in files.items()]


def matching_parts(known: Plan, plan: Plan) -> MatchingParts:
    """Match the parts of an annotated plan with those of another plan, by kind and text without regard to blank space.

    If several parts have the same text, they are matched in order. If the other plan has more of them, the last part of
    the annotated plan matches all that remain. If both are the same plan, each part matches itself.
    """
    if known is plan:
        return {part.id: (part,) for part, _ in plan.walk()}
    theirs, ours = _by_kind_and_text(known), _by_kind_and_text(plan)
    places: dict[str, list[Part]] = {part.id: [] for part, _ in known.walk()}
    for words, parts in theirs.items():
        for index, part in enumerate(ours[words]):
            places[parts[min(index, len(parts) - 1)].id].append(part)
    return places


def _by_kind_and_text(plan: Plan) -> dict[tuple[str, str], list[Part]]:
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part, _ in plan.walk():
        if not isinstance(part, Referral | CrossReference):
            found[part.kind, tidy(part.text)].append(part)
    return found


@dataclass(frozen=True)
class Annotation:
    """An annotation: a row of a table that applies to a plan.

    Attributes:
        element: The annotated part.
        passage: The annotated words.
    """

    row: Row
    element: Part
    passage: Passage


def read_annotations(file: Path, mapping: TableMapping, places: MatchingParts) -> list[Annotation]:
    """Return the annotations in a table; an empty list if the file does not exist.

    They are in the order of the text, unless the table has a key. A row applies to all parts with the same text, or
    only to the first of these if the table has a key. Raises TableError for the first row that does not match the
    text, or that repeats another row.
    """
    found: dict[object, Annotation] = {}
    for row in read_table(file, mapping.columns, mapping.key) if file.exists() else ():
        cells = [row[column.name] for column in mapping.columns if column.name not in {*_GROUND_COLUMNS, *mapping.key}]
        occurrence = int(row["occurrence"] or 1)
        with row.converting("element") as id_:
            parts = _find_parts(id_, places)
        for part in parts:
            with row.converting("occurrence" if occurrence > 1 else "quote"):
                passage = find_quote(part.passage, row["quote"], occurrence)
            content = part.id, passage, *cells
            if content in found:
                other = found[content].row.line
                raise row.problem("element", f"line {other} says the same of the same words; keep one of the two")
            found[content] = Annotation(row, part, passage)
    ordered = sorted(found.values(), key=lambda each: (each.passage.start, each.passage.end, *each.row.cells.values()))
    if not mapping.key:
        return ordered
    return list({tuple(map(each.row.__getitem__, mapping.key)): each for each in reversed(ordered)}.values())


def _find_parts(id_: str, places: MatchingParts, kinds: Sequence[str] = ()) -> Sequence[Part]:
    """Return the parts of the current plan that match a part of the annotated plan, given by its id.

    Raises ValueError if the id is unknown, or if `kinds` is given and a part has none of these kinds.
    """
    if id_ not in places:
        raise ValueError(f"the plan has no part {id_}")
    if kinds and not all(part.kind in kinds for part in places[id_]):
        raise ValueError(f"{id_} is no {' or '.join(kinds).lower()}, so nothing can have fulfilled it")
    return places[id_]


def describe_annotations(
    folder: Path, mappings: Mapping[str, TableMapping], places: MatchingParts, things: Things, writer: GraphWriter
) -> list[Annotation]:
    """Add the annotations in a folder to the graph of a plan, and return those with a column `property`.

    Raises TableError for the first row that does not match the plan.
    """
    mapper = Mapper(
        writer.names,
        things.has,
        {
            "concept": things.concept,
            "part": lambda kinds, id_: [writer.iri(part.id) for part in _find_parts(id_, places, kinds)],
        },
        {"label": things.label, "short": things.short_label, "is_below": things.is_below},
    )
    given: list[Annotation] = []
    for table, mapping in mappings.items():
        rows = read_annotations(folder / f"{table}.csv", mapping, places)
        counted: Counter[str] = Counter()
        solutions = []
        for each in rows:
            counted[each.element.id] += 1
            ground: Solution = {
                "element": [writer.iri(each.element.id)],
                "quote": [writer.add_passage(each.passage)],
                "place": [Literal(counted[each.element.id])],
                "plan": [Literal(writer.plan.id)],
            }
            solutions.append(mapper.solution(mapping, each.row, ground))
        for triple in mapper.construct(mapping, solutions) if rows else ():
            writer.graph.add(as_triple(triple))
        mapper.check(mapping, [each.row for each in rows], solutions)
        given += [each for each in rows if "property" in each.row.cells]
    return given


Translations = dict[str, tuple[str, str]]
"""Translations by the original text with normalised blank space: the translated text, and the id of the translator."""
_TRANSLATIONS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """Return the translations in a CSV table with the columns es, en and translator; empty if the file does not exist.

    The column in the language of the plan contains original texts: the title, a heading or the whole text of a part.
    Raises TableError if a row lacks a text, repeats an original text, has an original text that is not in the plan, or
    names an unknown translator. Raises UsageError if the plan is neither in Spanish nor in English.
    """
    if not file.exists():
        return {}
    language = plan.language
    if language not in ("es", "en"):
        raise UsageError(
            f"the plan {plan.id} is in the language {language}, and tables translate es and en", Place(file)
        )
    texts = {tidy(leaf.exact) for leaf in plan.leaves}
    texts |= {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    translations = {}
    for row in read_table(file, _TRANSLATIONS, key=(language,)):
        own, translator = row[language], f"annotator/{row['translator']}"
        if own not in texts:
            raise row.problem(language, f'no part of the plan says "{own}"; write all its words, as they stand there')
        if not things.has(translator):
            raise row.problem("translator", f"no table has {translator}; add its row there, or correct this cell")
        translations[own] = row[other_language(language)], row["translator"]
    return translations


def describe_title(
    subject: URIRef, text: str, passage: Passage | Leaf | None, translations: Translations, writer: GraphWriter
) -> None:
    """Add the labels of a subject: its text, and the translation of the text if there is one.

    The translated label is also a cg:Translation, a statement that is attributed to the translator. `passage` contains
    the original text.
    """
    label = tidy(text)
    writer.add(subject, (RDFS.label, Literal(label, writer.plan.language)))
    if label in translations and passage is not None:
        translation, translator = translations[label]
        other = Literal(translation, other_language(writer.plan.language))
        statement = writer.add_statement(subject, RDFS.label, other, passage, translator)
        writer.add(statement, (RDF.type, CG.Translation))
