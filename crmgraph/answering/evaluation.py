"""A question put to a store."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from pyoxigraph import NamedNode, QueryTriples

from crmgraph.answering import dialect
from crmgraph.answering.columns import with_columns_named
from crmgraph.answering.dataset import Dataset
from crmgraph.answering.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from crmgraph.answering.graph_variables import needs_graphs_apart, with_graphs_apart
from crmgraph.answering.guard import Outline, inspect
from crmgraph.answering.question import LARGEST, NOT_THERE, Answer, Question
from crmgraph.answering.stored import Stored
from crmgraph.answering.writing import write_graph, write_results
from crmgraph.caching import memoize
from crmgraph.errors import EngineError, NotAcceptableError, QueryRefusedError, UnavailableError
from crmgraph.wording import Bilingual

__all__ = ["evaluate"]

_SMALL = 16 * 1024
"""The longest query, in characters, whose outline is cached."""


def evaluate(
    stored: Stored, question: Question, largest: int = LARGEST, send: Callable[[Answer], None] | None = None
) -> Answer:
    """Answer the question from what is stored, in at most `largest` bytes.

    Where the answer need not be whole, `send` takes the parts of a large one, and what is returned is the last of them.
    The default graph is the union of all graphs, unless the question or its text names a dataset. Raises the errors
    below AnswerError; nothing limits time and memory here, which is what the pool is for.
    """
    text = question.text.removeprefix("\ufeff")
    outline, for_engine, needs_apart, within = _read(text, question.base_iri, question.longest)
    media_type = _media_type(question, outline)
    dataset = Dataset.beside(question) or within
    if needs_apart:
        names = stored.store.named_graphs() if dataset is None else dataset.named
        for_engine = with_graphs_apart(for_engine, [str(graph) for graph in names if isinstance(graph, NamedNode)])
    store, graphs = stored.with_graphs(dataset, question.joins_graphs)
    setting = {"base_iri": question.base_iri, **graphs}
    form = outline.form or ""

    def pass_on(part: bytes) -> None:
        if send:
            send(Answer(part, media_type, form, outline.lasting))

    by_parts = pass_on if send else None
    try:
        results = store.query(for_engine, **setting)
        if isinstance(results, QueryTriples):
            # DESCRIBE repeats what several graphs say; a dict keeps the first of each, in order.
            triples = dict.fromkeys(results) if outline.form == "DESCRIBE" else results
            body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes}, largest, by_parts)
        else:
            body = write_results(results, media_type, largest, by_parts)
    except SyntaxError as error:
        again = partial(store.query, **setting)
        raise dialect.syntax_error(text, str(error), again, question.base_iri, known=question.prefixes) from None
    except OSError:
        raise UnavailableError(NOT_THERE) from None
    except RuntimeError as error:
        raise _given_up(error) from None
    return Answer(body, media_type, form, outline.lasting)


# Pages and programs ask the same query again and again.
@memoize(512, longest=_SMALL)
def _read(text: str, base_iri: str | None, longest: int) -> tuple[Outline, str, bool, Dataset | None]:
    """What the query is, its text for the engine, whether that is to be written out graph by graph, and its dataset."""
    outline, for_engine = inspect(text, longest), dialect.for_engine(text)
    if outline.form == "SELECT":
        for_engine = with_columns_named(for_engine, base_iri)
    dataset = Dataset.within(text, base_iri) if outline.names_dataset else None
    return outline, for_engine, needs_graphs_apart(for_engine), dataset


def _media_type(question: Question, outline: Outline) -> str:
    is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
    wanted = question.graph_type if is_graph else question.result_type
    if wanted is None:
        raise _not_acceptable(outline.form or "SELECT", GRAPH_FORMATS if is_graph else RESULT_FORMATS)
    return wanted


def _not_acceptable(form: str, formats: Sequence[Format]) -> NotAcceptableError:
    offered = ", ".join(f"{each.media_type} ({each.short})" for each in formats)
    return NotAcceptableError(
        Bilingual(
            f"The answer to {form} is available as {offered}, and none of these formats was requested.",
            f"La respuesta a {form} se ofrece como {offered}, y no se pidió ninguno de esos formatos.",
        )
    )


def _given_up(error: Exception) -> QueryRefusedError | EngineError:
    function = re.search(r"function (<.*>) is not supported", str(error))
    if function:
        return QueryRefusedError(
            Bilingual(f"The function {function[1]} does not exist here.", f"La función {function[1]} no existe aquí.")
        )
    return EngineError(
        Bilingual(f"The engine gave up on the query: {error}.", f"El motor abandonó la consulta: {error}.")
    )
