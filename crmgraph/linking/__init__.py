"""Finding what a name that somebody wrote may stand for: the things of the graph, and how well each fits."""

from crmgraph.linking.entities import KINDS, Entity, Value, entities_query, kinds_of, labels_query, read_entities
from crmgraph.linking.matching import Match, Matcher

__all__ = [
    "KINDS",
    "Entity",
    "Match",
    "Matcher",
    "Value",
    "entities_query",
    "kinds_of",
    "labels_query",
    "read_entities",
]
