"""What the words of a plan say by themselves: whom and what they name, when something is, how it stands."""

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
    OURS,
    RECOGNISER,
    GraphWriter,
    Said,
    concept,
    date_literal,
    duration_literal,
    within,
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


class Found(NamedTuple):
    """A mention: its node, the element with the words, the thing named, and the words that name it."""

    node: URIRef
    element: URIRef
    thing: URIRef
    passage: Passage


def worded_elements(writer: GraphWriter) -> Iterator[tuple[URIRef, Passage]]:
    """Yield the elements with words of their own and those words, in the order of the source; the plan has its title.

    A referral or cross-reference is among the words of the element that holds it; a theme's title counts once, however
    many pages repeat it.
    """
    for leaf in writer.plan.leaves:
        if leaf.row == 0:
            yield writer.root, Passage(leaf.start, leaf.end, leaf.exact)
    for part, _ in sorted(writer.plan.walk(), key=lambda pair: pair[0].passage.start):
        if not isinstance(part, Referral | CrossReference):
            yield writer.iri(part.id), part.passage


def describe_mentions(names: Gazetteer, writer: GraphWriter) -> list[Found]:
    """Add each place where an element, or the title of the plan, names a thing; return them in the order of the plan.

    Where an instrument is named, its title may name agents in turn: the parties of an agreement, whose programme it is.
    The first use of each name of a thing in the plan is marked, titles aside.
    """
    counts: Counter[URIRef] = Counter()
    found: list[Found] = []
    named: set[tuple[URIRef, str]] = set()
    instruments, *agents = (writer.names.id(kind, "") for kind in ("instrument", *AGENT_KINDS))

    def describe(mention: Mention, element: URIRef, around: Passage, *said: Said) -> Found:
        counts[element] += 1
        node, thing = URIRef(f"{element}/mention-{counts[element]}"), URIRef(mention.iri)
        words = within(around, mention.start, mention.end)
        writer.add(element, (CG.mention, node), (CG.mentions, thing))
        writer.add(
            node,
            (RDF.type, CG.Mention),
            (CG.inElement, element),
            (CG.mentioned, thing),
            (CG.nameForm, concept("name-form", mention.form)),
            (CG.nameUsed, Literal(mention.name)),
            (CG.passage, writer.passage(words)),
            *said,
        )
        found.append(Found(node, element, thing, words))
        return found[-1]

    for element, passage in worded_elements(writer):
        for mention in names.find(passage.exact):
            whole = describe(mention, element, passage)
            name = _GENITIVE.sub("", tidy(whole.passage.exact).casefold())
            if (whole.thing, name) not in named:
                named.add((whole.thing, name))
                writer.add(writer.root, (CG.firstUse, whole.node))
            for inner in names.find(whole.passage.exact, within=True) if whole.thing.startswith(instruments) else ():
                if inner.iri.startswith(tuple(agents)):
                    describe(inner, element, whole.passage, (CG.inMention, whole.node))
    return found


_FEWEST_WORDS = 3
"""Fewer words, such as "Capacitaciones", are a kind of activity and no sentence."""


def describe_acronyms(found: Sequence[Found], names: Gazetteer, writer: GraphWriter) -> None:
    """Add each acronym of a plan by its first use, with what it names and the words that spell it out, if any do.

    Unless the plan or the gazetteer knows it, a word that is also written small, that stands beside another in capitals
    or before a number, or that looks like a name, is none. One that is misspelt counts as the one that is meant.

    Args:
        found: the mentions in the plan.
        names: the names of things that a plan may mention.
        writer: the writer of the graph.
    """
    elements = list(worded_elements(writer))
    texts = [passage for _, passage in elements]
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.exact) if not word.isupper()}
    small = {key(word) for word in words} | names.ordinary
    seen: set[str] = set()
    for element, passage in elements:
        for acronym in find_acronyms(passage.exact):
            letters = _meant(acronym.letters, names)
            if letters in seen:
                continue
            place = within(passage, acronym.start, acronym.end)
            things = _things(letters, place, found, names)
            spelled = _named_in_words(things, letters, found) or _expansion(letters, texts, is_known=bool(things))
            if not things and spelled is None and (key(letters) in small or acronym.is_doubtful):
                continue
            seen.add(letters)
            writer.add(
                URIRef(f"{writer.root}/acronym/{letters}"),
                (RDF.type, CG.Acronym),
                (CG.firstUsedIn, element),
                (CG.letters, Literal(letters)),
                (CG.passage, writer.passage(place)),
                *((CG.standsFor, thing) for thing in things),
                (CG.spelledOutIn, writer.passage(spelled) if spelled else None),
            )


