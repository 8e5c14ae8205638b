"""Answering: SPARQL 1.1 queries over an Oxigraph store on disk, in processes that end at the time limit.

`Pool(store, memory).answer(Question(text), seconds)` gives an `Answer` or raises one of the errors below `AnswerError`.
What does so is an `Engine`; the one in `elsewhere` asks a SPARQL engine that is not ours.
"""

from crmgraph.answering.engine import Engine
from crmgraph.answering.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.answering.pool import Pool
from crmgraph.answering.question import Answer, Question

__all__ = [
    "GRAPH_FORMATS",
    "RESULT_FORMATS",
    "Answer",
    "Engine",
    "Format",
    "Pool",
    "Question",
]
