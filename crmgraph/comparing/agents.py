"""Who is named in a text, by what they are called."""

import functools
import re
from collections.abc import Iterable, Iterator

from rdflib import URIRef

from crmgraph.comparing.changes import Named
from crmgraph.describing import Background
from crmgraph.describing.naming import Mention
from crmgraph.describing.participations import AGENT_KINDS
from crmgraph.reading.plan import Plan
from crmgraph.wording import Bilingual

__all__ = ["named_in"]


_IN = {
    "es": r"\ben (?:el |la |los |las )?",
    "en": r"\b(?:in|at) (?:the )?",
    "fr": r"\b(?:à|en|dans) (?:la |le |les |l['’])?|\baux? ",
    "pt": r"\b(?:em|n[oa]s?) (?:o |a |os |as )?",
}
_PLACE = {language: re.compile(rf"(?:{words})$", re.IGNORECASE) for language, words in _IN.items()}
"""What stands before a State that is a place, by the language of the plan."""
_AND = re.compile(r"\s*(?:,|/|,?\s*\b(?:y|e|o|u|and|or|et|ou)\b)\s*(?:(?:el|la|los|las|the|le|les|o|a|os|as) |l['’])?")
"""What stands between two of a list."""


def named_in(known: Background, plan: Plan) -> Named:
    """What finds the agents that a text of the plan names.

    A State in which something is done is a place, and no agent.
    """
    lexicon = known.named_in(plan)
    spaces = tuple(known.names.id(kind, "") for kind in AGENT_KINDS)
    states = known.names.id("country", "")

    def called(iri: str) -> Bilingual:
        english, spanish = (known.things.label(URIRef(iri), language) for language in ("en", "es"))
        return Bilingual(english, spanish)

    @functools.cache
    def named(text: str) -> list[tuple[int, int, Bilingual]]:
        found = [each for each in lexicon.find(text) if each.iri.startswith(spaces)]
        places = set(_places(text, (each for each in found if each.iri.startswith(states)), plan.language))
        return [(each.start, each.end, called(each.iri)) for each in found if each not in places]

    return named


def _places(text: str, states: Iterable[Mention], language: str) -> Iterator[Mention]:
    """Those of the States in the text that are places: they stand behind “in”, or in a list that does."""
    end = None
    for state in states:
        follows = end is not None and _AND.fullmatch(text, end, state.start)
        if follows or _PLACE[language].search(text, 0, state.start):
            end = state.end
            yield state
