"""The parts of a plan as RDF, and what their places tell: numbers out of order, parts in the row of another."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any

from rdflib import DCTERMS, RDF, SKOS, XSD, Literal, URIRef

from crmgraph.describing.annotations import Things, Translations, describe_title
from crmgraph.describing.vocabulary import ATTACHMENT, CG
from crmgraph.describing.writer import OURS, GraphWriter, labels
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import Activity, Attachment, CrossReference, Objective, Part, Referral, ScheduleEntry, Theme

__all__ = ["describe_order", "describe_parts"]


def describe_parts(writer: GraphWriter, networks: Gazetteer, things: Things, translations: Translations) -> None:
    """Add the plan, and each of its parts with number, text, labels, parent, passage and targets.

    A referral's target is found among `networks`, whose English names are in `things`. What a referral or reference
    says of the element that holds it is a statement of its own, for its words are fewer.
    """
    plan = writer.plan
    titles = [leaf for leaf in plan.leaves if leaf.row == 0]
    passages = [(CG.passage, writer.passage(leaf)) for leaf in titles]
    source = URIRef(writer.names.id("source", plan.id))
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
    subject, number, theme = writer.iri(part.id), part.target_number, part.theme_passage
    title = tidy(theme.exact) if theme else ""
    if part.number_passage:
        writer.add(
            subject,
            *labels(f"Referencia al número {number}", f"Reference to number {number}"),
            (CG.targetNumber, Literal(number, datatype=XSD.string)),
            (CG.targetPassage, writer.passage(part.number_passage)),
        )
    elif theme:
        writer.add(subject, *labels(f"Referencia al tema «{title}»", f"Reference to the theme “{title}”"))
    writer.add(
        subject,
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
        for one, other in (*_out_of_order(theme, elsewhere), *_blocks_out_of_order(theme, elsewhere)):
            writer.add(writer.iri(one.id), (CG.outOfOrderWith, writer.iri(other.id)))


def _out_of_order(theme: Theme, elsewhere: Collection[str]) -> Iterator[tuple[Part, Part]]:
    """Yield the parts whose numbers break the order of those beside them, each with one of these that shows it.

    Only numbers of one kind with the same beginning are in an order. What is there again, or stands in the row of
    another, is wrong for that already, and those beside it are not for its sake.
    """
    for part, _ in theme.walk():
        beside: dict[object, dict[int, Part]] = defaultdict(dict)
        for child in sorted(part.parts, key=lambda child: child.passage.start):
            if child.number is not None and child.id not in elsewhere:
                beginning, _, last = child.number.rpartition(".")
                beside[type(child), beginning].setdefault(int(last), child)
        for numbered in beside.values():
            yield from _breaking([*numbered.items()])


def _blocks_out_of_order(theme: Theme, elsewhere: Collection[str]) -> Iterator[tuple[Part, Part]]:
    """Yield where those of one part stand behind those of a later one, the first of them, with one that shows it.

    What does not begin with the number of the part it stands in is wrong for that already.
    """
    for objective in theme.parts:
        for kind in (Activity, ScheduleEntry):
            below = [
                (tuple(map(int, above.number.split("."))), part)
                for part, above in objective.walk()
                if isinstance(part, kind) and above and above.number and part.id not in elsewhere
                if (part.number or "").rpartition(".")[0] == above.number
            ]
            below.sort(key=lambda pair: pair[1].passage.start)
            yield from _breaking([next(block) for _, block in groupby(below, key=lambda pair: pair[0])])


def _breaking(numbered: Sequence[tuple[Any, Part]]) -> Iterator[tuple[Part, Part]]:
    """Yield the parts whose number breaks the order of the others, each with one of these that shows it."""
    in_order = _longest_rise([number for number, _ in numbered])
    for place, (number, part) in enumerate(numbered):
        if place not in in_order:
            before = [numbered[each][1] for each in in_order if each < place and numbered[each][0] >= number]
            after = [numbered[each][1] for each in in_order if each > place and numbered[each][0] <= number]
            yield part, before[-1] if before else after[0]


def _longest_rise(numbers: Sequence[Any]) -> list[int]:
    """Return the places of as many numbers as can be, each larger than the one before; of several such, the first.

    So where two have changed places, it is the second that breaks the order.
    """
    lengths = [1] * len(numbers)
    for place in reversed(range(len(numbers))):
        later = (lengths[each] for each in range(place + 1, len(numbers)) if numbers[each] > numbers[place])
        lengths[place] += max(later, default=0)
    places: list[int] = []
    for place, length in enumerate(lengths):
        if length == max(lengths) - len(places) and (not places or numbers[place] > numbers[places[-1]]):
            places.append(place)
    return places


def _in_other_rows(theme: Theme, rows: dict[int, int]) -> Iterator[tuple[str, str]]:
    """Yield the parts that stand in the row of an objective that is not theirs, by id, and that objective.

    Only where a row has one objective, for it is not known whose of several a part is.
    """
    objectives = [part for part in theme.parts if isinstance(part, Objective)]
    begins = sorted({rows[each.passage.start] for each in objectives})
    for objective in objectives:
        for part, _ in objective.walk():
            place = rows.get(part.passage.start)
            if place is not None and part.attached_by is Attachment.PRINTED_NUMBER:
                row = begins[max(0, bisect_right(begins, place) - 1)]
                standing = [each for each in objectives if rows[each.passage.start] == row]
                if len(standing) == 1 and standing[0] is not objective:
                    yield part.id, standing[0].id
