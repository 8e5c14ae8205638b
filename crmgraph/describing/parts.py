"""The parts of a plan as RDF, and what their places tell."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from rdflib import DCTERMS, RDF, SKOS, XSD, Literal, URIRef

from crmgraph.describing.annotations import Things
from crmgraph.describing.readings import Translations, describe_title
from crmgraph.describing.vocabulary import ATTACHMENT, CG
from crmgraph.describing.writer import OURS, GraphWriter
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import Activity, Attachment, CrossReference, Objective, Part, Referral, ScheduleEntry, Theme

__all__ = ["describe_neighbours", "describe_parts"]


def describe_parts(writer: GraphWriter, networks: Gazetteer, things: Things, translations: Translations) -> None:
    """The plan, and each of its parts with number, text, labels, parent, passage and targets.

    A referral's target is found among `networks`, whose English names are in `things`. What a referral or reference
    says of the element that holds it is a statement of its own, for its words are fewer.
    """
    _describe_plan(writer, translations)
    in_order = sorted(writer.plan.walk(), key=lambda pair: (pair[0].passage.start, -pair[0].passage.end))
    for order, (part, parent) in enumerate(in_order, 1):
        above = writer.root if parent is None else writer.iri(parent.id)
        _describe_part(part, above, order, writer)
        if isinstance(part, Referral):
            _describe_referral(part, above, networks, things, writer)
        elif isinstance(part, CrossReference):
            _describe_cross_reference(part, above, writer)
        else:
            describe_title(writer.iri(part.id), part.text, part.passage, translations, writer)
        if isinstance(part, Theme):
            for repeat in part.repeats:
                writer.stand(writer.iri(part.id), repeat, CG.repeatedIn)


def _describe_plan(writer: GraphWriter, translations: Translations) -> None:
    titles = [leaf for leaf in writer.plan.leaves if leaf.row == 0]
    writer.graph.add((writer.root, RDF.type, CG.Plan))
    writer.graph.add((writer.root, DCTERMS.source, URIRef(writer.names.id("source", writer.plan.id))))
    describe_title(writer.root, writer.plan.title, titles[0] if titles else None, translations, writer)
    for leaf in titles:
        writer.stand(writer.root, leaf)


def _describe_part(part: Part, parent: URIRef, order: int, writer: GraphWriter) -> None:
    graph, subject = writer.graph, writer.iri(part.id)
    graph.add((subject, RDF.type, CG[part.kind]))
    graph.add((subject, DCTERMS.isPartOf, parent))
    graph.add((parent, DCTERMS.hasPart, subject))
    graph.add((subject, CG.within, parent))
    graph.add((subject, CG.attachedBy, ATTACHMENT[part.attached_by.value]))
    graph.add((subject, CG.order, Literal(order)))
    graph.add((subject, CG.text, Literal(part.text, writer.plan.language)))
    writer.stand(subject, part.passage)
    if part.number is not None:
        # Numbers count within a theme; its own is no beginning of theirs.
        number = SKOS.notation if isinstance(part, Theme) else CG.number
        graph.add((subject, number, Literal(part.number, datatype=XSD.string)))


def _describe_referral(
    part: Referral, parent: URIRef, networks: Gazetteer, things: Things, writer: GraphWriter
) -> None:
    found = [URIRef(mention.iri) for mention in networks.find(part.target)]
    named = ", ".join(things.label(network, "en") for network in found)
    writer.label(
        writer.iri(part.id),
        f"Remisión a un plan de trabajo: {tidy(part.target)}",
        f"Reference to a work plan: {named}" if found else None,
    )
    for network in found:
        writer.graph.add((writer.iri(part.id), CG.deferredTo, network))
        writer.state(parent, CG.deferredTo, network, part.passage, OURS)


def _describe_cross_reference(part: CrossReference, parent: URIRef, writer: GraphWriter) -> None:
    graph, subject, number = writer.graph, writer.iri(part.id), part.target_number
    if part.number_passage:
        writer.label(subject, f"Referencia al número {number}", f"Reference to number {number}")
        graph.add((subject, CG.targetNumber, Literal(number, datatype=XSD.string)))
        writer.stand(subject, part.number_passage, CG.targetPassage)
    if part.theme_passage:
        if not part.number_passage:
            title = tidy(part.theme_passage.exact)
            writer.label(subject, f"Referencia al tema «{title}»", f"Reference to the theme “{title}”")
        writer.stand(subject, part.theme_passage, CG.targetThemePassage)
    if part.target_theme:
        graph.add((subject, CG.targetTheme, writer.iri(part.target_theme)))
    if part.target:
        target = writer.iri(part.target)
        graph.add((subject, CG.refersTo, target))
        writer.state(parent, CG.refersTo, target, part.passage, OURS)


def describe_neighbours(writer: GraphWriter) -> None:
    """Which numbered parts are out of order, and in whose row a part is that belongs to another objective."""
    rows = {leaf.start: leaf.row for leaf in writer.plan.leaves}
    for theme in writer.plan.themes:
        elsewhere = dict(_in_other_rows(theme, rows))
        for displaced, objective in elsewhere.items():
            writer.graph.add((writer.iri(displaced), CG.inRowOf, writer.iri(objective)))
        for part, _ in theme.walk():
            # What stands in the row of another is wrong for that already, and those beside it are not for its sake.
            children = [child for child in part.parts if child.number is not None and child.id not in elsewhere]
            for kind in {type(child) for child in children}:
                for one, other in _out_of_order([child for child in children if type(child) is kind]):
                    writer.graph.add((writer.iri(one.id), CG.outOfOrderWith, writer.iri(other.id)))
        for part in theme.parts:
            for one, other in _blocks_out_of_order(part, elsewhere):
                writer.graph.add((writer.iri(one.id), CG.outOfOrderWith, writer.iri(other.id)))


def _blocks_out_of_order(objective: Part, elsewhere: Collection[str]) -> Iterator[tuple[Part, Part]]:
    """Where those of one part stand behind those of a later one, the first of them, with one that shows it.

    What does not begin with the number of the part it stands in is wrong for that already.
    """
    below: dict[type[Part], list[Part]] = defaultdict(list)
    for part, above in objective.walk():
        beginning = (part.number or "").rpartition(".")[0]
        if above is not None and beginning and beginning == above.number and part.id not in elsewhere:
            below[type(part)].append(part)
    for kind in (Activity, ScheduleEntry):
        parts = sorted(below[kind], key=lambda part: part.passage.start)
        blocks = [next(block) for _, block in groupby(parts, key=_beginning)]
        ranks = {beginning: rank for rank, beginning in enumerate(sorted(set(map(_beginning, blocks))))}
        yield from _breaking([(ranks[_beginning(block)], block) for block in blocks])


def _beginning(part: Part) -> tuple[int, ...]:
    return tuple(map(int, (part.number or "").split(".")[:-1]))


def _out_of_order(parts: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    """The parts whose numbers break the order of the others, each with one of these that shows it.

    Only numbers with the same beginning are in an order, and one that is there again is wrong for that already.
    """
    beginnings: dict[str, dict[int, Part]] = defaultdict(dict)
    for part in sorted(parts, key=lambda part: part.passage.start):
        beginning, _, last = (part.number or "").rpartition(".")
        beginnings[beginning].setdefault(int(last), part)
    for numbered in beginnings.values():
        yield from _breaking([*numbered.items()])


def _breaking(numbered: Sequence[tuple[int, Part]]) -> Iterator[tuple[Part, Part]]:
    """The parts whose number breaks the order of the others, each with one of these that shows it."""
    in_order = _longest_rise([number for number, _ in numbered])
    for place, (number, part) in enumerate(numbered):
        if place not in in_order:
            before = [numbered[each][1] for each in in_order if each < place and numbered[each][0] >= number]
            after = [numbered[each][1] for each in in_order if each > place and numbered[each][0] <= number]
            yield part, before[-1] if before else after[0]


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """The places of as many numbers as can be, each larger than the one before; of several such, the first places.

    So where two have changed places, it is the second that breaks the order.
    """
    lengths: list[int] = []  # how long a rise can begin at each place, from the last to the first
    begins: list[int] = []  # for each length, the largest number that begins a rise of it, with its sign changed
    for number in reversed(numbers):
        length = bisect_left(begins, -number)
        begins[length : length + 1] = [-number]
        lengths.append(length + 1)
    places: list[int] = []
    for place, length in enumerate(reversed(lengths)):
        if length == len(begins) - len(places) and (not places or numbers[place] > numbers[places[-1]]):
            places.append(place)
    return places


def _in_other_rows(theme: Theme, rows: dict[int, int]) -> Iterator[tuple[str, str]]:
    """The parts that stand in the row of an objective that is not theirs, by id, and that objective.

    Where a row has one objective, for it is not known whose of several a part is.
    """
    objectives: dict[int, list[Part]] = defaultdict(list)
    for part in theme.parts:
        if isinstance(part, Objective):
            objectives[rows[part.passage.start]].append(part)
    begins = sorted(objectives)
    for objective in theme.parts:
        for part, _ in objective.walk() if isinstance(objective, Objective) else ():
            place = rows.get(part.passage.start)
            if place is None or part.attached_by is not Attachment.PRINTED_NUMBER:
                continue
            standing = objectives[begins[max(0, bisect_right(begins, place) - 1)]]
            if len(standing) == 1 and standing[0] is not objective:
                yield part.id, standing[0].id
