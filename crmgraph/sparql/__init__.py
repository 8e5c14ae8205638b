"""SPARQL 1.1 queries over an Oxigraph store, in worker processes that end at the time limit.

`Pool(store, memory).answer(Question(text), seconds)` returns an `Answer` or raises an error below `AnswerError`.
A `Pool` is an `Engine`, and so is the `RemoteEngine` in `federation`, which asks an endpoint elsewhere.
"""

from crmgraph.sparql.engine import Answer, Engine, Question
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.sparql.pool import Pool

__all__ = ["GRAPH_FORMATS", "RESULT_FORMATS", "Answer", "Engine", "Format", "Pool", "Question"]
