"""The parts of a plan as RDF, and what their places tell: numbers out of order, parts in the row of another."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, product
from typing import Any

from rdflib import DCTERMS, RDF, SKOS, XSD, Literal, URIRef

from crmgraph.describing.annotations import Things, Translations, describe_title
from crmgraph.describing.vocabulary import ATTACHMENT, CG, OURS, GraphWriter, labels
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.reading.languages import tidy
from crmgraph.reading.model import Activity, Attachment, CrossReference, Objective, Part, Referral, ScheduleEntry, Theme

__all__ = ["describe_order", "describe_parts"]


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
