"""Finding what a name that somebody wrote may stand for: the things of the graph, and how well each fits."""

from crmgraph.linking.entities import KINDS, Entity, Value, entities_query, kinds_of, labels_query, read_entities
from crmgraph.linking.matching import Certainty, Match, Matcher, called_so

__all__ = [
    "KINDS",
    "Certainty",
    "Entity",
    "Match",
    "Matcher",
    "Value",
    "called_so",
    "entities_query",
    "kinds_of",
    "labels_query",
    "read_entities",
]
