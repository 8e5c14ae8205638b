"""Elsewhere: our dataset on somebody else's SPARQL 1.1 engine, asked so that its answers are those of our own.

The engine may hold other data, so each question names our graphs; the dataset's default graph is one graph there, the
union of all of ours, with each statement once. A small graph, the publication, says what there is, and in which state.
"""

from crmgraph.sparql.elsewhere.address import Address
from crmgraph.sparql.elsewhere.connection import Connection, Reply
from crmgraph.sparql.elsewhere.copy import Copy
from crmgraph.sparql.elsewhere.publication import Publication
from crmgraph.sparql.elsewhere.remote_engine import RemoteEngine

__all__ = ["Address", "Connection", "Copy", "Publication", "RemoteEngine", "Reply"]
