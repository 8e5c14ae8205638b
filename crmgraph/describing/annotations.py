"""What readers saw in a plan, in tables, on words that stand in its parts; what they may name; what they translated.

What a reader saw in a sentence holds for that very sentence wherever it stands, so a new version of a known plan keeps
what was read in the parts that did not change. In the mapping of a table (see `tables`) ?element is a part, ?quote
the passage and ?annotator who read it; ?place counts the rows of the part in the order of its words, and ?plan is the
id of the plan. `id:label(?thing, ?language)` is the name of a thing, `id:short` its acronym where it has one, and
`id:is_below` tells whether a concept stands directly below another.
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

_GROUND = ("element", "quote", "occurrence", "annotator")
"""The columns that say where a row stands, and not what it says."""


class Things:
    """The things and concepts of a dataset, which a row or a reader may name by their paths, with their labels."""

    def __init__(self, dataset: Dataset, names: Names) -> None:
        """Collect the classes of all things, their names and notations, and which concept is above which."""
        self._names, self._graph = names, Graph()
        for predicate in (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.notation, SKOS.broader):
            self._graph += (quad[:3] for quad in dataset.quads((None, predicate, None, None)))

    def has(self, path: str) -> bool:
        """Return whether there is a thing at a path, such as actor/oim."""
        return (URIRef(self._names.id(path)), RDF.type, None) in self._graph

    def concept(self, scheme: str, name: str) -> list[URIRef]:
        """Return the concept called `name` in the vocabulary `scheme`. Raises ValueError where there is none."""
        if (concept(scheme, name), RDF.type, None) not in self._graph:
            raise ValueError(f"the vocabulary {scheme} has no concept {name}")
        return [concept(scheme, name)]

    def is_below(self, one: URIRef, other: URIRef) -> Literal:
        """Return whether a concept stands directly below another."""
        return Literal((one, SKOS.broader, other) in self._graph)

    def label(self, thing: URIRef, language: str) -> Literal:
        """Return the name of a thing in a language; in any other where it has none, and its IRI for want of a name."""
        names = [name for way in (SKOS.prefLabel, RDFS.label) for name in self._graph.objects(thing, way)]
        in_languages = (max(_in(each, names), default="") for each in (str(language), "es", "en"))
        return Literal(next(filter(None, in_languages), str(thing)))

    def short_label(self, thing: URIRef, language: str) -> Literal:
        """Return the acronym of a thing in a language where it has one, else its name."""
        notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
        acronyms = {*_in(str(language), self._graph.objects(thing, SKOS.altLabel))} & notations
        return Literal(min(acronyms)) if acronyms else self.label(thing, language)


def _in(language: str, names: Iterable[Node]) -> list[str]:
    return [str(name) for name in names if isinstance(name, Literal) and name.language == language]


Places = Mapping[str, Sequence[Part]]
"""For the id of each part of a known document, the parts of the plan at hand that say the same."""


def known_documents(plan: Plan, sources: Path, annotations: Path) -> list[tuple[Plan, Path]]:
    """Return the documents whose tables tell of a plan: it alone where it is one of them, else all of them.

    Args:
        plan: the plan. One that is not among the sources may have a folder of its own.
        sources: the folder of the documents, each named by the id of its plan.
        annotations: the folder with a folder of tables for each.

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
    return places


def _by_words(plan: Plan) -> dict[tuple[str, str], list[Part]]:
    found: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part, _ in plan.walk():
        if not isinstance(part, Referral | CrossReference):
            found[part.kind, tidy(part.text)].append(part)
    return found


@dataclass(frozen=True)
class Annotation:
    """A row that fits the plan: the part that it is about, and the words that it rests on."""

    row: Row
    element: Part
    passage: Passage


