"""Where the text of a plan names a thing that the background knows."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rdflib import RDF, Literal, URIRef

from crmgraph.describing.participations import AGENT_KINDS
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction.gazetteer import Gazetteer, Mention
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.folding import tidy
from crmgraph.reading.model import CrossReference, Passage, Referral

__all__ = ["Found", "describe_mentions", "worded_elements"]

_GENITIVE = re.compile(r"['’]s$")


class Found(NamedTuple):
    """A mention: its node, the element with the words, the thing named, and the words that name it."""

    node: URIRef
    element: URIRef
    thing: URIRef
    passage: Passage


def worded_elements(scribe: Scribe) -> Iterator[tuple[URIRef, Passage]]:
    """The elements with words of their own and those words, in the order of the source; the plan has its title.

    A referral or cross-reference is among the words of the element that holds it; a theme's title counts once, however
    many pages repeat it.
    """
    for leaf in scribe.plan.leaves:
        if leaf.row == 0:
            yield scribe.root, Passage(leaf.start, leaf.end, leaf.exact)
    for part, _ in sorted(scribe.plan.walk(), key=lambda pair: pair[0].passage.start):
        if not isinstance(part, Referral | CrossReference):
            yield scribe.iri(part.id), part.passage


def describe_mentions(lexicon: Gazetteer, scribe: Scribe) -> list[Found]:
    """Each place where an element, or the title of the plan, names a thing that is in `lexicon`.

    Where an instrument is named, its title may name agents in turn: the parties of an agreement, whose programme it is.
    The first use of each name of a thing in the plan is marked, titles aside. Gives the mentions in the order of the
    plan.
    """
    counts: Counter[URIRef] = Counter()
    found = []
    named: set[tuple[URIRef, str]] = set()
    for element, passage in worded_elements(scribe):
        for mention in lexicon.find(passage.exact):
            whole = _describe(mention, element, passage, counts, scribe)
            found.append(whole)
            name = _GENITIVE.sub("", tidy(whole.passage.exact).casefold())
            if (whole.thing, name) not in named:
                named.add((whole.thing, name))
                scribe.graph.add((scribe.root, CG.firstUse, whole.node))
            for inner in _agents_within(whole, lexicon, scribe.names):
                part = _describe(inner, element, whole.passage, counts, scribe)
                scribe.graph.add((part.node, CG.inMention, whole.node))
                found.append(part)
    return found


def _describe(mention: Mention, element: URIRef, around: Passage, counts: Counter[URIRef], scribe: Scribe) -> Found:
    counts[element] += 1
    node, thing = URIRef(f"{element}/mention-{counts[element]}"), URIRef(mention.iri)
    words = within(around, mention.start, mention.end)
    for predicate, value in (
        (RDF.type, CG.Mention),
        (CG.inElement, element),
        (CG.mentioned, thing),
        (CG.nameForm, URIRef(f"{ONTOLOGY}/name-form#{mention.form}")),
        (CG.nameUsed, Literal(mention.name)),
    ):
        scribe.graph.add((node, predicate, value))
    scribe.stand(node, words)
    scribe.graph.add((element, CG.mention, node))
    scribe.graph.add((element, CG.mentions, thing))
    return Found(node, element, thing, words)


def _agents_within(title: Found, lexicon: Gazetteer, names: Names) -> Iterator[Mention]:
    """The agents that the title of an instrument names."""
    if str(title.thing).startswith(names.id("instrument", "")):
        for mention in lexicon.find(title.passage.exact, within=True):
            if any(mention.iri.startswith(names.id(kind, "")) for kind in AGENT_KINDS):
                yield mention
