"""A question put to a store."""

from collections.abc import Sequence

from pyoxigraph import NamedNode, QueryTriples, Store

from crmgraph.answering.dialect import for_engine, syntax_error
from crmgraph.answering.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.answering.guard import Outline, inspect
from crmgraph.answering.question import Answer, Question
from crmgraph.answering.wording import Bilingual
from crmgraph.answering.writing import LARGEST, write_graph, write_results
from crmgraph.errors import EngineError, NotAcceptableError, QueryRefusedError, QuerySyntaxError

__all__ = ["evaluate"]


def evaluate(store: Store, question: Question, largest: int = LARGEST) -> Answer:
    """Answer the question from the store, in at most `largest` bytes.

    The default graph is the union of all graphs, unless the question or its text names a dataset. Raises the errors
    below AnswerError; nothing limits time and memory here, which is what the pool is for.
    """
    text = question.text.removeprefix("\ufeff")
    outline = inspect(text)
    media_type = _media_type(question, outline)
    dataset = _dataset(question, outline)
    try:
        results = store.query(for_engine(text), **dataset)
    except SyntaxError as error:
        raise syntax_error(text, str(error), lambda other: store.query(other, **dataset)) from None
    except (RuntimeError, OSError) as error:
        raise _given_up(error) from None
    try:
        if isinstance(results, QueryTriples):
            # DESCRIBE repeats what several graphs say; a dict keeps the first of each, in order.
            triples = dict.fromkeys(results) if outline.form == "DESCRIBE" else results
            body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes}, largest)
        else:
            body = write_results(results, media_type, largest)
    except (RuntimeError, OSError) as error:
        raise _given_up(error) from None
    return Answer(body, media_type, outline.form or "", outline.lasting)
