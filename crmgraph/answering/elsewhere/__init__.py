"""Elsewhere: our dataset on somebody else's SPARQL 1.1 engine, asked so that its answers are those of our own.

The engine may hold other data, so each question names our graphs; the dataset's default graph is one graph there, the
union of all of ours, with each statement once. A small graph, the publication, says what there is, and in which state.
"""

from crmgraph.answering.elsewhere.address import Address
from crmgraph.answering.elsewhere.connection import Connection, Reply
from crmgraph.answering.elsewhere.copy import Copy
from crmgraph.answering.elsewhere.publication import Publication
from crmgraph.answering.elsewhere.remote_engine import RemoteEngine

__all__ = ["Address", "Connection", "Copy", "Publication", "RemoteEngine", "Reply"]