def annotations_in(file: Path, mapping: TableMapping, places: Places) -> list[Annotation]:
    """Return the rows of a table in the order of the plan's words; none where there is no such file.

    Those with a key are about the first of the parts that say the same. No two rows say the same of the same words.
    Raises TableError for the first row that does not fit the plan.
    """
    found: dict[object, Annotation] = {}
    for row in read_table(file, mapping.columns, mapping.key) if file.exists() else ():
        cells = [row[column.name] for column in mapping.columns if column.name not in {*_GROUND, *mapping.key}]
        occurrence = int(row["occurrence"] or 1)
        with row.reading("element") as id_:
            parts = _parts(id_, places)
        for part in parts:
            with row.reading("occurrence" if occurrence > 1 else "quote"):
                passage = find_quote(part.passage, row["quote"], occurrence)
            said = part.id, passage, *cells
            if said in found:
                other = found[said].row.line
                raise row.problem("element", f"line {other} says the same of the same words; keep one of the two")
            found[said] = Annotation(row, part, passage)
    ordered = sorted(found.values(), key=lambda each: (each.passage.start, each.passage.end, *each.row.cells.values()))
    if not mapping.key:
        return ordered
    return list({tuple(map(each.row.__getitem__, mapping.key)): each for each in reversed(ordered)}.values())


def _parts(id_: str, places: Places, kinds: Sequence[str] = ()) -> Sequence[Part]:
    """Return where the part with that id is, if the plan says it. Raises ValueError where it is none of these kinds."""
    if id_ not in places:
        raise ValueError(f"the plan has no part {id_}")
    if kinds and not all(part.kind in kinds for part in places[id_]):
        raise ValueError(f"{id_} is no {' or '.join(kinds).lower()}, so nothing can have fulfilled it")
    return places[id_]


def describe_annotations(
    folder: Path, mappings: Mapping[str, TableMapping], places: Places, things: Things, writer: GraphWriter
) -> list[Annotation]:
    """Add what the tables in a folder say of a plan, and return the rows that give a part a property.

    Raises TableError for the first row that does not fit the plan.
    """
    mapper = Mapper(
        writer.names,
        things.has,
        {
            "concept": things.concept,
            "part": lambda kinds, id_: [writer.iri(part.id) for part in _parts(id_, places, kinds)],
        },
        {"label": things.label, "short": things.short_label, "is_below": things.is_below},
    )
    given: list[Annotation] = []
    for table, mapping in mappings.items():
        rows = annotations_in(folder / f"{table}.csv", mapping, places)
        counted: Counter[str] = Counter()
        solutions = []
        for each in rows:
            counted[each.element.id] += 1
            ground: Solution = {
                "element": [writer.iri(each.element.id)],
                "quote": [writer.passage(each.passage)],
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
"""By the text as the plan has it, with blank space folded: the text in the other language, and the id of who put it so.
"""
_TRANSLATIONS = (Column("es", required=True), Column("en", required=True), Column("translator", required=True))


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """Return the translations in a CSV table of columns es, en, translator; none where there is no such file.

    The column of the plan's language has its own words. Raises TableError where a row lacks a text, names a
    translator that no table has, or has a text that is there twice or is not one of `plan`: its title, a heading, or
    all that a part says; and UsageError where the plan is in none of the two languages.
    """
    if not file.exists():
        return {}
    language = plan.language
    if language not in ("es", "en"):
        raise UsageError(
            f"the plan {plan.id} is in the language {language}, and tables translate es and en", Place(file)
        )
    said = {tidy(leaf.exact) for leaf in plan.leaves}
    said |= {tidy(part.text) for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)}
    translations = {}
    for row in read_table(file, _TRANSLATIONS, key=(language,)):
        own, translator = row[language], f"annotator/{row['translator']}"
        if own not in said:
            raise row.problem(language, f'no part of the plan says "{own}"; write all its words, as they stand there')
        if not things.has(translator):
            raise row.problem("translator", f"no table has {translator}; add its row there, or correct this cell")
        translations[own] = row[other_language(language)], row["translator"]
    return translations


def describe_title(
    subject: URIRef, text: str, passage: Passage | Leaf | None, translations: Translations, writer: GraphWriter
) -> None:
    """Add the label of a subject: its text, and in the other language the translation of what a passage says, if any.

    The label that is a translation is a statement of its own, a cg:Translation, attributed to the translator.
    """
    label = tidy(text)
    writer.add(subject, (RDFS.label, Literal(label, writer.plan.language)))
    if label in translations and passage is not None:
        translation, translator = translations[label]
        other = Literal(translation, other_language(writer.plan.language))
        said = writer.state(subject, RDFS.label, other, passage, translator)
        writer.add(said, (RDF.type, CG.Translation))