def _meant(letters: str, names: Gazetteer) -> str:
    """Return the acronym that letters are a known or likely misspelling of; else themselves."""
    misspelt = (each for each in names.find(letters) if each.form == "misspelling" and each.end == len(letters))
    meant = next((each.name for each in misspelt if each.name.isupper()), letters)
    return meant if meant.isalpha() else letters


def _things(letters: str, place: Passage, found: Iterable[Found], names: Gazetteer) -> set[URIRef]:
    """Return what letters name by themselves, or else the joint acronym that they are part of (CEPAL/CELADE)."""
    alone = {URIRef(mention.iri) for mention in names.find(letters) if mention.end - mention.start == len(letters)}
    return alone or {
        each.thing
        for each in found
        if each.passage.start <= place.start and place.end <= each.passage.end and is_acronym(each.passage.exact)
    }


def _named_in_words(things: set[URIRef], letters: str, found: Iterable[Found]) -> Passage | None:
    """Return the first words, without the acronym itself, that name one of the things."""
    naming = (each.passage for each in found if each.thing in things and not each.passage.exact.startswith(letters))
    return next((passage for passage in naming if len(passage.exact.split()) > 1), None)


def _expansion(letters: str, texts: Sequence[Passage], is_known: bool) -> Passage | None:
    """Return the first words that spell the letters out or, where nobody knows these, a name that introduces them, or
    one that has them as its initials.
    """
    using = [text for text in texts if letters in text.exact]
    places = chain(
        ((text, find_expansion(letters, text.exact, by_letters=True)) for text in using),
        ((text, find_expansion(letters, text.exact, by_letters=False)) for text in using if not is_known),
        ((text, find_name_by_initials(letters, text.exact)) for text in texts if not is_known),
    )
    return next((within(text, *place) for text, place in places if place), None)


def describe_bare_words(found: Iterable[Found], writer: GraphWriter) -> None:
    """Add the first use of each word of a plan in Spanish that surely lacks its accent, its headings too.

    Those in a name that lacks accents, as `found` tells, are told there.
    """
    told = [
        each.passage for each in found if (each.node, CG.nameForm, concept("name-form", "unaccented")) in writer.graph
    ]
    headings = [leaf for leaf in writer.plan.leaves if leaf.row == 1]
    places = [(writer.root, Passage(leaf.start, leaf.end, leaf.exact)) for leaf in headings]
    seen: set[str] = set()
    for element, passage in sorted([*worded_elements(writer), *places], key=lambda place: place[1].start):
        for start, end in find_words_without_accent(passage.exact):
            word = within(passage, start, end)
            is_told = any(name.start <= word.start and word.end <= name.end for name in told)
            if key(word.exact) not in seen and not is_told:
                seen.add(key(word.exact))
                writer.add(element, (CG.unaccentedWord, writer.passage(word)))


def describe_repetitions(writer: GraphWriter) -> None:
    """Add for each objective, action or activity which earlier one has the same words, whatever their numbers.

    Accents, case and a final stop do not count. It repeats the first of its kind with them.
    """
    firsts: dict[tuple[str, str], str] = {}
    for part, _ in sorted(writer.plan.walk(), key=lambda pair: pair[0].passage.start):
        words = key(part.text).rstrip(" .;,")
        if isinstance(part, Objective | Action | Activity) and len(words.split()) >= _FEWEST_WORDS:
            first = firsts.setdefault((part.kind, words), part.id)
            if first != part.id:
                writer.add(writer.iri(part.id), (CG.repeats, writer.iri(first)))


TOPIC_TABLES = {"topics": ("topic", CG.topic), "population-groups": ("population-group", CG.populationGroup)}
"""For each table of what and whom a plan is about, the vocabulary of its concepts and the property that it gives."""


def describe_topics(read: Mapping[str, Set[URIRef]], found: Iterable[Found], writer: GraphWriter) -> None:
    """Add what mentions name of topics and groups of people, each as a statement with the words that name it.

    Args:
        read: for each of the tables the parts that a reader read, who may have seen that the words are about something
            else.
        found: the mentions in the plan; those in its title do not count.
        writer: the writer of the graph.
    """
    for each in found:
        for table, (scheme, predicate) in TOPIC_TABLES.items():
            is_open = each.element not in read[table] and each.element != writer.root
            if is_open and each.thing.startswith(f"{ONTOLOGY}/{scheme}#"):
                writer.state(each.element, predicate, each.thing, each.passage, RECOGNISER)


