"""SPARQL 1.1 queries over an Oxigraph store, run in worker processes that are killed at the time limit.

`Pool(store, memory).answer(Question(text), seconds)` returns an `Answer` or raises a subclass of `AnswerError`.
A `Pool` is an `Engine`. Another engine is `federation.RemoteEngine`, which sends queries to a remote endpoint.
"""

from crmgraph.sparql.engine import Answer, Engine, Question
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.sparql.pool import Pool

__all__ = ["GRAPH_FORMATS", "RESULT_FORMATS", "Answer", "Engine", "Format", "Pool", "Question"]
