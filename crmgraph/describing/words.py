"""Names, acronyms, topics, times and statuses in the text of a plan, recognised without annotations, as RDF."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import NamedTuple

from rdflib import RDF, Literal, URIRef

from crmgraph.describing.annotations import Annotation
from crmgraph.describing.vocabulary import (
    AGENT_KINDS,
    CG,
    PROJECT,
    RECOGNISER,
    GraphWriter,
    PropertyValue,
    concept,
    date_literal,
    duration_literal,
    subpassage,
)
from crmgraph.extraction.dates import TimeExpression, find_times, with_day_first, years_of_calendar
from crmgraph.extraction.gazetteer import Gazetteer, Mention
from crmgraph.extraction.names import (
    find_acronyms,
    find_expansion,
    find_name_by_initials,
    find_words_without_accent,
    is_acronym,
)
from crmgraph.extraction.statuses import find_occasion, find_statuses
from crmgraph.extraction.title_dates import dates_of_title
from crmgraph.namespaces import ONTOLOGY
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


def describe_mentions(names: Gazetteer, writer: GraphWriter) -> list[FoundMention]:
    """Add the mentions of things in the plan, and return them in the order of the plan.

    The title of an instrument may contain mentions of agents, such as the parties to an agreement. These are added as
    well, with a link to the mention of the instrument.

    The plan is linked by cg:firstUse to the first mention of a thing by each of its names. For these links, mentions
    within the titles of instruments do not count.
    """
    counts: Counter[URIRef] = Counter()
    mentions: list[FoundMention] = []
    named: set[tuple[URIRef, str]] = set()
    instruments, *agents = (writer.names.id(kind, "") for kind in ("instrument", *AGENT_KINDS))

    def describe(mention: Mention, element: URIRef, around: Passage, *values: PropertyValue) -> FoundMention:
        counts[element] += 1
        node, thing = URIRef(f"{element}/mention-{counts[element]}"), URIRef(mention.iri)
        words = subpassage(around, mention.start, mention.end)
        writer.add(element, (CG.mention, node), (CG.mentions, thing))
        writer.add(
            node,
            (RDF.type, CG.Mention),
            (CG.inElement, element),
            (CG.mentioned, thing),
            (CG.nameForm, concept("name-form", mention.form)),
            (CG.nameUsed, Literal(mention.name)),
            (CG.passage, writer.add_passage(words)),
            *values,
        )
        mentions.append(FoundMention(node, element, thing, words))
        return mentions[-1]

    for element, passage in elements_with_text(writer):
        for mention in names.find(passage.exact):
            whole = describe(mention, element, passage)
            name = _GENITIVE.sub("", tidy(whole.passage.exact).casefold())
            if (whole.thing, name) not in named:
                named.add((whole.thing, name))
                writer.add(writer.root, (CG.firstUse, whole.node))
            for inner in names.find(whole.passage.exact, within=True) if whole.thing.startswith(instruments) else ():
                if inner.iri.startswith(tuple(agents)):
                    describe(inner, element, whole.passage, (CG.inMention, whole.node))
    return mentions


_MIN_WORDS = 3
"""The minimum number of words in a text that counts as repeated. Shorter ones are generic, such as "Capacitaciones"."""


def describe_acronyms(mentions: Sequence[FoundMention], names: Gazetteer, writer: GraphWriter) -> None:
    """Add each acronym in a plan, with its first use, the things that it names, and its expansion, if there is one.

    A misspelt acronym counts as the correct one. A word in capitals that neither the gazetteer knows nor the plan
    expands is left out if it is probably no acronym. That is the case if the plan also has the word in small letters,
    if the word is next to another one in capitals or before a number, or if it looks like a name.

    Args:
        mentions: The mentions in the plan.
        names: The names of things that a plan may mention.
        writer: The writer of the graph.
    """
    elements = list(elements_with_text(writer))
    texts = [passage for _, passage in elements]
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.exact) if not word.isupper()}
    small = {key(word) for word in words} | names.ordinary
    seen: set[str] = set()
    for element, passage in elements:
        for acronym in find_acronyms(passage.exact):
            letters = _correct_spelling(acronym.letters, names)
            if letters in seen:
                continue
            place = subpassage(passage, acronym.start, acronym.end)
            things = _things_named(letters, place, mentions, names)
            expansion = _full_name(things, letters, mentions) or _first_expansion(letters, texts, is_known=bool(things))
            if not things and expansion is None and (key(letters) in small or acronym.is_doubtful):
                continue
            seen.add(letters)
            writer.add(
                URIRef(f"{writer.root}/acronym/{letters}"),
                (RDF.type, CG.Acronym),
                (CG.firstUsedIn, element),
                (CG.letters, Literal(letters)),
                (CG.passage, writer.add_passage(place)),
                *((CG.standsFor, thing) for thing in things),
                (CG.spelledOutIn, writer.add_passage(expansion) if expansion else None),
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
    """Add the first use of each Spanish word, in parts or headings, that certainly lacks an accent.

    Words within a mention whose name lacks accents are left out, as the mention has this defect already.
    """
    unaccented_names = [
        each.passage
        for each in mentions
        if (each.node, CG.nameForm, concept("name-form", "unaccented")) in writer.graph
    ]
    headings = [leaf for leaf in writer.plan.leaves if leaf.row == 1]
    places = [(writer.root, Passage(leaf.start, leaf.end, leaf.exact)) for leaf in headings]
    seen: set[str] = set()
    for element, passage in sorted([*elements_with_text(writer), *places], key=lambda place: place[1].start):
        for start, end in find_words_without_accent(passage.exact):
            word = subpassage(passage, start, end)
            is_in_name = any(name.start <= word.start and word.end <= name.end for name in unaccented_names)
            if key(word.exact) not in seen and not is_in_name:
                seen.add(key(word.exact))
                writer.add(element, (CG.unaccentedWord, writer.add_passage(word)))


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
            writer.add(subject, (CG.impossibleDate, writer.add_passage(passage)))
            continue
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
        moments = find_times(text, years) if isinstance(part, ScheduleEntry) else _times_from(text, first)
        for moment in moments:
            yield part, subpassage(part.passage, moment.start, moment.end), moment


def _times_from(text: str, first: str) -> list[TimeExpression]:
    """Return the times in a text, without dates before `first`, the beginning of the plan."""
    return [
        each
        for each in find_times(text)
        if each.property not in ("date", "since", "until") or each.value >= first[: len(each.value)]
    ]


def describe_statuses(names: Gazetteer, annotations: Collection[Annotation], writer: GraphWriter) -> None:
    """Add the status that the text of each schedule entry or note states, unless a reader has annotated its status.

    An entry with neither status nor time gets the words that state its timing otherwise, such as “on request”. Call
    this function after `describe_times`, as it looks for times in the graph.
    """
    annotated = {row.element.id for row in annotations if row.row["property"] == "status"}
    timed = (CG.status, CG.impossibleDate, *(predicate for predicate, _ in _TIME_PROPERTIES.values()))
    for part, _ in writer.plan.walk():
        if not isinstance(part, ScheduleEntry | Note):
            continue
        subject = writer.iri(part.id)
        for status, words in statuses_of(part, names) if part.id not in annotated else ():
            writer.add_statement(subject, CG.status, URIRef(status), words, PROJECT)
        lacks_timing = isinstance(part, ScheduleEntry) and not any(
            (subject, each, None) in writer.graph for each in timed
        )
        if lacks_timing and (place := find_occasion(part.passage.exact)):
            writer.add(subject, (CG.otherTiming, writer.add_passage(subpassage(part.passage, *place))))


def statuses_of(entry: ScheduleEntry | Note, names: Gazetteer) -> list[tuple[str, Passage]]:
    """Return the IRI of each status that the text of an entry or note states, with its passage.

    If there are several, a check reports them as a defect.
    """
    mentions = find_statuses(entry.passage.exact, names, in_note=isinstance(entry, Note))
    return [(each.iri, subpassage(entry.passage, each.start, each.end)) for each in mentions]
