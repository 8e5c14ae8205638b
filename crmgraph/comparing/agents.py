"""Who is named in a text, by what they are called in a language."""

import functools

from rdflib import URIRef

from crmgraph.comparing.changes import Named
from crmgraph.describing import Background
from crmgraph.describing.participations import AGENT_KINDS
from crmgraph.reading.plan import Plan

__all__ = ["named_in"]


def named_in(known: Background, plan: Plan, language: str) -> Named:
    """What finds the agents that a text of the plan names, by what they are called in the language."""
    lexicon = known.named_in(plan)
    spaces = tuple(known.names.id(kind, "") for kind in AGENT_KINDS)

    @functools.cache
    def named(text: str) -> list[tuple[int, int, str]]:
        found = [each for each in lexicon.find(text) if each.iri.startswith(spaces)]
        return [(each.start, each.end, known.things.label(URIRef(each.iri), language)) for each in found]

    return named
