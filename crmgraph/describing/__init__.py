"""The description of plans, of the curated tables and of the ontology as named graphs of an RDF dataset."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, product
from pathlib import Path
from typing import Any

from rdflib import DCTERMS, ORG, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef

from crmgraph.describing.annotations import (
    TOPIC_TABLES,
    Annotation,
    Things,
    describe_acronyms,
    describe_annotations,
    describe_mentions,
    describe_repetitions,
    describe_statuses,
    describe_times,
    describe_topics,
    describe_unaccented_words,
    known_documents,
    matching_parts,
)
from crmgraph.describing.tables import Column, TableMapping, check_files, describe_reference, read_mappings, read_table
from crmgraph.describing.vocabulary import (
    ANALYSIS,
    ATTACHMENT,
    CG,
    RECOGNISER,
    GraphWriter,
    add_quads,
    add_triples,
    bind_prefixes,
    describe_source,
    graph_of,
    labels,
    read_ontology,
)
from crmgraph.errors import Place, UsageError
from crmgraph.extraction import Gazetteer
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.languages import other_language, tidy
from crmgraph.reading.model import (
    Activity,
    Attachment,
    CrossReference,
    Leaf,
    Objective,
    Part,
    Passage,
    Plan,
    Referral,
    ScheduleEntry,
    Theme,
)

_NAMED_CLASSES = (
    CG.State, CG.Organ, CG.Organisation, CG.AgentGroup, CG.Network, CG.ConsultativeProcess, CG.Instrument, CG.Meeting,
    CG.Place,
)  # fmt: skip
"""The classes of things whose names are recognised in plans."""

_THEMATIC_VOCABULARIES = ("topic", "population-group")
"""The SKOS vocabularies whose concepts are recognised in plans, like the names of things."""


Translations = dict[str, tuple[str, str, str]]
"""Translations by the original text with normalised blank space: the translated text, and the ids of the translator and
of the reviewer, the last of which may be empty."""
_TRANSLATIONS = (
    Column("es", required=True),
    Column("en", required=True),
    Column("translator", required=True),
    Column("reviewed_by", optional=True),
)


@dataclass(frozen=True)
class Background:
    """What the descriptions of all plans share: the ontology, the reference data and the names of things.

    Attributes:
        dataset: The graphs of the ontology and of the reference data.
        things: The things and concepts in these graphs.
        networks: The gazetteer that finds networks in a text by their names.
        statuses: The gazetteer that finds statuses in a text by their names.
        gazetteer_for: Function that returns the gazetteer of all things, for plans in a language such as "es".
        annotations: The folder with the annotations, in which a plan has a subfolder named by its id.
        mappings: The mappings of the tables of annotations, by name.
        sources: The folder with the texts of the annotated plans.
        names: Makes the IRIs of the dataset.
    """

    dataset: Dataset
    things: Things
    networks: Gazetteer
    statuses: Gazetteer
    gazetteer_for: Callable[[str], Gazetteer]
    annotations: Path
    mappings: Mapping[str, TableMapping]
    sources: Path
    names: Names


def describe_background(ontology: Path, data: Path, names: Names) -> Background:
    """Return the background, whose dataset has the graphs `ontology`, `reference` and `processes`.

    `ontology` and `data` are the folders of the ontology and of the curated tables. Raises TableError if a table has an
    invalid row, or a file an unknown name.
    """
    dataset = bind_prefixes(describe_reference(data / "reference", names), names.prefixes())
    reference, processes, terms = (
        dataset.graph(URIRef(names.graph(name))) for name in ("reference", "processes", "ontology")
    )
    terms += read_ontology(ontology)
    folder = data / "annotations"
    check_files(folder, (), beside=[path.name for path in folder.glob("*") if path.is_dir()])
    nameable_things = graph_of(chain(reference, processes, _concepts(terms, _THEMATIC_VOCABULARIES)))

    @cache
    def gazetteer_for(language: str) -> Gazetteer:
        # Few names are known in other languages; many of these are the Spanish names, except for accents.
        is_known = language in ("es", "en")
        languages = (language,) if is_known else ("es", language)
        return Gazetteer(nameable_things, (*_NAMED_CLASSES, SKOS.Concept), languages, finds_misspellings=is_known)

    return Background(
        dataset,
        Things(dataset, names),
        networks=Gazetteer(reference, (CG.Network,), ("es", "en")),
        statuses=Gazetteer(_concepts(terms, ("status",)), (SKOS.Concept,), ("es", "en")),
        gazetteer_for=gazetteer_for,
        annotations=folder,
        mappings=read_mappings(folder),
        sources=data / "source",
        names=names,
    )


def _concepts(ontology: Graph, schemes: Iterable[str]) -> Graph:
    """Return the descriptions of all concepts of some SKOS vocabularies, given by name."""
    return graph_of(
        triple
        for scheme in schemes
        for concept in ontology.subjects(SKOS.inScheme, URIRef(f"{ONTOLOGY}/{scheme}"))
        for triple in ontology.triples((concept, None, None))
    )


def describe_plan(plan: Plan, background: Background) -> Dataset:
    """Return the graphs `plan/…` and `source/…` of a plan, which include its annotations.

    A plan without annotations gets those of identical sentences in other plans. Raises TableError if an annotation of
    the plan does not match its text, or a table has an unknown name.
    """
    names, folder = background.names, background.annotations
    known = known_documents(plan, background.sources, folder)
    translations: Translations = {}
    for document, tables in known:
        check_files(tables, (*background.mappings, "translations"))
        # If a text has two translations, the first one counts.
        translations = read_translations(tables / "translations.csv", document, background.things) | translations
    dataset = bind_prefixes(Dataset(), names.prefixes())
    writer = GraphWriter(plan, names, dataset.graph(URIRef(names.graph("plan", plan.id))))
    describe_parts(writer, background.networks, background.things, translations)
    is_translated = (folder / plan.id / "translations.csv").is_file()
    writer.add(writer.root, (CG.translatedInto, Literal(other_language(plan.language)) if is_translated else None))
    named, others = background.gazetteer_for(plan.language), bodies_of_others(plan, background)
    found = describe_mentions(named, background.things, others, writer)
    describe_acronyms(found, named, others, writer)
    if plan.language == "es":
        describe_unaccented_words(found, writer)
    describe_repetitions(writer)
    describe_order(writer)
    annotations: list[Annotation] = []
    read_for: dict[str, set[URIRef]] = {table: set() for table in TOPIC_TABLES}
    for document, tables in known:
        places = matching_parts(document, plan)
        parts = [writer.iri(part.id) for same in places.values() for part in same]
        for part in parts:
            writer.add(part, (ANALYSIS.readIn, URIRef(names.id("plan", document.id))))
        for table, elements in read_for.items():
            elements.update(parts if (tables / f"{table}.csv").is_file() else ())
        annotations += describe_annotations(tables, background.mappings, places, background.things, writer)
    describe_topics(read_for, found, writer)
    describe_times(annotations, writer)
    describe_statuses(background.statuses, annotations, writer)
    title = translations.get(tidy(plan.title))
    source = describe_source(plan, names, title[0] if title else None, writer.quoted_passages)
    add_triples(dataset, names.graph("source", plan.id), source)
    return dataset


def bodies_of_others(plan: Plan, background: Background) -> set[URIRef]:
    """Return the organs, groups and networks of the processes that a plan is not of.

    In the plan of one process, a name such as “Technical Secretariat” is not that of another's body. The process of a
    plan is the one in the reference data, else those that its title names, else those that it names anywhere.
    """
    owners = background.dataset.quads((URIRef(background.names.id("plan", plan.id)), CG.planOf, None, None))
    named = (
        {each.iri for each in mentions if each.iri.startswith(background.names.id("process", ""))}
        for mentions in map(background.gazetteer_for(plan.language).find, (plan.heading(0), plan.source.text))
    )
    own = {str(process) for _, _, process, _ in owners} or next(filter(None, named), set[str]())
    bodies = [quad for way in (CG.bodyOf, ORG.memberOf) for quad in background.dataset.quads((None, way, None, None))]
    return {URIRef(str(body)) for body, *_ in bodies} - {body for body, _, process, _ in bodies if str(process) in own}


def mentioned_background(plan: Dataset, background: Background) -> Dataset:
    """Return the part of the background that the graphs of a plan refer to, or that refers to the plan.

    It contains the ontology, what is said of the plan and its parts, and the descriptions of all resources in these
    graphs except other plans and their parts.
    """
    terms, plans = background.names.graph("ontology"), background.names.id("plan", "")
    own = {subject for subject, _, _, _ in plan.quads() if str(subject).startswith(plans)}
    said = [
        quad
        for part in own
        for pattern in ((part, None, None, None), (None, None, part, None))
        for quad in background.dataset.quads(pattern)
    ]
    nodes = chain((quad[2] for quad in plan.quads()), *((subject, value) for subject, _, value, _ in said))
    named = {node for node in nodes if isinstance(node, URIRef) and not node.startswith(plans)}
    dataset = bind_prefixes(Dataset(), background.names.prefixes())
    add_triples(dataset, terms, background.dataset.graph(URIRef(terms)))
    add_quads(dataset, said)
    add_quads(dataset, chain.from_iterable(background.dataset.quads((thing, None, None, None)) for thing in named))
    return dataset


def describe_parts(writer: GraphWriter, networks: Gazetteer, things: Things, translations: Translations) -> None:
    """Add the plan and all its parts, each with number, text, labels, parent, passage and targets.

    The target of a referral is one of `networks`; its English name is in `things`. The link from the element that
    contains a referral or cross-reference to the target is also a cg:Statement, as its passage is smaller than the
    element.
    """
    plan = writer.plan
    titles = [leaf for leaf in plan.leaves if leaf.row == 0]
    source = URIRef(writer.names.id("source", plan.id))
    writer.add(
        writer.root,
        (RDF.type, CG.Plan),
        (DCTERMS.source, source),
        *[(CG.passage, writer.add_passage(leaf)) for leaf in titles],
    )
    describe_title(writer.root, plan.title, titles[0] if titles else None, translations, writer)
    levels: dict[str, int] = {}
    for part, parent in plan.walk():
        levels[part.id] = levels[parent.id] + 1 if parent else 1
    in_order = sorted(plan.walk(), key=lambda pair: (pair[0].passage.start, -pair[0].passage.end))
    for order, (part, parent) in enumerate(in_order, 1):
        above = writer.root if parent is None else writer.iri(parent.id)
        _describe_part(part, above, order, levels[part.id], writer)
        if isinstance(part, Referral):
            _describe_referral(part, networks, things, writer)
        elif isinstance(part, CrossReference):
            _describe_cross_reference(part, above, writer)
        else:
            describe_title(writer.iri(part.id), part.text, part.passage, translations, writer)


def _describe_part(part: Part, parent: URIRef, order: int, level: int, writer: GraphWriter) -> None:
    subject = writer.iri(part.id)
    writer.add(parent, (DCTERMS.hasPart, subject), (CG.schedule, subject if isinstance(part, ScheduleEntry) else None))
    writer.add(
        subject,
        (RDF.type, CG[part.kind]),
        (DCTERMS.isPartOf, parent),
        (CG.within, parent),
        (CG.plan, writer.root),
        (CG.path, Literal(part.id)),
        (CG.level, Literal(level)),
        (CG.attachedBy, ATTACHMENT[part.attached_by.value]),
        (CG.order, Literal(order)),
        (CG.text, Literal(part.text, writer.plan.language)),
        (CG.passage, writer.add_passage(part.passage)),
        (CG.number, None if part.number is None else Literal(part.number, datatype=XSD.string)),
        *((CG.repeatedIn, writer.add_passage(each)) for each in (part.repeats if isinstance(part, Theme) else ())),
    )


def _describe_referral(part: Referral, networks: Gazetteer, things: Things, writer: GraphWriter) -> None:
    found = {
        URIRef(each.iri): things.doubt(URIRef(each.iri), part.target[each.start : each.end])
        for each in networks.find(part.target)
    }
    english = f"Reference to a work plan: {', '.join(things.label(network, 'en') for network in found)}"
    writer.add(
        writer.iri(part.id), *labels(f"Remisión a un plan de trabajo: {tidy(part.target)}", english if found else None)
    )
    for network, doubt in found.items():
        statement = writer.add_statement(writer.iri(part.id), CG.deferredTo, network, part.passage, RECOGNISER)
        for doubted in (writer.iri(part.id), statement):
            writer.add(doubted, (CG.confidence, doubt))


def _describe_cross_reference(part: CrossReference, parent: URIRef, writer: GraphWriter) -> None:
    number, theme = part.number_passage, part.theme_passage
    title, cited = tidy(theme.exact) if theme else "", part.target_number
    label = (
        labels(f"Referencia al número {cited}", f"Reference to number {cited}")
        if number
        else labels(f"Referencia al tema «{title}»", f"Reference to the theme “{title}”")
    )
    writer.add(
        writer.iri(part.id),
        *(label if number or theme else ()),
        (CG.targetNumber, Literal(part.target_number, datatype=XSD.string) if number else None),
        (ANALYSIS.targetPassage, writer.add_passage(number) if number else None),
        (ANALYSIS.targetThemePassage, writer.add_passage(theme) if theme else None),
        (CG.targetTheme, writer.iri(part.target_theme) if part.target_theme else None),
        (CG.refersTo, writer.iri(part.target) if part.target else None),
    )
    if part.target:
        writer.add_statement(parent, CG.refersTo, writer.iri(part.target), part.passage, RECOGNISER)


def describe_order(writer: GraphWriter) -> None:
    """Add the defects of order: numbered parts that are out of order, and parts in the row of another objective."""
    rows = {leaf.start: leaf.row for leaf in writer.plan.leaves}
    for theme in writer.plan.themes:
        elsewhere = dict(_parts_in_other_rows(theme, rows))
        for displaced, objective in elsewhere.items():
            writer.add(writer.iri(displaced), (ANALYSIS.inRowOf, writer.iri(objective)))
        for numbered in (*_sibling_groups(theme, elsewhere), *_block_starts(theme, elsewhere)):
            in_order = longest_increasing_subsequence([number for number, _ in numbered])
            for place in {*range(len(numbered))} - {*in_order}:
                writer.add(
                    writer.iri(numbered[place][1].id),
                    (ANALYSIS.outOfOrderWith, writer.iri(_conflicting_part(place, numbered, in_order).id)),
                )


NumberedParts = Sequence[tuple[Any, Part]]
"""Pairs of a number and a part, in the order of the source."""


def _sibling_groups(theme: Theme, elsewhere: Collection[str]) -> Iterator[NumberedParts]:
    """Yield groups of sibling parts whose numbers should increase: of the same kind, and with the same prefix.

    Repeated numbers, and parts in the row of another objective (`elsewhere`), are other defects. They are left out, so
    that they do not make their siblings seem out of order.
    """
    for part, _ in theme.walk():
        beside: dict[object, dict[int, Part]] = defaultdict(dict)
        for child in sorted(part.parts, key=lambda child: child.passage.start):
            if child.number is not None and child.id not in elsewhere:
                beginning, _, last = child.number.rpartition(".")
                beside[type(child), beginning].setdefault(int(last), child)
        yield from ([*numbered.items()] for numbered in beside.values())


def _block_starts(theme: Theme, elsewhere: Collection[str]) -> Iterator[NumberedParts]:
    """Yield, for each objective and each of two kinds, the first part of each block, numbered by its parent.

    A block is a run of parts with the same parent. The numbers of the parents should increase. Parts whose number does
    not begin with that of the parent are another defect and are left out.
    """
    for objective, kind in product(theme.parts, (Activity, ScheduleEntry)):
        below = [
            (tuple(map(int, above.number.split("."))), part)
            for part, above in sorted(objective.walk(), key=lambda pair: pair[0].passage.start)
            if isinstance(part, kind) and above and above.number and part.id not in elsewhere
            if (part.number or "").rpartition(".")[0] == above.number
        ]
        yield [next(block) for _, block in groupby(below, key=lambda pair: pair[0])]


def _conflicting_part(place: int, numbered: NumberedParts, in_order: Sequence[int]) -> Part:
    """Return a part in the order with which the number of the part at index `place` conflicts."""
    number = numbered[place][0]
    before = [each for each in in_order if each < place and numbered[each][0] >= number]
    after = [each for each in in_order if each > place and numbered[each][0] <= number]
    return numbered[before[-1] if before else after[0]][1]


def longest_increasing_subsequence(numbers: Sequence[Any]) -> list[int]:
    """Return the indices of a longest strictly increasing subsequence; if there are several, the first one.

    If two neighbours are exchanged, the second one is therefore out of order.
    """
    rises: list[list[int]] = []
    for place in reversed(range(len(numbers))):
        longer = [rise for rise in rises if numbers[rise[0]] > numbers[place]]
        rises.append([place, *min(longer, key=lambda rise: (-len(rise), rise), default=[])])
    return min(rises, key=lambda rise: (-len(rise), rise), default=[])


def _parts_in_other_rows(theme: Theme, rows: dict[int, int]) -> Iterator[tuple[str, str]]:
    """Yield the ids of the parts that are in the row of another objective, each with the id of that objective.

    Rows with several objectives are skipped, as any of these may own the part.
    """
    objectives_by_row: dict[int, list[Part]] = defaultdict(list)
    for objective in theme.parts:
        if isinstance(objective, Objective):
            objectives_by_row[rows[objective.passage.start]].append(objective)
    begins = sorted(objectives_by_row)
    for objective in (each for beside in objectives_by_row.values() for each in beside):
        for part, _ in objective.walk():
            place = rows.get(part.passage.start)
            if place is not None and part.attached_by is Attachment.PRINTED_NUMBER:
                beside = objectives_by_row[begins[max(0, bisect_right(begins, place) - 1)]]
                if len(beside) == 1 and beside[0] is not objective:
                    yield part.id, beside[0].id


def read_translations(file: Path, plan: Plan, things: Things) -> Translations:
    """Return the translations in a CSV table (es, en, translator, perhaps reviewed_by); empty if there is no file.

    The column in the language of the plan contains original texts: the title, a heading or the whole text of a part.
    Raises TableError if a row lacks a text, repeats an original text, has an original text that is not in the plan, or
    names an unknown translator or reviewer. Raises UsageError if the plan is neither in Spanish nor in English.
    """
    if not file.exists():
        return {}
    language = plan.language
    if language not in ("es", "en"):
        raise UsageError(
            f"the plan {plan.id} is in the language {language}, and tables translate es and en", Place(file)
        )
    parts = (part for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference))
    texts = {*(tidy(leaf.exact) for leaf in plan.leaves), *(tidy(part.text) for part in parts)}
    translations = {}
    for row in read_table(file, _TRANSLATIONS, key=(language,)):
        own = row[language]
        if own not in texts:
            raise row.problem(language, f'no part of the plan says "{own}"; write all its words, as they stand there')
        for column in ("translator", "reviewed_by"):
            if row[column] and not things.has(who := f"annotator/{row[column]}"):
                raise row.problem(column, f"no table has {who}; add its row there, or correct this cell")
        translations[own] = row[other_language(language)], row["translator"], row["reviewed_by"]
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
        translation, translator, reviewer = translations[label]
        other = Literal(translation, other_language(writer.plan.language))
        statement = writer.add_statement(subject, RDFS.label, other, passage, translator)
        by = URIRef(writer.names.id("annotator", reviewer)) if reviewer else None
        writer.add(statement, (RDF.type, CG.Translation), (DCTERMS.contributor, by))
