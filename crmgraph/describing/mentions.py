"""Where the text of a plan names a thing that the background knows."""

from rdflib import RDF, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.plan import CrossReference, Passage, Referral

__all__ = ["describe_mentions"]


def describe_mentions(lexicon: Lexicon, scribe: Scribe) -> None:
    """Each place where an element, or the title of the plan, names a thing that is in `lexicon`.

    A referral or cross-reference is among the words of the element that holds it, and has no mentions of its own; a
    theme's title counts once, however many pages repeat it.
    """
    titles = [Passage(leaf.start, leaf.end, leaf.exact) for leaf in scribe.plan.leaves if leaf.row == 0]
    _describe(scribe.root, titles, lexicon, scribe)
    for part, _ in scribe.plan.walk():
        if not isinstance(part, Referral | CrossReference):
            _describe(scribe.iri(part.id), [part.passage], lexicon, scribe)


def _describe(element: URIRef, passages: list[Passage], lexicon: Lexicon, scribe: Scribe) -> None:
    found = [(passage, mention) for passage in passages for mention in lexicon.find(passage.exact)]
    for number, (passage, mention) in enumerate(found, 1):
        node, thing = URIRef(f"{element}/mention-{number}"), URIRef(mention.iri)
        for predicate, value in (
            (RDF.type, CG.Mention),
            (CG.inElement, element),
            (CG.mentioned, thing),
            (CG.nameForm, URIRef(f"{ONTOLOGY}/name-form#{mention.form}")),
        ):
            scribe.graph.add((node, predicate, value))
        scribe.stand(node, within(passage, mention.start, mention.end))
        scribe.graph.add((element, CG.mention, node))
        scribe.graph.add((element, CG.mentions, thing))
