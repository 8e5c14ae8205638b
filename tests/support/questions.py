"""The library of questions as tests ask it: of the real dataset, with the answers that were checked by reading."""

import csv
import io
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from crmgraph.library import LibraryQuestion, load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource

LIBRARY = load_library(resource("queries"), Names())
ANSWERS = Path(__file__).parent.parent / "questions" / "answers"


def answer_as_csv(store: Store, question: LibraryQuestion, **values: str) -> str:
    """The answer as the site and the command line give it in CSV."""
    solutions = store.query(question.with_values(values), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return (solutions.serialize(format=QueryResultsFormat.CSV) or b"").decode()


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a table in CSV, by column."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def answer(store: Store, question: LibraryQuestion, **values: str) -> list[dict[str, str]]:
    """The rows of the answer."""
    return rows_of(answer_as_csv(store, question, **values))
