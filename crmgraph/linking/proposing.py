"""Which parts of one plan may correspond to which of another."""

from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.linking.likeness import Corpus, Likeness
from crmgraph.linking.parts import Part

__all__ = ["Proposal", "propose"]

_BEST = 3
_COMMON_COUNTS = 0.5


@dataclass(frozen=True)
class Proposal:
    """Two parts that may correspond: how much they stand out from others (`score`), and how much they are alike."""

    subject: Part
    object: Part
    score: float
    likeness: Likeness


def propose(corpus: Corpus, subjects: Sequence[Part], objects: Sequence[Part]) -> list[Proposal]:
    """All pairs, those that stand out most first.

    The score is how much the two are alike, less half of how much each is like the three that it is most like: what is
    like everything, such as cooperation, says little.
    """
    alike = {(one.iri, other.iri): corpus.likeness(one, other) for one in subjects for other in objects}
    usual = {
        **{one.iri: _usual([alike[one.iri, other.iri] for other in objects]) for one in subjects},
        **{other.iri: _usual([alike[one.iri, other.iri] for one in subjects]) for other in objects},
    }
    found = [
        Proposal(
            one, other, _score(alike[one.iri, other.iri], usual[one.iri], usual[other.iri]), alike[one.iri, other.iri]
        )
        for one in subjects
        for other in objects
    ]
    return sorted(found, key=lambda each: (-each.score, each.subject.iri, each.object.iri))


def _usual(likenesses: Sequence[Likeness]) -> float:
    return sum(sorted((each.value for each in likenesses), reverse=True)[:_BEST]) / _BEST


def _score(likeness: Likeness, one: float, other: float) -> float:
    return round(likeness.value - _COMMON_COUNTS * (one + other) / 2, 4)
