"""Sentences that a plan uses more than once."""

from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key
from crmgraph.reading.model import Action, Activity, Objective

__all__ = ["describe_repetitions"]

_LEAST = 3
"""Words that a sentence must have; fewer, such as "Capacitaciones", are a kind of activity and no sentence."""


def describe_repetitions(scribe: Scribe) -> None:
    """Each objective, action or activity whose words, accents, case and a final stop aside, an earlier one has.

    It repeats the first of its kind with them, whatever their numbers.
    """
    firsts: dict[tuple[str, str], str] = {}
    for part, _ in sorted(scribe.plan.walk(), key=lambda pair: pair[0].passage.start):
        words = key(part.text).rstrip(" .;,")
        if isinstance(part, Objective | Action | Activity) and len(words.split()) >= _LEAST:
            first = firsts.setdefault((part.kind, words), part.id)
            if first != part.id:
                scribe.graph.add((scribe.iri(part.id), CG.repeats, scribe.iri(first)))
