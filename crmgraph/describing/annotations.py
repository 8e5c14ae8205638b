"""What is known of the words of a plan, as RDF: annotations by readers, in curated tables, and what is recognised.

Names, acronyms, topics, times and statuses are recognised in the text; what a reader has annotated takes precedence.

An annotation of a sentence also applies to the same sentence in plans that have no annotations of their own. So a new
version of an annotated plan keeps the annotations of its unchanged parts.

The mapping of a table (see `tables`) may use these variables and functions:

- `?element`: the annotated part
- `?above`: the part or plan that the annotated part belongs to
- `?quote`: the annotated passage
- `?words`: its text, in the language of the plan
- `?annotator`: who made the annotation
- `?place`: the number of the row among those about the same part, from 1, in the order of the text
- `?plan`: the id of the plan
- `id:label(?thing, ?language)`: the name of a thing
- `id:short(?thing, ?language)`: the acronym of a thing, or its name if it has none
- `id:is_below(?concept, ?other)`: whether a concept is a direct subconcept of another
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from rdflib import RDF, RDFS, SKOS, Dataset, Literal, URIRef
from rdflib.term import Node

from crmgraph.describing.tables import Mapper, Row, Solution, TableMapping, read_table
from crmgraph.describing.vocabulary import (
    AGENT_KINDS,
    ANALYSIS,
    CG,
    RECOGNISER,
    GraphWriter,
    PropertyValue,
    concept,
    date_literal,
    duration_literal,
    find_quote,
    graph_of,
    statement_of,
    subpassage,
)
from crmgraph.extraction import Gazetteer, Mention, find_occasion, find_statuses
from crmgraph.extraction.dates import TimeExpression, dates_of_title, find_times, with_day_first, years_of_calendar
from crmgraph.extraction.names import (
    find_acronyms,
    find_expansion,
    find_name_by_initials,
    find_words_without_accent,
    is_acronym,
)
from crmgraph.files import sha256_of
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading import read_plan
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import (
    Action,
    Activity,
    CrossReference,
    Note,
    Objective,
    Part,
    Passage,
    Plan,
    Referral,
    ScheduleEntry,
)

_GROUND_COLUMNS = ("element", "quote", "occurrence", "annotator")
"""The columns that identify the annotated passage and the annotator. The others have the contents of an annotation."""


class Things:
    """The things and concepts in a dataset, and their labels. Tables refer to things by paths, such as actor/oim."""

    def __init__(self, dataset: Dataset, names: Names) -> None:
        """Copy the classes, labels, notations, broader concepts and claims from the dataset."""
        labels = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.notation)
        kept = (RDF.type, *labels, SKOS.broader, RDF.subject, RDF.predicate, RDF.object, CG.confidence)
        self._names = names
        self._graph = graph_of(quad[:3] for each in kept for quad in dataset.quads((None, each, None, None)))
        self._doubts = {
            (self._graph.value(claim, RDF.subject), key(str(self._graph.value(claim, RDF.object)))): degree
            for degree in (concept("confidence", "medium"), concept("confidence", "low"))
            for predicate in (SKOS.altLabel, SKOS.hiddenLabel)
            for claim in self._graph.subjects(RDF.predicate, predicate)
            if (claim, CG.confidence, degree) in self._graph
        }

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

    def doubt(self, thing: URIRef, words: str) -> URIRef | None:
        """Return how certain it is that words are a name of a thing; None if there is no doubt."""
        return self._doubts.get((thing, key(words)))

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
    is_known = sha256_of(files[plan.id]) == plan.source.sha256 if plan.id in files else (annotations / plan.id).is_dir()
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
                raise row.problem(
                    "element", f"line {found[content].row.line} says the same of the same words; keep one of the two"
                )
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
    above = {part.id: writer.iri(parent.id) if parent else writer.root for part, parent in writer.plan.walk()}
    given: list[Annotation] = []
    for table, mapping in mappings.items():
        rows = read_annotations(folder / f"{table}.csv", mapping, places)
        counted: Counter[str] = Counter()
        solutions = []
        for each in rows:
            counted[each.element.id] += 1
            ground: Solution = {
                "element": [writer.iri(each.element.id)],
                "above": [above[each.element.id]],
                "quote": [writer.add_passage(each.passage)],
                "words": [Literal(tidy(each.passage.exact), writer.plan.language)],
                "place": [Literal(counted[each.element.id])],
                "plan": [Literal(writer.plan.id)],
            }
            solutions.append(mapper.solution(mapping, each.row, ground))
        for triple in mapper.construct(mapping, solutions) if rows else ():
            writer.graph.add(statement_of(triple))
        mapper.check(mapping, [each.row for each in rows], solutions)
        given += [each for each in rows if "property" in each.row.cells]
    return given


_GENITIVE = re.compile(r"['’]s$")


class FoundMention(NamedTuple):
    """A mention of a thing in a plan.

    Attributes:
        node: The IRI of the mention.
        element: The IRI of the element that contains the mention.
        thing: The IRI of the thing.
        passage: The words that name the thing.
    """

    node: URIRef
    element: URIRef
    thing: URIRef
    passage: Passage


def elements_with_text(writer: GraphWriter) -> Iterator[tuple[URIRef, Passage]]:
    """Yield the elements with text of their own and the passage of this text, in the order of the source.

    The text of the plan itself is its title. Referrals and cross-references are left out, since their text is part of
    the element that contains them. The title of a theme is yielded once, even if the source repeats it.
    """
    for leaf in writer.plan.leaves:
        if leaf.row == 0:
            yield writer.root, Passage(leaf.start, leaf.end, leaf.exact)
    for part, _ in sorted(writer.plan.walk(), key=lambda pair: pair[0].passage.start):
        if not isinstance(part, Referral | CrossReference):
            yield writer.iri(part.id), part.passage


def describe_mentions(
    names: Gazetteer, things: Things, others: Container[URIRef], writer: GraphWriter
) -> list[FoundMention]:
    """Add the mentions of things in the plan, and return them in the order of the plan.

    The title of an instrument may contain mentions of agents, such as the parties to an agreement. These are added as
    well, with a link to the mention of the instrument. The title of a theme that a cross-reference cites has none, and
    neither have `others`, the bodies of other processes.

    The plan is linked by analysis:firstUse to the first mention of a thing by each of its names. For these links,
    mentions within the titles of instruments do not count.
    """
    counts: Counter[URIRef] = Counter()
    mentions: list[FoundMention] = []
    named: set[tuple[URIRef, str]] = set()
    instruments, *agents = (writer.names.id(kind, "") for kind in ("instrument", *AGENT_KINDS))
    cited = [part.theme_passage for part, _ in writer.plan.walk() if isinstance(part, CrossReference)]

    def describe(mention: Mention, element: URIRef, around: Passage, *values: PropertyValue) -> FoundMention:
        counts[element] += 1
        node, thing = URIRef(f"{element}/mention-{counts[element]}"), URIRef(mention.iri)
        words = subpassage(around, mention.start, mention.end)
        writer.add(element, (CG.mention, node), (CG.mentions, thing))
        writer.add(
            node,
            (RDF.type, CG.Mention),
            (CG.mentioned, thing),
            (CG.nameForm, concept("name-form", mention.form)),
            (CG.nameUsed, Literal(mention.name)),
            (CG.confidence, things.doubt(thing, words.exact)),
            (CG.passage, writer.add_passage(words)),
            *values,
        )
        mentions.append(FoundMention(node, element, thing, words))
        return mentions[-1]

    for element, passage in elements_with_text(writer):
        for mention in names.find(passage.exact):
            start, end = passage.start + mention.start, passage.start + mention.end
            if URIRef(mention.iri) in others or any(t and t.start <= start and end <= t.end for t in cited):
                continue
            whole = describe(mention, element, passage)
            name = _GENITIVE.sub("", tidy(whole.passage.exact).casefold())
            if (whole.thing, name) not in named:
                named.add((whole.thing, name))
                writer.add(writer.root, (ANALYSIS.firstUse, whole.node))
            for inner in names.find(whole.passage.exact, within=True) if whole.thing.startswith(instruments) else ():
                if inner.iri.startswith(tuple(agents)):
                    describe(inner, element, whole.passage)
    return mentions


_MIN_WORDS = 3
"""The minimum number of words in a text that counts as repeated. Shorter ones are generic, such as "Capacitaciones"."""


def describe_acronyms(
    mentions: Sequence[FoundMention], names: Gazetteer, others: Set[URIRef], writer: GraphWriter
) -> None:
    """Add each acronym in a plan, with its first use, the things that it names, and its expansion, if there is one.

    A misspelt acronym counts as the correct one, but its letters are those of its first use. A word in capitals that
    neither the gazetteer knows nor the plan expands is left out if it is probably no acronym. That is the case if the
    plan also has the word in small letters, if the word is next to another one in capitals or before a number, or if it
    looks like a name.

    Args:
        mentions: The mentions in the plan.
        names: The names of things that a plan may mention.
        others: The bodies of other processes, for which an acronym does not stand.
        writer: The writer of the graph.
    """
    elements = list(elements_with_text(writer))
    texts = [passage for _, passage in elements]
    words = (word for text in texts for word in re.findall(r"[^\W\d_]+", text.exact))
    small = {key(word) for word in words if not word.isupper()} | names.ordinary
    seen: set[str] = set()
    for element, passage in elements:
        for acronym in find_acronyms(passage.exact):
            letters = _correct_spelling(acronym.letters, names)
            if letters in seen:
                continue
            place = subpassage(passage, acronym.start, acronym.end)
            things = _things_named(letters, place, mentions, names) - others
            expansion = _full_name(things, letters, mentions) or _first_expansion(letters, texts, is_known=bool(things))
            if not things and expansion is None and (key(letters) in small or acronym.is_doubtful):
                continue
            seen.add(letters)
            writer.add(
                URIRef(f"{writer.root}/acronym/{letters}"),
                (RDF.type, CG.Acronym),
                (ANALYSIS.firstUsedIn, element),
                (SKOS.notation, Literal(acronym.letters)),
                (ANALYSIS.lettersMeant, None if letters == acronym.letters else Literal(letters)),
                (CG.passage, writer.add_passage(place)),
                *((CG.standsFor, thing) for thing in things),
                (ANALYSIS.spelledOutIn, writer.add_passage(expansion) if expansion else None),
            )


def _correct_spelling(letters: str, names: Gazetteer) -> str:
    """Return the known acronym that `letters` is a misspelling of, or else `letters`."""
    misspelt = (each for each in names.find(letters) if each.form == "misspelling" and each.end == len(letters))
    meant = next((each.name for each in misspelt if each.name.isupper()), letters)
    return meant if meant.isalpha() else letters


def _things_named(letters: str, place: Passage, mentions: Iterable[FoundMention], names: Gazetteer) -> set[URIRef]:
    """Return the things that an acronym names, or else those named by the joint acronym around it (CEPAL/CELADE)."""
    alone = {URIRef(mention.iri) for mention in names.find(letters) if mention.end - mention.start == len(letters)}
    return alone or {
        each.thing
        for each in mentions
        if each.passage.start <= place.start and place.end <= each.passage.end and is_acronym(each.passage.exact)
    }


def _full_name(things: set[URIRef], letters: str, mentions: Iterable[FoundMention]) -> Passage | None:
    """Return the first mention of one of the things by a name of several words that does not begin with the acronym."""
    naming = (each.passage for each in mentions if each.thing in things and not each.passage.exact.startswith(letters))
    return next((passage for passage in naming if len(passage.exact.split()) > 1), None)


def _first_expansion(letters: str, texts: Sequence[Passage], is_known: bool) -> Passage | None:
    """Return the first expansion of an acronym in the plan: words next to the acronym that match its letters.

    If the meaning of the acronym is not known (`is_known`), a name directly before the acronym, or any name with these
    initials, is an expansion too.
    """
    using = [text for text in texts if letters in text.exact]
    places = chain(
        ((text, find_expansion(letters, text.exact, by_letters=True)) for text in using),
        ((text, find_expansion(letters, text.exact, by_letters=False)) for text in using if not is_known),
        ((text, find_name_by_initials(letters, text.exact)) for text in texts if not is_known),
    )
    return next((subpassage(text, *place) for text, place in places if place), None)


def describe_unaccented_words(mentions: Iterable[FoundMention], writer: GraphWriter) -> None:
    """Add the first use of each Spanish word, in parts or headings, that certainly lacks an accent; in capitals apart.

    Words within a mention whose name lacks accents are left out, as the mention has this defect already.
    """
    unaccented_names = [
        each.passage
        for each in mentions
        if (each.node, CG.nameForm, concept("name-form", "unaccented")) in writer.graph
    ]
    places = [(writer.root, Passage(leaf.start, leaf.end, leaf.exact)) for leaf in writer.plan.leaves if leaf.row == 1]
    seen: set[tuple[str, bool]] = set()
    for element, passage in sorted([*elements_with_text(writer), *places], key=lambda place: place[1].start):
        for start, end in find_words_without_accent(passage.exact):
            word = subpassage(passage, start, end)
            is_in_name = any(name.start <= word.start and word.end <= name.end for name in unaccented_names)
            use = key(word.exact), word.exact.isupper()
            if use not in seen and not is_in_name:
                seen.add(use)
                writer.add(element, (ANALYSIS.unaccentedWord, writer.add_passage(word)))


def describe_repetitions(writer: GraphWriter) -> None:
    """Add, for each objective, action or activity with a repeated text, a link to the first of its kind with this text.

    Numbers, accents, case and final punctuation are ignored.
    """
    firsts: dict[tuple[str, str], str] = {}
    for part, _ in sorted(writer.plan.walk(), key=lambda pair: pair[0].passage.start):
        words = key(part.text).rstrip(" .;,")
        if isinstance(part, Objective | Action | Activity) and len(words.split()) >= _MIN_WORDS:
            first = firsts.setdefault((part.kind, words), part.id)
            if first != part.id:
                writer.add(writer.iri(part.id), (CG.repeats, writer.iri(first)))


TOPIC_TABLES = {"topics": ("topic", CG.topic), "population-groups": ("population-group", CG.populationGroup)}
"""The vocabulary of concepts and the property for each table of topics and of population groups."""


def describe_topics(
    annotated_parts: Mapping[str, Set[URIRef]], mentions: Iterable[FoundMention], writer: GraphWriter
) -> None:
    """Add the topics and population groups that a plan mentions, each as a statement with the words that mention it.

    Args:
        annotated_parts: By the name of a table, the parts that a reader has annotated with this table. They are
            skipped, as annotations take precedence.
        mentions: The mentions in the plan. Those in its title are skipped.
        writer: The writer of the graph.
    """
    for each in mentions:
        for table, (scheme, predicate) in TOPIC_TABLES.items():
            is_open = each.element not in annotated_parts[table] and each.element != writer.root
            if is_open and each.thing.startswith(f"{ONTOLOGY}/{scheme}#"):
                writer.add_statement(each.element, predicate, each.thing, each.passage, RECOGNISER)


_TIME_PROPERTIES = {
    "date": (CG.date, date_literal),
    "since": (CG.since, date_literal),
    "until": (CG.until, date_literal),
    "recurrence": (CG.recurrence, duration_literal),
    "delay": (CG.delay, duration_literal),
}


def describe_times(annotations: Collection[Annotation], writer: GraphWriter) -> None:
    """Add the times in the text of a plan, each with its passage, and the passages of dates that do not exist.

    Times in the title are properties of the plan. Passages for which a reader has given a time are skipped.

    Args:
        annotations: The annotations of the plan.
        writer: The writer of the graph.
    """
    annotated = [(row.element.id, row.passage) for row in annotations if row.row["property"] in _TIME_PROPERTIES]
    of_title = (
        (writer.root, subpassage(line, moment.start, moment.end), moment)
        for line in writer.plan.leaves
        if line.row == 0
        for moment in dates_of_title(line.exact)
    )
    of_parts = (
        (writer.iri(part.id), passage, moment)
        for part, passage, moment in planned_times(writer.plan)
        if not any(id_ == part.id and passage.start < by.end and by.start < passage.end for id_, by in annotated)
    )
    for subject, passage, moment in (*of_title, *of_parts):
        if moment.property == "impossible":
            writer.add(subject, (ANALYSIS.impossibleDate, writer.add_passage(passage)))
        else:
            ends = ("since", "until") if moment.property == "reversed" else (moment.property,)
            for name, value in zip(ends, moment.value.split("/"), strict=True):
                predicate, literal = _TIME_PROPERTIES[name]
                writer.add_statement(subject, predicate, literal(value), passage, RECOGNISER)


def planned_times(plan: Plan) -> Iterator[tuple[Part, Passage, TimeExpression]]:
    """Yield the planned times in the text of each part, with the part and the passage.

    Dates before the beginning of the plan are left out, except in schedule entries: they are dates of events that the
    text mentions, such as the adoption of an agreement. The beginning is the first date in the title, or else the first
    year in the schedule. Referrals and cross-references are skipped, as their text is part of another part.
    """
    parts = [part for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)]
    texts = [part.passage.exact for part in parts]
    years = years_of_calendar([part.text for part in parts if isinstance(part, ScheduleEntry)], plan.title)
    of_title = (each for line in plan.leaves if line.row == 0 for each in dates_of_title(line.exact))
    first = min((each.value for each in of_title if each.property == "date"), default=str(min(years, default="")))
    for part, text in zip(parts, with_day_first(texts) if plan.language == "en" else texts, strict=True):
        is_entry = isinstance(part, ScheduleEntry)
        for moment in find_times(text, is_entry):
            is_recent = moment.property not in ("date", "since", "until") or moment.value >= first[: len(moment.value)]
            if is_entry or is_recent:
                yield part, subpassage(part.passage, moment.start, moment.end), moment


def describe_statuses(names: Gazetteer, annotations: Collection[Annotation], writer: GraphWriter) -> None:
    """Add the status that the text of each schedule entry or note states, unless a reader has annotated its status.

    An entry with neither status nor time gets the words that state its timing otherwise, such as “on request”. Call
    this function after `describe_times`, as it looks for times in the graph.
    """
    annotated = {row.element.id for row in annotations if row.row["property"] == "status"}
    timed = (CG.status, ANALYSIS.impossibleDate, *(predicate for predicate, _ in _TIME_PROPERTIES.values()))
    for part in (part for part, _ in writer.plan.walk() if isinstance(part, ScheduleEntry | Note)):
        subject = writer.iri(part.id)
        for status, words in statuses_of(part, names) if part.id not in annotated else ():
            writer.add_statement(subject, CG.status, URIRef(status), words, RECOGNISER)
        lacks_timing = isinstance(part, ScheduleEntry) and not any(
            (subject, each, None) in writer.graph for each in timed
        )
        if lacks_timing and (place := find_occasion(part.passage.exact)):
            writer.add(subject, (ANALYSIS.otherTiming, writer.add_passage(subpassage(part.passage, *place))))


def statuses_of(entry: ScheduleEntry | Note, names: Gazetteer) -> list[tuple[str, Passage]]:
    """Return the IRI of each status that the text of an entry or note states, with its passage.

    If there are several, a check reports them as a defect.
    """
    return [
        (each.iri, subpassage(entry.passage, each.start, each.end))
        for each in find_statuses(entry.passage.exact, names, in_note=isinstance(entry, Note))
    ]
