"""The parts of a plan as RDF: what each is, says, belongs to, stands on and points to."""

from rdflib import DCTERMS, RDF, SKOS, XSD, Literal, URIRef

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import OURS
from crmgraph.describing.things import Things
from crmgraph.describing.translations import Translations, describe_title
from crmgraph.describing.vocabulary import ATTACHMENT, CG
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import CrossReference, Part, Referral, Theme

__all__ = ["describe_parts"]


def describe_parts(scribe: Scribe, networks: Gazetteer, things: Things, translations: Translations) -> None:
    """The plan, and each of its parts with number, text, labels, parent, passage and targets.

    A referral's target is found among `networks`, whose English names are in `things`. What a referral or reference
    says of the element that holds it is a statement of its own, for its words are fewer.
    """
    _describe_plan(scribe, translations)
    in_order = sorted(scribe.plan.walk(), key=lambda pair: (pair[0].passage.start, -pair[0].passage.end))
    for order, (part, parent) in enumerate(in_order, 1):
        above = scribe.root if parent is None else scribe.iri(parent.id)
        _describe_part(part, above, order, scribe)
        if isinstance(part, Referral):
            _describe_referral(part, above, networks, things, scribe)
        elif isinstance(part, CrossReference):
            _describe_cross_reference(part, above, scribe)
        else:
            describe_title(scribe.iri(part.id), part.text, part.passage, translations, scribe)
        if isinstance(part, Theme):
            for repeat in part.repeats:
                scribe.stand(scribe.iri(part.id), repeat, CG.repeatedIn)


def _describe_plan(scribe: Scribe, translations: Translations) -> None:
    titles = [leaf for leaf in scribe.plan.leaves if leaf.row == 0]
    scribe.graph.add((scribe.root, RDF.type, CG.Plan))
    scribe.graph.add((scribe.root, DCTERMS.source, URIRef(scribe.names.id("source", scribe.plan.id))))
    describe_title(scribe.root, scribe.plan.title, titles[0] if titles else None, translations, scribe)
    for leaf in titles:
        scribe.stand(scribe.root, leaf)


def _describe_part(part: Part, parent: URIRef, order: int, scribe: Scribe) -> None:
    graph, subject = scribe.graph, scribe.iri(part.id)
    graph.add((subject, RDF.type, CG[part.kind]))
    graph.add((subject, DCTERMS.isPartOf, parent))
    graph.add((parent, DCTERMS.hasPart, subject))
    graph.add((subject, CG.within, parent))
    graph.add((subject, CG.attachedBy, ATTACHMENT[part.attached_by.value]))
    graph.add((subject, CG.order, Literal(order)))
    graph.add((subject, CG.text, Literal(part.text, scribe.plan.language)))
    scribe.stand(subject, part.passage)
    if part.number is not None:
        # Numbers count within a theme; its own is no beginning of theirs.
        number = SKOS.notation if isinstance(part, Theme) else CG.number
        graph.add((subject, number, Literal(part.number, datatype=XSD.string)))


def _describe_referral(part: Referral, parent: URIRef, networks: Gazetteer, things: Things, scribe: Scribe) -> None:
    found = [URIRef(mention.iri) for mention in networks.find(part.target)]
    named = ", ".join(things.label(network, "en") for network in found)
    scribe.label(
        scribe.iri(part.id),
        f"Remisión a un plan de trabajo: {tidy(part.target)}",
        f"Reference to a work plan: {named}" if found else None,
    )
    for network in found:
        scribe.graph.add((scribe.iri(part.id), CG.deferredTo, network))
        scribe.state(parent, CG.deferredTo, network, part.passage, OURS)


def _describe_cross_reference(part: CrossReference, parent: URIRef, scribe: Scribe) -> None:
    graph, subject, number = scribe.graph, scribe.iri(part.id), part.target_number
    if part.number_passage:
        scribe.label(subject, f"Referencia al número {number}", f"Reference to number {number}")
        graph.add((subject, CG.targetNumber, Literal(number, datatype=XSD.string)))
        scribe.stand(subject, part.number_passage, CG.targetPassage)
    if part.theme_passage:
        if not part.number_passage:
            title = tidy(part.theme_passage.exact)
            scribe.label(subject, f"Referencia al tema «{title}»", f"Reference to the theme “{title}”")
        scribe.stand(subject, part.theme_passage, CG.targetThemePassage)
    if part.target_theme:
        graph.add((subject, CG.targetTheme, scribe.iri(part.target_theme)))
    if part.target:
        target = scribe.iri(part.target)
        graph.add((subject, CG.refersTo, target))
        scribe.state(parent, CG.refersTo, target, part.passage, OURS)
