"""The topics and groups of people that the words of a plan name, where no reader has said what and whom it is about."""

from collections.abc import Iterable, Set

from crmgraph.describing.mentions import Found
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.statements import RECOGNISER
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY

__all__ = ["TOPIC_TABLES", "describe_topics"]

TOPIC_TABLES = {"topics": ("topic", CG.topic), "population-groups": ("population-group", CG.populationGroup)}
"""For each table of what and whom a plan is about, the vocabulary of its concepts and the property that it gives."""


def describe_topics(table: str, read: Set[str], found: Iterable[Found], scribe: Scribe) -> None:
    """What the mentions that were `found` name of the concepts of a table, each stated with the words that name it.

    Where a reader read the words, who may have seen that they are about something else, it is not said: `read` has the
    ids of these parts. The title of the plan is no part of it.
    """
    scheme, predicate = TOPIC_TABLES[table]
    concepts, silent = f"{ONTOLOGY}/{scheme}#", {scribe.root, *(scribe.iri(id_) for id_ in read)}
    for each in found:
        if each.element not in silent and each.thing.startswith(concepts):
            scribe.state(each.element, predicate, each.thing, each.passage, RECOGNISER)