_PROPERTIES = {
    "date": (CG.date, date_literal),
    "since": (CG.since, date_literal),
    "until": (CG.until, date_literal),
    "recurrence": (CG.recurrence, duration_literal),
    "delay": (CG.delay, duration_literal),
}


def describe_times(read: Collection[Annotation], writer: GraphWriter) -> None:
    """Add the times in the words of a plan, each with those words, and the words of dates that no calendar has.

    Those in its title are dates of the plan itself. Where a reader said a time of some words, that stands.

    Args:
        read: what readers said of the plan.
        writer: the writer of the graph.
    """
    said = [(row.element.id, row.passage) for row in read if row.row["property"] in _PROPERTIES]
    of_title = (
        (writer.root, within(line, moment.start, moment.end), moment)
        for line in writer.plan.leaves
        if line.row == 0
        for moment in dates_of_title(line.exact)
    )
    of_parts = (
        (writer.iri(part.id), passage, moment)
        for part, passage, moment in planned_times(writer.plan)
        if not any(id_ == part.id and passage.start < by.end and by.start < passage.end for id_, by in said)
    )
    for subject, passage, moment in (*of_title, *of_parts):
        if moment.property == "impossible":
            writer.add(subject, (CG.impossibleDate, writer.passage(passage)))
            continue
        ends = ("since", "until") if moment.property == "reversed" else (moment.property,)
        for name, value in zip(ends, moment.value.split("/"), strict=True):
            predicate, literal = _PROPERTIES[name]
            writer.state(subject, predicate, literal(value), passage, RECOGNISER)


def planned_times(plan: Plan) -> Iterator[tuple[Part, Passage, TimeExpression]]:
    """Yield the times in the words of each part, but for those of what is cited.

    What comes before the first date of the title, or else the first year of the schedule, is cited, for a plan says
    what will be done; but in a schedule entry there is nothing but what is to happen or has happened. A referral or
    cross-reference is among the words of the part that holds it.
    """
    parts = [part for part, _ in plan.walk() if not isinstance(part, Referral | CrossReference)]
    texts = [part.passage.exact for part in parts]
    years = years_of_calendar([part.text for part in parts if isinstance(part, ScheduleEntry)], plan.title)
    of_title = (each for line in plan.leaves if line.row == 0 for each in dates_of_title(line.exact))
    first = min((each.value for each in of_title if each.property == "date"), default=str(min(years, default="")))
    for part, text in zip(parts, with_day_first(texts) if plan.language == "en" else texts, strict=True):
        moments = find_times(text, years) if isinstance(part, ScheduleEntry) else _foreseen(text, first)
        for moment in moments:
            yield part, within(part.passage, moment.start, moment.end), moment


def _foreseen(text: str, first: str) -> list[TimeExpression]:
    """Return the times in the words of other parts, but for dates before the first one of the title."""
    return [
        each
        for each in find_times(text)
        if each.property not in ("date", "since", "until") or each.value >= first[: len(each.value)]
    ]


def describe_statuses(names: Gazetteer, read: Collection[Annotation], writer: GraphWriter) -> None:
    """Add the status of each calendar entry or note that its words give it, where no reader (see `read`) said it.

    An entry that has no status and no time, which have to be in the graph, gets the words that say otherwise when it
    is or how it stands: on request.
    """
    decided = {row.element.id for row in read if row.row["property"] == "status"}
    timed = (CG.status, CG.impossibleDate, *(predicate for predicate, _ in _PROPERTIES.values()))
    for part, _ in writer.plan.walk():
        if not isinstance(part, ScheduleEntry | Note):
            continue
        subject = writer.iri(part.id)
        for status, words in statuses_of(part, names) if part.id not in decided else ():
            writer.state(subject, CG.status, URIRef(status), words, OURS)
        is_mute = isinstance(part, ScheduleEntry) and not any((subject, each, None) in writer.graph for each in timed)
        if is_mute and (place := find_occasion(part.passage.exact)):
            writer.add(subject, (CG.otherTiming, writer.passage(within(part.passage, *place))))


def statuses_of(entry: ScheduleEntry | Note, names: Gazetteer) -> list[tuple[str, Passage]]:
    """Return the IRIs of the statuses that the words of an entry or note say, each with these words.

    More than one status is a defect to be found.
    """
    found = find_statuses(entry.passage.exact, names, in_note=isinstance(entry, Note))
    return [(each.iri, within(entry.passage, each.start, each.end)) for each in found]
