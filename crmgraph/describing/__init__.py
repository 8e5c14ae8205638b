"""Describing: a `Plan`, the curated tables and the ontology become named graphs of an RDF dataset."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, product
from pathlib import Path
from typing import Any

from rdflib import DCTERMS, RDF, SKOS, XSD, Dataset, Graph, Literal, URIRef

from crmgraph.describing.annotations import (
    Annotation,
    Things,
    Translations,
    describe_annotations,
    describe_title,
    known_documents,
    read_translations,
    same_sentences,
)
from crmgraph.describing.tables import TableMapping, check_files, describe_reference, read_mappings
from crmgraph.describing.vocabulary import (
    ATTACHMENT,
    CG,
    OURS,
    GraphWriter,
    bind,
    describe_source,
    labels,
    read_ontology,
)
from crmgraph.describing.words import (
    TOPIC_TABLES,
    describe_acronyms,
    describe_bare_words,
    describe_mentions,
    describe_repetitions,
    describe_statuses,
    describe_times,
    describe_topics,
)
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.languages import other_language, tidy
from crmgraph.reading.model import (
    Activity,
    Attachment,
    CrossReference,
    Objective,
    Part,
    Plan,
    Referral,
    ScheduleEntry,
    Theme,
)

_NAMED = (
    CG.State, CG.Organ, CG.Organisation, CG.AgentGroup, CG.Network, CG.ConsultativeProcess, CG.Instrument, CG.Meeting,
    CG.Place,
)  # fmt: skip
"""The classes of things whose names a plan may give."""

_THEMATIC = ("topic", "population-group")
"""The vocabularies whose concepts are named by the words of a plan, as things are."""


@dataclass(frozen=True)
class Background:
    """The background of all plans: the ontology and the reference data, as named graphs, and where they came from.

    `networks` and `statuses` are the names of networks and of statuses, `named` those of all that a plan in a language
    may mention; `annotations` is the folder in which each plan may have one of its own, with tables that have these
    `mappings`; `sources` is that of the plans so annotated.
    """

    dataset: Dataset
    things: Things
    networks: Gazetteer
    statuses: Gazetteer
    named: Callable[[str], Gazetteer]
    annotations: Path
    mappings: Mapping[str, TableMapping]
    sources: Path
    names: Names


def describe_background(ontology: Path, data: Path, names: Names) -> Background:
    """Return the graphs `ontology`, `reference` and `processes`, from the folders `ontology` and `data`.

    Raises TableError where a curated table has a wrong row, or a name that nobody reads.
    """
    dataset = bind(describe_reference(data / "reference", names), names.prefixes())
    reference, processes, terms = (
        dataset.graph(URIRef(names.graph(name))) for name in ("reference", "processes", "ontology")
    )
    terms += read_ontology(ontology)
    folder = data / "annotations"
    check_files(folder, (), beside=[path.name for path in folder.glob("*") if path.is_dir()])
    things_named = Graph()
    for graph in (reference, processes, _concepts(terms, _THEMATIC)):
        things_named += graph

    @cache
    def named(language: str) -> Gazetteer:
        # Few names are known in other languages, and many are as in Spanish, but for their accents.
        is_known = language in ("es", "en")
        languages = (language,) if is_known else ("es", language)
        return Gazetteer(things_named, (*_NAMED, SKOS.Concept), languages, finds_misspellings=is_known)

    return Background(
        dataset,
        Things(dataset, names),
        networks=Gazetteer(reference, (CG.Network,), ("es", "en")),
        statuses=Gazetteer(_concepts(terms, ("status",)), (SKOS.Concept,), ("es", "en")),
        named=named,
        annotations=folder,
        mappings=read_mappings(folder),
        sources=data / "source",
        names=names,
    )


def _concepts(ontology: Graph, schemes: Iterable[str]) -> Graph:
    """Return what the ontology says of the concepts of some vocabularies."""
    graph = Graph()
    for scheme in schemes:
        for concept in ontology.subjects(SKOS.inScheme, URIRef(f"{ONTOLOGY}/{scheme}")):
            graph += ontology.triples((concept, None, None))
    return graph


def describe_plan(plan: Plan, background: Background) -> Dataset:
    """Return the graphs `plan/…` and `source/…` of a plan, by the background and what readers saw in it.

    Of a plan that nobody has read, what was seen in the same sentences of others counts.

    Raises TableError where an annotation of the plan does not fit it, or is in a file that nobody reads.
    """
    names, folder = background.names, background.annotations
    known = known_documents(plan, background.sources, folder)
    translations: Translations = {}
    for document, tables in known:
        check_files(tables, (*background.mappings, "translations"))
        # Of two translations of a text the first counts.
        translations = read_translations(tables / "translations.csv", document, background.things) | translations
    dataset = bind(Dataset(), names.prefixes())
    writer = GraphWriter(plan, names, dataset.graph(URIRef(names.graph("plan", plan.id))))
    describe_parts(writer, background.networks, background.things, translations)
    if (folder / plan.id / "translations.csv").is_file():
        writer.add(writer.root, (CG.translatedInto, Literal(other_language(plan.language))))
    named = background.named(plan.language)
    found = describe_mentions(named, writer)
    describe_acronyms(found, named, writer)
    if plan.language == "es":
        describe_bare_words(found, writer)
    describe_repetitions(writer)
    describe_order(writer)
    annotations: list[Annotation] = []
    read_for: dict[str, set[URIRef]] = {table: set() for table in TOPIC_TABLES}
    for document, tables in known:
        places = same_sentences(document, plan)
        parts = [writer.iri(part.id) for same in places.values() for part in same]
        for part in parts:
            writer.add(part, (CG.readIn, URIRef(names.id("plan", document.id))))
        for table, elements in read_for.items():
            elements.update(parts if (tables / f"{table}.csv").is_file() else ())
        annotations += describe_annotations(tables, background.mappings, places, background.things, writer)
    describe_topics(read_for, found, writer)
    describe_times(annotations, writer)
    describe_statuses(background.statuses, annotations, writer)
    title = translations.get(tidy(plan.title))
    source = dataset.graph(URIRef(names.graph("source", plan.id)))
    source += describe_source(plan, names, title[0] if title else None, writer.quoted)
    return dataset


def spoken_of(plan: Dataset, background: Background) -> Dataset:
    """Return, of the background, the ontology and what it says of the things that the graphs of a plan speak of.

    Not of other plans, whose texts are not here.
    """
    terms, plans = URIRef(background.names.graph("ontology")), background.names.id("plan", "")
    named = {value for _, _, value, _ in plan.quads() if isinstance(value, URIRef) and not value.startswith(plans)}
    dataset = bind(Dataset(), background.names.prefixes())
    ontology = dataset.graph(terms)
    ontology += background.dataset.graph(terms)
    for thing in named:
        for subject, predicate, value, graph in background.dataset.quads((thing, None, None, None)):
            dataset.graph(graph).add((subject, predicate, value))
    return dataset


def describe_parts(writer: GraphWriter, networks: Gazetteer, things: Things, translations: Translations) -> None:
    """Add the plan, and each of its parts with number, text, labels, parent, passage and targets.

    A referral's target is found among `networks`, whose English names are in `things`. What a referral or reference
    says of the element that holds it is a statement of its own, for its words are fewer.
    """
    plan = writer.plan
    titles = [leaf for leaf in plan.leaves if leaf.row == 0]
    source = URIRef(writer.names.id("source", plan.id))
    passages = [(CG.passage, writer.passage(leaf)) for leaf in titles]
    writer.add(writer.root, (RDF.type, CG.Plan), (DCTERMS.source, source), *passages)
    describe_title(writer.root, plan.title, titles[0] if titles else None, translations, writer)
    in_order = sorted(plan.walk(), key=lambda pair: (pair[0].passage.start, -pair[0].passage.end))
    for order, (part, parent) in enumerate(in_order, 1):
        above = writer.root if parent is None else writer.iri(parent.id)
        _describe_part(part, above, order, writer)
        if isinstance(part, Referral):
            _describe_referral(part, above, networks, things, writer)
        elif isinstance(part, CrossReference):
            _describe_cross_reference(part, above, writer)
        else:
            describe_title(writer.iri(part.id), part.text, part.passage, translations, writer)


def _describe_part(part: Part, parent: URIRef, order: int, writer: GraphWriter) -> None:
    subject = writer.iri(part.id)
    # Numbers count within a theme; its own is no beginning of theirs.
    number = SKOS.notation if isinstance(part, Theme) else CG.number
    writer.add(parent, (DCTERMS.hasPart, subject))
    writer.add(
        subject,
        (RDF.type, CG[part.kind]),
        (DCTERMS.isPartOf, parent),
        (CG.within, parent),
        (CG.attachedBy, ATTACHMENT[part.attached_by.value]),
        (CG.order, Literal(order)),
        (CG.text, Literal(part.text, writer.plan.language)),
        (CG.passage, writer.passage(part.passage)),
        (number, None if part.number is None else Literal(part.number, datatype=XSD.string)),
        *((CG.repeatedIn, writer.passage(each)) for each in (part.repeats if isinstance(part, Theme) else ())),
    )


def _describe_referral(
    part: Referral, parent: URIRef, networks: Gazetteer, things: Things, writer: GraphWriter
) -> None:
    found = [URIRef(mention.iri) for mention in networks.find(part.target)]
    english = f"Reference to a work plan: {', '.join(things.label(network, 'en') for network in found)}"
    spanish = f"Remisión a un plan de trabajo: {tidy(part.target)}"
    writer.add(writer.iri(part.id), *labels(spanish, english if found else None))
    for network in found:
        writer.add(writer.iri(part.id), (CG.deferredTo, network))
        writer.state(parent, CG.deferredTo, network, part.passage, OURS)


def _describe_cross_reference(part: CrossReference, parent: URIRef, writer: GraphWriter) -> None:
    number, theme = part.number_passage, part.theme_passage
    title = tidy(theme.exact) if theme else ""
    told = labels(f"Referencia al tema «{title}»", f"Reference to the theme “{title}”")
    if number:
        told = labels(f"Referencia al número {part.target_number}", f"Reference to number {part.target_number}")
    writer.add(
        writer.iri(part.id),
        *(told if number or theme else ()),
        (CG.targetNumber, Literal(part.target_number, datatype=XSD.string) if number else None),
        (CG.targetPassage, writer.passage(number) if number else None),
        (CG.targetThemePassage, writer.passage(theme) if theme else None),
        (CG.targetTheme, writer.iri(part.target_theme) if part.target_theme else None),
        (CG.refersTo, writer.iri(part.target) if part.target else None),
    )
    if part.target:
        writer.state(parent, CG.refersTo, writer.iri(part.target), part.passage, OURS)


def describe_order(writer: GraphWriter) -> None:
    """Add which numbered parts are out of order, and in whose row a part is that belongs to another objective."""
    rows = {leaf.start: leaf.row for leaf in writer.plan.leaves}
    for theme in writer.plan.themes:
        elsewhere = dict(_in_other_rows(theme, rows))
        for displaced, objective in elsewhere.items():
            writer.add(writer.iri(displaced), (CG.inRowOf, writer.iri(objective)))
        for numbered in (*_siblings(theme, elsewhere), *_blocks(theme, elsewhere)):
            in_order = _longest_rise([number for number, _ in numbered])
            for place in {*range(len(numbered))} - {*in_order}:
                other = _disordered_with(place, numbered, in_order)
                writer.add(writer.iri(numbered[place][1].id), (CG.outOfOrderWith, writer.iri(other.id)))


Numbered = Sequence[tuple[Any, Part]]
"""Parts in the order of their places, each behind its number."""


def _siblings(theme: Theme, elsewhere: Collection[str]) -> Iterator[Numbered]:
    """Yield the parts whose numbers are in an order: of one kind, with the same beginning, beside each other.

    What is there again, or stands in the row of another, is wrong for that already, and those beside it are not for its
    sake.
    """
    for part, _ in theme.walk():
        beside: dict[object, dict[int, Part]] = defaultdict(dict)
        for child in sorted(part.parts, key=lambda child: child.passage.start):
            if child.number is not None and child.id not in elsewhere:
                beginning, _, last = child.number.rpartition(".")
                beside[type(child), beginning].setdefault(int(last), child)
        yield from ([*numbered.items()] for numbered in beside.values())


def _blocks(theme: Theme, elsewhere: Collection[str]) -> Iterator[Numbered]:
    """Yield the first of those that follow each other in one part, by the number of that part, for each kind.

    What does not begin with the number of the part it stands in is wrong for that already.
    """
    for objective, kind in product(theme.parts, (Activity, ScheduleEntry)):
        below = [
            (tuple(map(int, above.number.split("."))), part)
            for part, above in sorted(objective.walk(), key=lambda pair: pair[0].passage.start)
            if isinstance(part, kind) and above and above.number and part.id not in elsewhere
            if (part.number or "").rpartition(".")[0] == above.number
        ]
        yield [next(block) for _, block in groupby(below, key=lambda pair: pair[0])]


def _disordered_with(place: int, numbered: Numbered, in_order: Sequence[int]) -> Part:
    """Return one of those in order that shows that the part at this place is not."""
    number = numbered[place][0]
    before = [each for each in in_order if each < place and numbered[each][0] >= number]
    after = [each for each in in_order if each > place and numbered[each][0] <= number]
    return numbered[before[-1] if before else after[0]][1]


def _longest_rise(numbers: Sequence[Any]) -> list[int]:
    """Return the places of as many numbers as can be, each larger than the one before; of several such, the first.

    So where two have changed places, it is the second that breaks the order.
    """
    rises: list[list[int]] = []
    for place in reversed(range(len(numbers))):
        longer = [rise for rise in rises if numbers[rise[0]] > numbers[place]]
        rises.append([place, *min(longer, key=lambda rise: (-len(rise), rise), default=[])])
    return min(rises, key=lambda rise: (-len(rise), rise), default=[])


def _in_other_rows(theme: Theme, rows: dict[int, int]) -> Iterator[tuple[str, str]]:
    """Yield the parts that stand in the row of an objective that is not theirs, by id, and that objective.

    Only where a row has one objective, for it is not known whose of several a part is.
    """
    standing: dict[int, list[Part]] = defaultdict(list)
    for objective in theme.parts:
        if isinstance(objective, Objective):
            standing[rows[objective.passage.start]].append(objective)
    begins = sorted(standing)
    for objective in (each for beside in standing.values() for each in beside):
        for part, _ in objective.walk():
            place = rows.get(part.passage.start)
            if place is not None and part.attached_by is Attachment.PRINTED_NUMBER:
                beside = standing[begins[max(0, bisect_right(begins, place) - 1)]]
                if len(beside) == 1 and beside[0] is not objective:
                    yield part.id, beside[0].id
